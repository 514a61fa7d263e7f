"""Certificates that must not open the door, each with its code."""

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ObjectIdentifier
from cryptography.x509.oid import ExtendedKeyUsageOID

from accounts.cakey import authority as ca
from accounts.cakey.path import ChainValidator
from accounts.cakey.verify import CAKeyError, verify_token

from .conftest import NONCE, ORIGIN, now, token_text

CLIENT, EMAIL = ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.EMAIL_PROTECTION
MOBILE_ID = "1.3.6.1.4.1.10015.1.3"


def policy(dotted):
    return x509.CertificatePolicies([x509.PolicyInformation(ObjectIdentifier(dotted), None)])


def check(world, keys, certificate, *, at=None, **trust):
    options = {**world.trust, **trust}
    text = token_text(keys.p256, certificate)
    return verify_token(text, nonce=NONCE, origin=ORIGIN, at=at or now(), **options)


def code_of(*arguments, **options) -> str:
    with pytest.raises(CAKeyError) as caught:
        check(*arguments, **options)
    return caught.value.code


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"usages": None}, "CERT_KU_MISSING"),
        ({"usages": ["key_encipherment", "data_encipherment"]}, "CERT_KU_WRONG"),
        ({"usages": ["content_commitment"]}, "CERT_KU_WRONG"),
        ({"usages": ["digital_signature", "key_cert_sign"]}, "CERT_IS_CA"),
        ({"extended": [EMAIL]}, "CERT_EKU_WRONG"),
        ({"ca": True}, "CERT_IS_CA"),
        ({"more": [(policy(MOBILE_ID), False)]}, "CERT_POLICY_DISALLOWED"),
        ({"more": [(policy(MOBILE_ID + ".3"), False)]}, "CERT_POLICY_DISALLOWED"),
        (
            {"more": [(x509.UnrecognizedExtension(ObjectIdentifier("1.2.3.4"), b"\5\0"), True)]},
            "CERT_CRITICAL_EXT",
        ),
    ],
)
def test_a_certificate_made_for_something_else_is_refused(world, keys, options, code):
    assert code_of(world, keys, world.issue(keys.p256, **options)) == code


@pytest.mark.parametrize(
    "options",
    [
        {"extended": None},
        {"extended": [CLIENT, EMAIL]},
        {"more": [(policy("1.2.156.1.1"), False)]},
        {"more": [(x509.UnrecognizedExtension(ObjectIdentifier("1.2.156.10260.4.1.1"), b"\5\0"), False)]},
        {"usages": ["digital_signature", "key_agreement"]},
    ],
)
def test_ordinary_variations_are_accepted(world, keys, options):
    certificate = world.issue(keys.p256, **options)
    assert check(world, keys, certificate).certificate == certificate


def test_the_persons_own_validity_is_judged_first(world, keys):
    certificate = world.issue(keys.p256, days=30)
    assert code_of(world, keys, certificate, at=now() + timedelta(days=31)) == "CERT_EXPIRED"
    assert code_of(world, keys, certificate, at=now() - timedelta(days=2)) == "CERT_NOT_YET_VALID"
    assert code_of(world, keys, certificate, at=now() + timedelta(days=9999)) == "CERT_EXPIRED"


def test_the_last_second_of_validity_still_counts(world, keys):
    certificate = world.issue(keys.p256, days=30)
    end = certificate.not_valid_after_utc
    assert check(world, keys, certificate, at=end)
    assert code_of(world, keys, certificate, at=end + timedelta(seconds=1)) == "CERT_EXPIRED"


def test_an_authority_out_of_date_is_told_apart(world, keys):
    certificate = world.issue(keys.p256, days=9000)
    assert code_of(world, keys, certificate, at=now() + timedelta(days=4000)) == "CA_EXPIRED"


def test_an_unrelated_expired_anchor_does_no_harm(world, keys, tmp_path):
    old = ca.create_authority(tmp_path, "旧机构", at=now() - timedelta(days=4000))
    certificate = world.issue(keys.p256)
    assert check(world, keys, certificate, anchors=[old.root, world.authority.root])


def test_another_authority_is_not_trusted(world, keys, tmp_path):
    other = ca.create_authority(tmp_path, "别的机构")
    certificate = world.issue(keys.p256)
    assert code_of(world, keys, certificate, anchors=[other.root]) == "CERT_UNTRUSTED"
    assert code_of(world, keys, certificate, anchors=[]) == "CERT_UNTRUSTED"
    assert code_of(world, keys, certificate, intermediates=[]) == "CERT_UNTRUSTED"


def test_an_authority_of_the_same_name_is_not_the_same(world, keys, tmp_path):
    twin = ca.create_authority(tmp_path)
    certificate = ca.issue(twin, "李经办", "省教育厅", keys.p256.public_key())
    assert code_of(world, keys, certificate) == "CERT_UNTRUSTED"


def test_an_issuing_authority_may_itself_be_the_anchor(world, keys):
    certificate = world.issue(keys.p256)
    verified = check(world, keys, certificate, anchors=[world.authority.issuing], intermediates=[])
    assert verified.chain == (certificate, world.authority.issuing)


def test_a_self_signed_clone_with_the_same_subject_and_serial_is_refused(world, keys):
    real = world.issue(keys.p256)
    clone = ca.certificate(
        real.subject, keys.p256.public_key(), real.issuer, keys.other, days=365, serial=real.serial_number
    )
    assert code_of(world, keys, clone) == "CERT_UNTRUSTED"
    alone = ca.certificate(real.subject, keys.p256.public_key(), real.subject, keys.p256, days=365)
    assert code_of(world, keys, alone) == "CERT_UNTRUSTED"


def test_a_person_cannot_issue_for_others(world, keys):
    person = world.issue(keys.other)
    forged = ca.certificate(
        ca.subject("张局长", "省教育厅"), keys.p256.public_key(), person.subject, keys.other, days=30
    )
    assert code_of(world, keys, forged, intermediates=[person, world.authority.issuing]) == "CERT_UNTRUSTED"


def test_a_chain_that_is_too_long_is_refused(world, keys):
    chain, issuer, key = [world.authority.issuing], world.authority.issuing, world.authority.issuing_key
    for number in range(4):
        below = ec.generate_private_key(ec.SECP256R1())
        issuer = ca.certificate(
            ca.subject(f"第 {number} 级", "机构"), below.public_key(), issuer.subject, key,
            days=100, usages=ca.CA, ca=True,
        )  # fmt: skip
        chain.append(issuer)
        key = below
    leaf = ca.certificate(ca.subject("甲", "乙"), keys.p256.public_key(), issuer.subject, key, days=30)
    assert code_of(world, keys, leaf, intermediates=chain) == "CERT_UNTRUSTED"


def test_a_site_may_name_its_own_disallowed_policies(world, keys):
    certificate = world.issue(keys.p256, more=[(policy("1.2.156.9"), False)])
    trust = {"anchors": [world.authority.root], "intermediates": [world.authority.issuing]}
    with pytest.raises(CAKeyError, match="CERT_POLICY_DISALLOWED"):
        ChainValidator(**trust, disallowed_policies=frozenset({"1.2.156.9"})).validate(certificate, now())
