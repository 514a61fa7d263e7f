"""Every series of numbers over the turn of the year: which year a number says; none is lost, none is twice.

Where numbers are taken is read from the source, so a new kind without a case fails. What a person begins
says the fiscal year it is about; what is issued (task book, filing, approval) the year of that day
(domain.md §16).
"""

import ast
import json
import os
import re
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from budgets.carryover import windows
from budgets.carryover.jobs import roll_over
from budgets.models import BudgetEntry, CarryOver, Conversion, Quota
from contracts.models import Contract
from contracts.statistics import reporting
from intents.models import Intent
from notices.models import Announcement, ObjectionAnswer, SingleSourceNotice
from plans import approvals
from plans.models import Plan
from procurement.flow.context import fiscal_year
from procurement.flow.models import Document
from procurement.reference.models import Sequence
from procurement.sealing import registry
from tasks.filing import file_book
from tasks.models import BookKind, MethodChange
from tasks.models.choices import PREFIXES
from tests import papers
from tests.contracts import makers as contracts
from tests.forks import ends, fork
from tests.intents.makers import YEAR, confirmation
from tests.plans import makers as plans
from tests.tasks import change_makers as changes
from tests.tasks import makers as books

from .clock import at

OLD, NEW = f"{YEAR}-12-31 23:59:59", f"{YEAR + 1}-01-01 00:00:00"
OTHER_NAMES = re.compile(r"reference\.numbers import|import numbers as|\.numbers as")
SCOPES = re.compile("皖财购批|[A-Z]+")
LATE = "跨年办理，年前已签订"


class Begun(NamedTuple):
    """Numbered with its first save, by the person who begins it."""

    model: type[Document]
    pattern: str
    fields: tuple = ()

    def number(self, w, form_year: str = "") -> str:
        """As 新增 does: in the year of the window, of the form, or of the day."""
        request = SimpleNamespace(session={}, POST={"form_year": form_year})
        year = windows.current().year if self.model is CarryOver else fiscal_year(request)
        with transaction.atomic():
            paper = self.model.begin(w.unit, w.clerk, year=year, **dict(self.fields))
            paper.assign_number()
        return paper.number


BEGUN = {
    "budgets.models.entries:BudgetEntry.new_number": Begun(BudgetEntry, "YS{y}340001{n:05}"),
    "budgets.carryover.models:CarryOver.new_number": Begun(CarryOver, "JZ{y}340001{n:04}"),
    "budgets.conversion.models:Conversion.new_number": Begun(Conversion, "ZZ{y}340001{n:05}"),
    "intents.models:Intent.new_number": Begun(Intent, "YX{y}105001001{n:04}"),
    "notices.single.models:SingleSourceNotice.new_number": Begun(SingleSourceNotice, "DY{y}340001{n:04}"),
    "notices.objections.answers:ObjectionAnswer.new_number": Begun(ObjectionAnswer, "YY{y}340001{n:04}"),
    "notices.announcements.models:Announcement.new_number": Begun(
        Announcement, "GG{y}105001001{n:04}", (("format", 3),)
    ),
    "plans.models.plan:Plan.new_number": Begun(Plan, "JH{y}340001{n:06}"),
    "tasks.models.change:MethodChange.new_number": Begun(MethodChange, "BG{y}340001{n:05}"),
    "contracts.models.contract:Contract.new_number": Begun(Contract, "105001001-{y}-{n:04}"),
}


class Issued(NamedTuple):
    """Numbered on the day it is issued, whatever year its paper began in."""

    pattern: str
    prepare: Callable  # (w) -> a paper of the old year, ready
    issue: Callable  # (w, paper) -> the document and its number
    sealed: str = ""  # the sealed paper that says the number too


def ready_plan(w, kind: str = BookKind.RESEARCH) -> Plan:
    return books.approved(w.unit, w.clerk, w.reviewer, confirmation(w.unit, w.clerk), kind)


def filed_plan(w) -> Plan:
    kind = BookKind.DECENTRALIZED
    return books.filed(w.unit, w.clerk, w.reviewer, confirmation(w.unit, w.clerk), kind).approved_plan


def book_of(w, plan: Plan) -> tuple[Document, str]:
    book = file_book(plan.pk, w.clerk)
    return book, book.number


def ready_change(w) -> MethodChange:
    return changes.change(filed_plan(w), w.clerk).perform("submit", w.clerk).perform("approve", w.reviewer)


