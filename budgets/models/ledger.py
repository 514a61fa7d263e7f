"""The ledger: every movement of confirmed money, append-only, with balances beside it (architecture.md 4)."""

from collections.abc import Mapping
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import Q

from accounts.models import User
from procurement import clock
from procurement.flow.models import Document, Move
from procurement.reference.money import plain

from .confirmations import QuotaConfirmation
from .fields import money


class LedgerKind(models.TextChoices):
    """Kinds of movement; the amount is positive where money is taken, negative where it is given back."""

    CONFIRM = "confirm", "指标确认"
    UNCONFIRM = "unconfirm", "删除确认"
    RESERVE = "reserve", "计划占用"
    RELEASE = "release", "释放占用"
    COMMIT = "commit", "占用转合同"
    UNCOMMIT = "uncommit", "合同撤销"
    SURRENDER = "surrender", "交回财政"
    CARRY_OUT = "carry_out", "结转转出"
    CARRY_IN = "carry_in", "结转转入"
    CONVERT = "convert", "预采购转正"


class Shortage(ValidationError):
    """Less is left than is wanted."""

    def __init__(self, available: Decimal, wanted: Decimal):
        self.available, self.wanted = available, wanted
        gap = wanted - available
        super().__init__(
            f"指标余额不足：可用 {plain(available)} 元，本次需 {plain(wanted)} 元，差额 {plain(gap)} 元",
            code="shortage",
        )


def checked(amount: Decimal) -> Decimal:
    """An amount that may move: above zero, whole 分."""
    if not amount.is_finite() or amount <= 0 or amount != round(amount, 2):
        raise ValidationError("金额须大于 0，且最多两位小数。", code="amount")
    return amount


class LedgerEntry(models.Model):
    """One movement; never changed, never deleted (a database trigger refuses)."""

    confirmation = models.ForeignKey(QuotaConfirmation, models.PROTECT, related_name="entries")
    kind = models.CharField("事项", max_length=10, choices=LedgerKind)
    amount = money("金额")
    # whose money: the plan that holds the reservation; `document` is the paper that moved it
    holder = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="ledger")
    move = models.ForeignKey(Move, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="办理人")
    at = models.DateTimeField("时间", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "资金流水"
        default_permissions = ("view",)
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["confirm", "reserve", "commit", "carry_out", "carry_in"], amount__gt=0)
                | Q(kind__in=["unconfirm", "surrender", "release", "uncommit"], amount__lt=0)
                | Q(kind="convert") & ~Q(amount=0),
                name="ledger_sign_follows_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["confirm", "unconfirm", "surrender", "convert"], holder=None)
                | Q(kind__in=["reserve", "release", "commit", "uncommit"], holder__isnull=False)
                | Q(kind__in=["carry_out", "carry_in"]),
                name="ledger_holder_follows_kind",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.amount}"


class Holding(models.Model):
    """What one paper holds of one confirmation: nobody can release another's reservation."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="holdings")
    confirmation = models.ForeignKey(QuotaConfirmation, models.PROTECT, related_name="holdings")
    reserved_amount = money("占用")
    committed_amount = money("已签合同")

    class Meta:
        verbose_name = verbose_name_plural = "单据占用"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["document", "confirmation"], name="one_holding"),
            models.CheckConstraint(
                condition=Q(reserved_amount__gte=0, committed_amount__gte=0), name="holding_not_negative"
            ),
        ]

    def __str__(self):
        return f"{self.document_id} {self.confirmation_id}"


RESERVE = """
    WITH moved AS (
        UPDATE budgets_quotaconfirmation AS c SET reserved_amount = c.reserved_amount + %(amount)s
        FROM budgets_quota AS q
        WHERE c.id = %(confirmation)s AND q.id = c.quota_id AND NOT q.overdrawn
            AND c.status = 'active' AND c.available >= %(amount)s RETURNING c.id
    ), held AS (
        INSERT INTO budgets_holding AS h (document_id, confirmation_id, reserved_amount, committed_amount)
        SELECT %(holder)s, id, %(amount)s, 0 FROM moved
        ON CONFLICT (document_id, confirmation_id)
        DO UPDATE SET reserved_amount = h.reserved_amount + %(amount)s
    )
