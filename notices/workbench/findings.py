"""What a copy read back means: nothing, a new difference, the same one again, or the end of one."""

from django.utils import timezone

from notices.portal import Copy
from procurement.flow.outbox import Delivery
from procurement.flow.snapshots import digest

from .models import Difference, Event

Kind, Outcome = Difference.Kind, Difference.Outcome


def open_differences(keys) -> dict[str, Difference]:
    return {row.key: row for row in Difference.objects.filter(key__in=keys, closed_at=None)}


def compare(delivery: Delivery, copy: Copy | None) -> Difference | None:
    """The difference between what we sent and what stands there (None: nothing does); None when equal."""
    if copy is not None and digest(copy.content) == delivery.body_sha256:
        return None
    if copy is None:
        return Difference(delivery=delivery, key=delivery.key, kind=Kind.MISSING)
    return described(copy, Kind.CONTENT, delivery)


def described(copy: Copy, kind: str, delivery: Delivery | None = None) -> Difference:
    return Difference(
        delivery=delivery, key=copy.key, kind=kind, remote_id=copy.id, remote_url=copy.url,
        copy=copy.content, copy_sha256=digest(copy.content),
    )  # fmt: skip


def settle(known: Difference | None, now: Difference | None) -> bool:
    """Write down what holds now of one key, whose open difference was `known`; true when it is news."""
    if known and now and (known.kind, known.copy_sha256) == (now.kind, now.copy_sha256):
        known.seen_at = timezone.now()
        known.save(update_fields=["seen_at"])
        return False
    if known:
        known.close(Outcome.CHANGED if now else Outcome.HEALED)
    if now:
        now.save(force_insert=True)
    tell(known, now)
    return now is not None


def tell(known: Difference | None, now: Difference | None) -> None:
    """The same in the delivery's own record."""
    if now and now.delivery:
        Event.objects.create(delivery=now.delivery, what=Event.What.DIFFERS, text=now.get_kind_display())
    elif known and known.delivery:
        Event.objects.create(delivery=known.delivery, what=Event.What.HEALED, text=known.get_kind_display())
