"""备案: one transaction from an approved plan to a filed book (manual 3.6.1, domain.md §12)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.models import User
from plans.models import Plan
from procurement.flow.models import Conflict, Desk, Refused

from . import checks, kinds
from .models import TaskBook


def in_force() -> Exists:
    """Of the plan OuterRef("pk"): it has a book that is not revoked."""
    return Exists(TaskBook.objects.filter(approved_plan=OuterRef("pk"), revoked_at=None))


def waiting(plans):
    """待备案: approved, and no book in force."""
    return plans.filter(~in_force(), state=Desk.DONE)


def seat_obstacle(plan: Plan, user: User) -> str | None:
    """Only the unit's own clerk files."""
    return plan.seat_obstacle(user, Desk.FILING)


@transaction.atomic
def file_book(plan_pk: int, by: User, *, version: int | None = None, **hand) -> TaskBook:
    """Refused, Conflict or ValidationError leave nothing behind, not even a number."""
    plan = Plan.objects.locked(plan_pk)
    if missing := seat_obstacle(plan, by):
        raise Refused(missing)
    if plan.books.filter(revoked_at=None).exists():
        raise Conflict("该计划已经备案，请刷新后查看任务书。")
    if plan.state != Desk.DONE or version not in (None, plan.version):
        raise Conflict
    if sentences := checks.obstacles(plan):
        raise ValidationError(sentences)
    book = drawn_up(plan, by)
    book.assign_number()
    book.save()
    book.perform("submit", by, **hand)
    return book.perform("file", by, **hand)


def drawn_up(plan: Plan, by: User) -> TaskBook:
    return TaskBook.begin(
        plan.unit, by, year=plan.fiscal_year, division=plan.division, title=plan.title, amount=plan.amount,
        is_secret=plan.is_secret, case=plan.case, approved_plan=plan, kind_of_book=kinds.book_kind(plan),
        channel=kinds.channel_of(plan), executor=kinds.executor_of(plan),
    )  # fmt: skip
