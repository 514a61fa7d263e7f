"""The agent signs decisions: only what it shows, only for the named certificate; OpenSSL believes it."""

import base64
import hashlib
import json
import subprocess
from datetime import UTC, datetime

import pytest
from asn1crypto import cms, core, tsp, x509
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from accounts.cakey import authority as ca

from .conftest import PIN, PRACTICE, b64, der, fingerprint
from .test_agent_turns import in_background, terminal  # noqa: F401 - a fixture

DISPLAY = {
    "action": "审核通过", "title": "智慧教室设备更新", "no": "YS202634000100003", "amount": "¥480,000.00"
}  # fmt: skip


def canonical(**changes) -> str:
    content = {
        "schema": "caproc/decision/1", "model": "budgetentry", "id": "17", "version": 3, "action": "approve",
        "opinion": "同意，材料齐全。", "content_sha256": "a" * 64, "origin": PRACTICE, "nonce": "n" * 44,
        "display": DISPLAY, **changes,
    }  # fmt: skip
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def attributes(content: str, certificate, **changes) -> cms.CMSAttributes:
    """Written apart from the agent on purpose."""
    named = {"certs": [{"cert_hash": hashlib.sha256(der(certificate)).digest()}]}
    said = {
        "content_type": "data", "message_digest": hashlib.sha256(content.encode()).digest(),
        "signing_time": cms.Time({"utc_time": datetime(2026, 11, 22, 12, tzinfo=UTC)}),
        "signing_certificate_v2": tsp.SigningCertificateV2(named), **changes,
    }  # fmt: skip
    return cms.CMSAttributes([{"type": key, "values": [one]} for key, one in said.items() if one is not None])


def ask(agent, certificate, content: str, signed=None, **more) -> tuple[int, dict]:
    signed = attributes(content, certificate).dump() if signed is None else signed
    question = {
        "certificateId": fingerprint(certificate),
        "content": content,
        "signedAttributes": b64(signed),
    }
    return agent.post("sign", {**question, "pin": PIN, **more})


def detached(world, certificate, content: str, answer: dict) -> bytes:
    """The CMS a server makes of the answer."""
    signature = base64.b64decode(answer["signature"])
    elliptic = answer["signatureAlgorithm"].startswith("ES")
    if elliptic:
        half = len(signature) // 2
        parts = (int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big"))
        signature = encode_dss_signature(*parts)
    own, issuing = (x509.Certificate.load(der(one)) for one in (certificate, world.authority.issuing))
    signer = {
        "version": "v1", "digest_algorithm": {"algorithm": "sha256"}, "signature": signature,
        "sid": {"issuer_and_serial_number": {"issuer": own.issuer, "serial_number": own.serial_number}},
        "signed_attrs": attributes(content, certificate),
        "signature_algorithm": {"algorithm": "sha256_ecdsa" if elliptic else "sha256_rsa"},
    }  # fmt: skip
    data = {
        "version": "v1", "digest_algorithms": [{"algorithm": "sha256"}], "signer_infos": [signer],
        "encap_content_info": {"content_type": "data"}, "certificates": [own, issuing],
    }  # fmt: skip
    return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(data)}).dump()


def openssl_verifies(world, signed: bytes, content: str, folder) -> bool:
    (folder / "sig.p7s").write_bytes(signed)
    (folder / "content.json").write_bytes(content.encode())
    (folder / "root.pem").write_bytes(ca.pem(world.authority.root))
    command = "openssl cms -verify -binary -inform DER -in sig.p7s -content content.json -CAfile root.pem"
    words = [*command.split(), "-purpose", "any", "-cades", "-out", "out"]
    return subprocess.run(words, cwd=folder, capture_output=True).returncode == 0


