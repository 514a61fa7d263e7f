"""What a task book's paper shows, taken down at filing; later changes of its sources do not reach it."""

from datetime import date
from typing import Any

from django.db.models import Max
from django.utils import timezone

from plans.models import PlanType
from plans.models.choices import MallPlatform
from procurement.flow.letters import clean, last_round, trail
from procurement.flow.models import Desk
from procurement.reference.money import fen, plain
from procurement.sealing.models import SealedPaper

from . import wording

SLUG = "taskbook"
Facts = list[list[str]]  # pairs of label and text


def order_paper(book) -> SealedPaper:
    """Ask for the sealed paper of a filed book, in the filing's transaction."""
    taken = snapshot(book)
    return SealedPaper.order(book, SLUG, title=taken["title"], number=book.number, snapshot=taken)


def snapshot(book) -> dict[str, Any]:
    """Everything the paper shows; text as it will be read, money in 分."""
    plan = book.approved_plan
    items, fundings = item_rows(plan), funding_rows(plan)
    return clean(
        {
            "kind": str(book.kind_of_book),
            "history": plan.plan_type == PlanType.HISTORY,
            "title": wording.title(book.kind_of_book, history=plan.plan_type == PlanType.HISTORY),
            "number": book.number,
            "plan_number": plan.number,
            "filed_on": day(book.filed_at),
            "year": book.fiscal_year,
            "amount": fen(book.amount),
            "unit_name": book.unit.name,
            "unit": unit_facts(book, plan),
            "organisation": organisation(book, plan),
            "contract": contract(plan),
            "approvals": approvals(plan),
            "items": items,
            "items_total": sum(row["total"] for row in items),
            "fundings": fundings,
            "fundings_total": sum(row["amount"] for row in fundings),
            "packages": package_rows(plan),
            "demand": plan.demand_summary,
            "trail": trail((plan, last_round(plan)), (book, filings(book))),
            "notes": wording.notes(
                book.kind_of_book, book.valid_until.year, history=plan.plan_type == PlanType.HISTORY
            ),
        }
    )


# --- the head ---------------------------------------------------------------------------------------------


def unit_facts(book, plan) -> Facts:
    unit, executor = book.unit, book.executor
    facts = [
        ["采购单位", unit.name], ["预算编码", unit.budget_code], ["统一社会信用代码", unit.uscc or ""],
        ["单位地址", unit.address], ["联系人", plan.handler_name or unit.contact],
        ["联系电话", plan.handler_phone or unit.phone], ["归口财政内部机构", book.division.name],
        ["处室电话", book.division.phone], ["计划名称", plan.title],
        ["采购分类", plan.get_procurement_type_display() or ""],
    ]  # fmt: skip
    if executor is not None and executor.pk != unit.pk:
        contact = " ".join(part for part in (executor.contact, executor.phone) if part)
        facts += [["受托机构", executor.name], ["受托机构联系方式", contact]]
    return facts


def organisation(book, plan) -> Facts:
    """组织形式, 采购方式, 委托方式; for the malls platform and mode instead."""
    if plan.plan_type == PlanType.MALL:
        return said([
            ["商城", MallPlatform(plan.mall_platform).label if plan.mall_platform else ""],
            ["商城采购方式", plan.get_mall_mode_display()],
            ["有效期至", f"{book.valid_until}"], ["超标采购理由", plan.over_reason],
        ])  # fmt: skip
    if plan.plan_type != PlanType.PROJECT:
        return said([["计划类型", plan.get_plan_type_display()], ["供应商", plan.supplier_name]])
    return said([
        ["组织形式", plan.get_org_form_display()], ["采购方式", plan.get_method_display()],
        ["委托方式", plan.get_entrust_mode_display()], ["实施形式", plan.get_implement_display()],
        ["采用该方式的理由", "；".join(filter(None, [plan.get_method_reason_display(), plan.method_text]))],
        ["专门面向中小企业", small_firms(plan)], ["采购意向公开", intent(plan)], ["项目特征", traits(plan)],
    ])  # fmt: skip


def small_firms(plan) -> str:
    """是否专门面向中小企业, with amount and share (财库〔2020〕46号)."""
    if not plan.sme_reserved:
        return f"否{'；' + plan.no_sme_reason if plan.no_sme_reason else ''}"
    parts = ["是", plan.get_sme_scope_display(), plan.get_sme_mode_display()]
    if plan.sme_amount:
        share = f"（占 {plan.sme_amount / plan.amount * 100:.2f}%）" if plan.amount else ""
        parts.append(f"预留 {plain(plan.sme_amount)} 元{share}")
    return "，".join(filter(None, parts))


def intent(plan) -> str:
    """The published notice and its day, or why there is none."""
    if plan.intent_item is None:
        return "；".join(filter(None, [plan.get_intent_exemption_display(), plan.intent_reason]))
    notice = plan.intent_item.intent
    out = notice.publication and notice.publication.sent_at
    return f"{notice.title}（{f'{day(out)} 公开' if out else '已办结'}）"


