"""The turn of the year: an approved application becomes next year's quotas, once (domain.md §15b)."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.db.models import F

from accounts.models import User
from procurement import clock
from procurement.flow.models import Desk

from ..models.confirmations import QuotaConfirmation
from ..models.fields import Money
from ..models.ledger import Holding, LedgerEntry, LedgerKind
from ..models.quotas import AdjustmentKind, Quota, QuotaAdjustment, QuotaSource
from .models import CarryOver, CarryOverLine
from .splitting import Basis, Pool, Split, split

ZERO = Decimal(0)
Takings = dict[int, list[tuple[CarryOverLine, Split]]]  # by confirmation


def due(today=None) -> Iterable[int]:
    """Approved applications whose year is over, oldest first."""
    year = (today or clock.today()).year
    papers = CarryOver.objects.filter(state=Desk.DONE, executed_at=None, fiscal_year__lt=year)
    return list(papers.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def execute(pk: int) -> bool:
    """Move the money of one application; all of it or nothing. False when that was done before."""
    paper = CarryOver.objects.locked(pk)
    if paper.state != Desk.DONE or paper.executed_at or clock.today() < paper.turns_on:
        return False
    Rollover(paper).run()
    paper.executed_at = clock.now()
    paper.save(update_fields=["executed_at"])
    return True


def handed_on(keys: Iterable[int]) -> list[tuple[int, int, int]]:
    """(confirmation, from, to) in the order it happened: one move released it there, reserved it here."""
    sides = [LedgerKind.RELEASE, LedgerKind.RESERVE]
    rows = LedgerEntry.objects.filter(confirmation__in=keys, kind__in=sides, move__isnull=False)
    moved: dict[tuple[int, int], dict[str, int]] = defaultdict(dict)
    for confirmation, move, kind, holder in (
        rows.exclude(document=F("holder"))
        .order_by("pk")
        .values_list("confirmation", "move", "kind", "holder")
    ):
        moved[confirmation, move][kind] = holder
    both = [(key, side["release"], side["reserve"]) for key, side in moved.items() if len(side) == 2]
    return [(key[0], old, new) for key, old, new in both if old != new]


class Rollover:
    """One application while it is executed; everything it touches is locked in the order of the keys."""

    def __init__(self, paper: CarryOver):
        self.paper, self.at = paper, clock.now()
        self.by: User = paper.moves.select_related("by").order_by("pk").last().by
        self.lines = list(paper.lines.select_related("ruling").order_by("pk"))
        keys = {line.confirmation_id for line in self.lines}
        locked = QuotaConfirmation.objects.filter(pk__in=keys).order_by("pk").select_for_update()
        self.old = {row.pk: row for row in locked}
        held = Holding.objects.filter(confirmation__in=keys).order_by("pk").select_for_update()
        self.held = {(row.document_id, row.confirmation_id): row for row in held}
        self.holders = self.holders_now(keys)
        quotas = Quota.objects.filter(pk__in={row.quota_id for row in self.old.values()})
        quotas = quotas.select_related("division", "unit__division")
        self.quotas = {row.pk: row for row in quotas.order_by("pk").select_for_update(of=("self",))}
        self.entries: list[LedgerEntry] = []

    def run(self) -> None:
        takings = self.split_all()
        self.close_old(takings)
        self.open_new(takings)
        LedgerEntry.objects.bulk_create(self.entries)
        CarryOverLine.objects.bulk_update(self.lines, ["carried_amount", "returned_amount"])

    def holders_now(self, keys: set[int]) -> dict[int, int | None]:
        """By line: a plan whose method was changed since has handed its money to its next version."""
        now = {line.pk: line.holder_id for line in self.lines}
        for confirmation, old, new in handed_on(keys):
            for line in self.lines:
                if (line.confirmation_id, now[line.pk]) == (confirmation, old):
                    now[line.pk] = new
        return now

    # --- what becomes of each line --------------------------------------------------------------------

    def split_all(self) -> Takings:
        """Line after line, each from what the ones before it left."""
        takings: Takings = defaultdict(list)
        for line in self.lines:
            row = self.old[line.confirmation_id]
            done = split(line.basis, line.balance, line.amount, self.pool(line), allowed=line.allowed)
            line.carried_amount, line.returned_amount = done.carried.total, done.returned.total
            self.take(line, row, done)
            takings[row.pk].append((line, done))
        return takings

    def pool(self, line: CarryOverLine) -> Pool:
        """What is there now, as left by the lines before."""
        row = self.old[line.confirmation_id]
        if line.basis == Basis.IDLE:
            free = row.amount - row.reserved_amount - row.committed_amount - row.carried_amount
            return Pool(free=free)
        held = self.held[self.holders[line.pk], row.pk]
        reserved = ZERO if line.basis == Basis.CONTRACTED else held.reserved_amount
        return Pool(reserved, held.committed_amount)

    def take(self, line: CarryOverLine, row: QuotaConfirmation, done: Split) -> None:
        """Out of the holder's hands and out of the confirmation, on record."""
        reserved = done.carried.reserved + done.returned.reserved
        committed, holder = done.carried.committed, self.holders[line.pk]
        if holder and (held := self.held[holder, row.pk]):
            held.reserved_amount -= reserved
            held.committed_amount -= committed
        row.reserved_amount -= reserved
        row.committed_amount -= committed
        row.carried_amount += done.carried.total
        row.amount -= done.returned.total
        self.note(LedgerKind.UNCOMMIT, row, -committed, holder)
        self.note(LedgerKind.RELEASE, row, -reserved - committed, holder)
        self.note(LedgerKind.CARRY_OUT, row, done.carried.total, holder)
        self.note(LedgerKind.SURRENDER, row, -done.returned.total)

    def note(self, kind: LedgerKind, row: QuotaConfirmation, amount: Decimal, holder: int | None = None):
        if amount:
            fixed = {"document": self.paper, "by": self.by, "at": self.at}
            entry = LedgerEntry(confirmation=row, kind=kind, amount=amount, holder_id=holder, **fixed)
            self.entries.append(entry)

    # --- the old year ---------------------------------------------------------------------------------

    def close_old(self, takings: Takings) -> None:
        """Balances of the old year; what finance gets back is frozen, nobody can confirm it again."""
        returned: dict[int, Decimal] = defaultdict(Decimal)
        gone: dict[int, int] = defaultdict(int)
        for row in self.old.values():
            back = sum((done.returned.total for _, done in takings[row.pk]), ZERO)
            returned[row.quota_id] += back
            if not row.amount:  # all of it: as a deleted confirmation, which keeps what it was
                row.amount, row.status = back, QuotaConfirmation.Status.DELETED
                row.deleted_by, row.deleted_at = self.by, self.at
                gone[row.quota_id] += 1
        columns = ["amount", "reserved_amount", "committed_amount", "carried_amount"]
        marks = ["status", "deleted_by", "deleted_at"]
        QuotaConfirmation.objects.bulk_update(self.old.values(), columns + marks)
        Holding.objects.bulk_update(self.held.values(), ["reserved_amount", "committed_amount"])
        for quota, amount in returned.items():
            if amount:
                self.freeze(quota, amount, gone[quota])

    def freeze(self, quota: int, amount: Decimal, gone: int) -> None:
        """One statement: what may be confirmed stays the same, so nobody can slip in between."""
        Quota.objects.filter(pk=quota).update(
            confirmed_amount=F("confirmed_amount") - amount, confirmed_count=F("confirmed_count") - gone,
            frozen_amount=F("frozen_amount") + amount,
        )  # fmt: skip
        QuotaAdjustment.objects.create(
            quota_id=quota, kind=AdjustmentKind.FREEZE, amount=amount, by=self.by, at=self.at,
            reason=f"年终未结转，交回财政（{self.paper.number}）",
        )  # fmt: skip

    # --- the new year ---------------------------------------------------------------------------------

    def open_new(self, takings: Takings) -> None:
        """A quota for each old quota, a confirmation for each old one; plans and contracts go on there."""
        totals = {key: sum((done.carried.total for _, done in rows), ZERO) for key, rows in takings.items()}
        by_quota: dict[int, list[QuotaConfirmation]] = defaultdict(list)
        for key, total in sorted(totals.items()):
            if total:
                by_quota[self.old[key].quota_id].append(self.old[key])
        for number, (quota, rows) in enumerate(sorted(by_quota.items()), 1):
            fresh = self.new_quota(self.quotas[quota], number, [totals[row.pk] for row in rows])
            for seq, row in enumerate(rows, 1):
                self.new_confirmation(fresh, seq, row, takings[row.pk])

    def new_quota(self, old: Quota, number: int, amounts: list[Decimal]) -> Quota:
        """The same money under next year; wholly confirmed, because what it is for is known."""
        same = ["doc_no", "unit_id", "provisional", "case"]
        same += [field.attname for field in Money._meta.fields]
        total = sum(amounts, ZERO)
        fresh = Quota.objects.create(
            quota_no=f"{self.paper.number}-{number:02d}", fiscal_year=old.fiscal_year + 1, origin=old,
            division=old.division if old.division.is_active else old.unit.division or old.division,
            carried_by=self.paper, carry_years=old.carry_years + 1, source_type=QuotaSource.CARRYOVER,
            description=f"{old.fiscal_year} 年指标 {old.quota_no} 结转，申请 {self.paper.number}",
            issued_amount=total, confirmed_amount=total, confirmed_count=len(amounts), last_seq=len(amounts),
            **{name: getattr(old, name) for name in same},
        )  # fmt: skip
        QuotaAdjustment.objects.create(
            quota=fresh, kind=AdjustmentKind.ISSUE, amount=total, by=self.by, at=self.at,
            reason=f"年终结转 {self.paper.number}",
        )  # fmt: skip
        return fresh

    def new_confirmation(self, quota: Quota, seq: int, old: QuotaConfirmation, parts: list) -> None:
        """What the papers held of the old one they hold of this one."""
        carried = [(line, done.carried) for line, done in parts if done.carried.total]
        fresh = QuotaConfirmation.objects.create(
            quota=quota, seq=seq, origin=old, amount=sum((took.total for _, took in carried), ZERO),
            reserved_amount=sum((took.reserved for _, took in carried), ZERO),
            committed_amount=sum((took.committed for _, took in carried), ZERO),
            confirmed_by=old.confirmed_by, confirmed_at=self.at, remark=f"年终结转 {self.paper.number}",
        )  # fmt: skip
        holdings: dict[int, Holding] = {}
        for line, took in carried:
            holder = self.holders[line.pk]
            self.note(LedgerKind.CARRY_IN, fresh, took.total, holder)
            self.note(LedgerKind.RESERVE, fresh, took.reserved + took.committed, holder)
            self.note(LedgerKind.COMMIT, fresh, took.committed, holder)
            if holder:
                held = holdings.setdefault(holder, Holding(document_id=holder, confirmation=fresh))
                held.reserved_amount += took.reserved
                held.committed_amount += took.committed
        Holding.objects.bulk_create(holdings.values())
