"""The queries behind Context: at most one each, none in a loop."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.apps import apps
from django.conf import settings
from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, Max, OuterRef, Q, Subquery, Sum
from django.utils import timezone

from accounts.models import Organization
from budgets.models import QuotaConfirmation
from intents.models import IntentItem
from plans import grown
from plans.models.choices import Method, MethodReason
from procurement.flow.models import Delivery, Desk, Move
from procurement.reference.models import CalendarDay, Threshold

from .context import AgencyFacts, Context, EarlierPrice, IntentFacts, OldMoney, OtherPlans, UnitFacts
from .facts import ZERO, PlanFacts

WINDOW = timedelta(days=365)
LOTS = ("批", "项")  # what is bought as a lot has no unit price to compare


def gather(day: date, unit: Organization, facts: PlanFacts) -> Context:
    return Context(
        day=day,
        limits=limits(day),
        workdays=calendar(day),
        unit=unit_facts(unit),
        agency=agency(facts.agency),
        intent=intents_of([facts.intent_item]).get(facts.intent_item) if facts.intent_item else None,
        others=others(day, unit, facts),
        earlier=earlier(day, unit, facts),
        outcomes=tuple(one for one in outcomes(unit, facts) if day - WINDOW <= one.day <= day),
        old_money=old_money(unit),
        added=added(facts, unit),
        first_method=first_method(facts.plan),
        same_supplier=same_supplier(facts, unit, day),
        research_filing=settings.RESEARCH_IMPORT_FILING,
    )  # fmt: skip


def limits(day: date) -> dict:
    """All thresholds of the day; of two editions in force the younger one."""
    rows = Threshold.objects.on(day).order_by("valid_from").values_list("code", "procurement_type", "amount")
    return {(code, kind): amount for code, kind, amount in rows}


def calendar(day: date) -> dict[date, bool]:
    """Two months back (an intent's thirty days) and three ahead."""
    span = (day - timedelta(days=62), day + timedelta(days=92))
    return dict(CalendarDay.objects.filter(date__range=span).values_list("date", "is_workday"))


def unit_facts(unit: Organization) -> UnitFacts:
    place = (unit.location, unit.is_research, unit.region)
    return UnitFacts(unit.pk, unit.name, unit.short_name, unit.division_id, *place)


def agency_facts(row: Organization | None) -> AgencyFacts | None:
    return AgencyFacts(row.name, row.kind, row.is_active, row.region) if row else None


def agency(pk: int | None) -> AgencyFacts | None:
    return agency_facts(Organization.objects.filter(pk=pk).first()) if pk else None


def intents_of(keys: Iterable[int]) -> dict[int, IntentFacts]:
    """Rows of intents by key, each with the day the portal had its notice."""
    if not keys:
        return {}
    sent = Delivery.objects.filter(document=OuterRef("intent"), channel="portal", state="sent")
    rows = IntentItem.objects.filter(pk__in=keys).select_related("category").annotate(
        sent=Subquery(sent.order_by("-pk").values("sent_at")[:1]),
        alive=Exists(IntentItem.objects.live().filter(pk=OuterRef("pk"))),
    )  # fmt: skip
    return {row.pk: intent_facts(row) for row in rows}


def intent_facts(row) -> IntentFacts:
    published = timezone.localdate(row.sent) if row.sent else None
    return IntentFacts(row.project_name, row.amount, row.category.code, published, row.alive)


def plans():
    """Plans that count: once submitted and not given up."""
    return apps.get_model("plans", "Plan").objects.filter(submitted_at__isnull=False).exclude(state=Desk.VOID)


def asked(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=BooleanField())


def same_project(facts: PlanFacts):
    """Money of the outer row's plan out of a budget project this plan uses: by its code, else its name."""
    money = [row for row in facts.fundings if row.confirmation]
    coded = [row.project_code for row in money if row.project_code]
    named = [row.project for row in money if not row.project_code]
    project = "confirmation__quota__project_"
    same = Q(**{project + "code__in": coded}) | Q(**{project + "code": "", project + "name__in": named})
    return apps.get_model("plans", "PlanFunding").objects.filter(same, plan=OuterRef("plan"))


def start(day: date) -> datetime:
    """Of the 365 days before a day."""
    return timezone.make_aware(datetime.combine(day - WINDOW, time.min))


def earlier(day: date, unit: Organization, facts: PlanFacts) -> tuple[EarlierPrice, ...]:
    """What the unit's other plans of the last 365 days would pay a piece."""
    rows = apps.get_model("plans", "PlanItem").objects.filter(
        plan__unit=unit, plan__in=plans().filter(submitted_at__gte=start(day)),
        category__code__in=list(facts.by_category),
    )  # fmt: skip
    rows = rows.exclude(plan=facts.plan).exclude(measure__in=LOTS).order_by()
    highest = rows.values_list("category__code", "measure").annotate(Max("unit_price"))
    return tuple(EarlierPrice(*row) for row in highest)


def outcomes(unit: Organization, facts: PlanFacts) -> list[grown.Outcome]:
    return grown.outcomes({unit.pk}, set(facts.by_category))


def others(day: date, unit: Organization, facts: PlanFacts) -> tuple[OtherPlans, ...]:
    """Sums of the unit's other plans in the same categories: this year's, and of the last 365 days."""
    year, recent = Q(plan__fiscal_year=facts.year), Q(plan__submitted_at__gte=start(day))
    mine = Q(plan__unit=unit, plan__in=plans(), category__code__in=list(facts.by_category))
    rows = (
        apps.get_model("plans", "PlanItem")
        .objects.filter(year | recent, mine)
        .exclude(plan=facts.plan)
        .annotate(same=Exists(same_project(facts)), this_year=asked(year), recent=asked(recent))
        .order_by()
        .values_list("category__code", "plan__method", "same", "this_year", "recent")
        .annotate(sum=Sum("total_price"), count=Count("plan", distinct=True))
    )
    return tuple(
        OtherPlans(code, method, amount, count, same_project, this_year, lately)
        for code, method, same_project, this_year, lately, amount, count in rows
    )


def old_money(unit: Organization) -> tuple[OldMoney, ...]:
    rows = QuotaConfirmation.objects.usable(unit).filter(quota__source_type="carryover")
    columns = rows.order_by("pk").values_list("pk", "quota__quota_no", "quota__project_name", "available")
    return tuple(OldMoney(*row) for row in columns[:200])


def added(facts: PlanFacts, unit: Organization):
    """Additions to the same contract by other plans (政府采购法第三十一条第三项)."""
    if facts.method_reason != MethodReason.ADDITION or not facts.contract_no:
        return ZERO
    rows = plans().filter(unit=unit, method_reason=MethodReason.ADDITION, contract_no=facts.contract_no)
    return rows.exclude(pk=facts.plan).aggregate(sum=Sum("amount"))["sum"] or ZERO


def first_method(pk: int | None) -> str:
    """How the plan was to be bought when it was submitted for the first time."""
    moves = Move.objects.filter(document=pk, verb="submit").order_by("pk")
    return (moves.values_list("snapshot__fields__method", flat=True).first() or "") if pk else ""


def same_supplier(facts: PlanFacts, unit: Organization, day: date) -> int:
    if facts.method != Method.SINGLE or not facts.supplier_name:
        return 0
    rows = plans().filter(unit=unit, method=Method.SINGLE, supplier_name=facts.supplier_name)
    return rows.filter(fiscal_year__gte=day.year - 2).exclude(pk=facts.plan).count()
