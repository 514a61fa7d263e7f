"""A revocation list is believed only when everything about it is right."""

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from accounts.cakey import authority as ca
from accounts.cakey import revocation
from accounts.cakey.errors import CAKeyError
from accounts.cakey.revocation import check_crl, decide

from .conftest import now


def make(world, *revoked, **options) -> bytes:
    return ca.make_crl(world.authority.issuing, world.authority.issuing_key, revoked, **options)


def code_of(data, issuer, *, previous_number=None, at=None) -> str:
    with pytest.raises(CAKeyError) as caught:
        check_crl(data, issuer=issuer, previous_number=previous_number, at=at or now())
    return caught.value.code


def test_a_good_list_gives_its_rows(world, keys):
    gone = world.issue(keys.p256)
    data = check_crl(make(world, gone, number=7), issuer=world.authority.issuing, previous_number=6, at=now())
    assert [row.serial for row in data.rows] == [gone.serial_number]
    assert data.rows[0].reason == "cessationOfOperation"
    assert data.number == 7
    assert data.next_update > now()


def test_a_pem_list_is_read_too(world):
    pem = x509.load_der_x509_crl(make(world)).public_bytes(serialization.Encoding.PEM)
    assert check_crl(pem, issuer=world.authority.issuing, previous_number=None, at=now()).rows == ()


def test_a_stale_list_is_refused(world):
    data = make(world, days=1)
    assert code_of(data, world.authority.issuing, at=now() + timedelta(days=2)) == "CRL_STALE"


def test_a_list_from_the_future_is_refused(world):
    assert code_of(make(world), world.authority.issuing, at=now() - timedelta(days=1)) == "CRL_FUTURE"


def test_a_list_signed_by_another_key_is_refused(world, keys):
    forged = ca.make_crl(world.authority.issuing, keys.other)
    assert code_of(forged, world.authority.issuing) == "CRL_SIGNATURE"


def test_a_list_of_another_issuer_is_refused(world):
    assert code_of(make(world), world.authority.root) == "CRL_ISSUER"


def test_an_issuer_that_may_not_sign_lists_is_refused(world, keys):
    name = ca.subject("不签列表的机构", "机构")
    issuer = ca.certificate(
        name, keys.p256.public_key(), name, keys.p256, days=9, usages=["key_cert_sign"], ca=True
    )
    assert code_of(ca.make_crl(issuer, keys.p256), issuer) == "CRL_SIGNATURE"


def test_numbers_never_go_back(world):
    assert code_of(make(world, number=4), world.authority.issuing, previous_number=5) == "CRL_NUMBER"
    assert check_crl(make(world, number=5), issuer=world.authority.issuing, previous_number=5, at=now())


def built(world, *extensions):
    start = now()
    builder = x509.CertificateRevocationListBuilder(
        world.authority.issuing.subject, start, start + timedelta(days=1)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    crl = builder.sign(world.authority.issuing_key, hashes.SHA256())
    return crl.public_bytes(serialization.Encoding.DER)


def test_delta_and_indirect_lists_are_refused(world):
    delta = built(world, (x509.CRLNumber(3), False), (x509.DeltaCRLIndicator(1), True))
    point = x509.IssuingDistributionPoint(None, None, False, False, None, True, False)
    indirect = built(world, (x509.CRLNumber(3), False), (point, True))
    assert code_of(delta, world.authority.issuing) == "CRL_CRITICAL_EXT"
    assert code_of(indirect, world.authority.issuing) == "CRL_CRITICAL_EXT"


def test_a_list_without_a_number_is_refused(world):
    assert code_of(built(world), world.authority.issuing) == "CRL_NUMBER"


@pytest.mark.parametrize("spoil", [lambda data: b"", lambda data: data[:-3], lambda data: data + b"\0"])
def test_garbage_is_refused(world, spoil):
    assert code_of(spoil(make(world)), world.authority.issuing) == "CRL_MALFORMED"


def test_a_flipped_byte_breaks_the_signature(world, keys):
    data = bytearray(make(world, world.issue(keys.p256)))
    data[-1] ^= 1
    assert code_of(bytes(data), world.authority.issuing) == "CRL_SIGNATURE"


def test_a_huge_list_is_refused(world, monkeypatch):
    monkeypatch.setattr(revocation, "LARGEST", 100)
    assert code_of(make(world), world.authority.issuing) == "CRL_TOO_LARGE"


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("policy", "age", "outcome"),
    [
        ("hard", -HOUR, False), ("grace", -HOUR, False), ("hard", HOUR, "REVOCATION_UNAVAILABLE"),
        ("grace", HOUR, True), ("grace", 5 * HOUR, "REVOCATION_UNAVAILABLE"),
    ],
)  # fmt: skip
def test_what_an_old_list_means_depends_on_the_policy(policy, age, outcome):
    at = now()
    if isinstance(outcome, bool):
        assert decide(policy=policy, next_update=at - age, revoked=False, at=at) is outcome
    else:
        with pytest.raises(CAKeyError, match=outcome):
            decide(policy=policy, next_update=at - age, revoked=False, at=at)


def test_without_a_list_nobody_gets_in_whatever_the_policy():
    for policy in ("hard", "grace"):
        with pytest.raises(CAKeyError, match="REVOCATION_UNAVAILABLE"):
            decide(policy=policy, next_update=None, revoked=False, at=now())


def test_revoked_stays_revoked_even_on_an_old_list():
    with pytest.raises(CAKeyError, match="CERT_REVOKED"):
        decide(policy="grace", next_update=now() - 9 * HOUR, revoked=True, at=now())
