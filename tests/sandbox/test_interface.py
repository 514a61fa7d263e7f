"""What a sender may count on: signature, idempotency, look-up, counts, ordered faults."""

import hashlib
import http.client
import subprocess
import sys
import time

import pytest

from tests.waiting import until

from .running import ROOT, Sandbox, Sender, a_notice


def test_a_signed_notice_is_published_once(sandbox, sender):
    before = sandbox.stats()
    first = sender.send(sandbox, a_notice("intent-10-1"))
    again = sender.send(sandbox, a_notice("intent-10-1"))
    after = sandbox.stats()
    assert (first.status, again.status) == (201, 200)
    assert first.json == again.json
    assert first.json["url"] == f"{sandbox.url}/notices/{first.json['id']}"
    assert after["notices"] == before["notices"] + 1
    assert after["duplicates"] == before["duplicates"] + 1
    assert after["receipts"]["intent-10-1"] == 2


def test_a_known_key_with_another_body_is_refused(sandbox, sender):
    sender.send(sandbox, a_notice("intent-11-1"))
    other = sender.send(sandbox, a_notice("intent-11-1", title="另一份公告"))
    assert other.status == 409
    assert "另一份公告" not in sandbox.get("/?q=intent-11-1").text


def test_a_notice_is_found_by_key_and_by_id(sandbox, sender):
    sent = sender.send(sandbox, a_notice("intent-12-1")).json
    assert sandbox.get("/api/notices/by-key/intent-12-1").json.items() >= sent.items()
    assert sandbox.get(f"/api/notices/{sent['id']}").json["key"] == "intent-12-1"
    assert sandbox.get("/api/notices/by-key/intent-99-1").status == 404
    assert sandbox.get("/api/notices/x").status == 404


@pytest.mark.parametrize(
    "changed",
    [
        {"Signature": "sig1=:" + "A" * 86 + "==:"},
        {"Signature": "sig1=:AAAA:"},
        {"Signature": "rubbish"},
        {"Signature-Input": ""},
        {"Signature-Input": 'sig1=("@method");created=1;keyid="x"'},
        {"Content-Digest": "sha-256=:" + "A" * 43 + "=:"},
        {"Content-Digest": ""},
        {"Idempotency-Key": "intent-66-6"},
    ],
)
def test_a_request_that_is_not_proved_is_refused(sandbox, sender, changed):
    assert sender.send(sandbox, a_notice("intent-13-1"), **changed).status == 401
    assert sandbox.get("/api/notices/by-key/intent-13-1").status == 404


def test_an_unknown_certificate_is_refused_until_it_is_trusted(sandbox):
    newcomer = Sender("portal-2027")
    assert newcomer.send(sandbox, a_notice("intent-14-1")).status == 401
    newcomer.trusted_by(sandbox.trust)
    assert newcomer.send(sandbox, a_notice("intent-14-1")).status == 201


def test_a_signature_for_another_path_or_an_old_one_is_refused(sandbox, sender):
    for options in ({"path": "/api/other"}, {"created": int(time.time()) - 301}):
        headers = sender.headers("intent-15-1", b"{}", **options)
        assert sandbox.request("POST", "/api/notices", b"{}", **headers).status == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"title": ""},
        {"title": 7},
        {"html": None},
        {"unit": "x"},
        {"unit": {}},
        {"fiscal_year": "2026"},
        {"data": []},
    ],
)
def test_a_signed_but_malformed_notice_is_refused_with_a_sentence(sandbox, sender, changes):
    answer = sender.send(sandbox, a_notice("intent-16-1", **changes))
    assert answer.status == 422
    assert answer.json["error"]
    assert sandbox.get("/api/notices/by-key/intent-16-1").status == 404


def test_an_endless_body_is_refused_unread(sandbox):
    assert sandbox.request("POST", "/api/notices", b"", Content_Length=str(3 * 2**20)).status == 413


@pytest.mark.parametrize(
    ("mode", "status", "published"), [("500", 500, False), ("429", 429, False), ("error_body", 200, False)]
)
def test_an_ordered_answer_comes_n_times_and_publishes_nothing(sandbox, sender, mode, status, published):
    key = f"intent-20-{mode}"
    sandbox.fault(mode, times=1, retry_after=7)
    answer = sender.send(sandbox, a_notice(key))
    assert answer.status == status
    assert "id" not in answer.json
    assert answer.headers.get("retry-after") == ("7" if mode == "429" else None)
    assert sandbox.get(f"/api/notices/by-key/{key}").status == 404
    assert sender.send(sandbox, a_notice(key)).status == 201


