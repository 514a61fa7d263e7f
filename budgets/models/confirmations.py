"""指标确认: the part of a quota that is for procurement now (M 3.2)."""

from decimal import Decimal
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import F, Q

from accounts.models import User
from procurement import clock
from procurement.flow import years
from procurement.flow.models import Desk, Document

from .fields import money
from .quotas import Quota

# one statement: the conditional UPDATE is the lock and the check, the rows follow from it (performance.md)
CONFIRM = """
    WITH taken AS (
        UPDATE budgets_quota SET confirmed_amount = confirmed_amount + %(amount)s,
            confirmed_count = confirmed_count + 1, last_seq = last_seq + 1
        WHERE id = %(quota)s AND is_procurement AND available >= %(amount)s RETURNING id, last_seq
    ), made AS (
        INSERT INTO budgets_quotaconfirmation (quota_id, seq, amount, reserved_amount, committed_amount,
            carried_amount, status, confirmed_by_id, confirmed_at, remark)
        SELECT id, last_seq, %(amount)s, 0, 0, 0, 'active', %(by)s, %(at)s, %(remark)s FROM taken
        RETURNING id
    )
    INSERT INTO budgets_ledgerentry (confirmation_id, kind, amount, by_id, at)
    SELECT id, 'confirm', %(amount)s, %(by)s, %(at)s FROM made RETURNING confirmation_id
"""
UNCONFIRM = """
    WITH gone AS (
        UPDATE budgets_quotaconfirmation SET status = 'deleted', deleted_by_id = %(by)s, deleted_at = %(at)s
        WHERE id = %(id)s AND status = 'active' AND available = amount RETURNING id, quota_id, amount
    ), back AS (
        UPDATE budgets_quota AS q SET confirmed_amount = q.confirmed_amount - gone.amount,
            confirmed_count = q.confirmed_count - 1, overdrawn = q.available + gone.amount < 0
        FROM gone WHERE q.id = gone.quota_id
    )
    INSERT INTO budgets_ledgerentry (confirmation_id, kind, amount, by_id, at)
    SELECT id, 'unconfirm', -amount, %(by)s, %(at)s FROM gone RETURNING id
"""


class Use(NamedTuple):
    """A paper of a later stage that draws on a confirmation, or means to."""

    kind: str
    number: str
    state: str


def used_by(rows: models.QuerySet) -> set[Use]:
    """The papers these rows are, or belong to."""
    model, path = rows.model, ""
    if not issubclass(model, Document):
        link = next(field for field in model._meta.concrete_fields if is_paper(field))
        model, path = link.related_model, f"{link.name}__"
    living = (
        rows.order_by().exclude(**{f"{path}state": Desk.VOID}).values_list(f"{path}number", f"{path}state")
    )
    return {Use(str(model._meta.verbose_name), number, state) for number, state in living.distinct()[:20]}


def is_paper(field: models.Field) -> bool:
    return bool(field.is_relation) and issubclass(field.related_model, Document)


def named(uses: list[Use]) -> str:
    return "、".join(f"{use.kind} {use.number}" for use in uses[:5]) + ("等" if len(uses) > 5 else "")


class ConfirmationQuerySet(models.QuerySet):
    """Confirmations: how they are made and read."""

    def active(self):
        return self.filter(status=QuotaConfirmation.Status.ACTIVE)

    def visible_to(self, user):
        return self.filter(quota__in=Quota.objects.visible_to(user))

    def usable(self, unit):
        """What a unit may plan with: active, not overdrawn, something left."""
        return self.active().filter(quota__unit=unit, quota__overdrawn=False, available__gt=0)

    def take(self, quota: Quota, amount: Decimal, by: User, remark: str = "") -> "QuotaConfirmation":
        """Confirm `amount`; Shortage when less is left."""
        from .ledger import Shortage, checked

        if years.is_closed(quota.fiscal_year):
            raise ValidationError(f"{quota.fiscal_year} 年度已关账，指标不能再确认，余额已交回财政。")
        values = {"quota": quota.pk, "amount": checked(amount), "by": by.pk, "at": clock.now()}
        with connection.cursor() as cursor:
            cursor.execute(CONFIRM, values | {"remark": remark})
            row = cursor.fetchone()
        if row is None:
            raise Shortage(Quota.objects.get(pk=quota.pk).confirmable, amount)
        return self.get(pk=row[0])