"""
SHIFT = """
    WITH moved AS (
        UPDATE budgets_quotaconfirmation AS c SET reserved_amount = c.reserved_amount + %(reserved)s,
            committed_amount = c.committed_amount + %(committed)s
        WHERE c.id = %(confirmation)s AND EXISTS (
            SELECT FROM budgets_holding AS h WHERE h.document_id = %(holder)s AND h.confirmation_id = c.id
            AND h.reserved_amount + %(reserved)s >= 0 AND h.committed_amount + %(committed)s >= 0)
        RETURNING c.id
    ), held AS (
        UPDATE budgets_holding AS h SET reserved_amount = h.reserved_amount + %(reserved)s,
            committed_amount = h.committed_amount + %(committed)s
        FROM moved WHERE h.document_id = %(holder)s AND h.confirmation_id = moved.id
    )
"""
RECORD = """
    INSERT INTO budgets_ledgerentry
        (confirmation_id, kind, amount, holder_id, document_id, move_id, by_id, at)
    SELECT id, %(kind)s, %(signed)s, %(holder)s, %(document)s, %(move)s, %(by)s, %(at)s FROM moved
    RETURNING id
"""
# both sides in one statement; what the confirmation has reserved never changes, so nobody can slip in between
HAND_OVER = """
    WITH given AS (
        UPDATE budgets_holding AS h SET reserved_amount = 0 FROM (
            SELECT id, reserved_amount AS amount FROM budgets_holding
            WHERE document_id = %(holder)s AND reserved_amount > 0 ORDER BY confirmation_id FOR UPDATE
        ) AS was WHERE h.id = was.id RETURNING h.confirmation_id, was.amount
    ), taken AS (
        INSERT INTO budgets_holding AS h (document_id, confirmation_id, reserved_amount, committed_amount)
        SELECT %(to)s, confirmation_id, amount, 0 FROM given
        ON CONFLICT (document_id, confirmation_id)
        DO UPDATE SET reserved_amount = h.reserved_amount + EXCLUDED.reserved_amount
    ), sides AS (
        SELECT confirmation_id, 'release' AS kind, -amount AS signed, %(holder)s AS holder FROM given
        UNION ALL SELECT confirmation_id, 'reserve', amount, %(to)s FROM given
    )
    INSERT INTO budgets_ledgerentry
        (confirmation_id, kind, amount, holder_id, document_id, move_id, by_id, at)
    SELECT confirmation_id, kind, signed, holder, %(document)s, %(move)s, %(by)s, %(at)s FROM sides
