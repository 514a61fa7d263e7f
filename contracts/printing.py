"""What a contract's 备案表 shows, taken down at filing; later changes of its sources do not reach it."""

from typing import Any

from django.utils import timezone

from procurement import clock
from procurement.flow.letters import clean, last_round, trail
from procurement.reference.money import fen, plain
from procurement.sealing.models import SealedPaper
from tasks.printing import amount, day, figure, said, small_firms

from . import deadlines
from .models import choices
from .parts import load
from .sums import ZERO, total

SLUG = "contract"
TITLE = "政府采购合同备案表"
Facts = list[list[str]]  # pairs of label and text


def order_paper(contract) -> SealedPaper:
    """Ask for the sealed paper of a filed contract, in the filing's transaction."""
    taken = snapshot(contract)
    return SealedPaper.order(
        contract, SLUG, title=taken["title"], number=contract.filing_number, snapshot=taken
    )


def snapshot(contract) -> dict[str, Any]:
    """Everything the paper shows; text as it will be read, money in 分. Before filing, without the number."""
    load(contract)
    plan, rows = contract.approved_plan, funding_rows(contract)
    return clean(
        {
            "title": TITLE, "sort": str(contract.sort), "number": contract.filing_number,
            "contract_no": contract.contract_no, "plan_number": plan.number,
            "filed_on": day(contract.filed_at), "unit_name": contract.unit.name,
            "amount": fen(contract.amount), "planned": fen(plan.amount), "saved": fen(savings(contract)),
            "unit": unit_facts(contract), "project": project_facts(contract),
            "contract": contract_facts(contract), "change": contract.change_text,
            "suppliers": supplier_rows(contract), "items": item_rows(contract), "fundings": rows,
            "planned_total": sum(row["planned"] for row in rows),
            "fundings_total": sum(row["amount"] for row in rows),
            "terms": term_facts(contract), "days": day_facts(contract),
            "trail": trail((contract, last_round(contract))),
        }
    )  # fmt: skip


def savings(contract):
    """节约额: what all contracts of the plan up to this one leave of it."""
    signed = contract.approved_plan.contracts.on_the_way().exclude(sort=choices.Sort.CHANGE)
    return max(contract.approved_plan.amount - total(signed.values_list("amount", flat=True)), ZERO)


def unit_facts(contract) -> Facts:
    unit = contract.unit
    return [
        ["采购单位", unit.name], ["预算编码", unit.budget_code], ["统一社会信用代码", unit.uscc or ""],
        ["归口财政内部机构", contract.division.name], ["联系人", contract.purchaser_contact],
        ["联系电话", contract.purchaser_phone],
    ]  # fmt: skip


def project_facts(contract) -> Facts:
    plan, book = contract.approved_plan, contract.book
    reason = "；".join(filter(None, [plan.get_method_reason_display(), plan.method_text]))
    facts = [
        ["项目名称", plan.title], ["采购计划编号", plan.number], ["任务书编号", book.number if book else ""],
        ["项目编号", contract.project_no], ["包号", contract.package_no],
        ["组织形式", plan.get_org_form_display()],
        ["采购方式", contract.get_method_display() or plan.get_mall_mode_display()],
        ["采用该方式的理由", reason], ["委托方式", plan.get_entrust_mode_display()],
        ["实施形式", plan.get_implement_display() if not plan.mall_mode else ""],
        ["代理机构", plan.agency.name if plan.agency else ""], ["数据来源", contract.get_origin_display()],
    ]  # fmt: skip
    if plan.sme_reserved is not None:
        facts.append(["面向中小企业", small_firms(plan)])
    return said(facts)


def contract_facts(contract) -> Facts:
    facts = [
        ["合同编号", contract.contract_no], ["合同名称", contract.title],
        ["合同类型", contract.get_contract_type_display()], ["录入类别", contract.get_sort_display()],
    ]  # fmt: skip
    if contract.base:
        facts.append(["原合同", f"{contract.base.title}（{contract.base.contract_no}）"])
    return said(facts)


