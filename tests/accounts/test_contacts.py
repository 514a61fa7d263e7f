"""联系电话: the phone list of the manual, one's own division on top (domain.md §15c)."""

import pytest
from django.test import Client
from django.urls import reverse

from procurement.overview.demo.organizations import create, create_contacts
from tests.world import person


@pytest.fixture
def province(db):
    places = create()
    create_contacts(places)
    return places


def page(browser, **query):
    answer = browser.get(reverse("contacts"), query)
    assert answer.status_code == 200
    return answer.context


def test_the_own_division_stands_on_top(province, as_user):
    from accounts.models import Appointment, Post

    user = person("jb", "经办")
    Appointment.objects.appoint(user, Post.CLERK, province["安徽示例医院"])
    context = page(as_user(user))
    assert [group.name for group in context["own"]] == ["社保、经建处"]
    assert "社保、经建处" not in [group.name for group in context["groups"]]
    assert len(context["groups"]) == 5


def test_everybody_may_read_it_before_login(province):
    context = page(Client())
    assert context["own"] == []
    assert len(context["groups"]) == 6


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("教科文", ["教科文处"]), ("安徽示例大学", ["教科文处"]), ("68150413", ["资环处"]),
        ("没有这个处", []), ("%", []), ("_", []), ("\\", []), ("\x00", None),
    ],
)  # fmt: skip
def test_search_by_division_unit_or_number(province, q, found):
    names = [group.name for group in page(Client(), q=q)["groups"]]
    assert names == found if found is not None else len(names) == 6
