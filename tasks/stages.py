"""Declarations of 采购任务管理 and of 采购方式变更."""

from functools import partial

from django.shortcuts import get_object_or_404
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Post
from plans.models import Plan, PlanType
from plans.stages import PlanStage, Sheet
from procurement.flow import paper_pages
from procurement.flow.desks import Desk
from procurement.flow.menu import READERS, Entry, register
from procurement.flow.stages import Stage, bind
from procurement.sealing.views import may_retry

from . import columns, filing
from .causes import PAPERS
from .forms import ChangeForm
from .models import BookKind, MethodChange, TaskBook

MENUS = {
    BookKind.MALL: "商城任务书备案", BookKind.CENTRAL: "集采任务书备案",
    BookKind.DECENTRALIZED: "分散采购任务书备案", BookKind.RESEARCH: "科研采购任务书备案",
    BookKind.TERRITORIAL: "属地任务书备案", BookKind.OTHER: "其他任务书（非政府采购）",
}  # fmt: skip
ISSUED = "已下达任务书"
PLAN_PARTS = ("agency", "unit", "division", "office", "clerk", "intent_item__intent")
POSTS = frozenset([Post.CLERK, Post.REVIEWER, Post.APPROVER]) | READERS


class ChangeStage(Stage):
    """采购方式变更; begun from a filed plan."""

    model = MethodChange
    form = ChangeForm
    section = "采购计划管理"
    entry = "采购方式变更"
    review = "采购方式变更审核"
    attachments = PAPERS
    columns = columns.OF_CHANGE
    related = (*(f"original_plan__{name}" for name in PLAN_PARTS), "old_book", "new_plan", "notice")

    @classmethod
    def urls(cls) -> list:
        """Also a button above 采购计划申报 (manual 3.5.5, step 1)."""
        PlanStage.links = ((cls.entry, "methodchange-new"),)
        return super().urls()

    @classmethod
    def blank(cls, request) -> MethodChange:
        return MethodChange.about(get_object_or_404(filed_plans(request), pk=chosen(request)), request.user)

    @classmethod
    def more(cls, request, paper) -> dict:
        """The data of the original plan (step 2); once approved, the sealed reply instead of a print."""
        more = {"plan": paper.original_plan, "sheet": Sheet(paper.original_plan)}
        if paper.approval_no:
            more |= {
                "sealed": paper.sealed.first(),
                "may_retry": may_retry(request.user, paper),
                "print_url": "",
            }
        return more


def chosen(request) -> int:
    """?plan=…, or 0."""
    text = request.GET.get("plan", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def filed_plans(request):
    """Plans of the unit with a book in force and no change under way."""
    mine = Plan.objects.filter(unit=request.user.current.content_object_id, plan_type=PlanType.PROJECT)
    return mine.filter(filing.in_force(), state=Desk.DONE).select_related(*PLAN_PARTS)


def change_obstacle(plan: Plan, user, standing=None) -> str | None:
    """Why this user cannot begin a change of that plan's method."""
    return plan.seat_obstacle(user, Desk.FILING) or MethodChange(original_plan=plan).plan_obstacle(standing)


class BookStage(Stage):
    """Task books; six menus over one page (manual 3.6)."""

    model = TaskBook
    section = "采购任务管理"
    entry = "任务书备案"
    columns = columns.OF_BOOK
    begun_by_itself = False
    related = ("executor", "approved_plan")

    @classmethod
    def urls(cls) -> list:
        from . import book_page, lists, views

        register(*cls.menu_entries())
        six = [
            path(f"{kind}/", require_safe(partial(lists.listing, kind=kind)), name=f"taskbook-{kind}")
            for kind in MENUS
        ]
        return [
            *six,
            path("issued/", require_safe(lists.issued), name="taskbook-issued"),
            path("export/<str:kind>/", require_safe(lists.export), name="taskbook-export"),
            path("<int:pk>/", require_safe(book_page.detail), name="taskbook-detail"),
            path(
                "<int:pk>/moves/", require_http_methods(["GET", "HEAD", "POST"])(bind(paper_pages.move, cls)),
                name="taskbook-move",
            ),
            path("<int:pk>/print/", require_safe(views.official), name="taskbook-print"),
            path("<int:pk>/reseal/", require_POST(views.reseal), name="taskbook-reseal"),
        ]  # fmt: skip

    @classmethod
    def menu_entries(cls) -> list[Entry]:
        six = [
            Entry(cls.section, label, f"taskbook-{kind}", POSTS, cls.slug(), frozenset([kind]))
            for kind, label in MENUS.items()
        ]
        reports = Entry(
            cls.section, "未能归属的回报", "executor-reports", frozenset([Post.APPROVER]), "report",
            frozenset(["report"]),
        )  # fmt: skip
        return [*six, Entry(cls.section, ISSUED, "taskbook-issued", POSTS), reports]