def term_facts(contract) -> Facts:
    """付款, 保证金, 中小企业, 验收."""
    bond = guarantee(contract.has_bond, contract.bond, contract.get_bond_form_display(), "不收取")
    kept = contract.get_retention_form_display()
    retention = guarantee(contract.has_retention, contract.retention, kept, "不预留")
    inspected = filter(None, [contract.get_inspector_display(), contract.get_inspection_display()])
    return said([
        ["定价方式", contract.get_pricing_display()], ["付款方式", payments(contract)],
        ["预付款", f"{amount(contract.advance)} 元" if contract.has_advance else "无"],
        ["履约保证金", bond], ["质量保证金", retention],
        ["评审价格扣除", yes(contract.sme_preference)],
        ["货物由中小企业制造", yes(contract.manufacturer_is_sme)], ["验收", "，".join(inspected)],
        ["合同融资", yes(contract.financing_allowed)], ["涉密条款", yes(contract.has_secret_terms)],
    ])  # fmt: skip


def guarantee(has: bool, value, form: str, otherwise: str) -> str:
    return f"{amount(value)} 元，{form}" if has else otherwise


def payments(contract) -> str:
    rows = list(contract.payments.all())
    parts = [f"{row.condition} {plain(row.amount)} 元" for row in rows]
    return "；".join(
        [contract.get_pay_type_display() + (f"（{len(rows)} 期）" if len(rows) > 1 else ""), *parts]
    )


def yes(value: bool) -> str:
    return "是" if value else "否"


def day_facts(contract) -> Facts:
    """Days with what is late about them (domain.md §22)."""
    filed = timezone.localdate(contract.filed_at) if contract.filed_at else clock.today()
    late = deadlines.is_late(contract, filed)
    signed = day(contract.signed_on) + (
        "（晚于通知书发出后 30 日）" if deadlines.signed_late(contract) else ""
    )
    term = f"{day(contract.starts_on)} 至 {day(contract.ends_on)}" if contract.starts_on else ""
    overdue = contract.notice_by and filed > contract.notice_by
    posted = "（签订后超过 2 个工作日）" if overdue else ""
    return said([
        ["采购意向公开", intent_day(contract)], ["中标（成交）日期", day(contract.result_on)],
        ["结果公告", day(contract.result.notice_date) if contract.result else ""],
        ["通知书发出日期", day(contract.award_notice_on)], ["签订日期", signed],
        ["签订地点", contract.sign_place], ["履约期限", term], ["履约地点", contract.place],
        ["备案期限", day(contract.file_by) + ("（逾期备案）" if late else "")],
        ["逾期原因", contract.late_reason],
        ["合同公告", "涉密，不公告" if contract.is_secret else f"备案时自动公告{posted}"],
    ])  # fmt: skip


def intent_day(contract) -> str:
    item = contract.approved_plan.intent_item
    notice = item and item.intent.publication
    return day(notice.sent_at) if notice and notice.sent_at else ""


# --- the tables -------------------------------------------------------------------------------------------


def supplier_rows(contract) -> list[dict]:
    return [
        {
            "name": row.name, "uscc": row.uscc, "role": row.get_role_display(),
            "size": row.get_size_display(), "special": row.get_special_display(),
            "investment": row.get_investment_display(),
            "region": row.region, "amount": fen(row.amount) if row.amount and row.is_payee else None,
        }
        for row in contract.suppliers.all()
    ]  # fmt: skip


def item_rows(contract) -> list[dict]:
    return [
        {
            "name": row.name, "category": str(row.plan_item.category.name),
            "code": row.plan_item.category.code,
            "spec": " ".join(filter(None, [row.brand, row.model])), "manufacturer": row.manufacturer,
            "quantity": f"{figure(row.quantity)} {row.measure}", "unit_price": figure(row.unit_price, 2),
            "total": fen(row.total), "planned": fen(row.plan_item.total_price), "marks": marks(row),
        }
        for row in contract.items.all()
    ]  # fmt: skip


def marks(row) -> list[str]:
    of = row.plan_item
    flags = [
        ("进口", row.is_import),
        ("节能", of.energy_saving),
        ("节水", of.water_saving),
        ("环保", of.environmental),
    ]
    return [label for label, on in flags if on]


def funding_rows(contract) -> list[dict]:
    """资金构成 by nature: what the plan holds, what the contract uses."""
    planned = dict(contract.approved_plan.fundings.values_list("confirmation", "amount"))
    return [
        {
            "nature": row.confirmation.quota.fund_nature.name,
            "doc_no": row.confirmation.quota.doc_no or row.confirmation.quota.quota_no,
            "planned": fen(first_held(planned, row.confirmation)), "amount": fen(row.amount),
        }
        for row in contract.fundings.all()
    ]  # fmt: skip


def first_held(planned: dict, confirmation):
    """What the plan drew on it, or in the old year on the one it was carried over from."""
    return planned.get(confirmation.pk, planned.get(confirmation.origin_id, ZERO))
