"""Questions about single-source notices."""

from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from procurement.flow.documents import DocumentQuerySet
from procurement.flow.models import Delivery, Desk

SENDING = ("state", "attempts", "lease_until", "sent_at", "remote_url", "last_error")


class NoticeQuerySet(DocumentQuerySet):
    """Lists bring the sending along; plans ask for what they may link."""

    def for_list(self):
        sending = Delivery.objects.filter(document=OuterRef("pk"), channel="portal").order_by("-pk")
        found = sending.values(found=JSONObject(**{name: name for name in SENDING}))[:1]
        return super().for_list().annotate(sending=Subquery(found))

    def public(self):
        """What stands on the portal, with what was sent: anybody may read it."""
        sent = Delivery.objects.filter(document=OuterRef("pk"), channel="portal", state="sent")
        return self.for_list().filter(Exists(sent), state=Desk.DONE)

    def unsettled(self):
        """Publicity whose state the scheduler has to look at."""
        running = self.model.Outcome.PUBLICIZING
        sent = Delivery.objects.filter(document=OuterRef("pk"), channel="portal", state="sent")
        begun = Q(Exists(sent), publicity_end=None) & ~Q(outcome__in=self.model.FINAL)
        over = Q(outcome=running, publicity_end__lt=timezone.localdate())
        return self.filter(begun | over, state=Desk.DONE)

    def closed_well(self):
        """The term has ended and nothing stands against it: never before its last day is over."""
        good = (self.model.Outcome.COMPLETED, self.model.Outcome.OVERRULED)
        return self.filter(state=Desk.DONE, outcome__in=good, publicity_end__lt=timezone.localdate())

    def linkable(self, unit):
        """What a plan or a method change of this unit may name as its notice; one query."""
        return self.closed_well().filter(unit=unit)
