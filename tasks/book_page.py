"""The page of one task book: the plan it orders, its paper, what its executor has said."""

from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404, render

from plans.models import ImportExpert, Plan, PlanPackage
from plans.stages import Sheet
from procurement.flow import detail as reading
from procurement.flow.list_pages import actions
from procurement.flow.models import Delivery, Move
from procurement.sealing.views import may_retry

from . import progress, views
from .executors.views import acts
from .models import ExecutionResult, ExecutorEvent, MethodChange, TaskBook
from .models.book import contracted
from .models.change import Standing
from .stages import PLAN_PARTS, BookStage, change_obstacle

RELATED = (
    "unit", "division", "office", "clerk", "submitted_by", "executor", "approved_plan",
    *(f"approved_plan__{name}" for name in PLAN_PARTS),
)  # fmt: skip


def parts() -> dict[str, Exists]:
    """What there is of a book: its row says so, and nothing that is not there is asked for."""

    def there(model, **of) -> Exists:
        return Exists(model.objects.filter(**{name: OuterRef(field) for name, field in of.items()}))

    plan = "approved_plan"
    return {
        "has_deliveries": there(Delivery, document="pk"), "has_events": there(ExecutorEvent, book="pk"),
        "has_results": there(ExecutionResult, book="pk"), "has_experts": there(ImportExpert, plan=plan),
        "has_packages": there(PlanPackage, plan=plan),
        "has_change": Exists(MethodChange.objects.filter(original_plan=OuterRef(plan), is_open=True)),
        "has_contract": Exists(Plan.objects.filter(contracted(), pk=OuterRef(plan))),
    }  # fmt: skip


class BookSheet(Sheet):
    """The plan's parts as the book's row foretells them."""

    def __init__(self, book: TaskBook):
        super().__init__(book.approved_plan)
        self.book = book

    def packages(self) -> list:
        return super().packages() if self.book.has_packages else []

    def experts(self) -> list:
        return super().experts() if self.book.has_experts else []


def detail(request, pk: int):
    """Fetching is the permission check: what you may not see is 404."""
    papers = TaskBook.objects.visible_to(request.user).select_related(*RELATED).annotate(**parts())
    book = get_object_or_404(papers, pk=pk)
    request.menu_url = f"taskbook-{book.kind_of_book}"
    if not book.has_change:
        book.open_change = None  # answered by its row
    own, of_plan = moves(book)
    context = {
        "stage": BookStage, "paper": book, "title": book.title, "moves": own, "plan_moves": of_plan,
        "plan": book.approved_plan, "sheet": BookSheet(book), "steps": progress.steps(book), "changes": None,
        "actions": actions(BookStage, book, request.user), "why_not": reading.why_not(book, request.user),
        "move_url": BookStage.url("move", book.pk), **sealed(request, book), **execution(request, book),
    }  # fmt: skip
    return render(request, BookStage.templates("detail"), context)


def moves(book: TaskBook) -> tuple[list[Move], list[Move]]:
    """The book's and the plan's, in one query; what they looked like then is not shown here."""
    both = Move.objects.filter(document__in=[book.pk, book.approved_plan_id]).order_by("pk")
    rows = list(both.select_related("by", "organization").defer("snapshot"))
    return [row for row in rows if row.document_id == book.pk], [
        row for row in rows if row.document_id != book.pk
    ]


def sealed(request, book: TaskBook) -> dict:
    """Its newest paper, and what may be done about it."""
    paper, user = book.sealed.first(), request.user
    return {
        "sealed": paper, "may_retry": may_retry(user, book),
        "may_reseal": paper and views.reseal_obstacle(book, paper, user) is None,
        "may_change": change_obstacle(book.approved_plan, user, standing(book)) is None,
    }  # fmt: skip


def standing(book: TaskBook) -> Standing:
    """What a change of its plan's method depends on; a revoked book begins none."""
    return Standing(None if book.revoked_at else book, book.has_contract, book.open_change)


def execution(request, book: TaskBook) -> dict:
    """What was owed to its executor, what he reported, what came of it."""
    results = book.results.prefetch_related("suppliers", "lines")
    return {
        "execution_acts": acts(request.user, book),
        "deliveries": list(book.deliveries.order_by("pk")) if book.has_deliveries else [],
        "events": list(book.events.all()) if book.has_events else [],
        "results": list(results) if book.has_results else [],
    }  # fmt: skip
