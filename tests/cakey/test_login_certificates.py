"""Which certificates log in: bound, not suspended, not revoked, of a trusted authority with a fresh list."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.cakey import authority as ca
from accounts.cakey import bindings, trust
from accounts.cakey.errors import CAKeyError
from accounts.models import LoginLog, TrustedCA, UserCertificate

from .logging_in import last, try_login

pytestmark = pytest.mark.django_db


def test_an_unknown_certificate_becomes_a_request_with_a_code(client, world, keys, trusted, clerk, admin):
    certificate = world.issue(keys.p256, "新同事", "示例大学")
    answer = try_login(client, keys.p256, certificate)
    row = UserCertificate.objects.get()
    assert (answer.status_code, answer.json()["state"]) == (403, "CA-401")
    assert row.reference in answer.json()["text"]
    assert (row.status, row.user, row.common_name) == ("pending", None, "新同事")
    assert try_login(client, keys.p256, certificate).status_code == 403
    assert UserCertificate.objects.count() == 1
    bindings.approve(row, clerk, by=admin)
    assert try_login(client, keys.p256, certificate).status_code == 200
    assert [event.kind for event in row.events.all()] == ["requested", "bound"]


@pytest.mark.parametrize(
    ("change", "code"),
    [(bindings.suspend, "CERT_BINDING_SUSPENDED"), (bindings.revoke, "CERT_BINDING_SUSPENDED")],
)
def test_a_suspended_binding_keeps_out(client, keys, card, admin, change, code):
    change(UserCertificate.objects.get(), by=admin)
    answer = try_login(client, keys.p256, card)
    assert (answer.status_code, answer.json()["state"], last().code) == (403, "CA-404", code)


def test_a_dismissed_user_keeps_out(client, keys, card, clerk):
    clerk.is_active = False
    clerk.save()
    assert try_login(client, keys.p256, card).status_code == 403
    assert last().code == "USER_INACTIVE"


def test_a_revoked_certificate_keeps_out(client, world, keys, card):
    import_list(world, card, number=2)
    answer = try_login(client, keys.p256, card)
    assert (answer.status_code, answer.json()["state"], last().code) == (401, "CA-203", "CERT_REVOKED")


def import_list(world, *revoked, **options):
    issuing = TrustedCA.objects.get(role="intermediate", name="演练机构")
    crl = ca.make_crl(world.authority.issuing, world.authority.issuing_key, revoked, **options)
    return trust.import_crl(issuing, crl, timezone.now())


def test_the_same_serial_of_another_authority_is_not_revoked(
    client, world, keys, trusted, card, tmp_path, clerk
):
    other = ca.create_authority(tmp_path, "另一机构")
    twin = ca.issue(other, "赵二", "厅", keys.other.public_key(), serial=card.serial_number)
    for cert, key, role in (
        (other.root, other.root_key, "anchor"), (other.issuing, other.issuing_key, "intermediate")
    ):  # fmt: skip
        trust.import_crl(trust.add_ca(cert, "另一机构", role), ca.make_crl(cert, key), timezone.now())
    import_list(world, card, number=2)
    assert try_login(client, keys.other, twin).json()["state"] == "CA-401"


def test_a_revoked_issuing_authority_keeps_out(client, world, keys, card):
    root = TrustedCA.objects.get(role="anchor")
    crl = ca.make_crl(world.authority.root, world.authority.root_key, [world.authority.issuing], number=2)
    trust.import_crl(root, crl, timezone.now())
    assert try_login(client, keys.p256, card).json()["state"] == "CA-203"


@pytest.mark.parametrize(("policy", "status"), [("hard", 503), ("grace", 200)])
def test_an_overdue_list_follows_the_policy(client, keys, card, policy, status):
    TrustedCA.objects.update(policy=policy)
    for row in TrustedCA.objects.all():
        row.revocation_list.next_update = timezone.now() - timedelta(hours=1)
        row.revocation_list.save()
    assert try_login(client, keys.p256, card).status_code == status
    assert LoginLog.objects.filter(code="GRACE_USED").count() == (policy == "grace")


def test_a_switched_off_authority_is_not_trusted(client, keys, card):
    TrustedCA.objects.filter(role="anchor").update(enabled=False)
    assert try_login(client, keys.p256, card).json()["state"] == "CA-201"
    assert last().code == "CERT_UNTRUSTED"


def test_an_older_list_does_not_replace_a_newer(world, card):
    import_list(world, card, number=5)
    with pytest.raises(CAKeyError, match="CRL_NUMBER"):
        import_list(world, number=4)
    assert TrustedCA.objects.get(role="intermediate", name="演练机构").revoked_serials.count() == 1
