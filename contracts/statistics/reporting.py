"""上报: freeze the figures of a period; from then on what comes in for it is a correction."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum

from accounts.models import User
from procurement import clock
from procurement.flow.snapshots import digest

from .figures import COUNTED, Figures
from .models import Report, Tally
from .models.reports import ends, period_name
from .recording import hold


def obstacle(year: int, quarter: int) -> str | None:
    """Why the period cannot be reported now."""
    if clock.today() <= ends(year, quarter):
        return f"{period_name(year, quarter)}尚未结束，{ends(year, quarter):%Y-%m-%d} 之后才能上报。"
    if Report.objects.filter(year=year, quarter=quarter).exists():
        return f"{period_name(year, quarter)}已经上报，数据已锁定，不能重复上报。"
    return None


@transaction.atomic
def send(year: int, quarter: int, by: User) -> Report:
    """Alone with the year: every filing is either in these figures or will be marked late."""
    hold(year, alone=True)
    if why := obstacle(year, quarter):
        raise ValidationError(why)
    content = frozen(year, quarter)
    return Report.objects.create(year=year, quarter=quarter, figures=content, sha256=digest(content), by=by)


def frozen(year: int, quarter: int) -> dict:
    """All rows of the tables in whole fen, and each unit's total."""
    rows = Tally.objects.filter(year=year, dimension="total", **late(quarter))
    rows = rows.filter(quarter=quarter) if quarter else rows
    sums = rows.values_list("unit__uscc", "unit__name").annotate(*(Sum(name) for name in COUNTED))
    units = {
        f"{uscc or ''} {name}".strip(): list(map(int, values)) for uscc, name, *values in sums.order_by()
    }
    return {
        "period": period_name(year, quarter),
        "columns": list(COUNTED),
        "rows": Figures(year, quarter).plain(),
        "units": units,
    }


def late(quarter: int) -> dict[str, bool]:
    return {"late_quarter" if quarter else "late_year": False}


def intact(report: Report) -> bool:
    """The stored figures are the sent ones, and the sums on file still give them."""
    content = frozen(report.year, report.quarter)
    return digest(report.figures) == report.sha256 and digest(content) == report.sha256
