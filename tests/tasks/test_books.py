"""Task books: which kind, what stops a filing, numbers without gaps, taking one back."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from itertools import product

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from accounts.models import Organization, OrgKind
from budgets.models import Holding
from plans.models import OrgForm, Plan, PlanType
from plans.models.choices import Entrust
from procurement.flow.models import Conflict, Refused
from tasks import checks, filing, kinds
from tasks.models import BookKind, Channel, Execution, TaskBook
from tests.world import YEAR, fresh, organization

from . import makers

pytestmark = pytest.mark.django_db
COMBINATIONS = list(product(PlanType.values, ["", *OrgForm.values], ["", *Entrust.values]))


def expected(plan_type: str, org_form: str, entrust: str) -> str:
    """The table of domain.md §12, row by row."""
    if plan_type == "mall":
        return "mall"
    if plan_type.startswith("other"):
        return "other"
    if entrust in ("research", "territorial"):
        return entrust
    return "central" if org_form == "central" else "decentralized"


@pytest.mark.parametrize(("plan_type", "org_form", "entrust"), COMBINATIONS)
def test_the_first_row_of_the_table_that_fits_names_the_book(plan_type, org_form, entrust):
    plan = Plan(plan_type=plan_type, org_form=org_form, entrust_mode=entrust)
    assert kinds.book_kind(plan) == expected(plan_type, org_form, entrust)


def test_every_plan_is_in_exactly_one_menu(unit, clerk, confirmed):
    for plan_type, org_form, entrust in COMBINATIONS:
        plan = makers.makers.plan(unit, clerk, confirmed, "1.00")
        Plan.objects.filter(pk=plan.pk).update(plan_type=plan_type, org_form=org_form, entrust_mode=entrust)
    found = [(plan.pk, kind) for kind in BookKind.values for plan in Plan.objects.filter(kinds.of_kind(kind))]
    assert sorted(found) == sorted((plan.pk, kinds.book_kind(plan)) for plan in Plan.objects.all())


@pytest.mark.parametrize(
    ("book", "prefix", "channel", "execution"),
    [
        ("mall", "SC", "huicai", "waiting"), ("central", "JC", "trading", "waiting"),
        ("decentralized", "FS", "agency", "waiting"), ("research", "FSKY", "unit", "executing"),
        ("territorial", "FSSD", "agency", "waiting"), ("other", "QT", "none", ""),
    ],
)  # fmt: skip
def test_a_filed_book_has_its_number_and_its_executor(
    unit, clerk, reviewer, confirmed, book, prefix, channel, execution
):
    organization("徽采商城(模拟)", OrgKind.MALL, 31)
    made = makers.filed(unit, clerk, reviewer, confirmed, BookKind(book))
    assert made.number == f"{prefix}340001{YEAR}00001号"
    assert (made.kind_of_book, made.channel, made.execution) == (book, channel, execution)
    assert [move.verb for move in made.moves.all()] == ["submit", "file"]
    assert made.filed_at
    assert made.state == "done"
    assert made.case == made.approved_plan.case
    assert bool(made.executor) == (book != "other")
    assert [paper.number for paper in made.sealed.all()] == [made.number]
    assert made.deliveries.count() == (channel not in ("unit", "none"))


# --- what stops it ----------------------------------------------------------------------------------------


def test_a_plan_has_one_book_in_force(unit, clerk, reviewer, confirmed):
    book = makers.filed(unit, clerk, reviewer, confirmed)
    with pytest.raises(Conflict, match="已经备案"):
        filing.file_book(book.approved_plan_id, clerk)
    assert not filing.waiting(Plan.objects.all()).exists()


def test_only_an_approved_plan_is_filed(unit, clerk, confirmed):
    plan = makers.makers.plan(unit, clerk, confirmed, "1000.00")
    with pytest.raises(Conflict):
        filing.file_book(plan.pk, clerk)


@pytest.mark.parametrize("who", ["reviewer", "officer", "stranger", "auditor", "divisional"])
def test_only_the_units_clerk_files(unit, clerk, reviewer, confirmed, people, who):
    plan = makers.approved(unit, clerk, reviewer, confirmed)
    with pytest.raises(Refused, match="经办岗"):
        filing.file_book(plan.pk, getattr(people, who))


def test_a_plan_seen_in_an_older_state_is_not_filed(unit, clerk, reviewer, confirmed):
    plan = makers.approved(unit, clerk, reviewer, confirmed)
    with pytest.raises(Conflict):
        filing.file_book(plan.pk, clerk, version=plan.version - 1)


def refused(plan, clerk) -> str:
    with pytest.raises(ValidationError) as problem:
        filing.file_book(plan.pk, clerk)
    assert not TaskBook.objects.exists()
    return "".join(problem.value.messages)


def test_a_plan_that_lost_its_money_is_not_filed(unit, clerk, reviewer, confirmed):
    plan = makers.approved(unit, clerk, reviewer, confirmed)
    Holding.objects.filter(document=plan).update(reserved_amount=Decimal("999.99"))
    assert "采购指标与资金构成不一致" in refused(plan, clerk)


def test_a_closed_agency_gets_no_book(unit, clerk, reviewer, confirmed):
    plan = makers.approved(unit, clerk, reviewer, confirmed, BookKind.DECENTRALIZED)
    Organization.objects.filter(pk=plan.agency_id).update(is_active=False)
    assert "已停用" in refused(plan, clerk)


def test_what_the_office_must_see_needs_its_approval(unit, clerk, reviewer, confirmed):
    plan = makers.approved(unit, clerk, reviewer, confirmed)
    Plan.objects.filter(pk=plan.pk).update(office_reasons=["含进口产品"])
    assert "政府采购处审核" in refused(plan, clerk)


def test_a_single_source_without_its_notice_is_not_filed(unit, clerk, reviewer, confirmed):
    plan = makers.approved(unit, clerk, reviewer, confirmed)
    Plan.objects.filter(pk=plan.pk).update(method="single_source", method_reason="31-1", amount="4000000.00")
    plan.items.update(total_price="4000000.00")
    assert "单一来源公示" in refused(plan, clerk)


@pytest.mark.parametrize("hard", [False, True])
def test_thirty_days_of_the_intent_are_a_hint_or_a_condition(
    unit, clerk, reviewer, confirmed, settings, monkeypatch, hard
):
    settings.FILING_NEEDS_THIRTY_DAYS = hard
    plan = makers.approved(
        unit, clerk, reviewer, confirmed, **makers.short_notice(unit, clerk, reviewer, confirmed)
    )
    found = {finding.code: finding for finding in checks.findings(plan)}
    assert found["A05"].severity == ("red" if hard else "orange")
    if hard:
        assert "不足 30 日" in refused(plan, clerk)
    else:
        assert filing.file_book(plan.pk, clerk)


def test_a_secret_book_is_handed_over_by_nobody(unit, clerk, reviewer, confirmed):
    book = makers.filed(unit, clerk, reviewer, confirmed, BookKind.DECENTRALIZED, is_secret=True)
    assert (book.is_secret, book.channel, book.executor) == (True, Channel.NONE, None)
    assert not book.deliveries.exists()


def test_a_secret_book_is_carried_through_by_its_own_unit(unit, clerk, reviewer, confirmed, as_user):
    book = makers.filed(unit, clerk, reviewer, confirmed, BookKind.DECENTRALIZED, is_secret=True)
    client, page = as_user(clerk), f"/tasks/books/{book.pk}/"
    text = client.get(page).text
    for words in ("执行中", "线下送达", "涉密任务书不经网络", "录入结果"):
        assert words in text, words
    assert client.get(f"{page}results/new/").status_code == 200
    assert as_user(reviewer).post(f"{page}execution/completed/").status_code == 403
    client.post(f"{page}execution/completed/")
    done = TaskBook.objects.get()
    assert (done.execution, done.deliveries.exists()) == ("completed", False)
    record = makers.filed(unit, clerk, reviewer, confirmed, BookKind.OTHER, is_secret=True, amount="500.00")
    assert record.execution == ""


def test_a_plan_with_a_book_cannot_be_voided(unit, clerk, reviewer, confirmed):
    book = makers.filed(unit, clerk, reviewer, confirmed)
    with pytest.raises(Refused, match="任务书"):
        book.approved_plan.perform("void", fresh(clerk), "不再需要采购了")
    book.perform("void", clerk, "数量要调整，重新申报")
    assert book.approved_plan.perform("void", fresh(clerk), "不再需要采购了").state == "void"


# --- revoking ---------------------------------------------------------------------------------------------


def test_the_clerk_revokes_before_it_is_received_and_the_plan_waits_again(unit, clerk, reviewer, confirmed):
    book = makers.filed(unit, clerk, reviewer, confirmed, BookKind.DECENTRALIZED)
    assert book.open_verbs(clerk) == ["void"]
    gone = book.perform("void", clerk, "代理机构需要更换")
    assert (gone.status, gone.revoke_reason) == ("已撤销", "代理机构需要更换")
    assert list(filing.waiting(Plan.objects.all())) == [book.approved_plan]
    assert [paper.state for paper in book.sealed.all()] == ["withdrawn"]
    assert filing.file_book(book.approved_plan_id, clerk).number.endswith("00002号")


def test_after_that_only_the_office_and_only_with_a_reason(unit, clerk, reviewer, officer, confirmed):
    book = makers.filed(unit, clerk, reviewer, confirmed, BookKind.DECENTRALIZED)
    assert book.open_verbs(officer) == []
    TaskBook.objects.filter(pk=book.pk).update(execution=Execution.RECEIVED)
    book = TaskBook.objects.get()
    assert book.open_verbs(clerk) == []
    assert "政府采购处" in book.obstacle("void", clerk)[1]
    assert book.open_verbs(officer) == ["recall"]
    with pytest.raises(ValidationError, match="原因"):
        book.perform("recall", officer, "无")
    assert book.perform("recall", officer, "投诉成立，责令重新开展").state == "void"
    assert filing.waiting(Plan.objects.all()).exists()


def test_nobody_replaces_a_book_by_hand(unit, clerk, reviewer, officer, confirmed, as_user):
    book = makers.filed(unit, clerk, reviewer, confirmed)
    assert "replace" not in book.verb_names()
    data = {"verb": "replace", "version": book.version, "opinion": "试一试能不能撤"}
    assert as_user(officer).post(f"/tasks/books/{book.pk}/moves/", data).status_code == 200
    assert TaskBook.objects.get().state == "done"


# --- races ------------------------------------------------------------------------------------------------


def in_parallel(work, arguments):
    """Each call in its own connection, all at once."""

    def one(argument):
        try:
            return work(argument)
        except Exception as problem:
            return problem
        finally:
            connection.close()

    with ThreadPoolExecutor(len(arguments)) as pool:
        return list(pool.map(one, arguments))


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_once_file_one_book(unit, clerk, second_clerk, reviewer, confirmed):
    plan = makers.approved(unit, clerk, reviewer, confirmed)
    found = in_parallel(lambda who: filing.file_book(plan.pk, fresh(who)), [clerk, second_clerk] * 4)
    assert sum(isinstance(one, TaskBook) for one in found) == 1
    assert sum(isinstance(one, Conflict) for one in found) == 7
    assert TaskBook.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gaps_when_some_filings_fail(unit, clerk, reviewer, confirmed):
    plans = [makers.approved(unit, clerk, reviewer, confirmed) for _ in range(16)]

    def work(pair):
        number, plan = pair
        with transaction.atomic():
            book = filing.file_book(plan.pk, fresh(clerk))
            if number % 3 == 0:
                raise RuntimeError("the worker lost its database after the number was taken")
            return book

    found = [one for turn in (plans[:8], plans[8:]) for one in in_parallel(work, list(enumerate(turn)))]
    books = [one for one in found if isinstance(one, TaskBook)]
    assert len(books) == 10
    serials = sorted(int(book.number.removeprefix(f"FSKY340001{YEAR}").removesuffix("号")) for book in books)
    assert serials == list(range(1, 11))
