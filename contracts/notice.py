"""合同公告: what the portal shows of a filed contract, and of its undoing (政府采购法实施条例第五十条)."""

from django.template.loader import render_to_string
from django.utils import timezone

from notices.enclosures import release
from notices.models import Publication
from procurement import clock

from .models import choices
from .printing import day, figure

HIDDEN = "涉及国家秘密、商业秘密，不公开"


def announce(contract) -> None:
    """Owe the notice in the filing's transaction; a change replaces the notice of what it changes."""
    changed = contract.base.publication if contract.sort == choices.Sort.CHANGE else None
    Publication.announce(
        contract, title=title(contract), html=article(contract),
        data=data(contract) | {"attachments": release(contract, "public")},
        supersedes=changed and changed.key,
    )  # fmt: skip


def withdraw(contract, log) -> None:
    """The contract was undone: a notice that says so takes the place of the first."""
    older = contract.publication
    html = render_to_string(
        "contracts/withdrawal.html", {"paper": contract, "on": timezone.localdate(log.at)}
    )
    Publication.announce(
        contract, title=f"关于撤销《{title(contract)}》的公告"[:300], html=html,
        data={"number": contract.contract_no, "withdrawal": True}, supersedes=older and older.key,
    )  # fmt: skip


def terminate(contract, log) -> None:
    """The contract was broken off: the notice that says so takes the place of the last one about it."""
    older = contract.publication
    html = render_to_string(
        "contracts/termination.html",
        {"paper": contract, "reason": log.opinion, "on": timezone.localdate(log.at)},
    )
    Publication.announce(
        contract, title=f"{title(contract, '合同终止公告')}", html=html,
        data={"number": contract.contract_no, "termination": True, "returned": str(contract.returned)},
        supersedes=older and older.key,
    )  # fmt: skip


def title(contract, kind: str = "") -> str:
    ending = {choices.Sort.CHANGE: "合同变更公告", choices.Sort.SUPPLEMENT: "补充合同公告"}
    name = contract.title[:200].removesuffix("补充合同").removesuffix("变更").removesuffix("合同")
    return f"{contract.unit.name}{name}{kind or ending.get(contract.sort, '合同公告')}"


def article(contract) -> str:
    """The notice as HTML: allowed tags and class attributes only, user text escaped by the template."""
    return render_to_string("contracts/article.html", content(contract))


def content(contract) -> dict:
    """What the notice tells; secret terms stay out of it."""
    plan, book = contract.approved_plan, contract.book
    signed = contract.signed_on
    return {
        "paper": contract, "plan": plan, "hidden": HIDDEN if contract.has_secret_terms else "",
        "project_no": contract.project_no or (book.number if book else plan.number),
        "suppliers": list(contract.suppliers.all()), "items": lines(contract),
        "method": contract.get_method_display() or plan.get_mall_mode_display() or "—",
        "term": f"{day(contract.starts_on)} 至 {day(contract.ends_on)}" if contract.starts_on else "—",
        "signed": day(signed), "on": clock.today(),
        "files": list(contract.attachments.filter(category="public")),
    }  # fmt: skip


def lines(contract) -> list[dict]:
    """主要标的; of a contract with secret terms only what it is about."""
    secret = contract.has_secret_terms
    return [
        {
            "name": row.name,
            "spec": "" if secret else " ".join(part for part in (row.brand, row.model) if part),
            "quantity": "" if secret else f"{figure(row.quantity)} {row.measure}",
            "price": "" if secret else figure(row.unit_price, 2),
            "total": row.total,
        }
        for row in contract.items.all()
    ]


def data(contract) -> dict:
    """The same for programs."""
    return {
        "number": contract.contract_no, "name": contract.title, "withdrawal": False,
        "filing_number": contract.filing_number, "amount": str(contract.amount),
        "signed_on": day(contract.signed_on), "suppliers": [row.name for row in contract.suppliers.all()],
        "items": [{"name": row["name"], "quantity": row["quantity"]} for row in lines(contract)],
        "base": contract.base.contract_no if contract.base else None,
    }  # fmt: skip
