"""关账: what is unfinished in a year that is over, and the end of its drafts (domain.md §15b)."""

import logging
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet, Sum

from accounts.models import Organization, Post, User
from procurement import clock
from procurement.flow.desks import REVIEWING
from procurement.flow.kinds import kinds
from procurement.flow.models import Conflict, Desk, Document, Move, Refused

from ..models.confirmations import QuotaConfirmation
from . import surrender, windows
from .models import CarryOver, YearClose

log = logging.getLogger("budgets")
DRAFT = Q(state=Desk.CLERK) & (Q(submitted_at=None) | Q(last_verb="withdraw"))  # 待提交; returned ones wait
OVER = [Desk.DONE, Desk.VOID]


def staying() -> list[str]:
    """Kinds that follow a running plan; their drafts go on (domain.md §15b: running plans and contracts)."""
    return [name for name, model in kinds().items() if model.outlives_year]


def drafts(year: int) -> QuerySet[Document]:
    return Document.objects.in_year(year).filter(DRAFT).exclude(kind__in=staying())


def is_closed(year: int) -> bool:
    """From the second person's word on, before the job has come to every draft."""
    if year >= clock.today().year:
        return False
    return YearClose.objects.filter(fiscal_year=year, confirmed_at__isnull=False).exists()


def unfinished(year: int) -> QuerySet:
    """By unit and kind: how many papers lie where."""
    stays = Q(kind__in=staying())
    names = {
        "drafts": DRAFT & ~stays, "kept": DRAFT & stays, "returned": Q(state=Desk.CLERK) & ~DRAFT,
        "review": Q(state__in=REVIEWING), "filing": Q(state=Desk.FILING),
    }  # fmt: skip
    rows = Document.objects.in_year(year).exclude(state__in=OVER).values("unit__name", "kind")
    counts = {name: Count("pk", filter=where) for name, where in names.items()}
    return rows.annotate(**counts).order_by("unit__budget_code", "unit__name", "kind")


def money_left(year: int) -> QuerySet:
    """By unit: what is still held or free of the year's confirmations."""
    rows = QuotaConfirmation.objects.active().filter(quota__fiscal_year=year)
    sums = {name: Sum(f"{name}_amount") for name in ("reserved", "committed", "carried")}
    sums["free"] = Sum("available")
    left = rows.values("quota__unit__name").annotate(**sums)
    return left.filter(Q(reserved__gt=0) | Q(committed__gt=0) | Q(free__gt=0)).order_by("quota__unit__name")


def obstacles(year: int) -> Iterator[str]:
    """Why the year may not be closed yet."""
    today, window = clock.today(), windows.windows(year)[year]
    if today.year <= year:
        yield f"{year} 年还没有结束，{year + 1} 年 1 月 1 日起才能关账。"
    elif today <= window.closes:
        yield f"{year} 年结转申请开放至 {window.closes}，截止以后才能关账。"
    # one that was returned does not hold up everybody else: its unit may still hand it in again
    waiting = CarryOver.objects.in_year(year).filter(executed_at=None)
    if count := waiting.exclude(state__in=[Desk.VOID, Desk.CLERK]).count():
        yield f"还有 {count} 份结转申请没有办结或没有执行。"


def ask(year: int, by: User) -> YearClose:
    """The office has looked at the list and wants the year closed; once, unless who asked has left."""
    row = YearClose.objects.filter(fiscal_year=year).select_related("asked_by").first()
    if row and not stranded(row):
        raise ValidationError(f"{row.asked_by}已申请 {year} 年度关账，不用再申请。")
    if not (row and row.confirmed_at) and (problems := list(obstacles(year))):
        raise ValidationError(problems)
    if row:
        return take_over(row, by)
    return YearClose.objects.get_or_create(fiscal_year=year, defaults={"asked_by": by})[0]


def stranded(row: YearClose) -> bool:
    """The drafts lapse in the name of who asked: without his post nothing goes on."""
    if row.finished_at:
        return False
    return not row.asked_by.posts.holds(Post.APPROVER, Organization.objects.office().pk)


def take_over(row: YearClose, by: User) -> YearClose:
    if by.pk == row.confirmed_by_id:
        raise ValidationError("申请关账和确认关账不能是同一人。")
    row.asked_by, row.asked_at = by, clock.now()
    row.save(update_fields=["asked_by", "asked_at"])
    return row


def confirm(year: int, by: User) -> None:
    """An administrator, not the one who asked, agrees; a second click changes nothing."""
    row = YearClose.objects.select_for_update().get(fiscal_year=year)
    if row.asked_by_id == by.pk:
        raise ValidationError("申请关账和确认关账不能是同一人。")
    if problems := list(obstacles(year)):
        raise ValidationError(problems)
    if row.confirmed_at is None:
        row.confirmed_by, row.confirmed_at = by, clock.now()
        row.save(update_fields=["confirmed_by", "confirmed_at"])


def close(row: YearClose) -> int:
    """Void the year's drafts, then take back its free money, one transaction each; the next run goes on."""
    by, models, done = User.objects.get(pk=row.asked_by_id), kinds(), 0
    for pk, kind in drafts(row.fiscal_year).order_by("pk").values_list("pk", "kind"):
        try:
            models[kind].objects.get(pk=pk).perform("lapse", by, f"{row.fiscal_year} 年度关账，草稿作废")
            done += 1
        except Conflict:
            continue  # submitted, or voided by another run, since the list was read
        except Refused as refused:
            log.error("year %s is not closed: %s", row.fiscal_year, refused)
            return done
    surrender.take_back(row)
    if not drafts(row.fiscal_year).exists():
        voided = Move.objects.filter(verb="lapse", document__fiscal_year=row.fiscal_year).count()
        open_rows = YearClose.objects.filter(pk=row.pk, finished_at=None)
        open_rows.update(finished_at=clock.now(), voided=voided)
    return done