"""
# kind -> share of the amount that goes to (reserved, committed), and the sign in the ledger
EFFECT = {
    LedgerKind.RESERVE: (1, 0, 1),
    LedgerKind.RELEASE: (-1, 0, -1),
    LedgerKind.COMMIT: (-1, 1, 1),
    LedgerKind.UNCOMMIT: (1, -1, -1),
}


class Ledger:
    """Moves the money of one paper; all or nothing, confirmations always in the order of their keys."""

    def __init__(
        self, holder: Document, by: User, *, move: Move | None = None, paper: Document | None = None
    ):
        """`holder` is the plan; `paper` what moves its money, when that is another one (a contract)."""
        self.holder, self.by, self.move, self.paper = holder, by, move, paper or holder

    def reserve(self, amounts: Mapping[int, Decimal]) -> None:
        """Take money at plan submit; Shortage, with nothing taken, when one confirmation has less."""
        self._run(LedgerKind.RESERVE, amounts)

    def release(self, amounts: Mapping[int, Decimal] | None = None) -> None:
        """Give reserved money back: return, withdraw, void, savings. Without amounts: all still reserved."""
        if amounts is None:
            amounts = {key: held.reserved_amount for key, held in self.held().items() if held.reserved_amount}
        self._run(LedgerKind.RELEASE, amounts)

    def commit(self, amounts: Mapping[int, Decimal]) -> None:
        """Reserved money is now owed under a filed contract."""
        self._run(LedgerKind.COMMIT, amounts)

    def uncommit(self, amounts: Mapping[int, Decimal]) -> None:
        """The contract was voided: the plan holds its reservation again."""
        self._run(LedgerKind.UNCOMMIT, amounts)

    def hand_over(self, to: Document) -> None:
        """All that is reserved changes its holder; even where the quota is overdrawn nothing is let go."""
        values = {
            "holder": self.holder.pk, "to": to.pk, "document": self.paper.pk,
            "move": self.move and self.move.pk, "by": self.by.pk, "at": clock.now(),
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(HAND_OVER, values)

    def held(self) -> dict[int, Holding]:
        return {row.confirmation_id: row for row in Holding.objects.filter(document=self.holder)}

    @transaction.atomic
    def _run(self, kind: LedgerKind, amounts: Mapping[int, Decimal]) -> None:
        with connection.cursor() as cursor:
            for confirmation, amount in sorted(amounts.items()):
                self._one(cursor, kind, confirmation, checked(amount))

    def _one(self, cursor, kind: LedgerKind, confirmation: int, amount: Decimal) -> None:
        reserved, committed, sign = EFFECT[kind]
        values = {
            "confirmation": confirmation,
            "amount": amount,
            "reserved": reserved * amount,
            "committed": committed * amount,
            "kind": kind.value,
            "signed": sign * amount,
            "holder": self.holder.pk,
            "document": self.paper.pk,
            "move": self.move and self.move.pk,
            "by": self.by.pk,
            "at": clock.now(),
        }
        cursor.execute((RESERVE if kind == LedgerKind.RESERVE else SHIFT) + RECORD, values)
        if cursor.fetchone() is None:
            parts = {} if kind == LedgerKind.RESERVE else self._carried(kind, confirmation, amount)
            if not parts:
                raise self._refusal(kind, confirmation, amount)
            for key, part in parts.items():
                self._one(cursor, kind, key, part)

    def _carried(self, kind: LedgerKind, confirmation: int, amount: Decimal) -> dict[int, Decimal]:
        """Where that amount is by now: the papers name the confirmation, the turn of the year moved it on.

        Empty when nothing was carried on, or less is held than is wanted.
        """
        column = "committed_amount" if kind == LedgerKind.UNCOMMIT else "reserved_amount"
        held, parts, links = self.held(), {}, [confirmation]
        for key in links:
            links += QuotaConfirmation.objects.filter(origin=key).order_by("pk").values_list("pk", flat=True)
            there = min(getattr(held.get(key), column, Decimal(0)), amount - sum(parts.values()))
            if there:
                parts[key] = there
        return parts if len(links) > 1 and sum(parts.values()) == amount else {}

    def _refusal(self, kind: LedgerKind, confirmation: int, amount: Decimal) -> ValidationError:
        """Why nothing moved, in Chinese."""
        if kind == LedgerKind.RESERVE:
            row = QuotaConfirmation.objects.select_related("quota").get(pk=confirmation)
            if row.status == QuotaConfirmation.Status.DELETED:
                return ValidationError("所选采购指标已被删除，请重新选择。", code="deleted")
            if row.quota.overdrawn:
                return ValidationError(
                    f"指标 {row.quota.quota_no} 已超额确认，新的占用已暂停，请联系归口处室。",
                    code="overdrawn",
                )
            return Shortage(row.available, amount)
        held = self.held().get(confirmation)
        column = "committed_amount" if kind == LedgerKind.UNCOMMIT else "reserved_amount"
        return Shortage(getattr(held, column, Decimal(0)), amount)
