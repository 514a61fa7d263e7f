"""What could be carried: computed from the ledger, confirmation by confirmation (domain.md §15b)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from django.apps import apps
from django.db.models import Q, QuerySet

from procurement.flow.models import Desk
from procurement.reference.money import plain

from .splitting import Basis


class Candidate(NamedTuple):
    """Money of one confirmation, there on one ground."""

    confirmation: object
    holder: object
    basis: Basis
    balance: Decimal

    @property
    def key(self) -> str:
        return f"{self.confirmation.pk}-{self.holder.pk if self.holder else 0}-{self.basis}"

    @property
    def second_year(self) -> bool:
        """It was carried into this year already."""
        return self.confirmation.quota.carry_years > 0

    @property
    def needs_ruling(self) -> bool:
        return self.second_year and self.basis != Basis.CONTRACTED

    @property
    def label(self) -> str:
        """For a list to choose from."""
        paper = f"{self.holder.number} {self.holder.title}，" if self.holder else ""
        quota = self.confirmation.quota
        return (
            f"{quota.project_name}（{quota.quota_no} 第 {self.confirmation.seq} 次）{paper}"
            f"{self.basis.label}，余额 {plain(self.balance)} 元"
        )


def of(unit: int, year: int, besides: int | None = None) -> dict[str, Candidate]:
    """By key, in the order of quotas; what another living application names is left out."""
    taken = claimed(unit, year, besides)
    found = (one for one in computed(unit, year) if one.key not in taken)
    rows = sorted(found, key=lambda one: (one.confirmation.quota.quota_no, one.confirmation.seq, one.key))
    return {one.key: one for one in rows}


def computed(unit: int, year: int) -> Iterator[Candidate]:
    """(a) contracted, (b) in a plan, (c) merely confirmed."""
    mine = {"quota__unit": unit, "quota__fiscal_year": year, "status": "active"}
    rows = apps.get_model("budgets.QuotaConfirmation").objects.filter(**mine, available__gt=0)
    for row in rows.select_related("quota"):
        yield Candidate(row, None, Basis.IDLE, row.available)
    for held in held_by_papers(Q(**{f"confirmation__{name}": value for name, value in mine.items()})):
        if held.committed_amount:
            yield Candidate(held.confirmation, held.document, Basis.CONTRACTED, held.committed_amount)
        if held.reserved_amount:
            yield Candidate(held.confirmation, held.document, Basis.PLANNED, held.reserved_amount)


def held_by_papers(where: Q) -> QuerySet:
    rows = apps.get_model("budgets.Holding").objects.filter(where)
    living = rows.filter(Q(reserved_amount__gt=0) | Q(committed_amount__gt=0))
    return living.select_related("confirmation__quota", "document")


def claimed(unit: int, year: int, besides: int | None) -> set[str]:
    """Keys that other applications of the unit have asked for and that are not executed yet."""
    lines = apps.get_model("budgets.CarryOverLine").objects.filter(
        carry_over__unit=unit, carry_over__fiscal_year=year, carry_over__executed_at=None,
        carry_over__submitted_at__isnull=False,
    )  # fmt: skip
    return {line.key for line in lines.exclude(carry_over__state=Desk.VOID).exclude(carry_over=besides)}


def objections(lines: list, offered: dict[str, Candidate]) -> Iterator[tuple[bool, str]]:
    """(is it wrong, what to do) of each line against what the ledger says now."""
    for number, line in enumerate(lines, 1):
        now = offered.get(line.key)
        yield now is None, f"第 {number} 行的资金已经变动，或已列入另一份结转申请，请删除这一行。"
        moved = now is not None and now.balance != line.balance
        yield moved, f"第 {number} 行的余额已变为 {plain(now.balance) if now else ''} 元，请核对后重新保存。"
