"""新增 of every kind of paper around midnight of New Year: a form opened before it, one left for days."""

import json
import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.urls import get_resolver, reverse

from budgets.carryover import closing
from budgets.carryover.jobs import close_years
from procurement.flow.models import Document
from tests.budgets import makers as budgets
from tests.contracts import makers as contracts
from tests.flow.test_pages import fields
from tests.intents import makers as intents
from tests.intents.makers import YEAR, confirmation
from tests.notices.objections import makers as objections
from tests.notices.single import makers as singles
from tests.plans import makers as plans
from tests.remembered import load_reference
from tests.tasks import makers as books

from .clock import at

pytestmark = pytest.mark.django_db
BEFORE = f"{YEAR}-12-31 23:59:59"


def entry(w) -> tuple[str, dict]:
    load_reference()
    return "kind=other", {"project_name": "实训设备"}


def conversion(w) -> tuple[str, dict]:
    old = budgets.quota(w.unit, "100.00", "YCG1", provisional=True, fiscal_year=YEAR)
    old.confirm(Decimal("10.00"), w.clerk)
    budgets.quota(w.unit, "100.00", "ZB-F", fiscal_year=YEAR)
    return f"quota={old.pk}", {}


def intent(w) -> tuple[str, dict]:
    row = confirmation(w.unit, w.clerk)
    return f"c={row.pk}", intents.posted(intents.row(row))


def plan(w) -> tuple[str, dict]:
    row = confirmation(w.unit, w.clerk)
    return f"kind=project&c={row.pk}", plans.posted([plans.item()], [plans.fund(row)])


def single(w) -> tuple[str, dict]:
    row = confirmation(w.unit, w.clerk)
    return f"c={row.pk}", singles.posted(row)


# what 新增 of a kind starts from, and what is typed there besides
OPENINGS = {
    "budgetentry-new": entry, "conversion-new": conversion, "intent-new": intent, "plan-new": plan,
    "singlesourcenotice-new": single, "announcement-new": lambda w: ("kind=3", {}),
}  # fmt: skip


def change(w) -> str:
    row = confirmation(w.unit, w.clerk)
    return f"plan={books.filed(w.unit, w.clerk, w.reviewer, row, 'decentralized').approved_plan_id}"


def contract(w) -> str:
    return f"kind=entry&plan={contracts.book(w.unit, w.clerk, w.reviewer).approved_plan_id}"


def answer_to(w) -> str:
    return f"notice={objections.over(objections.objected(w.unit, w.clerk, w.officer)).pk}"


# papers that grow out of one of the old year, and are of its year
GROWN = {"methodchange-new": change, "contract-new": contract, "objectionanswer-new": answer_to}
ELSEWHERE = {
    "carryover-new": "its year is in its address: tests/budgets/carryover/test_pages.py",
    "supplier-new": "a register, of no year",
}


@pytest.fixture
def w(people, places):
    plans.catalogue()
    people.unit = places.unit
    return people


def test_every_page_that_begins_a_paper_is_walked():
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str) and name.endswith("-new")}
    assert names == {*OPENINGS, *GROWN, *ELSEWHERE}


def shown(client, address: str) -> dict[str, str]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return {name: unescape(value) for name, value in fields(answer.content.decode()).items()}


@pytest.fixture
def midnight():
    with at(BEFORE) as clock:
        yield clock


def posted(form: dict, typed: dict) -> dict:
    """What is typed in the form, or in place of all of it."""
    return (
        {"form_year": form["form_year"], **typed} if "action" in typed else form | typed | {"action": "save"}
    )


