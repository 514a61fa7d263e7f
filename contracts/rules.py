"""What stops a submission, what only wants a look; pure: contract, rows, a day (domain.md §15.1)."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from procurement.reference.money import plain
from procurement.reference.prices import agrees

from . import deadlines
from .content import Content
from .models import choices
from .sums import tenth
from .suppliers.choices import Investment

Rule = tuple[str, bool, str]  # field, is it wrong, what to do
PDF = "application/pdf"
LONGEST = 60  # days to pay a small firm, when agreed (保障中小企业款项支付条例第九条)
USUAL = 30
NEEDED = [
    "contract_no", "contract_type", "purchaser_contact", "purchaser_phone", "purchaser_address", "signed_on",
    "starts_on", "ends_on",
]  # fmt: skip
OF_CHANGE = ["contract_no", "signed_on", "change_text"]
OF_ACCEPTANCE = ["inspector", "inspection", "acceptance_content", "acceptance_standard"]


class Hint(NamedTuple):
    """One remark in orange, with the rule it rests on."""

    text: str
    basis: str


def wrong(contract, rows: Content, today: date) -> Iterator[Rule]:
    """Every rule of the paper itself; others look at the plan."""
    change = contract.sort == choices.Sort.CHANGE
    for name in OF_CHANGE if change else NEEDED:
        yield name, getattr(contract, name) in (None, ""), f"请填写{label(contract, name)}。"
    yield "signed_on", bool(contract.signed_on and contract.signed_on > today), "签订日期不能晚于今天。"
    yield from papers(contract, rows)
    if change:
        return
    yield "amount", contract.amount <= 0, "合同金额须大于 0。"
    yield from parties(contract, rows)
    yield from sums(contract, rows)
    yield from guarantees(contract)
    yield from payment(contract, rows)
    yield from lines(rows)
    if rows.has_goods:
        yield from acceptance(contract)


def label(contract, name: str) -> str:
    return str(contract._meta.get_field(name).verbose_name).removesuffix("（元）")


def parties(contract, rows: Content) -> Iterator[Rule]:
    payees = [row for row in rows.suppliers if row.is_payee]
    yield "__all__", not rows.suppliers, "请至少填写一家供应商。"
    yield "__all__", bool(rows.suppliers) and not payees, "请至少指定一个收款方。"
    for row in rows.suppliers:
        yield "__all__", not row.size, f"请选择供应商“{row.name}”的企业规模。"
        foreign = row.investment in (Investment.FOREIGN, Investment.PART)
        yield "__all__", foreign and not row.country, f"“{row.name}”有外商投资，请选择投资国别。"
    for row in payees:
        complete = row.amount is not None and row.account_name and row.bank and row.account
        yield "__all__", not complete, f"请填写收款方“{row.name}”的收款金额、账户名称、开户银行和账号。"


def sums(contract, rows: Content) -> Iterator[Rule]:
    """Four tables tell the same total."""
    for name, found in [
        ("合同标的", rows.items_total), ("收款方", rows.paid_total), ("合同资金", rows.fundings_total),
        ("付款计划", rows.payments_total),
    ]:  # fmt: skip
        text = f"{name}合计 {plain(found)} 元，须等于合同金额 {plain(contract.amount)} 元。"
        yield "__all__", found != contract.amount, text


def guarantees(contract) -> Iterator[Rule]:
    most = tenth(contract.amount)
    yield "bond", contract.has_bond and not contract.bond, "收取履约保证金的，请填写金额。"
    yield "bond_form", contract.has_bond and not contract.bond_form, "请选择履约保证金的非现金形式。"
    over = contract.has_bond and bool(contract.bond) and contract.bond > most
    basis = "政府采购法实施条例第四十八条"
    yield "bond", over, f"履约保证金不得超过合同金额的 10%，即 {plain(most)} 元（{basis}）。"
    yield "retention", contract.has_retention and not contract.retention, "预留质量保证金的，请填写金额。"
    excess = contract.has_retention and (contract.retention or 0) > contract.amount
    yield "retention", excess, "质量保证金不能大于合同金额。"
    form = contract.has_retention and not contract.retention_form
    yield "retention_form", form, "请选择质量保证金形式。"
    yield "advance", contract.has_advance and not contract.advance, "约定预付款的，请填写金额。"
    yield "advance", (contract.advance or 0) > contract.amount, "预付款不能大于合同金额。"


def payment(contract, rows: Content) -> Iterator[Rule]:
    once = contract.pay_type == choices.PayType.ONCE
    yield "pay_type", once and len(rows.payments) > 1, "一次性支付只有一期，请改为分期支付或合并付款计划。"
    yield "pay_type", not once and len(rows.payments) < 2, "分期支付至少两期，请补充付款计划。"
    slow = rows.has_sme and (contract.pay_days or 0) > LONGEST
    text = f"向中小企业付款的期限最长 {LONGEST} 天（保障中小企业款项支付条例第九条）。"
    yield "pay_days", slow, text


def lines(rows: Content) -> Iterator[Rule]:
    yield "__all__", not rows.items, "请至少填写一项合同标的。"
    for number, row in enumerate(rows.items, 1):
        true = agrees(row.unit_price, row.quantity, row.total)
        yield "__all__", not true, f"合同标的第 {number} 行的单价、数量和总价对不上，请核对。"
        differs = row.quantity != row.plan_item.quantity and not row.difference_reason.strip()
        text = f"合同标的第 {number} 行的数量与采购计划不同，请写明原因。"
        yield "__all__", differs, text


def acceptance(contract) -> Iterator[Rule]:
    """Goods are inspected as agreed (政府采购需求管理办法第二十四条)."""
    for name in OF_ACCEPTANCE:
        yield name, not getattr(contract, name), f"采购货物的合同，请填写{label(contract, name)}。"
    entrusted = contract.inspector == choices.Inspector.ENTRUSTED
    yield "inspecting_body", entrusted and not contract.inspecting_body, "委托验收的，请填写受托验收机构。"
    parts = contract.inspection in (choices.Inspection.SECTIONS, choices.Inspection.PERIODS)
    yield "inspection_plan", parts and not contract.inspection_plan, "分段、分期验收的，请填写安排。"
    yield "spot_share", contract.spot_check and not contract.spot_share, "抽查检测的，请填写抽查比例。"
    broken = contract.destructive_test and not contract.destroyed_goods
    yield "destroyed_goods", broken, "破坏性检测的，请填写损毁样品的处理。"


def papers(contract, rows: Content) -> Iterator[Rule]:
    missing = PDF not in rows.files.get("text", set())
    yield "__all__", missing, "请上传合同文本（PDF）。"
    public = not contract.is_secret and PDF not in rows.files.get("public", set())
    yield "__all__", public, "请上传不含涉密条款的合同公开文本（PDF）。"
    yield "__all__", rows.has_sme and "sme" not in rows.files, "供应商为中小企业的，请上传中小企业声明函。"
    yield "__all__", rows.is_joint and "joint" not in rows.files, "联合体签订的，请上传联合体协议。"


def hints(contract, rows: Content) -> Iterator[Hint]:
    """Nothing here stops anybody."""
    for number, row in enumerate(rows.items, 1):
        above = row.total - row.plan_item.total_price
        if above > 0:
            text = f"合同标的第 {number} 行比计划多 {plain(above)} 元，请核对（合计不得超过计划）。"
            yield Hint(text, "采购计划明细")
    if rows.has_sme and (contract.pay_days or 0) > USUAL:
        yield Hint(
            f"向中小企业付款宜在交付后 {USUAL} 天内，现为 {contract.pay_days} 天。",
            "保障中小企业款项支付条例",
        )
    if deadlines.signed_late(contract):
        yield Hint(
            f"签订日期晚于 {contract.sign_by:%Y-%m-%d}，超过通知书发出后 30 日。", "政府采购法第四十六条"
        )
    if contract.result_on and contract.signed_on and contract.signed_on < contract.result_on:
        yield Hint("签订日期早于中标（成交）日期，请核对。", "政府采购法第四十六条")
    if contract.signed_on and contract.file_by is None and contract.sort != choices.Sort.HISTORY:
        yield Hint("有关年度的工作日安排尚未公布，备案期限暂不能计算。", "工作日历")