def reply_to(w, change: MethodChange) -> tuple[Document, str]:
    change = change.perform("approve", w.officer, "同意变更")
    return change, change.approval_no


def ready_contract(w) -> Contract:
    book = books.filing(ready_plan(w), w.clerk)
    return contracts.approved(book, w.clerk, w.reviewer, "900.00")


def filed_contract(w, contract: Contract) -> tuple[Document, str]:
    contract = contract.perform("file", w.clerk, LATE)
    return contract, contract.filing_number


FILING = "tasks.models.book:TaskBook.assign_number"
ISSUED = {
    (FILING, kind): Issued(
        f"{prefix}340001{{y}}{{n:05}}号", partial(ready_plan, kind=kind), book_of, "taskbook"
    )
    for kind, prefix in PREFIXES.items()
} | {
    ("tasks.models.change:MethodChange.finish", ""): Issued(
        "皖财购批〔{y}〕{n}号", ready_change, reply_to, "methodchange"
    ),
    ("contracts.filing:file", ""): Issued("HT{y}340001{n:06}", ready_contract, filed_contract, "contract"),
}  # fmt: skip
# sealed papers that say a number of another kind of paper
SEALED = {"carryover": "the number of the application", "notice": "the key of its publication"}


@pytest.fixture
def w(places, people):
    """The province; a category to plan with."""
    plans.catalogue()
    return SimpleNamespace(**vars(people), unit=places.unit)


def told(pattern: str, year: int, *numbers: int) -> list[str]:
    return [pattern.format(y=year, n=n) for n in numbers]


# --- every series has a case ------------------------------------------------------------------------------


def sources() -> dict[str, str]:
    """module -> text, of the whole project."""
    files = [file for app in apps.get_app_configs() for file in Path(app.path).rglob("*.py")]
    own = [file for file in files if file.is_relative_to(settings.BASE_DIR) and "var" not in file.parts]
    return {
        ".".join(file.relative_to(settings.BASE_DIR).with_suffix("").parts): file.read_text("utf-8")
        for file in own
    }


def takers(node: ast.AST, path: str = "") -> set[str]:
    """Qualified names of the functions below that call numbers.take."""
    found = set()
    for child in ast.iter_child_nodes(node):
        name = getattr(child, "name", "") if isinstance(child, ast.ClassDef | ast.FunctionDef) else ""
        if isinstance(child, ast.Call) and ast.unparse(child.func) == "numbers.take":
            found.add(path)
        found |= takers(child, f"{path}.{name}".strip("."))
    return found


def test_every_place_that_takes_a_number_has_a_case():
    texts = sources()
    found = {f"{module}:{name}" for module, text in texts.items() for name in takers(ast.parse(text))}
    assert found == set(BEGUN) | {site for site, _ in ISSUED}
    # under one name only: another would hide a series from the line above
    assert [module for module, text in texts.items() if OTHER_NAMES.search(text)] == []


def test_every_kind_of_paper_is_numbered_by_one_of_them():
    names = {site.partition(":")[2] for site in [*BEGUN, *(site for site, _ in ISSUED)]}
    for model in apps.get_models():
        if issubclass(model, Document) and model is not Document:
            assert {f"{model.__name__}.new_number", f"{model.__name__}.assign_number"} & names, model
    assert {kind for site, kind in ISSUED if site == FILING} == set(BookKind)


def test_every_sealed_paper_says_the_number_of_a_case():
    assert set(registry.TEMPLATES) - {"trial"} == {case.sealed for case in ISSUED.values()} | set(SEALED)


# --- over midnight ----------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("site", BEGUN)
def test_what_is_begun_says_the_year_it_is_about(site, w):
    case = BEGUN[site]
    with at(OLD) as clock:
        before = [case.number(w) for _ in range(2)]
        clock.shift(1)
        if case.model is not CarryOver:  # its year is in the address: tests/budgets/carryover/test_pages.py
            before.append(case.number(w, form_year=str(YEAR)))  # opened at 23:59:59
        after = [case.number(w) for _ in range(2)]
    assert before == told(case.pattern, YEAR, *range(1, 1 + len(before)))
    assert after == told(case.pattern, YEAR + 1, 1, 2)


