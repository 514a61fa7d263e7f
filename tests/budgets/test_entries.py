"""预算录入: three kinds, three desks, and a quota at the end (M 3.1)."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Organization, OrgKind
from budgets.models import BudgetEntry, EntryType, Quota
from budgets.verification import problems
from procurement.flow.models import Desk
from procurement.reference.models import BudgetClass, FundNature
from tests.papers import entry
from tests.remembered import load_reference
from tests.world import YEAR, credit_code, fresh

pytestmark = pytest.mark.django_db
D = Decimal
PDF = b"%PDF-1.7\n%%EOF"


@pytest.fixture
def reference(unit):
    load_reference()


@pytest.fixture
def client(as_user, clerk, reference):
    return as_user(clerk)


def proof():
    return SimpleUploadedFile("证明.pdf", PDF)


def subject(kind: str, code: str) -> int:
    return BudgetClass.objects.get(kind=kind, code=code).pk


def filled(unit, lines=1, **changes) -> dict:
    """What a clerk types for 其他资金."""
    data = {
        "fund_source": "business",
        "fund_nature": FundNature.objects.get(code="61").pk,
        "fiscal_year": f"{YEAR}",
        "division": unit.division_id,
        "project_name": "事业收入设备购置",
        "gov_econ": subject("gov", "50306"),
        "dept_econ": subject("dept", "31002"),
        "version": "1",
        "lines-TOTAL_FORMS": str(lines),
        "lines-INITIAL_FORMS": "0",
        "lines-0-category": "台式计算机",
        "lines-0-content": "办公用台式计算机",
        "lines-0-entry_mode": "by_unit",
        "lines-0-unit_price": "5,000",
        "lines-0-quantity": "180",
        "lines-0-measure": "台",
        "lines-0-planned_month": f"{YEAR}-12",
    }
    return data | changes


def written(client, data: dict, kind: str = "other", action: str = "save", files: bool = False):
    url = f"{reverse('budgetentry-new')}?kind={kind}"
    extra = {"file:fund_proof": proof()} if files else {}
    return client.post(url, data | {"action": action} | extra, follow=True)


def errors(answer) -> str:
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "错误：" in text
    assert not BudgetEntry.objects.exists()
    return text


def test_an_entry_is_saved_with_price_and_total(client, unit):
    answer = written(client, filled(unit))
    paper = BudgetEntry.objects.get()
    assert "已保存" in answer.content.decode()
    assert (paper.number, paper.title, paper.amount) == (
        f"YS{YEAR}34000100001",
        "事业收入设备购置",
        D("900000.00"),
    )
    line = paper.lines.get()
    assert (line.unit_price, line.total_price, line.type) == (D("5000"), D("900000.00"), "货物")
    assert line.planned_month == date(YEAR, 12, 1)
    assert paper.entry_type == EntryType.OTHER


def test_a_total_typed_stays_what_was_typed(client, unit):
    """domain.md 25 scenario 9."""
    two_way = {"lines-0-entry_mode": "by_total", "lines-0-unit_price": "99", "lines-0-quantity": "3"}
    written(client, filled(unit, **two_way, **{"lines-0-total_price": "10000.00"}))
    line = BudgetEntry.objects.get().lines.get()
    assert (line.unit_price, line.total_price) == (D("3333.333333"), D("10000.00"))


def test_the_server_does_not_believe_the_total_of_the_page(client, unit):
    written(client, filled(unit, **{"lines-0-total_price": "1.00"}))
    assert BudgetEntry.objects.get().amount == D("900000.00")


def test_submitting_needs_the_proof_of_the_money(client, unit):
    text = errors(written(client, filled(unit), action="submit"))
    assert "请上传资金证明" in text
    answer = written(client, filled(unit), action="submit", files=True)
    assert "下一步由安徽示例大学审核岗审核" in answer.content.decode()
    assert BudgetEntry.objects.get().state == Desk.UNIT


BAD = [
    ({"fund_source": ""}, "请填写资金来源。"),
    ({"fund_source": "not_approved"}, "请从列表中选择资金来源。"),
    ({"fund_nature": "999999"}, "请从列表中选择资金性质。"),
    ({"fiscal_year": f"{YEAR + 5}"}, "请从列表中选择预算年度。"),
    ({"fiscal_year": f"{YEAR + 1}"}, "请从列表中选择预算年度。"),
    ({"division": "0"}, "请从列表中选择归口财政内部机构。"),
    ({"project_name": "长" * 201}, "预算项目名称最多 200 个字，现在有 201 个。"),
    ({"gov_econ": ""}, "请填写政府预算支出经济分类。"),
    ({"lines-0-category": "不存在的品目"}, "目录中没有品目“不存在的品目”"),
    ({"lines-0-category": "打印机"}, "对应多个品目："),
    ({"lines-0-quantity": "0"}, "数量须大于 0。"),
    ({"lines-0-quantity": "1.00001"}, "数量最多 4 位小数。"),
    ({"lines-0-unit_price": ""}, "请填写单价，须大于 0。"),
    ({"lines-0-unit_price": "abc"}, "单价（元）的格式不对，请检查。"),
    ({"lines-0-unit_price": "0.000001", "lines-0-quantity": "1"}, "总价须大于 0 且不超过 16 位整数"),
    ({"lines-0-unit_price": "9" * 14, "lines-0-quantity": "9" * 14}, "总价须大于 0 且不超过 16 位整数"),
    ({"lines-0-planned_month": "明年"}, "拟采购时间请填写到月，例如 2026-12。"),
    ({"lines-0-content": ""}, "请填写采购内容。"),
]


@pytest.mark.parametrize(("changes", "message"), BAD)
def test_bad_input_is_told_in_chinese_beside_the_field(client, unit, changes, message):
    text = errors(written(client, filled(unit, **changes)))
    assert message in text
    assert "办公用台式计算机" in text or "lines-0-content" in changes


@pytest.mark.parametrize("nasty", ["\x00", "1e400", "NaN", "９" * 50, "'\"><svg onload=1>", "=cmd|x", "٣٣"])
def test_nasty_input_never_breaks_the_page(client, unit, nasty):
    for field in filled(unit):
        if field.endswith("_FORMS"):
            continue
        answer = written(client, filled(unit, **{field: nasty}))
        assert answer.status_code in (200, 409), field
        assert "<svg onload" not in answer.content.decode()


def test_pre_procurement_asks_for_its_basis_and_may_be_of_next_year(client, unit):
    data = filled(
        unit,
        fund_source="supplement_due",
        fiscal_year=f"{YEAR + 1}",
        function_subject=subject("function", "2050205"),
    )
    text = errors(written(client, data, "pre", "submit", files=True))
    assert "预采购须填写依据文号" in text
    assert "预采购须填写预计下达时间" in text
    data |= {"basis_doc_no": "皖财教〔2026〕预14号", "expected_issue_date": f"{YEAR + 1}-01-15"}
    written(client, data, "pre", "submit", files=True)
    paper = BudgetEntry.objects.get()
    assert (paper.state, paper.fiscal_year, paper.number[:6]) == (Desk.UNIT, YEAR + 1, f"YS{YEAR + 1}")


def unified(unit, *shares: tuple) -> dict:
    rows = {"beneficiaries-TOTAL_FORMS": str(len(shares)), "beneficiaries-INITIAL_FORMS": "0"}
    for place, (organization, amount) in enumerate(shares):
        rows[f"beneficiaries-{place}-organization"] = organization.pk
        rows[f"beneficiaries-{place}-amount"] = amount
    base = filled(unit, fund_source="department", function_subject=subject("function", "2050205"))
    return base | rows


def test_a_unified_budget_is_shared_out_to_the_last_fen(client, unit, places):
    sister = Organization.objects.create(
        name="江淮示例学院",
        kind=OrgKind.PURCHASER,
        uscc=credit_code(77),
        parent=unit.parent,
        division=unit.division,
    )
    shares = [(unit, "400000"), (sister, "499999.99")]
    text = errors(written(client, unified(unit, *shares), "unified"))
    assert "受益单位金额合计 899,999.99 元，预算金额 900,000.00 元，相差 0.01 元。" in text
    text = errors(written(client, unified(unit, (places.foreign_unit, "900000")), "unified"))
    assert "请从列表中选择受益单位。" in text
    shares[1] = (sister, "500000")
    written(client, unified(unit, *shares), "unified", "submit")
    assert BudgetEntry.objects.get().state == Desk.UNIT


def test_an_empty_entry_cannot_be_submitted(client, unit):
    empty = {name: "" for name in filled(unit) if name.startswith("lines-0")} | {
        "lines-0-entry_mode": "by_unit"
    }
    text = errors(written(client, filled(unit, **empty), action="submit", files=True))
    assert "请至少填写一条采购内容" in text


def test_one_more_row_without_javascript(client, unit):
    text = written(client, filled(unit), action="add:lines").content.decode()
    assert 'name="lines-1-content"' in text
    assert "办公用台式计算机" in text
    assert not BudgetEntry.objects.exists()


def approve(client, paper):
    data = {"verb": "approve", "version": BudgetEntry.objects.get(pk=paper.pk).version}
    return client.post(reverse("budgetentry-move", args=[paper.pk]), data, follow=True)


def test_unit_division_and_office_pass_it_and_a_quota_exists(as_user, client, unit, people):
    written(client, filled(unit), action="submit", files=True)
    paper = BudgetEntry.objects.get()
    for person in (people.reviewer, people.divisional, people.officer):
        reviewer = as_user(person)
        assert "事业收入设备购置" in reviewer.get(reverse("budgetentry-review")).content.decode()
        assert not Quota.objects.exists()
        assert approve(reviewer, paper).status_code == 200
    quota = Quota.objects.get()
    assert (quota.quota_no, quota.source_type, quota.issued_amount) == (paper.number, "other", D("900000.00"))
    assert (quota.case, quota.unit, quota.division) == (paper.case, unit, unit.division)
    assert (quota.gov_econ.code, quota.dept_econ.code, quota.provisional) == ("50306", "31002", False)
    assert list(problems()) == []
    text = client.get(reverse("budgetentry-detail", args=[paper.pk])).content.decode()
    assert "已生成指标" in text.replace("审核通过后", "")
    assert quota.confirm(D("900000.00"), people.clerk).seq == 1


def test_finishing_twice_makes_no_second_quota(unit, people):
    paper = entry(unit, people.clerk).perform("submit", people.clerk)
    for person in (people.reviewer, people.divisional, people.officer):
        paper = paper.perform("approve", fresh(person), "同意")
    paper.finish(paper.moves.last())
    assert Quota.objects.get().issued_amount == paper.amount


def test_a_changed_line_behind_the_total_stops_the_submission(unit, clerk):
    paper = entry(unit, clerk)
    paper.lines.update(total_price=D("1.00"))
    with pytest.raises(ValidationError, match="与预算金额不一致"):
        paper.perform("submit", clerk)


def test_a_stranger_finds_no_entry_and_others_no_form(as_user, client, unit, stranger, reviewer):
    written(client, filled(unit))
    paper = BudgetEntry.objects.get()
    for name in ("budgetentry-detail", "budgetentry-edit", "budgetentry-move", "budgetentry-print"):
        assert as_user(stranger).get(reverse(name, args=[paper.pk])).status_code == 404
    assert as_user(reviewer).get(reverse("budgetentry-new")).status_code == 403
    assert as_user(reviewer).get(reverse("budgetentry-edit", args=[paper.pk])).status_code == 403
    assert client.get(reverse("budgetentry-review")).status_code == 403


def test_pages_cost_few_queries(client, unit, django_assert_max_num_queries):
    written(client, filled(unit), action="submit", files=True)
    paper = BudgetEntry.objects.get()
    client.get(reverse("home"))  # what a process remembers for half a minute is read once
    with django_assert_max_num_queries(6):
        client.get(reverse("budgetentry-list"))
    with django_assert_max_num_queries(9):
        client.get(reverse("budgetentry-detail", args=[paper.pk]))
    with django_assert_max_num_queries(14):
        client.get(reverse("budgetentry-new"))


def test_the_registration_form_is_a_pdf(client, unit):
    written(client, filled(unit))
    answer = client.get(reverse("budgetentry-print", args=[BudgetEntry.objects.get().pk]))
    assert answer.content.startswith(b"%PDF-")
