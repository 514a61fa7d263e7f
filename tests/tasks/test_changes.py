"""采购方式变更: who may ask, what must be there, and what an approval brings about at once."""

import threading
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from budgets.models import Holding, Ledger, LedgerEntry, QuotaConfirmation
from budgets.models.ledger import Shortage
from budgets.verification import problems
from plans.models import Plan, PlanPackage
from procurement.flow.log import first_break
from procurement.flow.models import Conflict
from tasks import causes, filing
from tasks.models import BookKind, Cause, Execution, MethodChange, TaskBook
from tests.notices.single import makers as singles
from tests.world import fresh

from . import change_makers, makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(unit, clerk, reviewer, confirmed):
    return makers.filed(unit, clerk, reviewer, confirmed, BookKind.DECENTRALIZED, amount="600000.00")


@pytest.fixture
def plan(book):
    return book.approved_plan


# --- what an approval brings about ------------------------------------------------------------------------


def test_an_approval_replaces_the_plan_and_revokes_its_book(plan, book, clerk, reviewer, officer, confirmed):
    PlanPackage.objects.create(plan=plan, name="第一包", budget=plan.amount, method=plan.method)
    done = change_makers.approved(plan, clerk, reviewer, officer)
    old, new = Plan.objects.get(pk=plan.pk), done.new_plan
    book = TaskBook.objects.get(pk=book.pk)
    assert done.state == "done"
    assert done.approval_no == f"皖财购批〔{done.fiscal_year}〕1号"
    assert (old.state, old.status, old.last_verb) == ("void", "已变更", "supersede")
    assert (book.state, book.status) == ("void", "已撤销")
    assert done.approval_no in book.revoke_reason
    assert (new.state, new.number, new.method) == ("done", f"{plan.number}-B1", "competitive_negotiation")
    assert (new.case, new.amount, new.method_reason) == (plan.case, plan.amount, "30-1")
    assert [row.content for row in new.items.all()] == [row.content for row in plan.items.all()]
    assert [row.amount for row in new.fundings.all()] == [plan.amount]
    assert [row.method for row in new.packages.all()] == ["competitive_negotiation"]
    assert list(filing.waiting(Plan.objects.all())) == [new]


def test_the_reservation_changes_its_holder_and_every_balance_still_adds_up(
    plan, book, clerk, reviewer, officer, confirmed
):
    before = QuotaConfirmation.objects.get(pk=confirmed.pk)
    done = change_makers.approved(plan, clerk, reviewer, officer)
    after = QuotaConfirmation.objects.get(pk=confirmed.pk)
    assert (after.reserved_amount, after.available) == (before.reserved_amount, before.available)
    held = dict(Holding.objects.values_list("document", "reserved_amount"))
    assert held == {plan.pk: Decimal(0), done.new_plan_id: plan.amount}
    moved = LedgerEntry.objects.filter(document=done).order_by("pk")
    assert [(row.kind, row.amount, row.holder_id) for row in moved] == [
        ("release", -plan.amount, plan.pk),
        ("reserve", plan.amount, done.new_plan_id),
    ]
    assert list(problems()) == []


def test_the_new_version_is_whole_and_gets_a_book_of_its_own(plan, book, clerk, reviewer, officer):
    done = change_makers.approved(plan, clerk, reviewer, officer)
    new = Plan.objects.get(pk=done.new_plan_id)
    assert first_break(new) is None
    assert new.content_sha256
    assert new.submitted_by == clerk
    again = filing.file_book(new.pk, clerk)
    assert again.number.endswith("00002号")
    notice = singles.completed(new.unit, clerk, officer)
    second = change_makers.approved(
        new, clerk, reviewer, officer, new_method="single_source", main_cause="only_supplier",
        supplier=notice.supplier_name, notice=notice,
    )  # fmt: skip
    assert second.new_plan.number == f"{plan.number}-B2"
    assert second.new_plan.supplier_name == notice.supplier_name
    assert filing.file_book(second.new_plan_id, clerk)
    assert list(problems()) == []


def test_an_overdrawn_quota_does_not_stand_in_the_way(plan, book, clerk, reviewer, officer, confirmed):
    confirmed.quota.change("adjust", Decimal("-500000.00"))
    assert type(confirmed.quota).objects.get().overdrawn
    done = change_makers.approved(plan, clerk, reviewer, officer)
    assert Holding.objects.get(document=done.new_plan).reserved_amount == plan.amount
    assert list(problems()) == []