@pytest.mark.django_db
@pytest.mark.parametrize("key", ISSUED, ids="-".join)
def test_what_is_issued_says_the_year_of_that_day(key, w):
    case, numbers = ISSUED[key], []
    ready = [case.prepare(w) for _ in range(4)]
    with at(OLD) as clock:
        for place, paper in enumerate(ready):
            clock.shift(place == 2)
            document, number = case.issue(w, paper)
            assert document.fiscal_year == YEAR  # the year of its money stays
            assert document.sealed.get(template=case.sealed).number == number
            numbers.append(number)
    first = Sequence.objects.get(scope=SCOPES.match(number)[0], year=YEAR).last - 1  # books under contracts
    assert numbers == told(case.pattern, YEAR, first, first + 1) + told(case.pattern, YEAR + 1, 1, 2)


@pytest.mark.django_db
def test_what_grows_out_of_a_paper_keeps_its_number(w):
    """Versions of a plan, papers of an import, quotas of an entry and an application: none has a series."""
    with at(OLD) as clock:
        change = ready_change(w)
        entry = papers.entry(w.unit, w.clerk).perform("submit", w.clerk)
        money = carried(w)
        clock.shift(1)
        plan = change.perform("approve", w.officer, "同意变更").new_plan
        for person in (w.reviewer, w.divisional, w.officer):
            entry = entry.perform("approve", person)
        assert roll_over() == 1
    assert plan.number == f"{change.original_plan.number}-B1"
    assert approvals.number(plan, 1) == f"{plan.number}-JK01"
    assert (entry.quota.quota_no, entry.quota.fiscal_year) == (entry.number, entry.fiscal_year)
    quota = Quota.objects.get(carried_by=money)
    assert (quota.quota_no, quota.fiscal_year) == (f"{money.number}-01", YEAR + 1)
    assert list(Sequence.objects.filter(year=YEAR + 1).values_list("scope", "last")) == [("皖财购批", 1)]


def carried(w) -> CarryOver:
    confirmed = confirmation(w.unit, w.clerk, "100.00", "实训台")
    paper = CarryOver.begin(w.unit, w.clerk, year=YEAR, title="年终结转", remark="未完成")
    with transaction.atomic():
        paper.assign_number()
        paper.save()
    paper.lines.create(
        confirmation=confirmed, basis="idle", balance=100, amount=100, reason="not_begun",
        expected_finish=f"{YEAR + 1}-06-30",
    )  # fmt: skip
    paper = paper.perform("submit", w.clerk)
    for person in (w.reviewer, w.divisional, w.officer):
        paper = paper.perform("approve", person)
    return paper


@pytest.mark.django_db
def test_a_report_is_of_a_period_and_waits_for_its_end(w):
    with at(OLD) as clock:
        for quarter in (0, 4):
            with pytest.raises(ValidationError, match="尚未结束"):
                reporting.send(YEAR, quarter, w.officer)
        clock.shift(1)
        assert [str(reporting.send(YEAR, quarter, w.officer)) for quarter in (0, 4)] == [
            f"{YEAR} 年度", f"{YEAR} 年第 4 季度",
        ]  # fmt: skip
        with pytest.raises(ValidationError, match="已经上报"):
            reporting.send(YEAR, 0, w.officer)


def writer(moment: str, w, start: int, told_to) -> None:
    """Waits for the others, then takes five of every series on its side of midnight."""
    os.read(start, 1)
    with at(moment):
        made = [case.number(w) for _ in range(5) for case in BEGUN.values()]
    told_to.write_text(json.dumps(made), "utf-8")


@pytest.mark.django_db(transaction=True)
def test_writers_on_both_sides_of_midnight_do_not_clash(w, tmp_path):
    """Two processes on each side, in series nobody has used yet: no gap, no number twice."""
    start, go = os.pipe()
    sides = [OLD, NEW, OLD, NEW]
    children = [
        fork(partial(writer, side, w, start, tmp_path / f"{place}")) for place, side in enumerate(sides)
    ]
    os.write(go, b"." * len(sides))
    assert ends(children) == [-signal.SIGKILL] * len(sides)  # each came to its end
    made = [json.loads((tmp_path / f"{place}").read_text("utf-8")) for place in range(len(sides))]
    for year, first, second in ((YEAR, 0, 2), (YEAR + 1, 1, 3)):
        wanted = [number for case in BEGUN.values() for number in told(case.pattern, year, *range(1, 11))]
        assert sorted(made[first] + made[second]) == sorted(wanted)
