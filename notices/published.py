"""What every kind of paper that is published knows of its notice on the portal."""

from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils.dateparse import parse_datetime
from django.utils.functional import cached_property

from procurement.flow.documents import DocumentQuerySet
from procurement.flow.models import Delivery, Desk

from .models import CHANNEL, Publication

SENDING = ("state", "attempts", "lease_until", "next_at", "sent_at", "remote_url", "last_error")
TIMES = ("lease_until", "next_at", "sent_at")


def owed(**state):
    """What is owed to the portal for the paper of the outer query."""
    return Delivery.objects.filter(document=OuterRef("pk"), channel=CHANNEL, **state)


def is_out() -> Exists:
    """The portal has it."""
    return Exists(owed(state=Delivery.State.SENT))


class PublishedQuerySet(DocumentQuerySet):
    """Lists bring the publication along: still one query."""

    def for_list(self):
        found = JSONObject(**{name: name for name in SENDING})
        last = owed().order_by("-pk").values(found=found)[:1]
        return super().for_list().annotate(sending=Subquery(last))


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
