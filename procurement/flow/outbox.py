"""What is owed to the outside: written with the decision, sent after it, by whoever holds the lease.

A row is claimed for a while (lease) under a number that only grows (fence); only the last claimant may
settle it. No transaction is open while anything is sent. A claim that was never settled (a killed worker,
a time-out) leaves the row in doubt: the far end is asked by key before anything is sent again.
"""

import json
import logging
import random
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from kombu.exceptions import OperationalError

from procurement import clock

from .snapshots import canonical, digest

log = logging.getLogger(__name__)
JITTER = 0.2  # a fifth more or less, so that a whole backlog does not come back at once
WAKERS: dict[str, str] = {}  # channel -> Celery task that relays it; each channel's app registers its own


def lease_seconds() -> int:
    return settings.OUTBOX_LEASE_SECONDS


class Delivery(models.Model):
    """One message owed to one channel of the outside."""

    class State(models.TextChoices):
        PENDING = "pending", "待发送"
        SENT = "sent", "已送达"
        MANUAL = "manual", "人工处理"

    channel = models.CharField("渠道", max_length=30)
    key = models.CharField("编码", max_length=80)  # kind-id-version: the far end's idempotency key
    document = models.ForeignKey(
        "flow.Document", models.PROTECT, related_name="deliveries", verbose_name="单据"
    )
    document_secret = models.BooleanField(default=False, editable=False)  # false by CHECK; see migration 0002
    body = models.JSONField("内容")
    body_sha256 = models.CharField("内容校验值", max_length=64)
    state = models.CharField("状态", max_length=10, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField("失败次数", default=0)
    next_at = models.DateTimeField("下次发送", db_default=Now())
    lease_until = models.DateTimeField("占用到", null=True)
    fence = models.PositiveIntegerField(default=0)
    in_doubt = models.BooleanField("结果不明", default=False)
    remote_id = models.CharField("对方编号", max_length=80, blank=True)
    remote_url = models.CharField("对方地址", max_length=300, blank=True)
    last_error = models.CharField("最近一次失败原因", max_length=300, blank=True)
    sent_at = models.DateTimeField("送达时间", null=True)
    created_at = models.DateTimeField("产生时间", default=clock.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "对外发送"
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["channel", "next_at", "id"], name="deliveries_due", condition=Q(state="pending")
            ),
            models.Index(fields=["channel", "sent_at"], name="deliveries_sent", condition=Q(state="sent")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["channel", "key"], name="delivered_once"),
            models.CheckConstraint(condition=Q(document_secret=False), name="nothing_secret_leaves"),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="sent_has_its_time",
            ),
        ]

    def __str__(self):
        return f"{self.channel} {self.key} {self.get_state_display()}"

    @classmethod
    def owe(cls, document, channel: str, body: dict, *, at=None) -> "Delivery":
        """Write the debt inside the caller's transaction; the worker is woken once that commits.

        `at`: it is due then, by the clock of business, not now; the sweep finds it.
        """
        if not transaction.get_connection().in_atomic_block:
            raise transaction.TransactionManagementError("a delivery is owed by the decision's transaction")
        if document.is_secret:
            raise ValidationError("涉密单据不得对外发布。")
        key = cls.key_of(document)
        body = body | {"key": key}
        delivery = cls.objects.create(
            channel=channel,
            key=key,
            document_id=document.pk,
            body=body,
            body_sha256=digest(body),
            **({"next_at": at - clock.ahead()} if at else {}),
        )
        transaction.on_commit(lambda: wake(channel), robust=True)
        return delivery

    @staticmethod
    def key_of(document) -> str:
        return f"{document.kind}-{document.pk}-{document.version}"

    @property
    def content(self) -> bytes:
        return canonical(self.body)

    def send_again(self) -> bool:
        """By hand: the tries begin anew. False when it was not waiting for a person."""
        stuck = Delivery.objects.filter(pk=self.pk).filter(
            Q(state="manual") | Q(state="pending", attempts__gt=0)
        )
        again = stuck.filter(Q(lease_until=None) | Q(lease_until__lt=Now()))
        done = again.update(state=self.State.PENDING, attempts=0, next_at=Now(), lease_until=None)
        transaction.on_commit(lambda: wake(self.channel), robust=True)
        return bool(done)


