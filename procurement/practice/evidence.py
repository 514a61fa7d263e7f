"""How it shows that something was done: rows a learner left since he began, each kind of them said once.

Evidence is made of facts with `&` and `|`. A fact is a query about the learner of the outer query, so all
facts of all exercises are one question to the database (`progress.py`). Papers are compared with `since`,
visits and logins with `opened_at`: practice time may run ahead of the machine's clock.
"""

from dataclasses import dataclass, field

from django.db.models import Count, F, OuterRef, Q, QuerySet

from accounts.models import LoginLog
from budgets.models import CarryOver, CarryWindow, QuotaConfirmation
from notices.models import PortalTicket, Publication, SingleSourceNotice
from procurement.flow.models import Document, Move

from .models import Visit

USER, SINCE, OPENED = OuterRef("user"), OuterRef("since"), OuterRef("opened_at")


@dataclass(frozen=True)
class Fact:
    """Rows of which there must be one; `name` says which, so that two exercises may rest on the same."""

    name: str
    rows: QuerySet = field(compare=False, repr=False)
    pages: tuple[str, ...] = field(default=(), compare=False)  # whose visits it asks for
    desks: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Evidence:
    """One fact of every clause must be there."""

    clauses: frozenset[frozenset[Fact]]

    def __and__(self, other: "Evidence") -> "Evidence":
        return Evidence(self.clauses | other.clauses)

    def __or__(self, other: "Evidence") -> "Evidence":
        return Evidence(frozenset(one | two for one in self.clauses for two in other.clauses))

    @property
    def facts(self) -> frozenset[Fact]:
        return frozenset().union(*self.clauses)

    def holds(self, true: set[Fact]) -> bool:
        return all(clause & true for clause in self.clauses)


def fact(name: str, rows: QuerySet, **of_visits) -> Evidence:
    return Evidence(frozenset([frozenset([Fact(name, rows, **of_visits)])]))


# --- pages --------------------------------------------------------------------------------------------------


def visited(*pages: str, desks: tuple[str, ...] = ()) -> Evidence:
    """One of these pages was seen; `?tab=done` with that tab, `&c` with anything chosen. `desks`: where the
    paper lay at that moment."""
    rows = Visit.objects.filter(user=USER, at__gte=OPENED, page__in=pages)
    rows = rows.filter(desk__in=desks) if desks else rows
    return fact(f"visited {pages} {desks}", rows, pages=pages, desks=desks)


def logged_in() -> Evidence:
    return fact("logged in", LoginLog.objects.filter(user=USER, code="OK", at__gte=OPENED))


def went_over() -> Evidence:
    """A ticket into the portal's own system was handed out."""
    return fact("went over", PortalTicket.objects.filter(user=USER, taken_at__gte=OPENED))


# --- papers -------------------------------------------------------------------------------------------------


def saved(model: type[Document], *has: Q, **least: int) -> Evidence:
    """A paper he began, with all of that in it; `experts=5`: with so many rows."""
    rows = model.objects.filter(clerk=USER, created_at__gte=SINCE).order_by()
    for name, number in least.items():
        rows = rows.alias(count=Count(name, distinct=True)).filter(count__gte=number)
    for one in has:  # each by itself: two attachments are two rows
        rows = rows.filter(one)
    return fact(f"saved {model.__name__} {has} {least}", rows)


def did(kind: str, *verbs: str, desk: str = "", about: Q | None = None) -> Evidence:
    """A move of his; `about` asks of the paper through the move."""
    rows = Move.objects.filter(by=USER, at__gte=SINCE, document__kind=kind, verb__in=verbs).order_by()
    rows = rows.filter(source=desk) if desk else rows
    return fact(f"did {kind} {verbs} {desk} {about}", rows.filter(about) if about else rows)


def signed() -> Evidence:
    """A move of his that bears his signature."""
    return fact("signed", Move.objects.filter(by=USER, at__gte=SINCE, signature__isnull=False).order_by())


def submitted(kind: str, about: Q | None = None) -> Evidence:
    return did(kind, "submit", about=about)


def decided(kind: str, desk: str) -> Evidence:
    """通过 or 退回: the step is to judge, not to agree."""
    return did(kind, "approve", "send_back", desk=desk)


def submitted_again(kind: str) -> Evidence:
    """After it had been sent back."""
    before = Q(document__moves__verb="send_back", document__moves__pk__lt=F("pk"))
    return submitted(kind, about=before)


def published(kind: str) -> Evidence:
    """The portal has a notice of his."""
    sent = Publication.objects.filter(state=Publication.State.SENT, sent_at__gte=SINCE)
    return fact(f"published {kind}", sent.filter(document__clerk=USER, document__kind=kind).order_by())


def publicity(*outcomes: str) -> Evidence:
    """A notice he began stands on the portal, or has stood there."""
    rows = SingleSourceNotice.objects.filter(clerk=USER, created_at__gte=SINCE)
    rows = rows.filter(outcome__in=outcomes) if outcomes else rows.exclude(outcome="")
    return fact(f"publicity {outcomes}", rows.order_by())


# --- money --------------------------------------------------------------------------------------------------


def confirmed() -> Evidence:
    rows = QuotaConfirmation.objects.filter(confirmed_by=USER, confirmed_at__gte=SINCE)
    return fact("confirmed", rows.order_by())


def took_back() -> Evidence:
    rows = QuotaConfirmation.objects.filter(deleted_by=USER, deleted_at__gte=SINCE)
    return fact("took back", rows.order_by())


def carried_over() -> Evidence:
    """An application of his was executed: the year has turned."""
    rows = CarryOver.objects.filter(clerk=USER, executed_at__gte=SINCE)
    return fact("carried over", rows.order_by())


def opened_window() -> Evidence:
    return fact("opened window", CarryWindow.objects.filter(set_by=USER, set_at__gte=SINCE).order_by())
