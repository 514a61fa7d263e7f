"""Many submitted plans at once, each as on the day of its submission: what the thresholds bear on."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.apps import apps
from django.db.models import Max, QuerySet, Sum
from django.utils import timezone

from accounts.models import Organization
from plans import grown
from plans.models.choices import MethodReason
from procurement.reference.models import Threshold

from .context import Context, EarlierPrice, OtherPlans
from .facts import ZERO, PlanFacts
from .gathering import LOTS, WINDOW, agency_facts, intents_of, plans, unit_facts
from .reading import Rows, told


class Part(NamedTuple):
    """What one plan buys of one category."""

    plan: int
    method: str
    year: int
    submitted: datetime
    amount: Decimal


class Limits:
    """All thresholds, read once; those of a day out of memory."""

    def __init__(self):
        rows = Threshold.objects.order_by("valid_from")
        columns = ("code", "procurement_type", "amount", "valid_from", "valid_to")
        self.rows, self.days = list(rows.values_list(*columns)), {}

    def on(self, day: date) -> dict[tuple[str, str], Decimal]:
        if day not in self.days:
            self.days[day] = {
                (code, kind): amount
                for code, kind, amount, since, until in self.rows
                if since <= day and (until is None or until >= day)
            }
        return self.days[day]


class Batch:
    """Facts and contexts of some plans; the number of queries does not depend on how many.

    Left out is what no threshold bears on: the calendar, money carried over, repeated suppliers.
    """

    def __init__(self, papers: list, limits: Limits):
        self.papers, self.limits = papers, limits
        rows = Rows(papers)
        self.facts = {paper.pk: told(paper, rows) for paper in papers}
        named = {paper.agency_id for paper in papers} - {None}
        self.agencies = Organization.objects.in_bulk(named) if named else {}
        self.intents = intents_of({paper.intent_item_id for paper in papers} - {None})
        self.parts = self.bought()
        self.prices, self.outcomes = self.paid(), self.ended()
        self.projects = self.paid_from()
        self.additions = self.added()

    def __iter__(self) -> Iterator[tuple]:
        """(plan, facts, context)"""
        for paper in self.papers:
            facts = self.facts[paper.pk]
            yield paper, facts, self.context(paper, facts)

    def context(self, paper, facts: PlanFacts) -> Context:
        day = timezone.localdate(paper.submitted_at)
        key = (paper.unit_id, paper.contract_no)
        return Context(
            day=day, limits=self.limits.on(day), unit=unit_facts(paper.unit),
            agency=agency_facts(self.agencies.get(paper.agency_id)),
            intent=self.intents.get(paper.intent_item_id), others=tuple(self.others(paper, facts)),
            earlier=tuple(self.earlier(paper, facts)), outcomes=tuple(self.before(paper, facts, day)),
            added=sum((amount for pk, amount in self.additions[key] if pk != paper.pk), ZERO),
        )  # fmt: skip

    # --- what the units bought besides --------------------------------------------------------------------

    def around(self) -> QuerySet:
        """The plans of these units that may count with one of the batch."""
        first = min(paper.submitted_at for paper in self.papers) - WINDOW
        years = {paper.fiscal_year for paper in self.papers}
        units = {paper.unit_id for paper in self.papers}
        mine = plans().filter(unit__in=units)
        return mine.filter(fiscal_year__in=years) | mine.filter(submitted_at__gte=first)

    def bought(self) -> dict[tuple[int, str], list[Part]]:
        """(unit, category) -> parts, the oldest first."""
        rows = apps.get_model("plans", "PlanItem").objects.filter(plan__in=self.around())
        names = ("plan__unit", "category__code", "plan", "plan__method", "plan__fiscal_year")
        summed = rows.values_list(*names, "plan__submitted_at").annotate(sum=Sum("total_price"))
        found: dict[tuple[int, str], list[Part]] = defaultdict(list)
        for unit, code, *part in summed.order_by("plan__submitted_at", "plan"):
            found[unit, code].append(Part(*part))
        return found

    def paid(self) -> dict[tuple[int, str], list[tuple]]:
        """(unit, category) -> plan, its submission, measure and highest unit price."""
        rows = apps.get_model("plans", "PlanItem").objects.filter(plan__in=self.around())
        names = ("plan__unit", "category__code", "plan", "plan__submitted_at", "measure")
        found: dict[tuple[int, str], list[tuple]] = defaultdict(list)
        highest = rows.exclude(measure__in=LOTS).order_by().values_list(*names).annotate(Max("unit_price"))
        for unit, code, *row in highest:
            found[unit, code].append(tuple(row))
        return found

    def earlier(self, paper, facts: PlanFacts) -> Iterator[EarlierPrice]:
        """As `gathering.earlier` on the day of the submission."""
        since = timezone.localdate(paper.submitted_at) - WINDOW
        for code in facts.by_category:
            prices: dict[str, Decimal] = {}
            for _, submitted, measure, price in self.prices[paper.unit_id, code]:
                if submitted < paper.submitted_at and timezone.localdate(submitted) >= since:
                    prices[measure] = max(price, prices.get(measure, ZERO))
            yield from (EarlierPrice(code, measure, price) for measure, price in prices.items())

    def ended(self) -> list[grown.Outcome]:
        codes = {code for facts in self.facts.values() for code in facts.by_category}
        return grown.outcomes({paper.unit_id for paper in self.papers}, codes)

    def before(self, paper, facts: PlanFacts, day: date) -> Iterator[grown.Outcome]:
        mine = (one for one in self.outcomes if one.unit == paper.unit_id)
        return (one for one in mine if one.category in facts.by_category and day - WINDOW <= one.day <= day)

    def paid_from(self) -> dict[int, set[str]]:
        """Plan -> its budget projects, by code or else by name."""
        rows = apps.get_model("plans", "PlanFunding").objects.filter(plan__in=self.around())
        quota = "confirmation__quota__project_"
        found: dict[int, set[str]] = defaultdict(set)
        for plan, code, name in rows.values_list("plan", quota + "code", quota + "name"):
            found[plan].add(code or name)
        return found

    def others(self, paper, facts: PlanFacts) -> Iterator[OtherPlans]:
        """Only what was submitted before: the clerk could not know the later ones."""
        since = timezone.localdate(paper.submitted_at) - WINDOW
        own = {fund.budget for fund in facts.fundings if fund.confirmation}
        for code in facts.by_category:
            for part in self.parts[paper.unit_id, code]:
                if part.submitted >= paper.submitted_at:
                    break
                this_year = part.year == paper.fiscal_year
                recent = timezone.localdate(part.submitted) >= since
                if this_year or recent:
                    same = bool(own & self.projects[part.plan])
                    yield OtherPlans(code, part.method, part.amount, 1, same, this_year, recent)

    def added(self) -> dict[tuple[int, str], list[tuple[int, Decimal]]]:
        """(unit, contract) -> additions to it (政府采购法第三十一条第三项)."""
        rows = plans().filter(method_reason=MethodReason.ADDITION).exclude(contract_no="")
        mine = rows.filter(unit__in={paper.unit_id for paper in self.papers})
        found: dict[tuple[int, str], list] = defaultdict(list)
        for unit, contract, pk, amount in mine.values_list("unit", "contract_no", "pk", "amount"):
            found[unit, contract].append((pk, amount))
        return found
