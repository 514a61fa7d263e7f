"""Quotas from files and from the finance feed: all or nothing, and twice is once."""

import io
import zipfile
from contextlib import suppress
from decimal import Decimal
from io import StringIO

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from accounts.models import Organization, OrgKind
from budgets.feed import FeedUnavailable, fetch
from budgets.imports import ImportRefused, from_feed, from_table, take_in
from budgets.jobs import pull_quotas, verify_ledger
from budgets.models import Quota, QuotaAdjustment, QuotaImport
from budgets.rows import HEADERS
from budgets.tables import BadTable, read
from budgets.verification import problems
from tests.papers import nature
from tests.remembered import load_reference
from tests.sandbox.running import Sandbox
from tests.times.clock import at

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def unit(unit):
    nature("1", "一般公共预算")
    nature("6", "单位资金")
    return unit


GOOD = {
    "指标ID": "F1",
    "指标编号": "ZB1",
    "指标文号": "皖财教〔2026〕12号",
    "预算编码": "105001001",
    "年度": "2026",
    "指标来源": "年初预算",
    "资金性质": "一般公共预算",
    "预算项目": "教学设备更新",
    "指标下达数": "4,800,000.00",
    "是否政府采购": "是",
}


def workbook(*rows: dict) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(list(HEADERS))
    for row in rows:
        book.active.append([row.get(header, "") for header in HEADERS])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def table(*rows: dict) -> bytes:
    lines = [",".join(HEADERS)]
    lines += [",".join(f'"{row.get(header, "")}"' for header in HEADERS) for row in rows]
    return "\n".join(lines).encode("utf-8-sig")


def load(*rows: dict, name="a.xlsx") -> QuotaImport:
    content = workbook(*rows) if name.endswith("xlsx") else table(*rows)
    return take_in(from_table(read(name, content)), QuotaImport.Source.FILE, name)


def faults(*rows: dict) -> list[str]:
    with pytest.raises(ImportRefused) as refused:
        load(*rows)
    assert not QuotaImport.objects.exists()
    return [str(fault) for fault in refused.value.faults]


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_a_file_taken_in_twice_changes_nothing(unit, name):
    assert str(load(GOOD, name=name)) == "导入 1 条指标：新增 1，变动 0"
    assert str(load(GOOD, name=name)) == "导入 1 条指标：新增 0，变动 0"
    quota = Quota.objects.get()
    assert (quota.unit, quota.division, quota.issued_amount) == (unit, unit.division, D("4800000.00"))
    assert quota.adjustments.count() == 1
    assert list(problems()) == []


def test_csv_as_excel_in_china_saves_it_is_read(unit):
    content = table(GOOD).decode("utf-8-sig").encode("gb18030")
    assert read("指标.csv", content)[0].values["预算项目"] == "教学设备更新"


def test_numbers_and_dates_of_a_workbook_keep_their_fen(unit):
    load(GOOD | {"指标下达数": 186532.5, "年度": 2026.0, "指标ID": 12})
    quota = Quota.objects.get(external_id="12")
    assert quota.issued_amount == D("186532.50")


def test_adjustments_and_freezes_are_appended(unit, clerk):
    load(GOOD)
    Quota.objects.get().confirm(D("4700000.00"), clerk)
    assert str(load(GOOD | {"调整数": "-200000", "冻结数": "1000"})).endswith("变动 1")
    quota = Quota.objects.get()
    assert (quota.adjusted_amount, quota.frozen_amount, quota.overdrawn) == (D("-200000"), D("1000"), True)
    load(GOOD | {"调整数": "0", "冻结数": "0", "指标下达数": "5000000"})
    quota.refresh_from_db()
    assert (quota.available, quota.overdrawn) == (D("300000.00"), False)
    assert [a.amount for a in quota.adjustments.all()] == [
        D("4800000"), D("-200000"), D("1000"), D("200000"), D("200000"), D("-1000"),
    ]  # fmt: skip
    assert list(problems()) == []


