"""发布公告 from a task book: which announcements it may lead to, and what the book tells them.

Announcements stand to the left of this app and know a book by its number only; `origin` is registered there.
"""

from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import Organization
from notices.announcements.origins import Origin
from plans.models import Method
from procurement.flow.models import Desk

from .models import BookKind, ExecutionResult, TaskBook
from .printing import figure

PREQUALIFICATION, TENDER, COMPETITION, AWARD, TERMINATION, ACCEPTANCE = 2, 3, 4, 5, 7, 9
OPENING = {
    Method.OPEN: [(TENDER, "招标公告"), (PREQUALIFICATION, "资格预审公告")],
    Method.RESTRICTED: [(PREQUALIFICATION, "资格预审公告")],
    Method.NEGOTIATION: [(COMPETITION, "竞争性谈判公告")],
    Method.CONSULTATION: [(COMPETITION, "竞争性磋商公告")],
    Method.QUOTATION: [(COMPETITION, "询价公告")],
}
WAYS = {method: Method(method).label for method in OPENING}
UNANNOUNCED = {BookKind.MALL, BookKind.OTHER}  # the mall shows its orders itself; no government purchase
SHORT, LONG = 200, 5000
CENT = Decimal("0.01")


def links(book: TaskBook, user, results) -> list[tuple[str, str]]:
    """(label, address) of what the clerk of the unit may announce of it."""
    wrong = book.state != Desk.DONE or book.is_secret or book.kind_of_book in UNANNOUNCED
    if wrong or book.seat_obstacle(user, Desk.CLERK):
        return []
    known = [one for one in results if one.standing == "effective"]
    offered = list(OPENING.get(book.approved_plan.method, []))
    if any(not one.failed for one in known):
        offered += [(AWARD, "中标（成交）结果公告"), (ACCEPTANCE, "验收结果公告")]
    offered += [(TERMINATION, "终止公告")]
    return [(label, address(book.number, form)) for form, label in offered]


def address(number: str, form: int, result: int | None = None) -> str:
    """The address names the book; its figures are read again from our own tables."""
    query = {"kind": form, "book": number} | ({"result": result} if result else {})
    return f"{reverse('announcement-new')}?{urlencode(query)}"


def origin(unit: Organization, number: str, form: int, result: str) -> Origin | None:
    """The unit's own filed book of that number, as an announcement of that format needs it."""
    books = TaskBook.objects.filter(unit=unit, number=number, state=Desk.DONE, revoked_at=None)
    book = books.select_related("approved_plan__agency").first()
    if book is None or book.kind_of_book in UNANNOUNCED:
        return None
    told = {"project_no": book.number, "project_name": book.approved_plan.title[:SHORT]}
    more = contacts(book.approved_plan) | CONTENT.get(form, opening)(book, chosen(book, result))
    told |= {key: value for key, value in more.items() if value}
    return Origin(book.number, book.case, book.fiscal_year, book.is_secret, told)


def chosen(book: TaskBook, result: str) -> list[ExecutionResult]:
    """One result, or all that stand."""
    rows = book.results.effective().prefetch_related("suppliers", "lines__plan_item")
    if result:
        known = result.isascii() and result.isdecimal() and len(result) < 19
        rows = rows.filter(pk=int(result) if known else 0)
    return list(rows)


def contacts(plan) -> dict[str, str]:
    agency = plan.agency
    told = {"contact": plan.handler_name, "contact_phone": plan.handler_phone}
    if agency is not None:
        told |= {
            "agency_name": agency.name, "agency_address": agency.address, "agency_phone": agency.phone,
        }  # fmt: skip
    return told


def opening(book: TaskBook, _results) -> dict:
    """What is to be bought, for how much, how."""
    plan = book.approved_plan
    rows = [f"{one.content} {figure(one.quantity)}{one.measure}" for one in plan.items.all()[:100]]
    demand = "\n".join(filter(None, [plan.demand_summary, "；".join(rows)]))
    reserved = f"本项目专门面向{plan.get_sme_scope_display() or '中小企业'}采购" if plan.sme_reserved else ""
    return {
        "budget": str(book.amount), "method": WAYS.get(plan.method, ""), "demand": demand[:LONG],
        "policy": reserved,
    }  # fmt: skip


def award(book: TaskBook, results) -> dict:
    """What 实施条例第四十三条 wants of the winner and the objects; the experts are the clerk's to name."""
    bought = [one for one in results if not one.failed]
    days: list[date] = [one.result_date for one in bought]
    known = {one.project_no for one in bought if one.project_no}
    return {
        "project_no": known.pop() if len(known) == 1 else "",
        "plan_no": book.number,
        "result_day": f"{min(days)}" if days else "",
        "winners": [winner(one, supplier) for one in bought for supplier in one.winners],
        "objects": [thing(line) for one in bought for line in one.lines.all()][:100],
    }


def winner(result: ExecutionResult, supplier) -> dict[str, str]:
    alone = len(result.winners) == 1
    amount = result.amount if alone else supplier.offer
    return {
        "package": result.package_no, "name": supplier.name, "address": supplier.address,
        "amount": str(amount) if amount is not None else "", "score": "",
    }  # fmt: skip


def thing(line) -> dict[str, str]:
    """A unit price finer than a cent is left to the clerk: rounding would not give the total."""
    price = line.unit_price.quantize(CENT)
    measure = line.plan_item.measure if line.plan_item else ""
    return {
        "name": line.name, "spec": " ".join(filter(None, [line.brand, line.model, line.spec])),
        "quantity": f"{figure(line.quantity)}{measure}",
        "unit_price": str(price) if price == line.unit_price else "", "total_price": str(line.total),
    }  # fmt: skip


def termination(_book: TaskBook, results) -> dict:
    return {"reason": "；".join(one.failure_reason for one in results if one.failed)[:LONG]}


def acceptance(book: TaskBook, results) -> dict:
    bought = [one for one in results if not one.failed]
    told = {"contract_name": book.approved_plan.title[:SHORT], "objects": award(book, results)["objects"]}
    if len(bought) == 1 and len(bought[0].winners) == 1:
        supplier = bought[0].winners[0]
        told |= {
            "supplier_name": supplier.name, "supplier_address": supplier.address,
            "amount": str(bought[0].amount),
        }  # fmt: skip
    return told


CONTENT = {AWARD: award, TERMINATION: termination, ACCEPTANCE: acceptance}