def test_imports_experts_and_papers_come_along(unit, clerk, reviewer, officer, confirmed):
    from plans.models import ImportApproval

    old = makers.approved(unit, clerk, reviewer, confirmed, BookKind.DECENTRALIZED)
    ImportApproval.objects.create(
        plan=old, item=old.items.get(), country="德国", purpose="教学", import_class="other",
        import_case="law", reason="国内没有同类产品",
    )  # fmt: skip
    old.experts.create(name="吴专家", employer="示例研究院", title="教授")
    change_makers.upload(old, "demand", clerk)
    filing.file_book(old.pk, clerk)
    new = change_makers.approved(old, clerk, reviewer, officer).new_plan
    assert new.imports.get().item == new.items.get()
    assert new.experts.get().name == "吴专家"
    assert [file.name for file in new.attachments.all()] == ["demand.pdf"]


def test_nothing_happens_unless_all_of_it_does(plan, book, clerk, reviewer, officer):
    paper = change_makers.change(plan, clerk).perform("submit", clerk).perform("approve", reviewer)
    TaskBook.objects.filter(pk=book.pk).update(execution=Execution.COMPLETED)
    with pytest.raises(ValidationError, match="已经完成"):
        paper.perform("approve", officer, "同意")
    assert Plan.objects.count() == 1
    assert TaskBook.objects.get().state == "done"
    assert MethodChange.objects.get().state == "office"
    TaskBook.objects.filter(pk=book.pk).update(execution=Execution.EXECUTING)
    assert paper.perform("approve", officer, "同意").approval_no.endswith("〕1号")


# --- who may ask, and what must be there ------------------------------------------------------------------


def test_only_a_filed_project_plan_without_another_change_qualifies(
    unit, clerk, reviewer, confirmed, plan, book
):
    assert MethodChange.about(plan, clerk).plan_obstacle() is None
    bare = makers.approved(unit, clerk, reviewer, confirmed)
    assert "已备案" in MethodChange.about(bare, clerk).plan_obstacle()
    mall = makers.filed(unit, clerk, reviewer, confirmed, BookKind.MALL).approved_plan
    assert "项目采购计划" in MethodChange.about(mall, clerk).plan_obstacle()
    first = change_makers.change(plan, clerk)
    assert first.number in MethodChange.about(plan, clerk).plan_obstacle()
    Ledger(plan, clerk).commit({confirmed.pk: Decimal("1.00")})
    assert "签订合同" in first.plan_obstacle()


def problems_of(paper, clerk) -> dict:
    with pytest.raises(ValidationError) as found:
        paper.perform("submit", clerk)
    return found.value.message_dict