TRAITS = ["gov_service", "is_it_system", "is_research_equipment", "is_trusted_it", "is_ppp", "is_joint"]


def traits(plan) -> str:
    """The switches that are on."""
    on = [str(plan._meta.get_field(name).verbose_name) for name in TRAITS if getattr(plan, name)]
    if plan.gov_service_code:
        on.append(f"指导性目录 {plan.gov_service_code}")
    if plan.multi_year:
        on.append(f"一签多年（{plan.years} 年）" if plan.years else "一签多年")
    return "、".join(on)


def contract(plan) -> Facts:
    """The contract a history plan enters later."""
    if plan.plan_type != PlanType.HISTORY:
        return []
    return said([
        ["原合同编号", plan.contract_no], ["合同名称", plan.contract_name], ["供应商", plan.supplier_name],
        ["签订日期", day(plan.signed_on)], ["采购方式", plan.get_method_display()],
        ["合同金额（元）", amount(plan.contract_amount)], ["已支付金额（元）", amount(plan.paid_amount)],
    ])  # fmt: skip


def approvals(plan) -> Facts:
    """What was decided about it beside the plan itself: change of method, imports, over standard."""
    change, facts = getattr(plan, "changed_by", None), []
    if change is not None:
        way = f"{change.get_original_method_display()}变更为{change.get_new_method_display()}"
        facts.append(["采购方式变更", f"{change.approval_no}，{way}"])
        facts.append(["单一来源公示", change.notice_no])
    for row in plan.imports.select_related("item"):
        facts.append([
            "进口产品",
            f"{row.item.content}（{row.country}）：{row.get_import_class_display()}，{row.get_import_case_display()}",
        ])  # fmt: skip
    if plan.office_reasons:
        seen = plan.moves.filter(source=Desk.OFFICE, verb="approve").aggregate(at=Max("at"))["at"]
        passed = f"（{day(seen)} 政府采购处审核通过）" if seen else ""
        facts.append(["采购处审核事项", "；".join(map(str, plan.office_reasons)) + passed])
    return said(facts)


# --- the tables -------------------------------------------------------------------------------------------


def item_rows(plan) -> list[dict]:
    """采购清单."""
    return [
        {
            "code": row.category.code, "category": row.category.name, "content": row.content,
            "quantity": figure(row.quantity), "measure": row.measure, "unit_price": figure(row.unit_price, 2),
            "total": fen(row.total_price), "imported": row.is_import, "marks": marks(row),
            "details": said([["规格参数", row.spec], ["需求描述", row.requirement]]),
        }
        for row in plan.items.select_related("category")
    ]  # fmt: skip


def marks(row) -> list[str]:
    flags = [
        ("节能", row.energy_saving),
        ("节水", row.water_saving),
        ("环保", row.environmental),
        ("核心", row.is_core),
    ]
    return [label for label, on in flags if on]


def funding_rows(plan) -> list[dict]:
    """资金构成."""
    places = [
        f"confirmation__quota__{name}"
        for name in ("fund_nature", "function_subject", "dept_econ", "gov_econ")
    ]
    return [
        {
            "nature": row.confirmation.quota.fund_nature.name, "kind": row.get_fund_kind_display(),
            "doc_no": row.confirmation.quota.doc_no or row.confirmation.quota.quota_no,
            "description": row.description, "function": subject(row.confirmation.quota.function_subject),
            "economic": subject(row.confirmation.quota.dept_econ or row.confirmation.quota.gov_econ),
            "amount": fen(row.amount),
        }
        for row in plan.fundings.select_related(*places)
    ]  # fmt: skip


def subject(row) -> str:
    return f"{row.code} {row.name}" if row else ""


def package_rows(plan) -> list[dict]:
    """采购包 of a project."""
    return [
        {
            "name": row.name, "budget": fen(row.budget), "ceiling": fen(row.ceiling) if row.ceiling else None,
            "method": row.get_method_display(), "evaluation": row.get_evaluation_display(),
            "pricing": row.get_pricing_display(),
        }
        for row in plan.packages.all()
    ]  # fmt: skip


def filings(book) -> list:
    return list(book.moves.filter(verb="file").shown())


# --- small parts ------------------------------------------------------------------------------------------


def said(facts: Facts) -> Facts:
    """Only what says something."""
    return [[label, text] for label, text in facts if text]


def day(when: date | None) -> str:
    if when is None:
        return ""
    return f"{timezone.localtime(when) if hasattr(when, 'hour') else when:%Y-%m-%d}"


def amount(value) -> str:
    return "" if value is None else plain(value)


def figure(value, least: int = 0) -> str:
    """Without idle zeros, but with at least so many decimals: 1,234.50."""
    whole, _, fraction = f"{value:,f}".partition(".")
    fraction = fraction.rstrip("0").ljust(least, "0")
    return f"{whole}.{fraction}" if fraction else whole
