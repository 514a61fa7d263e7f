"""`manage.py load_reference`: the master data the demo needs; running it again changes nothing."""

import csv
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand

from procurement.reference import catalogue
from procurement.reference.models import BudgetClass, CalendarDay, FundNature, Threshold

DATA = Path(__file__).resolve().parents[2] / "data"
YEARS = (2024, 2025, 2026)


def rows(name: str) -> list[dict]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


class Command(BaseCommand):
    """Load the catalogue subset, thresholds, fund natures, budget classes and the calendar."""

    help = "装入基础数据（品目子集、限额标准、资金性质、预算科目、工作日历）"

    def handle(self, **options):
        catalogue.load(
            "2022", "政府采购品目分类目录（2022年版）", date(2023, 1, 1), rows("catalogue"), flags=True
        )
        upsert(Threshold, rows("thresholds"), ["code", "region_level", "procurement_type", "valid_from"])
        upsert(FundNature, rows("natures"), ["code"])
        upsert(BudgetClass, rows("classes"), ["kind", "code"])
        days = sum(CalendarDay.objects.load_library(year) for year in YEARS)
        self.stdout.write(f"基础数据已装入，工作日历 {days} 天")


def upsert(model, records: list[dict], key: list[str]) -> None:
    """Insert the rows or update those that exist; an empty CSV cell is the field's own empty value."""
    fields = {name: model._meta.get_field(name) for name in records[0]}
    objects = [
        model(
            **{
                name: field.to_python(text or field.get_default())
                for (name, text), field in zip(record.items(), fields.values(), strict=True)
            }
        )
        for record in records
    ]
    rest = [name for name in fields if name not in key]
    model.objects.bulk_create(objects, update_conflicts=True, unique_fields=key, update_fields=rest)
