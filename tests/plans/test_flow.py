"""The travel of a plan: money taken and given back, the hard rules, the three reasons for the office."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from budgets.models import LedgerEntry
from plans.assistant.papers import PAPERS
from plans.models import ImportApproval, Plan, PlanItem, PlanType
from procurement.flow.models import Refused
from tests.world import fresh

from . import makers

pytestmark = pytest.mark.django_db


def reserved(confirmed) -> Decimal:
    confirmed.refresh_from_db()
    return confirmed.reserved_amount


def imported(paper: Plan) -> Plan:
    """Its item is an import with all that must be said about it."""
    item = paper.items.get()
    PlanItem.objects.filter(pk=item.pk).update(is_import=True)
    ImportApproval.objects.create(
        plan=paper, item=item, country="德国", purpose="教学", import_class="other",
        import_case="not_available", reason="境内没有同等精度的产品",
    )  # fmt: skip
    for number in range(5):
        paper.experts.create(name=f"专家{number}", employer="示例研究院", title="教授", is_lawyer=not number)
    return paper


def test_the_number_follows_the_pattern_of_plans(unit, clerk, confirmed):
    paper = makers.plan(unit, clerk, confirmed)
    assert paper.number == f"JH{makers.YEAR}{unit.region}000001"


def test_a_submission_takes_the_money_and_an_approval_by_the_unit_ends_it(unit, clerk, reviewer, confirmed):
    paper = makers.plan(unit, clerk, confirmed).perform("submit", clerk)
    assert (paper.state, paper.route, reserved(confirmed)) == ("unit", ["unit"], Decimal("600000.00"))
    paper = paper.perform("approve", reviewer, "同意")
    assert (paper.state, reserved(confirmed)) == ("done", Decimal("600000.00"))


@pytest.mark.parametrize("back", ["withdraw", "send_back", "void after return", "void after approval"])
def test_money_is_free_again_when_it_comes_back(unit, clerk, reviewer, confirmed, back):
    paper = makers.plan(unit, clerk, confirmed).perform("submit", clerk)
    if back == "withdraw":
        paper.perform("withdraw", clerk)
    elif back == "void after approval":
        paper.perform("approve", reviewer, "同意").perform("void", clerk, "不再采购了")
    else:
        paper = paper.perform("send_back", reviewer, "请补充材料", to="clerk", reason="materials")
        if back == "void after return":
            paper.perform("void", clerk, "不再采购了")
    assert reserved(confirmed) == 0
    kinds = list(LedgerEntry.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["confirm", "reserve", "release"]


def test_a_returned_plan_takes_its_money_again(unit, clerk, reviewer, confirmed):
    paper = makers.plan(unit, clerk, confirmed, amount="900000.00").perform("submit", clerk)
    paper = paper.perform("send_back", reviewer, "请补充材料", to="clerk", reason="materials")
    paper.perform("submit", clerk)
    assert reserved(confirmed) == Decimal("900000.00")


def test_a_shortage_says_how_much_is_missing_and_takes_nothing(unit, clerk, confirmed):
    makers.plan(unit, clerk, confirmed, amount="600000.00").perform("submit", clerk)
    second = makers.plan(unit, clerk, confirmed, amount="300000.01")
    with pytest.raises(ValidationError) as refused:
        second.perform("submit", clerk)
    sentence = "指标余额不足：可用 300,000.00 元，本次需 300,000.01 元，差额 0.01 元"
    assert refused.value.messages == [sentence]
    assert reserved(confirmed) == Decimal("600000.00")
    assert Plan.objects.get(pk=second.pk).state == "clerk"


@pytest.mark.django_db(transaction=True)
def test_of_submits_for_the_last_fen_one_wins_whatever_their_types(unit, clerk, confirmed):
    for kind in PlanType:
        of_three_submits_one_wins(unit, clerk, makers.confirmation(unit, clerk), kind)


def of_three_submits_one_wins(unit, clerk, confirmed, kind) -> None:
    """Each by itself fits into the quota to the fen, no two do."""
    amounts = ("450000.01", "450000.00", "450000.01")
    papers = [makers.plan(unit, clerk, confirmed, amount, kind) for amount in amounts]
    barrier = Barrier(len(papers))

    def submit(paper) -> str:
        try:
            user = fresh(clerk)
            barrier.wait()
            return paper.perform("submit", user).state
        except ValidationError as refused:
            return refused.messages[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(len(papers)) as pool:
        answers = list(pool.map(submit, papers))
    won = [paper for paper, answer in zip(papers, answers, strict=True) if answer == "unit"]
    assert len(won) == 1
    assert all("指标余额不足" in answer for answer in answers if answer != "unit")
    assert reserved(confirmed) == won[0].amount


# --- the hard rules ---------------------------------------------------------------------------------------


def refusal(paper, clerk) -> str:
    with pytest.raises(ValidationError) as refused:
        paper.perform("submit", clerk)
    return "".join(refused.value.messages)


def test_items_and_money_must_be_equal_to_the_fen(unit, clerk, confirmed):
    paper = makers.plan(unit, clerk, confirmed)
    paper.fundings.update(amount=Decimal("599999.99"))
    assert "0.01 元" in refusal(paper, clerk)
    paper.fundings.update(amount=Decimal("600000.01"))
    assert "0.01 元" in refusal(paper, clerk)
    assert reserved(confirmed) == 0


def test_a_plan_without_rows_is_not_submitted(unit, clerk, confirmed):
    paper = makers.plan(unit, clerk, confirmed)
    paper.fundings.all().delete()
    assert "资金" in refusal(paper, clerk)
    paper.items.all().delete()
    assert "采购清单" in refusal(paper, clerk)


@pytest.mark.parametrize("foreign", ["unit", "year"])
def test_money_of_another_unit_or_year_is_refused(places, unit, clerk, confirmed, foreign):
    paper = makers.plan(unit, clerk, confirmed)
    quota = confirmed.quota
    if foreign == "unit":
        quota.unit = places.foreign_unit
    else:
        quota.fiscal_year -= 1
    quota.save(update_fields=["unit", "fiscal_year"])
    assert "本单位" in refusal(paper, clerk)


@pytest.mark.parametrize("kind", [PlanType.MALL, PlanType.NON_GOV, PlanType.HISTORY])
def test_only_a_project_may_use_prepurchase_money(unit, clerk, confirmed, kind):
    paper = makers.plan(unit, clerk, confirmed, amount="1000.00", kind=kind)
    paper.fundings.update(fund_kind="pre")
    assert "不能使用" in refusal(paper, clerk)


# --- the office ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("amount", "route"), [("300000.00", ["unit"]), ("300000.01", ["unit", "office"])])
def test_a_mall_plan_over_the_limit_goes_to_the_office(unit, clerk, confirmed, amount, route):
    price = {"entry_mode": "by_total", "unit_price": Decimal(3000), "quantity": Decimal(100)}
    fields = {"over_reason": "批量更新教学用机，价格低于协议价", "item": price}
    paper = makers.plan(unit, clerk, confirmed, amount=amount, kind=PlanType.MALL, **fields)
    paper = attached(paper, clerk).perform("submit", clerk)
    assert paper.route == route
    assert bool(paper.office_reasons) == (len(route) == 2)


def test_one_machine_above_the_asset_standard_goes_to_the_office(unit, clerk, confirmed):
    fields = {"over_reason": "图形工作站，性能高于通用配置标准"}
    paper = makers.plan(unit, clerk, confirmed, amount="8000.00", kind=PlanType.MALL, **fields)
    paper = attached(paper, clerk).perform("submit", clerk)
    assert paper.route == ["unit", "office"]
    assert "商城超标采购" in paper.office_reasons[0]


def test_what_the_assistant_found_is_kept_with_the_submission_and_shown(
    as_user, unit, clerk, reviewer, confirmed
):
    paper = makers.plan(unit, clerk, confirmed)
    reasons, paper.kept = paper.kept, {}
    paper.save()
    assert "请修改，或写明维持原信息的理由" in refusal(paper, clerk)
    paper.kept = reasons
    paper.save()
    paper = paper.perform("submit", clerk)
    assert {row["severity"] for row in paper.findings} >= {"green", "orange"}
    text = as_user(reviewer).get(f"/plans/{paper.pk}/").text
    assert f"维持原信息：{makers.KEPT}" in text


def attached(paper, clerk) -> Plan:
    """With every paper a rule may ask for."""
    for category in PAPERS:
        paper.attachments.create(
            category=category, name=f"{category}.pdf", file="x", size=1, sha256=category, uploaded_by=clerk,
            mime="application/pdf",
        )  # fmt: skip
    return paper


def test_imports_go_to_the_office_and_back_to_any_earlier_desk(
    as_user, unit, clerk, reviewer, officer, confirmed
):
    paper = attached(imported(makers.plan(unit, clerk, confirmed)), clerk).perform("submit", clerk)
    assert paper.route == ["unit", "office"]
    paper = paper.perform("approve", reviewer, "同意")
    page = as_user(officer).get(f"/plans/{paper.pk}/").text
    assert "本计划须经政府采购处审核" in page
    assert "进口" in page
    assert [str(desk) for desk in paper.return_desks()] == ["clerk", "unit"]
    paper = paper.perform("send_back", officer, "请核实进口理由", to="unit", reason="materials")
    assert (paper.state, reserved(confirmed)) == ("unit", Decimal("600000.00"))
    paper = paper.perform("send_back", reviewer, "请核实进口理由", to="clerk", reason="materials")
    assert (paper.state, reserved(confirmed)) == ("clerk", 0)


def test_nobody_reviews_what_he_submitted_and_the_office_waits_its_turn(unit, clerk, officer, confirmed):
    paper = makers.plan(unit, clerk, confirmed).perform("submit", clerk)
    for user in (clerk, officer):
        with pytest.raises(Refused):
            paper.perform("approve", user, "同意")


def test_what_changed_since_the_last_submission_is_shown_without_the_machine_s_own_fields(
    as_user, unit, clerk, reviewer, confirmed
):
    paper = makers.plan(unit, clerk, confirmed).perform("submit", clerk)
    paper.perform("send_back", reviewer, "单价偏高，请核实", to="clerk", reason="amount")
    paper.items.update(content="教学用台式计算机（改）")
    Plan.objects.get(pk=paper.pk).perform("submit", clerk)
    text = as_user(reviewer).get(f"/plans/{paper.pk}/").text
    assert "教学用台式计算机（改）" in text
    assert "修改 1 处" in text
