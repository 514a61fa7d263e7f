"""Whose contracts a person's statistics count, and of which period: what an address asks for, made safe."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Q

from accounts.models import Organization, OrgKind, Post
from procurement.flow.context import fiscal_year
from procurement.flow.list_pages import need
from procurement.flow.menu import READERS

from .models.reports import ANNUAL, ends, period_name

LABEL = "合同统计报表"
POSTS = frozenset([Post.CLERK, Post.REVIEWER, Post.APPROVER]) | READERS
WIDE = (Post.APPROVER, Post.AUDITOR)


def units_of(appointment) -> Q | None:
    """The units this post looks after; None for all (domain.md §2.3)."""
    place = appointment.content_object
    if appointment.post in WIDE:
        return None
    if appointment.post == Post.VIEWER:
        return Q(parent=place) | Q(pk=place.pk)
    if appointment.post == Post.REVIEWER and place.kind == OrgKind.DIVISION:
        return Q(division=place)
    return Q(pk=place.pk)


@dataclass
class Scope:
    """One page's question: year, quarter (0 the whole year), units."""

    request: object
    year: int
    quarter: int
    within: Q | None  # None: every unit
    unit: Organization | None = None
    wrong: str = ""  # what was typed for a unit and fits none

    @classmethod
    def of(cls, request) -> "Scope":
        need(request, POSTS, LABEL)
        current = request.user.current
        year, quarter = number(request, "year", fiscal_year(request)), number(request, "quarter", ANNUAL)
        year = year if 2000 <= year <= 2100 else fiscal_year(request)
        scope = cls(request, year, quarter if quarter <= 4 else ANNUAL, units_of(current))
        if scope.many and (text := request.GET.get("unit", "").replace("\x00", "").strip()[:200]):
            scope.choose(text)
        return scope

    @property
    def many(self) -> bool:
        """Whether the post looks after more than one unit."""
        current = self.request.user.current
        return self.within != Q(pk=current.content_object_id)

    def choose(self, text: str) -> None:
        """Only one unit, by budget code or name."""
        rows = Organization.objects.filter(self.within or Q(), kind=OrgKind.PURCHASER)
        exact = list(rows.filter(Q(budget_code=text) | Q(name=text) | Q(short_name=text))[:2])
        found = exact or list(rows.filter(name__icontains=text)[:2])
        if len(found) == 1:
            self.unit = found[0]
        else:
            several = f"“{text[:30]}”对应多个单位，请填写完整名称或预算编码。"
            self.wrong = several if found else f"没有找到单位“{text[:30]}”，以下仍是全部单位的数据。"

    @property
    def units(self):
        """For a filter on `unit__in`; None for all."""
        if self.unit:
            return [self.unit.pk]
        return None if self.within is None else Organization.objects.filter(self.within).values("pk")

    def facts(self, rows):
        """Facts or tallies of this period and these units."""
        wanted = {"year": self.year} | ({"quarter": self.quarter} if self.quarter else {})
        return rows.filter(**wanted, **({} if self.units is None else {"unit__in": self.units}))

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day of the period."""
        first = self.quarter * 3 - 2 if self.quarter else 1
        return date(self.year, first, 1), ends(self.year, self.quarter)

    @property
    def late(self) -> str:
        """The mark of what came in after this period was reported."""
        return "late_quarter" if self.quarter else "late_year"

    @property
    def period(self) -> str:
        return period_name(self.year, self.quarter)

    @property
    def whose(self) -> str:
        if self.unit:
            return self.unit.label
        return "全省省级单位" if self.within is None else self.request.user.current.content_object.label

    def query(self, **more) -> str:
        """The same question in another address."""
        kept = {"year": self.year, "quarter": self.quarter or "", "unit": self.unit_word, **more}
        return "?" + urlencode({name: value for name, value in kept.items() if value not in ("", None)})

    @property
    def unit_word(self) -> str:
        return (self.unit.budget_code or self.unit.name) if self.unit else ""


def number(request, name: str, default: int) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else default