def test_every_fault_is_named_by_its_cell_and_nothing_is_saved(unit):
    wrong = {
        "指标ID": "F2", "指标编号": "ZB1", "预算编码": "999", "年度": "二〇二六", "指标来源": "天上",
        "资金性质": "外币", "预算项目": "", "指标下达数": "一百", "是否政府采购": "也许",
    }  # fmt: skip
    found = faults(GOOD, wrong, GOOD)
    assert found == sorted(found, key=lambda fault: (len(fault.split("：")[0]), fault.split("：")[0]))
    told = dict(fault.split("：", 1) for fault in found)
    assert told["E3"] == "预算编码“999”不是系统中的采购单位。"
    assert told["G3"] == "年度的格式不对，请检查。"
    assert told["H3"].startswith("指标来源“天上”不在可选范围")
    assert told["I3"] == "资金性质“外币”不在资金性质表中。"
    assert told["J3"] == "请填写预算项目。"
    assert told["O3"] == "指标下达数的格式不对，请检查。"
    assert told["R3"] == "是否政府采购请填“是”或“否”。"
    assert told["B3"] == "指标编号“ZB1”已被另一条指标使用。"
    assert told["A4"] == "指标ID“F1”重复。"
    assert not Quota.objects.exists()


def test_a_quota_does_not_move_to_another_unit_or_year(unit, places):
    load(GOOD)
    QuotaImport.objects.all().delete()
    told = faults(GOOD | {"预算编码": "361003001", "年度": "2025"})
    assert told == [
        "E2：这条指标已属于另一个单位，不能改变预算单位。",
        "G2：这条指标属于 2026 年，不能改变年度。",
    ]


NASTY = ["\x00", "1e400", "NaN", "-0", "=1+1", "9" * 5000, "'\"><svg onload=alert(1)>", "０．１２３", "٣"]


@pytest.mark.parametrize("value", NASTY)
@pytest.mark.parametrize("header", list(HEADERS))
def test_nasty_cells_are_refused_or_kept_never_a_crash(unit, header, value):
    with suppress(ImportRefused, BadTable):
        load(GOOD | {header: value}, name="a.csv")
    assert list(problems()) == []


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * 60 * 2**20)
    return out.getvalue()


def crowd() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(201):
            archive.writestr(f"{number}.xml", "x")
    return out.getvalue()


def entities() -> bytes:
    """A workbook whose sheet declares an XML entity bomb."""
    laugh = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    evil = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{laugh}]><worksheet>&l8;</worksheet>'
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(GOOD))) as good, zipfile.ZipFile(out, "w") as archive:
        for entry in good.namelist():
            archive.writestr(entry, evil if entry.endswith("sheet1.xml") else good.read(entry))
    return out.getvalue()


HOSTILE = {
    "bomb": ("a.xlsx", bomb, "展开后过大"),
    "crowd": ("a.xlsx", crowd, "展开后过大"),
    "entities": ("a.xlsx", entities, "已损坏"),
    "not a zip": ("a.xlsx", lambda: b"%PDF-1.7", "不是有效的 xlsx"),
    "empty": ("a.xlsx", lambda: b"", "不是有效的 xlsx"),
    "another format": ("a.xls", lambda: b"x", "请上传 xlsx 或 csv"),
    "too large": ("a.csv", lambda: b"x" * (10 * 2**20 + 1), "最多 10 MB"),
    "too many rows": ("a.csv", lambda: b"a\n" * 5002, "最多导入 5000 行"),
    "no header": ("a.csv", lambda: b"\n1,2\n", "第一行应为表头"),
    "no rows": ("a.csv", lambda: table(), "没有数据行"),
    "missing columns": ("a.csv", lambda: "指标ID\n1".encode(), "缺少列：指标编号"),
    "odd bytes": ("a.csv", lambda: b"\xff\xff\xff", "编码无法识别"),
    "huge cell": ("a.csv", lambda: b'"' + b"x" * 200_000, "csv 格式有误"),
}