@pytest.mark.parametrize("label", ["clerk", "reviewer"])
def test_openssl_verifies_what_the_agent_signed(world, tokens, page_agent, tmp_path, label):
    certificate, content = getattr(tokens, label), canonical()
    status, answer = ask(page_agent, certificate, content)
    assert status == 200
    signed = detached(world, certificate, content, answer)
    assert openssl_verifies(world, signed, content, tmp_path)
    assert not openssl_verifies(world, signed, canonical(opinion="不同意"), tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        "", "{}", "[]", "null", "x", "[" * 3000, canonical() + " ", canonical(version=1.5), canonical(origin="https://evil.example"),
        canonical(schema="caproc/decision/2"), canonical(display=None), canonical(display={"action": "通过"}),
        canonical(display={**DISPLAY, "amount": 1}), canonical().replace("approve", "\\u0061pprove"),
        canonical().replace('{"action"', '{"action":"x","action"', 1), canonical(opinion="\ud800"),
        canonical(opinion=float("nan")), json.dumps(json.loads(canonical()), ensure_ascii=False),
    ],
)  # fmt: skip
def test_only_the_one_canonical_text_of_a_decision_for_this_site_is_signed(tokens, page_agent, content):
    signed = attributes(content.encode("utf-8", "replace").decode(), tokens.clerk).dump()
    assert ask(page_agent, tokens.clerk, content, signed) == (400, {"code": "AGENT_BAD_DECISION"})


def wrong_attributes(tokens) -> dict[str, bytes]:
    content, clerk = canonical(), tokens.clerk
    right = attributes(content, clerk)
    return {
        "of another content": attributes(canonical(opinion="不同意"), clerk).dump(),
        "naming another certificate": attributes(content, tokens.reviewer).dump(),
        "of another type": attributes(content, clerk, content_type="signed_data").dump(),
        "without a certificate": attributes(content, clerk, signing_certificate_v2=None).dump(),
        "without a digest": attributes(content, clerk, message_digest=None).dump(),
        "with one more": cms.CMSAttributes([*right, {"type": "1.2.3.4", "values": [core.Null()]}]).dump(),
        "cut off": right.dump()[:-1],
        "twice the digest": cms.CMSAttributes([*right, right[1]]).dump(),
        "with a tail": right.dump() + b"\0",
        "as a sequence": b"\x30" + right.dump()[1:],
        "a bare hash": hashlib.sha256(b"x").digest(),
        "nothing": b"",
    }


@pytest.mark.parametrize("number", range(12))
def test_attributes_that_do_not_say_what_is_shown_are_refused(tokens, page_agent, number):
    name, signed = list(wrong_attributes(tokens).items())[number]
    answer = ask(page_agent, tokens.clerk, canonical(), signed)
    assert answer == (400, {"code": "AGENT_BAD_DECISION"}), name


def test_a_hash_a_page_has_chosen_is_never_signed(tokens, page_agent):
    question = {"certificateId": fingerprint(tokens.clerk), "hash": b64(b"x" * 32), "hashFunction": "SHA-256"}
    assert page_agent.post("sign", {**question, "pin": PIN})[0] == 400


def test_the_window_shows_the_decision_and_no_tricks(tokens, start, terminal):  # noqa: F811
    agent = start("--dev", "--origin", PRACTICE, "--terminal", terminal.path)
    content = canonical(display={**DISPLAY, "title": "小额\r\n金额：¥1.00\x1b[2J"})
    thread, results = in_background(lambda: ask(agent, tokens.clerk, content, pin=None))
    shown = terminal.read_until("请输入 PIN")
    terminal.type(PIN)
    thread.join(60)
    assert results[0][0] == 200
    for words in (PRACTICE, "审核通过", "YS202634000100003", "¥480,000.00", "同意，材料齐全。", "李经办"):
        assert words in shown
    assert hashlib.sha256(content.encode()).hexdigest()[-8:] in shown
    assert "\x1b" not in shown
    assert not any(line.startswith("金额：¥1.00") for line in shown.splitlines())


# --- several in one window ---------------------------------------------------------------------------------


