"""Questions about single-source notices."""

from django.db.models import Q

from notices.published import PublishedQuerySet, is_out
from procurement import clock
from procurement.flow.models import Desk


class NoticeQuerySet(PublishedQuerySet):
    """Lists bring the sending along; plans ask for what they may link."""

    def public(self):
        """What stands on the portal, with what was sent: anybody may read it."""
        return self.for_list().filter(is_out(), state=Desk.DONE)

    def unsettled(self):
        """Publicity whose state the scheduler has to look at."""
        running = self.model.Outcome.PUBLICIZING
        begun = Q(is_out(), publicity_end=None) & ~Q(outcome__in=self.model.FINAL)
        over = Q(outcome=running, publicity_end__lt=clock.today())
        return self.filter(begun | over, state=Desk.DONE)

    def closed_well(self):
        """The term has ended and nothing stands against it: never before its last day is over."""
        good = (self.model.Outcome.COMPLETED, self.model.Outcome.OVERRULED)
        return self.filter(state=Desk.DONE, outcome__in=good, publicity_end__lt=clock.today())

    def linkable(self, unit):
        """What a plan or a method change of this unit may name as its notice; one query."""
        return self.closed_well().filter(unit=unit)
