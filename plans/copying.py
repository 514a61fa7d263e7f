"""复制去年计划: what is bought every year is not typed every year.

Head, list, organisation and packages come along. Money does not (other years' quotas), nor the intent, the
dates, the attachments, the panel of experts and what was said to the assistant: they belong to their year.
"""

from django.db.models import Q, QuerySet

from procurement import clock
from procurement.flow.context import fiscal_year
from procurement.reference.catalogue import ancestors
from procurement.reference.models import Category

from .forms.items import FOLD, IMPORT_FIELDS, LINE
from .forms.parts import PackageForm
from .forms.plan import CONTRACT, OF_TYPE
from .models import Plan
from .sources import numbers, shown

STAYS = {"intent_item", "intent_exemption", "intent_reason", "notice", *CONTRACT}  # of that year's papers
PEOPLE = ["responsible_name", "responsible_phone", "demand_summary", "is_secret"]


def earlier(request) -> QuerySet:
    """Plans of the own unit, of the years before the one being worked in; given up ones are not offered."""
    rows = Plan.objects.visible_to(request.user).filter(
        unit=request.user.current.content_object_id, fiscal_year__lt=fiscal_year(request)
    )
    # a draft that its year's closing ended was not given up by anybody
    return rows.exclude(Q(state="void") & ~Q(last_verb="lapse")).order_by("-fiscal_year", "-pk")


def chosen(request) -> Plan | None:
    """The plan named by ?from=, read once a request."""
    if not hasattr(request, "_copied"):
        keys = numbers(request.GET.getlist("from"))
        request._copied = earlier(request).filter(pk=keys[0]).first() if keys else None
    return request._copied


def head_of(old: Plan) -> dict:
    """Fields a new plan of the same type takes over; the agency only while it is in business."""
    names = [name for part in OF_TYPE[old.plan_type].values() for name in part if name not in STAYS]
    head = {name: getattr(old, name) for name in [*PEOPLE, *names]}
    if old.agency_id and not old.agency.is_active:
        head["agency"] = None
    return head


def rows_of(old: Plan) -> dict[str, list[dict]]:
    """Initial rows of the form; four queries whatever their number."""
    items = list(old.items.select_related("category__edition", "import_approval"))
    codes = Codes([item.category for item in items])
    return {
        "items": [item_row(item, codes) for item in items],
        "packages": [package_row(package) for package in old.packages.all()],
    }


def item_row(item, codes: "Codes") -> dict:
    row = {name: shown(getattr(item, name)) for name in [*LINE, *FOLD]}
    row["category"], row["category_note"] = codes.today(item.category)
    if (block := getattr(item, "import_approval", None)) is not None:
        row |= {name: getattr(block, name) for name in IMPORT_FIELDS}
    return row


def package_row(package) -> dict:
    return {name: shown(getattr(package, name)) for name in PackageForm.Meta.fields}


class Codes:
    """What became of the categories of a plan; one query for those in force today."""

    def __init__(self, old: list[Category]):
        today = clock.today()
        offered = Category.objects.in_force(today).selectable()
        codes = {code for row in old for code in (row.code, *ancestors(row.code))}
        names = {row.name for row in old}
        rows = list(offered.filter(code__in=codes) | offered.filter(name__in=names)) if old else []
        self.by_pk = {row.pk: row for row in rows}
        self.by_code = {row.code: row for row in rows}
        self.by_name = {row.name: row for row in rows}

    def today(self, old: Category) -> tuple[str, str]:
        """(what stands in the field, what to say beside it)."""
        if old.pk in self.by_pk or self.same(old):
            return str(old), ""
        successor = self.successor(old)
        if successor is None:
            return str(old), f"“{old}”已不在现行目录中，请重新选择品目。"
        return str(old), f"“{old}”已不在现行目录中，建议改用 {successor}。"

    def same(self, old: Category) -> bool:
        """The same code means the same thing in the edition in force."""
        row = self.by_code.get(old.code)
        return row is not None and row.name == old.name

    def successor(self, old: Category) -> Category | None:
        """The same name under a new code, else the same code under a new name, else the nearest branch."""
        found = self.by_name.get(old.name) or self.by_code.get(old.code)
        return found or next((self.by_code[c] for c in ancestors(old.code) if c in self.by_code), None)
