"""Which plans, results and contracts a new contract may start from (manual 3.8, domain.md §15.1)."""

from django.db.models import Exists, F, OuterRef, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from budgets.models import Holding
from plans.models import Plan, PlanType
from procurement.flow.context import fiscal_year
from procurement.flow.models import Desk
from tasks import filing
from tasks.models import ExecutionResult

from ..models import Contract, Sort, Standing
from ..sums import ZERO


def under_contract() -> Exists:
    """Of the plan OuterRef("pk"): it has a contract that is not void, nor ended before anything was paid."""
    nothing_left = {"standing": Standing.TERMINATED, "returned": F("amount")}
    return Exists(Contract.objects.living().exclude(**nothing_left).filter(approved_plan=OuterRef("pk")))


def own_plans(request):
    """Approved plans of the unit that still hold money."""
    mine = Plan.objects.filter(unit=request.user.current.content_object_id, state=Desk.DONE)
    holding = Holding.objects.filter(document=OuterRef("pk"), reserved_amount__gt=0)
    left = holding.order_by().values("document").annotate(sum=Sum("reserved_amount")).values("sum")
    return mine.filter(Exists(holding)).annotate(left=Subquery(left)).select_related("agency")


def results(request):
    """Awards and orders with something left to sign for, the newest first."""
    signed = Contract.objects.living().filter(result=OuterRef("pk"), sort=Sort.ENTRY).order_by()
    used = Subquery(signed.values("result").annotate(sum=Sum(F("amount") - F("returned"))).values("sum"))
    plans = own_plans(request).in_year(fiscal_year(request)).values("pk")
    rows = ExecutionResult.objects.effective().filter(
        book__approved_plan__in=plans, book__revoked_at=None, failed=False
    )
    return (
        rows.annotate(used=Coalesce(used, Value(ZERO)))
        .filter(used__lt=F("amount"))
        .select_related("book__approved_plan")
        .prefetch_related("suppliers")
        .order_by("-pk")
    )


def plans(request):
    """Plans with a book in force that nothing came back for: the contract is entered by hand."""
    known = ExecutionResult.objects.effective().filter(book__approved_plan=OuterRef("pk"), failed=False)
    ready = own_plans(request).filter(filing.in_force(), ~Exists(known)).exclude(plan_type=PlanType.HISTORY)
    return ready.order_by("-pk")


def old_plans(request):
    """历史合同补录: the plan carries the contract's own data."""
    return own_plans(request).filter(plan_type=PlanType.HISTORY).order_by("-pk")


def bases(request):
    """Filed contracts of the unit that are being carried out."""
    mine = Contract.objects.filed().filter(purchaser=request.user.current.content_object_id, base=None)
    return mine.filter(standing=Standing.IN_FORCE).order_by("-pk")