@pytest.mark.parametrize("name", OPENINGS)
def test_a_form_keeps_the_year_it_was_opened_in(midnight, as_user, w, name):
    query, typed = OPENINGS[name](w)
    address, client = f"{reverse(name)}?{query}", as_user(w.clerk)
    known = set(Document.objects.values_list("pk", flat=True))
    form = shown(client, address)
    assert form["form_year"] == str(YEAR)
    midnight.shift(2)
    bare = client.get(f"{reverse(name)}?{re.sub(r'(c|quota)=.*', 'blank=1', query)}").content.decode()
    # the next form is of the new year; where money is chosen first, none of the old year is offered
    assert fields(bare).get("form_year", str(YEAR + 1)) == str(YEAR + 1)
    assert "form_year" in bare or "教学设备更新" not in bare
    answer = client.post(address, posted(form, typed))
    assert answer.status_code == 302, answer.content.decode()
    made = Document.objects.exclude(pk__in=known).get()
    assert (made.fiscal_year, str(YEAR) in made.number, str(YEAR + 1) in made.number) == (YEAR, True, False)


@pytest.mark.parametrize("name", GROWN)
def test_what_grows_out_of_a_paper_is_of_its_year(midnight, as_user, w, name):
    address, client = f"{reverse(name)}?{GROWN[name](w)}", as_user(w.clerk)
    assert shown(client, address)["form_year"] == str(YEAR)
    midnight.shift(2)
    assert shown(client, address)["form_year"] == str(YEAR)


@pytest.mark.parametrize("chosen", [YEAR + 1, YEAR, YEAR - 1, YEAR - 2])
def test_a_form_keeps_its_year_whatever_another_tab_chooses(midnight, as_user, w, chosen):
    address, client = f"{reverse('announcement-new')}?kind=3", as_user(w.clerk)
    client.post(reverse("switch-year"), {"year": chosen})
    form = shown(client, address)
    client.post(reverse("switch-year"), {"year": YEAR if chosen != YEAR else YEAR - 1})
    midnight.shift(2)
    assert client.post(address, form | {"action": "save"}).status_code == 302
    assert Document.objects.get().fiscal_year == chosen


def left_open(client, w) -> str:
    """A form of the old year half filled in, kept by the autosave; the address that brings it back."""
    page = reverse("announcement-new")
    form = shown(client, f"{page}?kind=3")
    values = {key: [value] for key, value in form.items() if key[:5] not in ("draft", "csrfm")}
    body = {
        "user": w.clerk.pk, "token": form["draft"], "seq": 1, "paper": 0, "query": "kind=3",
        "fields": values | {"c_project_name": ["写到一半的项目"]},
    }  # fmt: skip
    kept = client.post(f"{reverse('announcement-list')}autosave/", json.dumps(body), "application/json")
    assert kept.json()["state"] == "kept"
    return f"{page}?kind=3&draft={form['draft']}"


def test_a_form_brought_back_in_january_is_of_the_year_it_was_typed_in(midnight, as_user, w):
    address = left_open(as_user(w.clerk), w)
    midnight.shift(timedelta(days=5))
    again = shown(as_user(w.clerk), address)
    assert (again["c_project_name"], again["form_year"]) == ("写到一半的项目", str(YEAR))


def test_once_the_year_is_closed_its_text_can_still_be_read(midnight, as_user, w):
    address = left_open(as_user(w.clerk), w)
    midnight.shift(timedelta(days=5))
    closing.ask(YEAR, w.officer)
    closing.confirm(YEAR, w.admin)
    again = shown(as_user(w.clerk), address)
    assert (again["c_project_name"], again["form_year"]) == ("写到一半的项目", str(YEAR + 1))


@pytest.mark.parametrize("name", OPENINGS)
def test_a_form_posted_after_the_closing_is_refused_and_keeps_its_text(midnight, as_user, w, name):
    """Announcements follow a running plan: they go on, whatever is closed."""
    query, typed = OPENINGS[name](w)
    address, known = f"{reverse(name)}?{query}", Document.objects.count()
    form = shown(as_user(w.clerk), address)
    midnight.shift(timedelta(days=5))
    closing.ask(YEAR, w.officer)
    closing.confirm(YEAR, w.admin)
    close_years()
    answer = as_user(w.clerk).post(address, posted(form, typed))
    if name == "announcement-new":
        assert answer.status_code == 302
        return
    text = answer.content.decode()
    assert (answer.status_code, Document.objects.count()) == (200, known)
    assert f"{YEAR} 年度已关账，不能再新增或提交" in text
    assert f'name="form_year" value="{YEAR}"' in text
