"""What a learner has done since he began, from the papers, the ledger and the log; each kind of fact once."""

from datetime import datetime
from functools import cached_property

from accounts.models import LoginLog, User
from budgets.models import CarryWindow, QuotaConfirmation
from notices.models import Publication, SingleSourceNotice
from plans.models import Plan
from procurement.flow.models import Document, Move


class Facts:
    """Read when an exercise asks; however many ask, each fact is one query."""

    def __init__(self, user: User, since: datetime):
        self.user, self.since = user, since

    @cached_property
    def moves(self) -> set[tuple[str, str, str]]:
        """(kind of paper, verb, desk it lay on)."""
        mine = Move.objects.filter(by=self.user, at__gte=self.since)
        return set(mine.values_list("document__kind", "verb", "source"))

    def did(self, kind: str, verb: str, desk: str = "") -> bool:
        return any(one[:2] == (kind, verb) and desk in ("", one[2]) for one in self.moves)

    @cached_property
    def plans(self) -> list[tuple[str, bool]]:
        """(type, is anything imported) of each plan handed in."""
        submits = Move.objects.filter(by=self.user, at__gte=self.since, verb="submit").values("document")
        mine = Plan.objects.filter(pk__in=submits)
        return list(mine.values_list("plan_type", "items__is_import").distinct())

    def planned(self, *types: str) -> bool:
        return any(kind in types for kind, _ in self.plans)

    @cached_property
    def confirmed(self) -> bool:
        return QuotaConfirmation.objects.filter(confirmed_by=self.user, confirmed_at__gte=self.since).exists()

    @cached_property
    def deleted(self) -> bool:
        return QuotaConfirmation.objects.filter(deleted_by=self.user, deleted_at__gte=self.since).exists()

    @cached_property
    def published(self) -> set[str]:
        """Kinds of own papers the portal has by now."""
        sent = Publication.objects.filter(state=Publication.State.SENT, sent_at__gte=self.since)
        own = Document.objects.filter(clerk=self.user).values("pk")
        return set(sent.filter(document__in=own).values_list("document__kind", flat=True))

    @cached_property
    def publicity_over(self) -> bool:
        good = SingleSourceNotice.Outcome.COMPLETED
        return SingleSourceNotice.objects.filter(
            clerk=self.user, outcome=good, closed_at__gte=self.since
        ).exists()

    @cached_property
    def logged_in(self) -> bool:
        return LoginLog.objects.filter(user=self.user, code="OK", at__gte=self.since).exists()

    @cached_property
    def opened_window(self) -> bool:
        return CarryWindow.objects.filter(set_by=self.user, set_at__gte=self.since).exists()
