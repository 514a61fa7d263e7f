"""H11: a plan is not submitted with a certificate whose days are over; real certificates, real bindings."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import UserCertificate
from plans.assistant.signing import expired
from plans.models import Plan
from tests.cakey.conftest import bound, keys, trusted, world  # noqa: F401 - fixtures

from . import makers

pytestmark = pytest.mark.django_db
OVER = "您的数字证书已过期，不能提交。请更换证书。"


@pytest.fixture
def card(world, keys, trusted, clerk):  # noqa: F811
    """`card(days)`: a certificate of the practice authority that ends so many days from now, bound to her."""

    def issued(days: int, key="p256") -> UserCertificate:
        begun = timezone.now() - timedelta(days=400)
        made = world.issue(getattr(keys, key), "李经办", "安徽示例大学", at=begun, days=400 + days)
        return bound(world, made, clerk)

    return issued


def test_an_expired_certificate_stops_the_submission_and_nothing_is_taken(card, unit, clerk, confirmed):
    old, paper = card(-1), makers.plan(unit, clerk, confirmed)
    with pytest.raises(ValidationError, match=OVER):
        paper.perform("submit", clerk, key=old.sha256)
    confirmed.refresh_from_db()
    assert (confirmed.reserved_amount, Plan.objects.get().state) == (0, "clerk")


def test_a_good_one_beside_it_submits(card, unit, clerk, confirmed):
    card(-1)
    good = card(1, "p384")
    assert makers.plan(unit, clerk, confirmed).perform("submit", clerk, key=good.sha256).state == "unit"


def test_the_certificate_of_the_session_counts_and_without_one_the_best_the_person_has(card, clerk):
    old = card(-1)
    assert expired((clerk, old.sha256)) is True
    assert expired((clerk, "")) is True
    good = card(1, "p384")
    assert expired((clerk, old.sha256)) is True
    assert expired((clerk, good.sha256)) is False
    assert expired((clerk, "")) is False
    assert expired(None) is None
    assert expired((clerk, "0" * 64)) is None  # bound to nobody: the session itself is refused elsewhere


@pytest.mark.parametrize(("seconds", "over"), [(0, True), (60, False)])
def test_it_is_over_with_its_last_second(card, clerk, seconds, over):
    binding = card(1)
    UserCertificate.objects.filter(pk=binding.pk).update(
        not_after=timezone.now() + timedelta(seconds=seconds)
    )
    assert expired((clerk, binding.sha256)) is over


def test_the_panel_says_it_while_she_is_still_typing(as_user, clerk, confirmed):
    client = as_user(clerk)
    data = makers.posted([makers.item()], [makers.fund(confirmed)])
    assert OVER not in client.post("/plans/assistant/?kind=project", data).text
    UserCertificate.objects.filter(user=clerk).update(not_after=timezone.now())
    assert OVER in client.post("/plans/assistant/?kind=project", data).text
