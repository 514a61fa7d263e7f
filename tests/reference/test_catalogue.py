"""The catalogue: whole editions, the demo subset, and what the master data promise."""

import csv
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from procurement.reference.catalogue import ancestors, load
from procurement.reference.models import (
    BudgetClass,
    CalendarDay,
    CatalogueEdition,
    Category,
    FundNature,
    Threshold,
)
from tests.absent import shared

pytestmark = pytest.mark.django_db


def csv_file(tmp_path, rows, header="edition,code,name,parent,level"):
    path = tmp_path / "catalogue.csv"
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    return path


def imported(path) -> str:
    out = StringIO()
    call_command("import_catalogue", path, edition="2022", valid_from=date(2023, 1, 1), stdout=out)
    return out.getvalue()


def test_the_whole_edition_comes_in_twice_the_same():
    whole = shared("catalogue", "catalogue-2022.csv")
    first = imported(whole)
    before = list(Category.objects.order_by("id").values_list())
    assert imported(whole) == first
    assert list(Category.objects.order_by("id").values_list()) == before
    assert len(before) == 4272
    assert first.count("不存在，已归入") == 6
    assert Category.objects.get(code="A07050201").parent_code == "A07050000"
    orphans = Category.objects.exclude(level=0).exclude(parent_code__in=Category.objects.values("code"))
    assert not orphans.exists()


def test_a_missing_parent_is_reported_and_the_nearest_ancestor_taken(tmp_path):
    out = imported(csv_file(tmp_path, ["2022,A,货物,,0", "2022,A02010105,台式计算机,A02010100,4"]))
    assert "A02010105 的上级 A02010100 不存在，已归入 A" in out
    desktop = Category.objects.get(code="A02010105")
    assert (desktop.parent_code, desktop.initials, desktop.is_leaf) == ("A", "tsjsj", True)
    assert not Category.objects.get(code="A").is_leaf


def test_the_same_code_means_another_thing_in_another_edition(tmp_path):
    imported(csv_file(tmp_path, ["2022,A02010104,服务器,,4", "2013,A02010104,台式计算机,,4"]))
    load(
        "2013",
        "2013",
        date(2013, 1, 1),
        [{"code": "A02010104", "name": "台式计算机", "parent": "", "level": "4"}],
    )
    assert {c.name for c in Category.objects.filter(code="A02010104")} == {"服务器", "台式计算机"}


@pytest.mark.parametrize(
    ("header", "message"),
    [("edition,code,name", "缺少列：level、parent"), ("edition,code,name,parent,level", "没有 2022 版")],
)
def test_a_wrong_file_is_refused(tmp_path, header, message):
    with pytest.raises(CommandError, match=message):
        imported(csv_file(tmp_path, ["2013,A,货物,,0"], header))


def test_ancestors_are_told_nearest_first():
    assert ancestors("A02010105") == ["A02010100", "A02010000", "A02000000", "A"]
    assert ancestors("C21040000") == ["C21000000", "C"]
    assert ancestors("A") == []


def loaded():
    call_command("load_reference", stdout=StringIO())


def test_the_demo_data_come_in_twice_the_same():
    loaded()
    counts = [m.objects.count() for m in (Category, Threshold, FundNature, BudgetClass, CalendarDay)]
    ids = list(Threshold.objects.order_by("id").values_list("id", flat=True))
    loaded()
    assert counts == [m.objects.count() for m in (Category, Threshold, FundNature, BudgetClass, CalendarDay)]
    assert ids == list(Threshold.objects.order_by("id").values_list("id", flat=True))
    assert counts == [124, 46, 13, 43, 366 + 365 + 365]


def test_the_demo_data_carry_the_flags_of_the_catalogues():
    loaded()
    desktop = Category.objects.get(code="A02010105")
    assert (desktop.central, desktop.mall_allowed, desktop.energy_saving) == (True, True, True)


def test_flags_survive_the_import_of_the_whole_edition():
    loaded()
    imported(shared("catalogue", "catalogue-2022.csv"))
    assert Category.objects.get(code="A02010105").mall_allowed
    assert Category.objects.selectable().filter(code="A02010200").exists()
    assert not Category.objects.selectable().filter(code="A02010100").exists()


def test_categories_are_found_by_code_name_and_initials():
    loaded()
    for term in ("A02010105", "台式", "TSJSJ", "tsj"):
        assert Category.objects.selectable().matching(term).get().name == "台式计算机"
    assert Category.objects.in_force(date(2022, 12, 31)).count() == 0
    assert Category.objects.get(code="C21040000").type.label == "服务"


def test_a_threshold_is_the_one_of_the_day():
    Threshold.objects.create(
        code="t", amount=1, valid_from=date(2020, 1, 1), valid_to=date(2023, 12, 31), name="旧"
    )
    Threshold.objects.create(code="t", amount=2, valid_from=date(2024, 1, 1), name="新")
    assert Threshold.objects.value("t", date(2023, 12, 31)) == 1
    assert Threshold.objects.value("t", date(2024, 1, 1)) == 2
    with pytest.raises(Threshold.DoesNotExist):
        Threshold.objects.value("t", date(2019, 1, 1))


def test_what_was_not_read_in_a_source_is_marked_unverified():
    loaded()
    limit = Threshold.objects.get(code="open_tender", procurement_type="A", region_level="provincial")
    assert (limit.amount, limit.verified) == (Decimal("4000000.00"), False)
    assert "请核对" in limit.basis
    assert CatalogueEdition.objects.on(date(2026, 1, 1)).get().code == "2022"


def test_the_data_files_hold_no_stray_cells():
    folder = settings.BASE_DIR / "procurement" / "reference" / "data"
    for file in folder.glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as source:
            assert all(None not in row and None not in row.values() for row in csv.DictReader(source)), file
