"""The ledger as the detail page shows it: latest first, with the balance after every movement."""

from decimal import Decimal

from django.db.models import Case, F, Sum, When, Window

from .models import LedgerEntry, LedgerKind, Quota, QuotaConfirmation
from .waterfall import Totals

SHOWN = 200
# what a movement does to the money still free: reservations take it, a contract moves what is taken already
TAKES = [LedgerKind.RESERVE, LedgerKind.RELEASE, LedgerKind.CARRY_OUT]
NEUTRAL = [LedgerKind.COMMIT, LedgerKind.UNCOMMIT]
GROUPS = {
    "all": ("全部", None),
    "confirm": ("确认", {"confirm", "unconfirm", "surrender", "carry_in", "carry_out", "convert"}),
    "reserve": ("占用与释放", {"reserve", "release"}),
    "contract": ("合同", {"commit", "uncommit"}),
}
TONES = {"confirm": "b", "unconfirm": "r", "surrender": "r", "reserve": "o", "release": "g", "uncommit": "r"}
EFFECT = Case(
    When(kind__in=TAKES, then=-F("amount")), When(kind__in=NEUTRAL, then=Decimal(0)), default=F("amount")
)


def entries(quota: Quota) -> list[LedgerEntry]:
    """The last movements, each with `effect`, `balance` and `tone`."""
    rows = (
        LedgerEntry.objects.filter(confirmation__quota=quota)
        .annotate(effect=EFFECT, balance=Window(Sum(EFFECT), order_by="pk"))
        .select_related("confirmation", "document", "by", "move")
        .order_by("-pk")[:SHOWN]
    )
    return [tone(row) for row in rows]


def tone(row: LedgerEntry) -> LedgerEntry:
    row.tone = TONES.get(row.kind, "n")
    return row


def totals(quota: Quota) -> Totals:
    """The five amounts of the picture."""
    active = QuotaConfirmation.objects.active().filter(quota=quota)
    sums = active.aggregate(r=Sum("reserved_amount"), c=Sum("committed_amount"), k=Sum("carried_amount"))
    return Totals(quota.total, quota.confirmed_amount, *(sums[name] or Decimal(0) for name in "rck"))
