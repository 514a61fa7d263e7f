"""What is known of a new contract: nothing of it is typed again (domain.md §23)."""

from decimal import Decimal

from plans.models import PlanType
from procurement.reference.models import Category
from tasks.printing import figure

from ..models import Contract, ContractType, Origin, Sort
from ..sums import shares, total
from ..suppliers.choices import Size, Special
from . import offers

TYPES = {
    Category.Type.GOODS: ContractType.SALE, Category.Type.WORKS: ContractType.WORKS,
    Category.Type.SERVICES: ContractType.SERVICE,
}  # fmt: skip
SIZES = {"large": Size.LARGE, "medium": Size.MEDIUM, "small": Size.SMALL, "micro": Size.MICRO}
OF_SUPPLIER = [
    "name", "uscc", "representative", "address", "phone", "region", "size", "special", "investment",
    "country", "role", "is_payee", "account_name", "bank", "bank_no", "account",
]  # fmt: skip
KEPT = [
    "purchaser_contact", "purchaser_phone", "purchaser_address", "purchaser_fax", "contract_type", "method",
    "project_no", "package_no", "place", "pricing", "pay_days",
]  # fmt: skip


# --- the head ---------------------------------------------------------------------------------------------


def of_plan(plan, by, *, sort=Sort.ENTRY, result=None) -> Contract:
    """A new contract of that plan, unsaved; with a result, of what was won."""
    unit = plan.unit
    book = plan.books.filter(revoked_at=None).first()
    fields = {
        "title": f"{plan.title}合同"[:300], "contract_type": TYPES.get(plan.procurement_type, ""),
        "purchaser_contact": plan.handler_name or unit.contact,
        "purchaser_phone": plan.handler_phone or unit.phone, "purchaser_address": unit.address,
        "place": unit.address, "method": plan.method, "origin": Origin.MANUAL,
    }  # fmt: skip
    fields |= of_result(result) if result else {"amount": total(row.reserved_amount for row in held(plan))}
    if plan.plan_type == PlanType.HISTORY:
        fields |= of_history(plan)
    return Contract.begin(
        unit, by, year=plan.fiscal_year, division=plan.division, is_secret=plan.is_secret, case=plan.case,
        approved_plan=plan, purchaser=unit, book=book, result=result, sort=sort, **fields,
    )  # fmt: skip


def held(plan) -> list:
    return list(plan.holdings.filter(reserved_amount__gt=0).order_by("confirmation"))


def of_result(result) -> dict:
    living = result.contracts.living().filter(sort=Sort.ENTRY)
    signed = total(row.amount - row.returned for row in living)
    return {
        "amount": result.amount - signed, "origin": result.source, "project_no": result.project_no,
        "package_no": result.package_no, "method": result.method or result.book.approved_plan.method,
        "opened_on": result.open_date, "result_on": result.result_date,
        "award_notice_on": result.award_notice_date,
    }  # fmt: skip


def of_history(plan) -> dict:
    return {
        "title": plan.contract_name, "contract_no": plan.contract_no, "signed_on": plan.signed_on,
        "amount": plan.contract_amount or plan.amount, "origin": Origin.HISTORY,
    }  # fmt: skip


def of_base(base: Contract, by, sort: str) -> Contract:
    """A supplement or a change of a filed contract."""
    ending = {Sort.SUPPLEMENT: "补充合同", Sort.CHANGE: "变更"}[sort]
    amount = base.amount if sort == Sort.CHANGE else Decimal(0)
    kept = {name: getattr(base, name) for name in KEPT}
    return Contract.begin(
        base.unit, by, year=base.fiscal_year, division=base.division, is_secret=base.is_secret,
        case=base.case, approved_plan=base.approved_plan, purchaser=base.unit, book=base.book, base=base,
        title=f"{base.title}{ending}"[:300], amount=amount, has_secret_terms=base.has_secret_terms,
        sort=sort, origin=base.origin, **kept,
    )  # fmt: skip


# --- the rows ---------------------------------------------------------------------------------------------


def rows(contract: Contract) -> dict[str, list[dict]]:
    """The first rows of the form, by set."""
    if contract.sort == Sort.CHANGE:
        return {}
    if contract.sort == Sort.SUPPLEMENT:
        return {"suppliers": suppliers_of_base(contract.base), "fundings": fundings(contract)}
    result = contract.result
    found = {"fundings": fundings(contract), "payments": payments(contract)}
    found["items"] = bought(result, contract) if result else planned(contract)
    found["suppliers"] = winners(result, contract) if result else named(contract)
    return found


def fundings(contract: Contract) -> list[dict]:
    """Pro rata over what the plan still holds."""
    offered = offers.money(contract)
    parts = shares(contract.amount, [row.left for row in offered.values()])
    return [{"confirmation": key, "amount": part} for key, part in zip(offered, parts, strict=True)]


def payments(contract: Contract) -> list[dict]:
    return [{"condition": "验收合格后一次性支付", "ratio": Decimal(100), "amount": contract.amount}]


def winners(result, contract: Contract) -> list[dict]:
    found = result.winners
    return [
        {
            "name": row.name, "uscc": row.uscc, "address": row.address, "region": row.region,
            "size": SIZES.get(row.size, ""), "special": special(row.features), "bank": row.bank,
            "account": row.account, "account_name": row.name, "is_payee": True,
            "amount": contract.amount if len(found) == 1 else row.offer,
        }
        for row in found
    ]  # fmt: skip


def special(features: str) -> str:
    named = {"监狱": Special.PRISON, "残疾": Special.DISABLED}
    return next((code for word, code in named.items() if word in features), Special.OTHER)


def named(contract: Contract) -> list[dict]:
    """The supplier a plan names: of an old contract, or the only one there is."""
    name = contract.approved_plan.supplier_name
    return [{"name": name, "account_name": name, "amount": contract.amount}] if name else []


def suppliers_of_base(base: Contract) -> list[dict]:
    return [{name: getattr(row, name) for name in OF_SUPPLIER} for row in base.suppliers.all()]


def bought(result, contract: Contract) -> list[dict]:
    """Lines as they were awarded; one that names no line of the plan belongs to its only one."""
    offered = offers.items(contract)
    only = next(iter(offered)) if len(offered) == 1 else None
    return [
        {
            "plan_item": row.plan_item_id or only, "name": row.name, "brand": row.brand,
            "model": " ".join(part for part in (row.model, row.spec) if part)[:300],
            "measure": measure(offered.get(row.plan_item_id or only)), "quantity": figure(row.quantity),
            "unit_price": figure(row.unit_price, 2), "total": row.total, "manufacturer": row.manufacturer,
            "origin": row.origin, "is_import": imported(offered.get(row.plan_item_id or only)),
        }
        for row in result.lines.all()
    ]  # fmt: skip


def measure(item) -> str:
    return item.measure if item else ""


def imported(item) -> bool:
    return bool(item and item.is_import)


def planned(contract: Contract) -> list[dict]:
    """Lines as planned; the clerk puts in what was agreed."""
    return [
        {
            "plan_item": row.pk, "name": row.content, "model": row.spec[:300], "measure": row.measure,
            "quantity": figure(row.quantity), "unit_price": figure(row.unit_price, 2),
            "total": row.total_price, "is_import": row.is_import,
        }
        for row in offers.items(contract).values()
    ]  # fmt: skip