@pytest.mark.parametrize(
    ("fields", "name", "words"),
    [
        ({"new_method": "open_tender"}, "new_method", "不能与原"),
        ({"main_cause": "only_supplier"}, "main_cause", "不适用"),
        ({"explanation": "供应商不足"}, "explanation", "30"),
        ({"new_method": "single_source"}, "supplier", "供应商"),
        (
            {"new_method": "single_source", "main_cause": "only_supplier", "supplier": "甲"},
            "notice",
            "单一来源公示",
        ),
        ({"responsive_suppliers": None}, "responsive_suppliers", "供应商数量"),
        ({"main_cause": "two_left", "responsive_suppliers": 3}, "responsive_suppliers", "2"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(plan, book, clerk, fields, name, words):
    paper = change_makers.change(plan, clerk, **fields)
    assert words in "".join(problems_of(paper, clerk)[name])


@pytest.mark.parametrize("cause", list(Cause))
def test_every_cause_names_its_papers_and_allows_a_method(plan, book, unit, clerk, officer, cause):
    notice = singles.completed(unit, clerk, officer) if cause == Cause.ONLY_SUPPLIER else None
    only = {"notice": notice, "supplier": notice.supplier_name if notice else "示例科技有限公司"}
    rule = causes.RULES[cause]
    method = next(iter(rule.reasons.keys() - {"open_tender"}))
    paper = change_makers.change(
        plan, clerk, papers=False, main_cause=cause, new_method=method,
        responsive_suppliers=2, **only,
    )  # fmt: skip
    told = "".join(problems_of(paper, clerk)["__all__"])
    for code in causes.papers(cause, is_secret=False):
        assert causes.PAPERS[code] in told
        change_makers.upload(paper, code, clerk)
    assert MethodChange.objects.get().perform("submit", clerk).state == "unit"


def test_a_secret_plan_asks_for_its_certificate_too():
    assert "secrecy" in causes.papers(Cause.POLICY, is_secret=True)


def test_while_it_is_under_way_the_book_is_not_revoked_by_hand(plan, book, clerk, reviewer):
    paper = change_makers.change(plan, clerk).perform("submit", clerk)
    assert paper.number in book.obstacle("void", clerk)[1]
    paper.perform("withdraw", clerk).perform("void", clerk, "不再变更采购方式")
    assert book.perform("void", clerk, "采购需求有变化").state == "void"
    assert not MethodChange.objects.get().is_open


def test_a_change_given_up_leaves_room_for_another(plan, book, clerk):
    change_makers.change(plan, clerk).perform("submit", clerk).perform("withdraw", clerk).perform(
        "void", clerk, "填写有误重新申请"
    )
    assert change_makers.change(plan, clerk).perform("submit", clerk).state == "unit"


# --- races ------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_nobody_gets_a_fen_out_of_a_reservation_that_is_changing_hands(
    unit, clerk, reviewer, officer, confirmed
):
    """Everything is reserved but one fen; eight others try for it and for more while the plan is replaced."""
    book = makers.filed(unit, clerk, reviewer, confirmed, BookKind.DECENTRALIZED, amount="899999.99")
    plan = book.approved_plan
    paper = change_makers.change(plan, clerk).perform("submit", clerk).perform("approve", reviewer)
    others = [makers.makers.plan(unit, clerk, confirmed, "0.01") for _ in range(8)]
    taken, start = [], threading.Barrier(9)

    def grab(other, amount):
        try:
            start.wait()
            for _ in range(40):
                try:
                    Ledger(other, clerk).reserve({confirmed.pk: amount})
                    taken.append(amount)
                except Shortage:
                    pass
        finally:
            connection.close()

    def approve():
        try:
            start.wait()
            paper.perform("approve", fresh(officer), "同意变更")
        finally:
            connection.close()

    amounts = [Decimal("0.01"), Decimal("0.02")] * 4
    threads = [threading.Thread(target=grab, args=pair) for pair in zip(others, amounts, strict=True)]
    threads.append(threading.Thread(target=approve))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken == [Decimal("0.01")]
    new = MethodChange.objects.get().new_plan
    assert Holding.objects.get(document=new).reserved_amount == Decimal("899999.99")
    assert QuotaConfirmation.objects.get().available == 0
    assert list(problems()) == []


@pytest.mark.django_db(transaction=True)
def test_an_approval_and_a_revocation_at_once_leave_one_outcome(unit, clerk, reviewer, officer, confirmed):
    book = makers.filed(unit, clerk, reviewer, confirmed, BookKind.DECENTRALIZED)
    paper = change_makers.change(book.approved_plan, clerk).perform("submit", clerk)
    paper = paper.perform("approve", reviewer)
    TaskBook.objects.filter(pk=book.pk).update(execution=Execution.RECEIVED)
    results, start = {}, threading.Barrier(2)

    def run(name, work):
        try:
            start.wait()
            results[name] = work()
        except (Conflict, ValidationError) as lost:
            results[name] = lost
        finally:
            connection.close()

    jobs = {
        "change": lambda: paper.perform("approve", fresh(officer), "同意变更"),
        "recall": lambda: book.perform("recall", fresh(officer), "投诉成立，责令停止"),
    }
    threads = [threading.Thread(target=run, args=pair) for pair in jobs.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    won = [name for name, result in results.items() if not isinstance(result, Exception)]
    assert len(won) == 1
    assert Plan.objects.count() == (2 if won == ["change"] else 1)
    assert list(problems()) == []


def test_only_completed_notices_of_the_unit_may_be_chosen(plan, book, unit, clerk, officer, as_user):
    done, waits = singles.completed(unit, clerk, officer), singles.approved(unit, clerk, officer)
    page = as_user(clerk).get(f"/tasks/changes/new/?plan={plan.pk}").text
    assert f"{done.number} {done.project_name}（{done.supplier_name}" in page
    assert waits.number not in page
    single = {"new_method": "single_source", "main_cause": "only_supplier"}
    paper = change_makers.change(plan, clerk, notice=waits, supplier="别的公司", **single)
    told = problems_of(paper, clerk)
    assert "未完成或不是本单位的" in "".join(told["notice"])
    assert waits.supplier_name in "".join(told["supplier"])
