"""Papers for tests, made the way a clerk makes them: begin, number, save, lines."""

from decimal import Decimal

from django.db import transaction

from budgets.models import BudgetEntry, BudgetEntryLine, EntryType, FundSource
from procurement.reference.models import CatalogueEdition, Category, FundNature

from .world import YEAR


def category(code: str = "A02010105", name: str = "台式计算机") -> Category:
    edition, _ = CatalogueEdition.objects.get_or_create(
        code="2022", defaults={"name": "2022 年版", "valid_from": "2022-01-01"}
    )
    return Category.objects.get_or_create(
        edition=edition, code=code, defaults={"name": name, "level": 4, "initials": "tsjsj"}
    )[0]


def nature(code: str = "1", name: str = "一般公共预算资金") -> FundNature:
    return FundNature.objects.get_or_create(
        code=code, defaults={"name": name, "is_fiscal": True, "stat_bucket": 1}
    )[0]


@transaction.atomic
def entry(unit, clerk, amount: str = "4800000.00", title: str = "教学设备更新", **fields) -> BudgetEntry:
    """A complete unified-budget entry on the clerk's desk: one line, one beneficiary."""
    paper = BudgetEntry.begin(
        unit, clerk, year=YEAR, title=title, amount=Decimal(amount), entry_type=EntryType.UNIFIED,
        fund_source=FundSource.DEPARTMENT, fund_nature=nature(), project_name=title, **fields,
    )  # fmt: skip
    paper.assign_number()
    paper.save()
    BudgetEntryLine.objects.create(
        entry=paper, category=category(), content="教学用台式计算机", unit_price=Decimal(amount),
        quantity=Decimal(1), measure="批", total_price=Decimal(amount),
    )  # fmt: skip
    paper.beneficiaries.create(organization=unit, amount=Decimal(amount))
    return paper