def several(certificate, contents: list[str], **more) -> dict:
    rows = [
        {"content": one, "signedAttributes": b64(attributes(one, certificate).dump())} for one in contents
    ]
    return {"certificateId": fingerprint(certificate), "decisions": rows, **more}


def numbered(count: int, amount: str = "1,234.50 元") -> list[str]:
    """As long as they get: an opinion of 500 characters each."""
    return [
        canonical(
            id=str(number), opinion="同" * 500, display={**DISPLAY, "no": f"YS{number}", "amount": amount}
        )
        for number in range(count)
    ]


@pytest.mark.parametrize("label", ["clerk", "reviewer"])
def test_fifty_are_signed_with_one_pin_each_with_its_own_signature(
    world, tokens, page_agent, tmp_path, label
):
    certificate, contents = getattr(tokens, label), numbered(50)
    status, answer = page_agent.post("sign", several(certificate, contents, pin=PIN))
    assert (status, len(answer["signatures"])) == (200, 50)
    for content, one in list(zip(contents, answer["signatures"], strict=True))[::12]:
        signed = detached(world, certificate, content, one)
        assert openssl_verifies(world, signed, content, tmp_path)
        assert not openssl_verifies(world, signed, contents[1], tmp_path)


def test_fifty_count_as_one_operation_of_a_minute(tokens, start):
    agent = start("--dev", "--origin", PRACTICE, "--pin-from-page", "--per-minute", "2")
    question = several(tokens.clerk, numbered(50), pin=PIN)
    assert [agent.post("sign", question)[0] for _ in range(3)] == [200, 200, 429]


@pytest.mark.parametrize(
    "rows", [[], "x", None, [None], [{}], [{"content": 1}], {"content": "x"}, [{"content": "x"}] * 51]
)
def test_a_list_that_is_none_is_refused(tokens, page_agent, rows):
    question = {"certificateId": fingerprint(tokens.clerk), "decisions": rows, "pin": PIN}
    assert page_agent.post("sign", question)[0] == 400


@pytest.mark.parametrize("amount", ["很多", "", "1,23.00 元", "１.00 元", "1.0 元", "-1.00 元", "1.00 万元"])
def test_a_sum_that_cannot_be_told_is_not_signed(tokens, page_agent, amount):
    question = several(tokens.clerk, [*numbered(1), *numbered(1, amount)], pin=PIN)
    assert page_agent.post("sign", question) == (400, {"code": "AGENT_BAD_DECISION"})


def test_one_that_says_something_else_stops_them_all(tokens, page_agent):
    question = several(tokens.clerk, numbered(3), pin=PIN)
    question["decisions"][2]["content"] = numbered(1, "9.00 元")[0]
    assert page_agent.post("sign", question) == (400, {"code": "AGENT_BAD_DECISION"})


def test_the_window_lists_them_all_with_their_sum(tokens, start, terminal):  # noqa: F811
    agent = start("--dev", "--origin", PRACTICE, "--terminal", terminal.path)
    contents = numbered(12)
    thread, results = in_background(lambda: agent.post("sign", several(tokens.clerk, contents)))
    shown = terminal.read_until("请输入 PIN")
    terminal.type(PIN)
    thread.join(60)
    assert results[0][0] == 200
    assert "一次签名 12 件，合计 14,814.00 元" in shown
    for number, content in enumerate(contents, 1):
        tail = hashlib.sha256(content.encode()).hexdigest()[-8:]
        assert f"{number}. 审核通过  YS{number - 1}  1,234.50 元  {tail}  智慧教室设备更新" in shown
    assert shown.count("意见：") == 1


def test_only_signing_may_send_much(tokens, page_agent):
    """Every other operation keeps its eight KiB."""
    kinds = {"Origin": PRACTICE, "Content_Type": "application/json"}
    for command, length in (("certificates", 8193), ("authenticate", 8193), ("sign", 512 * 1024 + 1)):
        announced = page_agent.request("POST", f"/v1/{command}", b"{", Content_Length=str(length), **kinds)
        assert announced[0] == 413