CLAIM = """
WITH due AS (
    SELECT id, in_doubt FROM flow_delivery
    WHERE channel = %s AND state = 'pending' AND next_at <= clock_timestamp()
      AND (lease_until IS NULL OR lease_until < clock_timestamp())
    ORDER BY next_at, id LIMIT %s FOR UPDATE SKIP LOCKED
)
UPDATE flow_delivery d
SET lease_until = clock_timestamp() + make_interval(secs => %s), fence = d.fence + 1, in_doubt = true
FROM due WHERE d.id = due.id
RETURNING d.id, d.key, d.body, d.body_sha256, d.attempts, d.fence, due.in_doubt
"""


ARRIVED = """
UPDATE flow_delivery d
SET state = 'sent', sent_at = clock_timestamp() + %s::interval, last_error = '', in_doubt = false,
    lease_until = NULL, remote_id = v.remote_id, remote_url = v.remote_url
FROM unnest(%s::bigint[], %s::int[], %s::text[], %s::text[]) AS v (id, fence, remote_id, remote_url)
WHERE d.id = v.id AND d.fence = v.fence AND d.state = 'pending'
"""


class Claim:
    """A row on lease to this worker."""

    __slots__ = ("attempts", "content", "doubted", "fence", "id", "key", "sha256")

    def __init__(self, row: tuple):
        self.id, self.key, body, self.sha256, self.attempts, self.fence, self.doubted = row
        self.content = canonical(json.loads(body))

    def mine(self):
        """The row, as long as nobody has claimed it after us."""
        return Delivery.objects.filter(pk=self.id, fence=self.fence, state=Delivery.State.PENDING)

    def prolong(self) -> bool:
        """Something long comes first: the lease begins anew; false when somebody has taken over."""
        return self.mine().update(lease_until=Now() + timedelta(seconds=lease_seconds())) == 1

    def failed(self, why: str, *, doubt: bool, after: float | None = None) -> bool:
        """This try failed; the next comes later, or a person must look after the eighth."""
        tries = self.attempts + 1
        last = tries >= most_tries()
        return self.settle(
            state=Delivery.State.MANUAL if last else Delivery.State.PENDING,
            attempts=tries,
            next_at=Now() + timedelta(seconds=0 if last else after or delay(tries)),
            last_error=why[:300],
            in_doubt=doubt,
        )

    def refused(self, why: str) -> bool:
        """The far end will not have it: sending it again is pointless, a person must look."""
        return self.settle(
            state=Delivery.State.MANUAL, attempts=F("attempts") + 1, last_error=why[:300], in_doubt=False
        )

    def give_back(self) -> bool:
        """Untouched: somebody else, or we a little later, may have it at once."""
        return self.settle(in_doubt=self.doubted)

    def settle(self, **changes) -> bool:
        return self.mine().update(lease_until=None, **changes) == 1


def claim(channel: str, limit: int = 100) -> list[Claim]:
    """Lease the oldest due rows of a channel, in one statement that waits for nobody."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [channel, limit, lease_seconds()])
        return sorted(map(Claim, cursor.fetchall()), key=lambda claim: claim.id)


def arrived(receipts: list[tuple[Claim, str, str]]) -> int:
    """Settle (claim, remote id, remote address) in one statement; how many rows were still ours."""
    if not receipts:
        return 0
    claims, numbers, addresses = zip(*receipts, strict=True)
    values = [[one.id for one in claims], [one.fence for one in claims], list(numbers), list(addresses)]
    with connection.cursor() as cursor:
        cursor.execute(ARRIVED, [clock.ahead(), *values])
        return cursor.rowcount


def most_tries() -> int:
    """Tries before a person must look: the first, and one after each delay."""
    return len(settings.OUTBOX_DELAYS) + 1


def delay(tries: int) -> float:
    """Seconds until the next try: 1 min … 6 h, with jitter."""
    return settings.OUTBOX_DELAYS[tries - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311


def wake(channel: str, *arguments) -> None:
    """Tell the worker; a broker that is down delays the delivery until the next sweep and loses nothing."""
    from procurement.celery import app  # the composition root, known only once everything is loaded

    try:
        app.send_task(WAKERS[channel], arguments, expires=60, retry=False)
    except OperationalError as error:
        log.warning("the worker of %s was not woken: %s", channel, error)
