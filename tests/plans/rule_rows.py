"""What may be otherwise with a plan in the database: done to `at.paper` before it is examined."""

from datetime import date, timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils import timezone

from accounts.models import OrgKind
from notices.models import Publication
from plans.assistant import PlanFacts
from plans.forms import PlanForm
from plans.models import ImportApproval, Plan, PlanType
from procurement.flow.models import Attachment
from procurement.reference.models import BudgetClass, CatalogueEdition, Category
from tests.intents import makers as intents
from tests.world import organization

from . import makers

TODAY = timezone.localdate()
YEAR = makers.YEAR
SCOPE = "A02100301"
DISCLOSED = {"intent_exemption": "", "intent_reason": ""}


def row(**fields):
    """The item otherwise."""
    return lambda at: at.paper.items.update(**fields)


def money(**fields):
    """The quota behind the money otherwise."""
    return lambda at: type(at.rich.quota).objects.filter(pk=at.rich.quota_id).update(**fields)


def at_unit(**fields):
    return lambda at: type(at.unit).objects.filter(pk=at.unit.pk).update(**fields)


def economic(code: str):
    def done(at):
        subject, _ = BudgetClass.objects.get_or_create(kind="dept", code=code, defaults={"name": code})
        money(dept_econ=subject)(at)

    return done


def files(*codes: str):
    def done(at):
        for code in codes:
            upload = SimpleUploadedFile(f"{code}.pdf", b"%PDF-1.4\n%%EOF\n")
            Attachment.receive(at.paper, upload, code, at.clerk)

    return done


def imported(*papers: str, experts: int = 5):
    """An import argued by so many people, the last of them a lawyer, with these papers."""

    def done(at):
        item = at.paper.items.get()
        at.paper.items.update(is_import=True)
        answers = {"country": "德国", "purpose": "教学", "import_class": "other", "reason": "境内没有"}
        ImportApproval.objects.create(plan=at.paper, item=item, import_case="not_available", **answers)
        for number in range(experts):
            at.paper.experts.create(
                name=f"专家{number}", employer="示例研究院", title="教授", is_lawyer=not number
            )
        files(*papers)(at)
        at.settings.RESEARCH_IMPORT_FILING = False

    return done


def published(days: int, amount: str = "600000.00"):
    """An intent the portal has had for so many days."""

    def done(at):
        line = intents.item(at.rich, amount=Decimal(amount), category=Category.objects.get(code=SCOPE))
        notice = intents.published(at.unit, at.clerk, at.reviewer, line)
        Publication.objects.filter(document=notice).update(sent_at=timezone.now() - timedelta(days=days))
        at.paper.intent_item = notice.items.get()

    return done


def before(amount: str, **fields):
    """Another plan of the unit, submitted."""

    def done(at):
        other = makers.plan(
            at.unit, at.clerk, at.rich, amount, item={"category": at.paper.items.get().category}, **fields
        )
        type(other).objects.filter(pk=other.pk).update(submitted_at=timezone.now())

    return done


def old_money(name: str):
    def done(at):
        old = intents.confirmation(at.unit, at.clerk, "100.00", name)
        type(old.quota).objects.filter(pk=old.quota_id).update(source_type="carryover")

    return done


def again(**fields):
    """A second funding, of another quota or the same."""

    def done(at):
        other = intents.confirmation(at.unit, at.clerk, "100.00", "另一项目")
        type(other.quota).objects.filter(pk=other.quota_id).update(**fields)
        at.paper.fundings.create(fund_kind="current", confirmation=other, description="另", amount=1)

    return done


def packed(budget: str):
    return lambda at: at.paper.packages.create(name="一包", budget=Decimal(budget))


def edition(**fields):
    return lambda at: CatalogueEdition.objects.filter(categories__code=SCOPE).update(**fields)


def agent(**fields):
    def done(at):
        at.paper.agency = organization("示例代理公司", OrgKind.AGENCY, 78, **fields)

    return done


def elsewhere(at):
    at.paper.division = organization("另一处", OrgKind.DIVISION, 79)


def funded(amount: str):
    return lambda at: at.paper.fundings.update(amount=Decimal(amount))


def gone(name: str):
    return lambda at: getattr(at.paper, name).all().delete()


def typed(twice: bool = False, **item):
    """What the database would not hold stands in the form she is typing in."""

    def done(at):
        given = {"category": SCOPE, "unit_price": "1000", "quantity": "1"} | item
        money = [makers.fund(at.rich, "1000")] * (1 + twice)
        data = QueryDict(mutable=True)
        data.update(makers.posted([makers.item(**given)], money))
        blank = Plan.begin(at.unit, at.clerk, year=YEAR, plan_type=PlanType.PROJECT)
        at.facts = PlanFacts.typed(PlanForm(data, {}, instance=blank))

    return done


def nothing(at) -> None:
    """As it is."""


def on(year: int, month: int):
    """On a day of that month."""
    return lambda at: setattr(at, "day", date(year, month, 1))


def begin(days: int) -> dict:
    return {"expected_start": TODAY + timedelta(days=days)} | DISCLOSED