def test_accepted_but_timed_out_is_published_without_an_answer(sandbox, sender):
    sandbox.fault("timeout", times=1, seconds=20)
    with pytest.raises(TimeoutError):
        sender.send(sandbox, a_notice("intent-21-1"), timeout=0.3)
    assert until(lambda: sandbox.get("/api/notices/by-key/intent-21-1").status == 200)


@pytest.mark.parametrize(("mode", "status"), [("reset", 404), ("reset_after", 200)])
def test_a_torn_connection_leaves_the_outcome_open(sandbox, sender, mode, status):
    sandbox.fault(mode, times=1)
    with pytest.raises((ConnectionError, http.client.RemoteDisconnected)):
        sender.send(sandbox, a_notice(f"intent-22-{mode}"))
    assert sandbox.get(f"/api/notices/by-key/intent-22-{mode}").status == status


def test_a_slow_answer_is_right_and_garbage_is_garbage(sandbox, sender):
    sandbox.fault("slow", times=1, seconds=0.2)
    assert sender.send(sandbox, a_notice("intent-23-1")).status == 201
    sandbox.fault("garbage", times=1, stored=True)
    answer = sender.send(sandbox, a_notice("intent-24-1"))
    with pytest.raises(ValueError, match=r"."):
        answer.json  # noqa: B018
    assert sandbox.get("/api/notices/by-key/intent-24-1").status == 200


def test_faults_come_with_a_probability_and_the_look_up_can_fail_too(sandbox, sender):
    sandbox.fault("500", probability=0.5)
    answers = {sender.send(sandbox, a_notice(f"intent-25-{n}")).status for n in range(40)}
    assert answers == {500, 201}
    sandbox.fault("500", target="lookup", times=1)
    assert sandbox.get("/api/notices/by-key/intent-25-0").status == 500


def test_control_is_shut_without_the_token(sandbox):
    assert sandbox.get("/control/stats").status == 403
    assert sandbox.request("POST", "/control/faults", b"{}", X_Control_Token="guess").status == 403
    from .running import TOKEN

    assert sandbox.request("POST", "/control/faults", b"[", X_Control_Token=TOKEN).status == 400


def test_published_notices_survive_a_kill(tmp_path, sender):
    (tmp_path / "trust").mkdir()
    sender.trusted_by(tmp_path / "trust")
    running = Sandbox(tmp_path, tmp_path / "trust").start()
    first = sender.send(running, a_notice("intent-30-1")).json
    running.process.kill()
    running.process.wait(60)
    running.process.stdout.close()
    running.start()
    assert sender.send(running, a_notice("intent-30-1")).json == first
    running.stop()


def test_the_finance_feed_tells_the_quotas_of_a_year(sandbox):
    rows = sandbox.get("/finance/quotas?year=2026").json
    assert len({row["external_id"] for row in rows}) == 16
    assert sum(row["frozen"] != "0.00" for row in rows) == 1
    assert sandbox.get("/finance/quotas?year=1999").json == []


def test_the_program_imports_none_of_our_apps():
    code = "import procurement.sandbox.__main__, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert not loaded & {"django", "celery", "accounts", "budgets", "notices", "intents"}


def test_attachments_are_taken_signed_under_their_hash_and_before_their_notice(sandbox, sender):
    pdf, page = b"%PDF-1.7 an attachment", b"<html>no document</html>"

    def upload(content, key=None):
        key = key or hashlib.sha256(content).hexdigest()
        return sandbox.request("POST", "/api/files", content, **sender.headers(key, content, "/api/files"))

    sha256 = hashlib.sha256(pdf).hexdigest()
    notice = a_notice("files-1-1", data={"attachments": [{"name": "论证.pdf", "sha256": sha256}]})
    early = sender.send(sandbox, notice)
    assert (early.status, early.json["error"]) == (422, "附件“论证.pdf”还没有送达")
    assert sandbox.request("POST", "/api/files", pdf, Idempotency_Key=sha256).status == 401
    assert upload(pdf, key="0" * 64).status == upload(page).status == 422
    assert [upload(pdf).status, upload(pdf).status] == [201, 200]
    assert sandbox.get(f"/api/files/{sha256}").json == {"sha256": sha256}
    sent = sender.send(sandbox, notice)
    assert sent.status == 201
    assert sandbox.get(f"/notices/{sent.json['id']}/files/1").body == pdf
    assert sandbox.request("POST", "/api/files", Content_Length=str(20 * 2**20 + 1)).status == 413