@pytest.mark.parametrize(("name", "content", "message"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_or_broken_file_is_refused_in_chinese(name, content, message):
    with pytest.raises(BadTable, match=message):
        from_table(read(name, content()))


@pytest.fixture(scope="module")
def finance(tmp_path_factory):
    """The sandbox of the integrated budget system, as a process of its own."""
    folder = tmp_path_factory.mktemp("finance")
    running = Sandbox(folder, folder).start()
    yield running
    running.stop()


@pytest.fixture
def feed(finance, settings, unit):
    """The feed, and every unit and class it speaks of."""
    settings.FINANCE_FEED_URL = f"{finance.url}/finance/quotas"
    load_reference()
    for item in fetch(2026):
        division, _ = Organization.objects.get_or_create(name=item["division"], kind=OrgKind.DIVISION)
        Organization.objects.get_or_create(
            budget_code=item["unit_budget_code"],
            kind=OrgKind.PURCHASER,
            defaults={"name": f"单位{item['unit_budget_code']}", "division": division},
        )
    return finance


def test_the_feed_taken_in_twice_changes_nothing(feed):
    assert pull_quotas(2026) == "导入 16 条指标：新增 16，变动 0"
    assert pull_quotas(2026) == "导入 16 条指标：新增 0，变动 0"
    lowered = Quota.objects.get(external_id="YSYTH-2026-000011")
    assert (lowered.total, lowered.available) == (D("1100000.00"), D("1100000.00"))
    frozen = Quota.objects.get(external_id="YSYTH-2026-000016")
    assert (frozen.frozen_amount, frozen.available) == (D("1750000.00"), D(0))
    assert QuotaAdjustment.objects.filter(external_id="YSYTH-2026-000003-A1").count() == 1
    assert verify_ledger() == 0


@pytest.mark.parametrize(
    ("day", "asked"), [("2027-01-01", 2), ("2027-01-31", 2), ("2027-02-01", 1), ("2026-12-31", 1)]
)
def test_in_january_the_feed_is_asked_for_the_old_year_too(feed, day, asked):
    """What finance changes of it on its last evening comes in the next morning."""
    with at(f"{day} 06:00:00"):
        said = pull_quotas().split("；")
    assert said == ["导入 16 条指标：新增 16，变动 0"] * asked


def test_a_changed_adjustment_of_the_feed_is_refused(feed):
    items = fetch(2026)
    take_in(from_feed(items), QuotaImport.Source.FEED, "2026")
    items[2]["adjustments"][0]["amount"] = "350000.01"
    with pytest.raises(ImportRefused) as refused:
        take_in(from_feed(items), QuotaImport.Source.FEED, "2026")
    assert str(refused.value.faults[0]).endswith("财政流水“YSYTH-2026-000003-A1”与已入账金额不同。")


def test_a_new_adjustment_of_the_feed_can_overdraw(feed, clerk):
    items = fetch(2026)
    take_in(from_feed(items), QuotaImport.Source.FEED, "2026")
    Quota.objects.get(external_id="YSYTH-2026-000015").confirm(D("96000.00"), clerk)
    item = next(item for item in items if item["external_id"] == "YSYTH-2026-000015")
    item["adjustments"] = [{"external_id": "X-A1", "amount": "-6000.00"}]
    done = take_in(from_feed(items), QuotaImport.Source.FEED, "2026")
    assert (done.created, done.changed) == (0, 1)
    assert Quota.objects.get(overdrawn=True).available == D("-6000.00")


@pytest.mark.parametrize(
    "adjustments", [[{}], ["x"], [{"external_id": "a", "amount": "NaN"}], [{"amount": 1}]]
)
def test_an_adjustment_nobody_understands_is_refused(unit, adjustments):
    with pytest.raises(BadTable, match="第 1 条指标的调整记录格式不对"):
        from_feed([{"external_id": "F1", "adjustments": adjustments}])


def test_a_silent_feed_is_told_and_changes_nothing(feed, settings):
    settings.FINANCE_FEED_URL = "http://127.0.0.1:9/finance/quotas"
    assert pull_quotas(2026) == "预算管理一体化系统没有应答，请稍后再试。"
    settings.FINANCE_FEED_URL = f"{feed.url}/no/such/page"
    with pytest.raises(FeedUnavailable, match="应答异常（404）"):
        fetch(2026)
    settings.FINANCE_FEED_URL = f"{feed.url}/"
    with pytest.raises(FeedUnavailable, match="不是指标数据"):
        fetch(2026)


def test_the_command_takes_in_a_file_and_names_every_fault(unit, tmp_path):
    file, out = tmp_path / "指标.csv", StringIO()
    file.write_bytes(table(GOOD))
    call_command("import_quotas", file, stdout=out)
    assert "新增 1" in out.getvalue()
    file.write_bytes(table(GOOD | {"年度": "x"}))
    with pytest.raises(CommandError, match="G2：年度的格式不对"):
        call_command("import_quotas", file)
    with pytest.raises(CommandError, match="请给出一个文件"):
        call_command("import_quotas")
    file.write_bytes(b"")
    with pytest.raises(CommandError, match="第一行应为表头"):
        call_command("import_quotas", file)


def test_the_command_pulls_the_feed(feed):
    out = StringIO()
    call_command("import_quotas", feed=True, year=2026, stdout=out)
    assert "新增 16" in out.getvalue()
