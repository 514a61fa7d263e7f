"""What a plan's page says about its task book: the book, or what is checked before 备案."""

from procurement.flow.models import Desk

from . import checks, filing
from .kinds import book_kind
from .lists import filing_url
from .stages import MENUS, ChangeStage, change_obstacle

LOOK = {"template": "tasks/plan_card.html", "css": "css/tasks.css"}


def of(request, plan) -> dict:
    """Context of the card, and the buttons at the top right (manual 3.6.1)."""
    books = list(plan.books.select_related("executor").order_by("-pk")) if plan.submitted_at else []
    changes = list(plan.method_changes.order_by("-pk")) if books else []
    card = LOOK | {"books": books, "changes": changes, "buttons": [], "kind": ""}
    card["origin"] = getattr(plan, "changed_by", None)
    if plan.state != Desk.DONE:
        return card
    if books and books[0].revoked_at is None:
        return card | {"buttons": change_button(plan, request.user)}
    card["kind"] = MENUS[book_kind(plan)]
    if filing.seat_obstacle(plan, request.user) is None:
        card["findings"] = checks.findings(plan)
        card["blocked"] = [one for one in card["findings"] if one.severity == "red"]
        card["buttons"] = [button(plan)] if not card["blocked"] else []
    return card


def change_button(plan, user) -> list[dict]:
    url = f"{ChangeStage.url('new')}?plan={plan.pk}"
    return [{"label": "采购方式变更", "url": url}] if change_obstacle(plan, user) is None else []


def button(plan) -> dict:
    return {"label": "备案", "url": f"{filing_url(plan)}?verb=file", "tone": "primary", "dialog": True}