class QuotaConfirmation(models.Model):
    """One confirmation; the money plans and contracts draw on."""

    class Status(models.TextChoices):
        ACTIVE = "active", "有效"
        DELETED = "deleted", "已删除"

    quota = models.ForeignKey(Quota, models.PROTECT, related_name="confirmations", verbose_name="指标")
    seq = models.PositiveIntegerField("次数")
    amount = money("确认金额")
    reserved_amount = money("已占用")
    committed_amount = money("已签合同")
    carried_amount = money("已结转")
    available = models.GeneratedField(
        expression=F("amount") - F("reserved_amount") - F("committed_amount") - F("carried_amount"),
        output_field=models.DecimalField(max_digits=18, decimal_places=2),
        db_persist=True,
        verbose_name="可用余额",
    )
    status = models.CharField("状态", max_length=8, choices=Status, default=Status.ACTIVE)
    confirmed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="确认人")
    confirmed_at = models.DateTimeField("确认时间", default=clock.now)
    deleted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="删除人")
    deleted_at = models.DateTimeField("删除时间", null=True)
    remark = models.CharField("备注", max_length=200, blank=True)
    # the confirmation of last year it goes on from
    origin = models.ForeignKey("self", models.PROTECT, null=True, related_name="carried_on", editable=False)

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "采购指标"
        default_permissions = ("view",)
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["quota", "seq"], name="confirmation_seq_once"),
            models.UniqueConstraint(fields=["quota", "origin"], name="confirmation_carried_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="confirmation_above_zero"),
            models.CheckConstraint(
                condition=Q(reserved_amount__gte=0, committed_amount__gte=0, carried_amount__gte=0),
                name="confirmation_balances_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=F("reserved_amount") + F("committed_amount") + F("carried_amount")),
                name="confirmation_never_overdrawn",
            ),
            models.CheckConstraint(
                condition=Q(status="active", deleted_by=None, deleted_at=None)
                | Q(
                    status="deleted",
                    deleted_by__isnull=False,
                    deleted_at__isnull=False,
                    reserved_amount=0,
                    committed_amount=0,
                    carried_amount=0,
                ),
                name="deleted_confirmation_is_unused",
            ),
        ]

    def __str__(self):
        return f"{self.quota_id} 第 {self.seq} 次"

    @property
    def used(self) -> Decimal:
        return self.reserved_amount + self.committed_amount + self.carried_amount

    def uses(self) -> list[Use]:
        """Papers that live on it, void ones aside; the later stages are asked through their models.

        A void paper keeps its rows, and with them its reference to this one, for the record (art. 42).
        """
        found = []
        for relation in self._meta.get_fields(include_hidden=True):
            if (
                relation.auto_created
                and not relation.concrete
                and relation.related_model._meta.app_label != "budgets"
            ):
                found += used_by(relation.related_model.objects.filter(**{relation.field.name: self}))
        return sorted(set(found))

    def deletion_obstacle(self) -> str | None:
        """Why it may not be deleted, naming the papers; None when nothing lives on it any more."""
        uses = self.uses()
        drafts = [use for use in uses if use.state == Desk.CLERK]
        if self.used or len(uses) > len(drafts):
            names = named([use for use in uses if use not in drafts])
            return f"这次确认已被意向、计划或结转使用，不能删除{names and f'：{names}'}。"
        if drafts:
            return (
                f"经办岗的{named(drafts)}还在使用这次确认，不能删除；"
                "请先在单据里改选其他指标，或者删除、作废该单据。"
            )
        return None

    @transaction.atomic
    def delete_unused(self, by: User) -> None:
        """Give the money back to the quota (M 3.2 step 3); ValidationError when something refers to it."""
        fresh = type(self).objects.select_for_update().get(pk=self.pk)
        if fresh.status == self.Status.DELETED:
            raise ValidationError("这次确认已被删除，请刷新。")
        if (obstacle := fresh.deletion_obstacle()) is not None:
            raise ValidationError(obstacle)
        with connection.cursor() as cursor:
            cursor.execute(UNCONFIRM, {"id": self.pk, "by": by.pk, "at": clock.now()})
