"""Plain functions that make what the tests of budgets work on."""

from decimal import Decimal

from django.contrib.contenttypes.models import ContentType

from accounts.models import Appointment, Organization, OrgKind, Post, User
from budgets.models import AdjustmentKind, BudgetEntry, Quota
from procurement.reference.models import FundNature


def organization(name: str, kind: OrgKind = OrgKind.PURCHASER, **fields) -> Organization:
    return Organization.objects.get_or_create(name=name, kind=kind, defaults=fields)[0]


def person(username: str, *posts: tuple[Post, Organization]) -> User:
    """A user with posts, as the administrator would have made him."""
    user = User.objects.create(username=username, name=username)
    for post, place in posts:
        Appointment.objects.appoint(user, post, place)
    ContentType.objects.clear_cache()
    return user


def world() -> dict:
    """A unit with its division and the office, and nobody in them yet."""
    office = organization("采购处", OrgKind.OFFICE)
    division = organization("教科文处", OrgKind.DIVISION)
    department = organization("示例教育厅", OrgKind.DEPARTMENT, budget_code="105")
    unit = organization(
        "安徽示例大学", budget_code="105001", division=division, parent=department, short_name="示例大学"
    )
    return {"office": office, "division": division, "department": department, "unit": unit}


def nature(code: str = "1", name: str = "一般公共预算", **fields) -> FundNature:
    defaults = {"name": name, "is_fiscal": True, "stat_bucket": 1} | fields
    return FundNature.objects.get_or_create(code=code, defaults=defaults)[0]


def quota(unit: Organization, amount="100.00", no: str = "ZB1", **fields) -> Quota:
    """An issued quota of a unit."""
    defaults = {
        "project_name": "教学设备更新",
        "fund_nature": nature(),
        "division": unit.division,
        "fiscal_year": 2026,
        "source_type": "year_start",
    }
    row = Quota.objects.create(quota_no=no, unit=unit, **(defaults | fields))
    row.change(AdjustmentKind.ISSUE, Decimal(amount))
    return Quota.objects.get(pk=row.pk)


def paper(unit: Organization, by: User, number: str = "JH1") -> BudgetEntry:
    """Some paper that can hold money; until plans exist a budget entry stands in for one."""
    entry = BudgetEntry.begin(
        unit, by, year=2026, number=number, title="实训台", project_name="实训台", fund_nature=nature(),
        entry_type="other", fund_source="business",
    )  # fmt: skip
    entry.save()
    return entry
