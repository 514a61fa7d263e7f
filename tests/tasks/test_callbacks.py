"""Executors report to us: proved by their own keys, once each, and never lost."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from time import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connection
from django.test import Client

from tasks.callbacks import LIMIT
from tasks.models import BookKind, ExecutionResult, ExecutorEvent, TaskBook
from tests.sandbox.running import Sender

from . import makers
from .outside import event, report, result

pytestmark = pytest.mark.django_db
NUMBER = "SC340001202600001号"
BAD = "sig1=:" + "A" * 86 + "==:"


@pytest.fixture
def book(unit, clerk, reviewer, confirmed, known):
    return makers.filed(unit, clerk, reviewer, confirmed, BookKind.MALL)


def now(book) -> str:
    return TaskBook.objects.get(pk=book.pk).execution


def untouched(answer, status: int) -> bool:
    """Refused with a sentence, and nothing is written."""
    assert answer.status_code == status, answer.content.decode()
    assert any("\u4e00" <= letter <= "\u9fff" for letter in answer.json()["error"])
    return not ExecutorEvent.objects.exists()


def test_what_an_executor_reports_moves_the_book(book, known):
    for number, (kind, status) in enumerate(
        [("received", "received"), ("started", "executing"), ("completed", "completed")], 1
    ):
        answer = report(known["huicai"], "huicai", event(book, kind, number))
        assert (answer.status_code, answer.json()["verdict"]) == (200, "accepted")
        assert now(book) == status
    assert TaskBook.objects.get(pk=book.pk).received_at
    assert TaskBook.objects.get(pk=book.pk).state == "done"


def test_a_return_keeps_its_reason(book, known):
    report(known["huicai"], "huicai", event(book, "returned", reason="型号已停产，请调整后重新下达"))
    assert (now(book), TaskBook.objects.get(pk=book.pk).return_reason) == (
        "returned",
        "型号已停产，请调整后重新下达",
    )


def test_the_same_event_again_changes_nothing(book, known):
    same = event(book, "received")
    report(known["huicai"], "huicai", same)
    answer = report(known["huicai"], "huicai", same)
    assert answer.json()["verdict"] == "duplicate"
    assert len(ExecutorEvent.objects.get().signatures) == 2


def test_a_recorded_request_played_again_is_refused(book, known):
    same = event(book, "received")
    body = json.dumps(same).encode()
    headers = known["huicai"].headers(same["event"], body, path="/tasks/callbacks/huicai/")
    first, second = (report(known["huicai"], "huicai", same, body=body, **headers) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 409)
    assert "重放" in second.json()["error"]
    assert len(ExecutorEvent.objects.get().signatures) == 1


def test_the_same_id_with_another_content_is_kept_for_a_person(book, known):
    first = event(book, "received")
    report(known["huicai"], "huicai", first)
    answer = report(known["huicai"], "huicai", first | {"kind": "completed"})
    assert answer.status_code == 409
    assert now(book) == "received"
    assert list(ExecutorEvent.objects.values_list("verdict", "needs_person")) == [
        ("accepted", False), ("contradiction", True),
    ]  # fmt: skip


def test_a_number_that_is_not_ours_is_kept_for_a_person(book, known):
    answer = report(known["huicai"], "huicai", event("SC340001202699999号", "received"))
    assert (answer.status_code, answer.json()["verdict"]) == (200, "unknown")
    assert ExecutorEvent.objects.get().needs_person


def test_nobody_reports_on_the_book_of_another(book, known):
    assert untouched(report(known["wancai"], "wancai", event(book, "received")), 403)
    assert now(book) == "waiting"


def expired() -> Sender:
    """A certificate of last year."""
    sender, then = Sender("huicai"), datetime.now(UTC) - timedelta(days=400)
    name = sender.certificate.subject
    sender.certificate = x509.CertificateBuilder(
        name, name, sender.key.public_key(), 1, then, then + timedelta(days=365)
    ).sign(sender.key, hashes.SHA256())
    return sender


def other_curve() -> Sender:
    sender = Sender("huicai")
    sender.key = ec.generate_private_key(ec.SECP256R1())  # the certificate names another key
    return sender


FORGERIES = {
    "no signature at all": {"Signature": "", "Signature-Input": ""},
    "not by this key": {"Signature": BAD},
    "half a signature": {"Signature": "sig1=:AAAA:"},
    "not base64": {"Signature": "sig1=:A:"},
    "another digest": {"Content-Digest": "sha-256=:" + "A" * 43 + "=:"},
    "another event id": {"Idempotency-Key": "anderes"},
    "fewer fields covered": {"Signature-Input": 'sig1=("@method");created=1;keyid="x";alg="rsa"'},
}


@pytest.mark.parametrize("what", FORGERIES)
def test_a_forged_request_is_refused(known, what):
    answer = report(known["huicai"], "huicai", event(NUMBER, "received"), **FORGERIES[what])
    assert untouched(answer, 401)


@pytest.mark.parametrize("seconds", [-400, 4000])
def test_an_old_or_early_signature_is_refused(known, seconds):
    created = int(time()) + seconds
    assert untouched(report(known["huicai"], "huicai", event(NUMBER, "received"), created=created), 401)


def test_another_executors_key_is_refused(known):
    assert untouched(report(known["wancai"], "huicai", event(NUMBER, "received")), 401)


def test_a_signature_for_another_address_is_refused(known):
    path = "/tasks/callbacks/wancai/"
    assert untouched(report(known["huicai"], "huicai", event(NUMBER, "received"), path=path), 401)


@pytest.mark.parametrize("make", [expired, other_curve, Sender])
def test_a_certificate_that_does_not_hold_is_refused(known, settings, tmp_path, make):
    sender = make()
    if make is not Sender:  # a stranger's certificate is not even registered
        sender.trusted_by(tmp_path, "huicai")
        settings.EXECUTORS["huicai"]["certificates"] = str(tmp_path / "huicai.pem")
    assert untouched(report(sender, "huicai", event(NUMBER, "received")), 401)


def test_two_certificates_hold_while_keys_change(book, known, settings, tmp_path):
    new = Sender("huicai-2027")
    for name, sender in (("old", known["huicai"]), ("new", new)):
        sender.trusted_by(tmp_path, name)
    both = (tmp_path / "old.pem").read_bytes() + (tmp_path / "new.pem").read_bytes()
    (tmp_path / "both.pem").write_bytes(both)
    settings.EXECUTORS["huicai"]["certificates"] = str(tmp_path / "both.pem")
    assert report(known["huicai"], "huicai", event(book, "received", 1)).status_code == 200
    assert report(new, "huicai", event(book, "started", 2)).status_code == 200


NONSENSE = [
    b" ", b"null", b"[]", b"{", b"\x00\xff", b'{"a":' * 5000, b"[" * 100000, b"1" * 5000, b'"x"', b"NaN",
]  # fmt: skip
WRONG = [
    {"kind": "bought"}, {"kind": 7}, {"sequence": 0}, {"sequence": "1"}, {"sequence": 2**40},
    {"sequence": True}, {"occurred_at": "gestern"}, {"occurred_at": None},
    {"occurred_at": "9999-12-31T23:59:59"}, {"book": None},
    {"book": ["a"]}, {"book": "x" * 50}, {"book": "a\0b"}, {"book": "\ud800"}, {"kind": "returned"},
    {"kind": "result"}, {"kind": "result", "result": []}, {"reason": 1.5}, {"a\0": 1}, {"event": ""},
]  # fmt: skip


@pytest.mark.parametrize("body", NONSENSE, ids=range(len(NONSENSE)))
def test_nonsense_is_refused(known, body):
    assert untouched(report(known["huicai"], "huicai", {}, body=body), 422)


@pytest.mark.parametrize("wrong", WRONG, ids=map(str, range(len(WRONG))))
def test_a_field_that_is_wrong_is_named(known, wrong):
    content = event(NUMBER, "received") | wrong
    assert untouched(report(known["huicai"], "huicai", content), 422)


WRONG_RESULTS = [
    {"amount": 900.0}, {"amount": "-1"}, {"amount": "1e3"}, {"amount": "900.001"}, {"amount": "9" * 30},
    {"amount": "٩٠٠"}, {"amount": "900.00\n"}, {"amount": "901.00"}, {"amount": "0"}, {"suppliers": []},
    {"suppliers": "x"}, {"suppliers": [{"name": ""}]}, {"suppliers": [{"name": "x", "size": "huge"}]},
    {"lines": [{"name": "x"}]}, {"lines": [7]}, {"lines": [{}] * 501}, {"failed": True}, {"result_date": "x"},
    {"result_date": ""}, {"result_date": "0001-01-01"}, {"method": "lottery"}, {"result_no": ""},
    {"revision": 0}, {"bidders": -1}, {"failed": True, "failure_reason": "无人投标"},
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG_RESULTS, ids=map(str, range(len(WRONG_RESULTS))))
def test_a_result_that_is_wrong_is_refused(known, wrong):
    content = event(NUMBER, "result", result=result(None) | wrong)
    assert untouched(report(known["huicai"], "huicai", content), 422)
    assert not ExecutionResult.objects.exists()


def test_a_huge_body_is_refused_unread(known):
    answer = report(known["huicai"], "huicai", event(NUMBER, "received"), body=b"x" * (LIMIT + 1))
    assert untouched(answer, 413)


def test_a_body_without_a_length_is_refused(known):
    answer = Client().generic("POST", "/tasks/callbacks/huicai/", b"", CONTENT_LENGTH="viel")
    assert untouched(answer, 411)


@pytest.mark.parametrize(("method", "path", "status"), [
    ("get", "/tasks/callbacks/huicai/", 405), ("put", "/tasks/callbacks/huicai/", 405),
    ("post", "/tasks/callbacks/none/", 404), ("post", "/tasks/callbacks/unit/", 404),
])  # fmt: skip
def test_other_ways_in_are_shut(method, path, status):
    assert untouched(getattr(Client(), method)(path), status)


def test_no_session_is_opened_and_the_headers_stay_strict(known):
    answer = report(known["huicai"], "huicai", event(NUMBER, "received"))
    assert not answer.cookies
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_logged_in_clerks_browser_gains_nothing_there(known, clerk, as_user):
    answer = as_user(clerk).post("/tasks/callbacks/huicai/", b"{}", content_type="application/json")
    assert untouched(answer, 401)


def test_one_event_costs_few_queries(book, known, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        report(known["huicai"], "huicai", event(book, "received"))


@pytest.mark.django_db(transaction=True)
def test_eight_copies_at_once_are_one_event(unit, clerk, reviewer, confirmed, known):
    book = makers.filed(unit, clerk, reviewer, confirmed, BookKind.MALL)
    same = event(book, "result", result=result(book))

    def once(_):
        try:
            return report(known["huicai"], "huicai", same).json()["verdict"]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        verdicts = sorted(pool.map(once, range(8)))
    assert verdicts == ["accepted"] + ["duplicate"] * 7
    assert (ExecutorEvent.objects.count(), ExecutionResult.objects.count()) == (1, 1)


def test_what_names_no_book_is_shown_to_the_administrator(known, admin, as_user):
    report(known["huicai"], "huicai", event("SC340001202699999号", "received"))
    page = as_user(admin).get("/admin/tasks/executorevent/?needs_person__exact=1")
    assert (page.status_code, "SC340001202699999号" in page.content.decode()) == (200, True)
    row = ExecutorEvent.objects.get()
    assert as_user(admin).get(f"/admin/tasks/executorevent/{row.pk}/change/").status_code == 200
