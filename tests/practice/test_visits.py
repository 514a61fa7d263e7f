"""Which pages a learner saw is remembered in practice mode, of asked pages only, each once."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from procurement.practice import visits
from procurement.practice.models import Visit
from tests.papers import entry

pytestmark = pytest.mark.django_db
DRIVER, QUOTAS = "/accounts/help/driver/", "/budgets/quotas/"


def kept(**wanted) -> set[tuple[str, str]]:
    return set(Visit.objects.filter(**wanted).values_list("page", "desk"))


def test_a_page_is_kept_once_and_its_time_renewed(practice, as_user, clerk):
    client = as_user(clerk)
    client.get(QUOTAS)
    first = Visit.objects.get(page="quota-list")
    client.get(QUOTAS)
    again = Visit.objects.get(page="quota-list")
    assert (again.pk, again.user) == (first.pk, clerk)
    assert again.at > first.at


def test_a_page_no_exercise_asks_about_costs_nothing(practice, as_user, clerk):
    client = as_user(clerk)
    client.get("/contracts/deadlines/")
    with CaptureQueriesContext(connection) as counted:
        assert client.get("/contracts/deadlines/").status_code == 200
    assert not Visit.objects.exists()
    assert not [one for one in counted if "practice_visit" in one["sql"].split("FROM")[0]]


@pytest.mark.parametrize(
    ("path", "pages"),
    [
        ("/plans/new/?kind=mall", {"plan-new?kind=mall"}),
        ("/plans/new/?kind=project", {"plan-new?kind=project"}),
        ("/plans/new/?kind=project&c=1", {"plan-new?kind=project", "plan-new?kind=project&c"}),
        ("/notices/single/", {"singlesourcenotice-list"}),
        ("/notices/single/?tab=done", {"singlesourcenotice-list", "singlesourcenotice-list?tab=done"}),
        ("/search/?q=1994936", {"search?q"}),
        ("/search/", set()),
    ],
)
def test_kinds_and_tabs_are_told_apart(practice, as_user, clerk, path, pages):
    assert as_user(clerk).get(path).status_code == 200
    assert {page for page, _ in kept(user=clerk)} == pages


def test_it_is_kept_where_the_paper_lay(practice, as_user, clerk, reviewer, unit):
    paper = entry(unit, clerk)
    for who in ("submit", "approve"):
        as_user(clerk).get(f"/budgets/entries/{paper.pk}/")
        paper = paper.perform(who, {"submit": clerk, "approve": reviewer}[who])
    as_user(clerk).get(f"/budgets/entries/{paper.pk}/")
    assert kept(user=clerk) == {("budgetentry-detail", desk) for desk in ("clerk", "unit", "division")}


def test_what_was_not_shown_was_not_seen(practice, as_user, clerk, reviewer, foreign_reviewer, unit):
    paper = entry(unit, clerk)
    assert as_user(foreign_reviewer).get(f"/budgets/entries/{paper.pk}/").status_code == 404
    assert as_user(reviewer).get("/budgets/entries/").status_code == 403
    assert as_user(clerk).get("/accounts/login/").status_code == 302
    assert as_user(clerk).head(QUOTAS).status_code == 200
    assert not Visit.objects.exists()


def test_before_the_login_only_the_pages_before_the_login_are_carried(practice, db):
    client = Client()
    for path in (DRIVER, "/accounts/login/", "/help/1/", "/accounts/contacts/", QUOTAS):
        client.get(path)
    assert set(client.session[visits.KEY]) == {"driver-help", "login"}
    assert not Visit.objects.exists()


def test_the_login_takes_over_what_was_seen_before_it(practice, as_user, clerk):
    before, client = Client(), as_user(clerk)
    before.get(DRIVER)
    seen = before.session[visits.KEY]
    session = client.session
    session[visits.KEY] = seen
    session.save()
    client.get("/")
    assert {("driver-help", ""), ("home", "")} <= kept(user=clerk)
    assert Visit.objects.get(page="driver-help").at.isoformat() == seen["driver-help"]
    assert visits.KEY not in client.session


def test_outside_practice_mode_nothing_is_kept_or_asked(as_user, clerk):
    anybody = Client()
    anybody.get(DRIVER)
    assert visits.KEY not in anybody.session
    client = as_user(clerk)
    client.get("/")
    with CaptureQueriesContext(connection) as counted:
        client.get("/")
    assert not [one for one in counted if "practice" in one["sql"]]
    assert not Visit.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_page_is_not_lost_when_its_visit_is(practice, as_user, clerk):
    client = as_user(clerk)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE practice_visit RENAME TO gone")
    try:
        assert client.get(DRIVER).status_code == 200
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE gone RENAME TO practice_visit")
