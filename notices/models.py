"""What is owed to the provincial portal."""

from urllib.parse import urlencode

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from procurement.flow.codes import new_code, spaced
from procurement.flow.outbox import Delivery, most_tries

from .workbench.models import Difference, Event, Inspection

__all__ = ["CHANNEL", "Difference", "Event", "Inspection", "Publication"]
CHANNEL = "portal"


def paper_of(document) -> dict[str, str]:
    """Number, code and address under which anyone may verify the sealed paper of this notice; the paper
    itself is made once the portal has published (procurement/sealing/published.py)."""
    number, code = Delivery.key_of(document), new_code()
    query = urlencode({"number": number, "code": code})
    address = f"{settings.PUBLIC_BASE_URL.rstrip('/')}{reverse('verify')}?{query}"
    return {"number": number, "code": spaced(code), "address": address}


class PublicationQuerySet(models.QuerySet):
    """Reads of publications."""

    def stuck(self) -> "PublicationQuerySet":
        """What failed at least once and is not out yet: the office and the unit should know."""
        return self.filter(attempts__gt=0).exclude(state=Delivery.State.SENT)


class PublicationManager(models.Manager.from_queryset(PublicationQuerySet)):
    """Only the portal's channel."""

    def get_queryset(self):
        return super().get_queryset().filter(channel=CHANNEL)


class Publication(Delivery):
    """A notice owed to the portal, or standing there."""

    objects = PublicationManager()

    class Meta:
        proxy = True
        verbose_name = "公告发布"
        default_permissions = ()

    @classmethod
    def announce(
        cls, document, *, title: str, html: str, data: dict | None = None, supersedes: str | None = None,
        kind: str = "", at=None,
    ) -> Delivery:  # fmt: skip
        """Owe the notice of this paper to the portal, in the transaction of the last decision.

        `kind` is the portal's own heading where that differs; `at` the time before which it may not be sent.
        """
        body = {
            "kind": kind or document.kind,
            "title": title,
            "unit": {"name": document.unit.name, "uscc": document.unit.uscc or ""},
            "fiscal_year": document.fiscal_year,
            "html": html,
            "data": (data or {}) | {"paper": paper_of(document)},
            "supersedes": supersedes,
        }
        return Delivery.owe(document, CHANNEL, body, at=at)

    @property
    def status(self) -> str:
        """The state in the words of the lists."""
        if self.state == self.State.SENT:
            return "已发布"
        if self.state == self.State.MANUAL:
            return "人工处理"
        if self.lease_until and self.lease_until > timezone.now():
            return "发布中"
        return f"失败（重试 {self.attempts}/{most_tries()}）" if self.attempts else "待发布"

    @property
    def attempts_line(self) -> str:
        """How often it was tried, and what comes next."""
        if self.state == self.State.PENDING and self.attempts:
            return f"失败 {self.attempts} 次，将自动再试"
        return f"失败 {self.attempts} 次" if self.attempts else "没有失败"

    @property
    def stuck(self) -> bool:
        """It failed at least once and is not out yet."""
        return self.state == self.State.MANUAL or (self.state == self.State.PENDING and self.attempts > 0)

    @property
    def tone(self) -> str:
        """The tag's colour: g done, b under way, n waiting, r for a person to look at, o failed so far."""
        return {"已发布": "g", "人工处理": "r", "发布中": "b", "待发布": "n"}.get(self.status, "o")


from .announcements.models import Announcement  # noqa: E402, F401 - kinds of papers in packages of their own
from .announcements.tickets import PortalTicket  # noqa: E402, F401
from .objections.answers import ObjectionAnswer  # noqa: E402, F401
from .objections.models import Objection, ObjectionFile  # noqa: E402, F401
from .single.models import Expert, SingleSourceNotice  # noqa: E402, F401 - they name what stands above
