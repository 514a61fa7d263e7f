"""What every kind of paper that is published knows of its notice on the portal."""

from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils.dateparse import parse_datetime
from django.utils.functional import cached_property

from procurement.flow.documents import DocumentQuerySet
from procurement.flow.models import Delivery, Desk

from .models import CHANNEL, Publication

SENDING = ("state", "attempts", "lease_until", "next_at", "sent_at", "remote_url", "last_error")
TIMES = ("lease_until", "next_at", "sent_at")


class PublishedQuerySet(DocumentQuerySet):
    """Lists bring the publication along: still one query."""

    def for_list(self):
        sending = Delivery.objects.filter(document=OuterRef("pk"), channel=CHANNEL).order_by("-pk")
        found = JSONObject(**{name: name for name in SENDING})
        return super().for_list().annotate(sending=Subquery(sending.values(found=found)[:1]))


class Published:
    """Reads `sending` where a list brought it along, asks once elsewhere."""

    @cached_property
    def publication(self) -> Publication | None:
        """What is owed to the portal for it."""
        if not hasattr(self, "sending"):
            return Publication.objects.filter(document=self).last() if self.state == Desk.DONE else None
        if self.sending is None:
            return None
        return Publication(
            **self.sending | {name: parse_datetime(self.sending[name] or "") for name in TIMES}
        )
