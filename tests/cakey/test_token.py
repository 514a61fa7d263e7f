"""Bad tokens are refused with their own code (the Web eID table, and ours on top)."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa, utils

from accounts.cakey.verify import CAKeyError, verify_token

from .conftest import NONCE, ORIGIN, b64, der, now, sign, signed_bytes, token_fields, token_text


@pytest.fixture
def good(world, keys) -> dict:
    return token_fields(keys.p256, world.issue(keys.p256))


def code_of(world, text, **changes) -> str:
    options = {"nonce": NONCE, "origin": ORIGIN, "at": now(), **world.trust, **changes}
    with pytest.raises(CAKeyError) as caught:
        verify_token(text, **options)
    return caught.value.code


def changed(fields: dict, **changes) -> str:
    fields = {**fields, **changes}
    return json.dumps({name: value for name, value in fields.items() if value is not KeyError})


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        ("p256", "ES256"), ("p384", "ES384"), ("p521", "ES512"), ("rsa", "RS256"), ("rsa", "RS384"),
        ("rsa", "RS512"), ("rsa", "PS256"), ("rsa", "PS384"), ("rsa", "PS512"),
    ],
)  # fmt: skip
def test_a_token_of_every_suite_is_accepted(world, keys, key, algorithm):
    key = getattr(keys, key)
    certificate = world.issue(key)
    verified = verify_token(
        token_text(key, certificate, algorithm), nonce=NONCE, origin=ORIGIN, at=now(), **world.trust
    )
    assert verified.certificate == certificate
    assert verified.chain == (certificate, world.authority.issuing, world.authority.root)
    assert len(verified.sha256) == 64


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (None, "TOKEN_TOO_SHORT"), ("null", "TOKEN_TOO_SHORT"), ("x" * 99, "TOKEN_TOO_SHORT"),
        ("x" * 10_001, "TOKEN_TOO_LONG"), ("x" * 2**20, "TOKEN_TOO_LONG"), ("x" * 200, "TOKEN_NOT_JSON"),
        ("[" * 9_000, "TOKEN_NOT_JSON"), ("[1]" + " " * 200, "TOKEN_NOT_JSON"),
        ("1" * 9_000, "TOKEN_NOT_JSON"), (b"x" * 200, "TOKEN_TOO_SHORT"),
        ("\0" * 200, "TOKEN_NOT_JSON"),
        ("{}" + " " * 200, "TOKEN_FORMAT_UNSUPPORTED"),
    ],
)  # fmt: skip
def test_text_that_is_no_token_is_refused(world, text, code):
    assert code_of(world, text) == code


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("format", "invalid", "TOKEN_FORMAT_UNSUPPORTED"), ("format", KeyError, "TOKEN_FORMAT_UNSUPPORTED"),
        ("format", "web-eid:10", "TOKEN_FORMAT_UNSUPPORTED"), ("format", 1, "TOKEN_FORMAT_UNSUPPORTED"),
        ("format", "cakey-gm:1.0", "TOKEN_FORMAT_UNSUPPORTED"),
        ("algorithm", "NONE", "ALG_UNSUPPORTED"), ("algorithm", "", "ALG_EMPTY"),
        ("algorithm", "\0\t\ninvalid", "ALG_UNSUPPORTED"), ("algorithm", "es256", "ALG_UNSUPPORTED"),
        ("algorithm", KeyError, "TOKEN_FIELD_MISSING"), ("algorithm", ["ES256"], "TOKEN_FIELD_TYPE"),
        ("unverifiedCertificate", KeyError, "TOKEN_FIELD_MISSING"),
        ("unverifiedCertificate", "", "TOKEN_FIELD_MISSING"),
        ("unverifiedCertificate", None, "TOKEN_FIELD_MISSING"),
        ("unverifiedCertificate", [1, 2], "TOKEN_FIELD_TYPE"),
        ("unverifiedCertificate", 1234, "TOKEN_FIELD_TYPE"),
        ("unverifiedCertificate", "no base 64", "CERT_NOT_BASE64"),
        ("unverifiedCertificate", "\ud800abc", "CERT_NOT_BASE64"),
        ("unverifiedCertificate", "dGhpcyBpcyBub3QgYSBjZXJ0aWZpY2F0ZQ==", "CERT_UNPARSABLE"),
        ("signature", KeyError, "TOKEN_FIELD_MISSING"), ("signature", "", "TOKEN_FIELD_MISSING"),
        ("signature", 7, "TOKEN_FIELD_TYPE"), ("signature", "a b c", "SIG_NOT_BASE64"),
        ("signature", "\ud800", "SIG_NOT_BASE64"), ("appVersion", 7, "TOKEN_FIELD_TYPE"),
    ],
)  # fmt: skip
def test_a_bad_field_is_refused(world, good, field, value, code):
    good["appVersion"] = "x" * 100
    assert code_of(world, changed(good, **{field: value})) == code


def test_duplicate_keys_are_refused(world, good):
    text = json.dumps(good)
    assert code_of(world, text[:-1] + ', "algorithm": "ES256"}') == "TOKEN_DUPLICATE_KEY"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:40] + "\n" + text[40:],
        lambda text: text.replace("+", "-").replace("/", "_") + "-",
        lambda text: text + "=",
        lambda text: " " + text,
    ],
)
def test_base64_must_be_canonical(world, good, spoil):
    assert code_of(world, changed(good, signature=spoil(good["signature"]))) == "SIG_NOT_BASE64"
    text = spoil(good["unverifiedCertificate"])
    assert code_of(world, changed(good, unverifiedCertificate=text)) == "CERT_NOT_BASE64"


def test_stray_bits_in_the_last_base64_letter_are_refused(world, keys, good):
    raw = good["signature"]
    assert raw.endswith("==")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    twin = raw[:-3] + alphabet[alphabet.index(raw[-3]) + 1] + "=="
    assert code_of(world, changed(good, signature=twin)) == "SIG_NOT_BASE64"


def test_bytes_after_the_certificate_are_refused(world, keys):
    certificate = world.issue(keys.p256)
    fields = token_fields(keys.p256, certificate)
    text = changed(fields, unverifiedCertificate=b64(der(certificate) + b"\0"))
    assert code_of(world, text) == "CERT_UNPARSABLE"


@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": NONCE[:-2] + "9="},
        {"origin": "https://other.example"},
        {"origin": ORIGIN + "/"},
        {"nonce": ""},
    ],
)
def test_another_nonce_or_origin_breaks_the_signature(world, good, changes):
    assert code_of(world, json.dumps(good), **changes) == "SIG_INVALID"


def test_the_certificate_of_another_key_breaks_the_signature(world, keys, good):
    other = b64(der(world.issue(keys.other)))
    assert code_of(world, changed(good, unverifiedCertificate=other)) == "SIG_INVALID"


def test_a_der_signature_is_refused(world, keys, good):
    raw = sign(keys.p256, "ES256", signed_bytes("ES256"))
    der_form = utils.encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    assert code_of(world, changed(good, signature=b64(der_form))) == "SIG_LENGTH"


N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@pytest.mark.parametrize(("r", "s"), [(0, 1), (1, 0), (N, 1), (1, N), (0, 0), (N + 1, N + 1)])
def test_numbers_outside_the_curve_order_are_refused(world, good, r, s):
    signature = b64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    assert code_of(world, changed(good, signature=signature)) == "SIG_INVALID"


@pytest.mark.parametrize("length", [1, 63, 65, 96])
def test_a_signature_of_odd_length_is_refused(world, good, length):
    assert code_of(world, changed(good, signature=b64(b"\1" * length))) == "SIG_LENGTH"


@pytest.mark.parametrize(
    ("key", "made", "label", "code"),
    [
        ("p384", "ES384", "ES256", "ALG_KEY_MISMATCH"), ("rsa", "RS256", "ES256", "ALG_KEY_MISMATCH"),
        ("p256", "ES256", "RS256", "ALG_KEY_MISMATCH"), ("rsa", "RS256", "PS256", "SIG_INVALID"),
        ("rsa", "PS256", "RS256", "SIG_INVALID"), ("rsa", "RS256", "RS512", "SIG_INVALID"),
    ],
)  # fmt: skip
def test_the_algorithm_label_must_be_the_keys_own(world, keys, key, made, label, code):
    key = getattr(keys, key)
    text = changed(token_fields(key, world.issue(key), made), algorithm=label)
    assert code_of(world, text) == code


@pytest.mark.parametrize(
    ("make", "algorithm"),
    [
        (lambda: rsa.generate_private_key(65537, 1024), "RS256"),  # noqa: S505
        (lambda: rsa.generate_private_key(3, 2048), "RS256"),
        (lambda: ec.generate_private_key(ec.SECP256K1()), "ES256"),
        (lambda: ec.generate_private_key(ec.SECP192R1()), "ES256"),
    ],
)
@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
def test_weak_keys_are_refused(world, make, algorithm):
    key = make()
    assert code_of(world, token_text(key, world.issue(key), algorithm)) == "CERT_KEY_WEAK"


def test_the_verifier_wants_an_aware_moment(world, good):
    with pytest.raises(ValueError, match="aware"):
        verify_token(
            json.dumps(good), nonce=NONCE, origin=ORIGIN, at=now().replace(tzinfo=None), **world.trust
        )
