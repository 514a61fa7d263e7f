"""The form: prefilled rows, rows without JavaScript, categories, and whatever people type."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from budgets.models import QuotaConfirmation
from intents.models import Intent
from procurement.reference.models import CatalogueEdition, Category
from tests.papers import entry

from . import makers

pytestmark = pytest.mark.django_db
NASTY = [
    "\x00", "a\x00b", "\u202egnp.exe", "\ufffd", "x" * 100_000, "NaN", "Infinity", "-Infinity", "1e400",
    "1e-400", "-0", "-1", "２６００", "１，２３４", "'\"><svg onload=alert(1)>", "<script>alert(1)</script>",
    "{{7*7}}", "{% url 'home' %}", "=cmd|'/c calc'!A0", "+1", "@SUM(1)", "שלום", "🧾💰", "a\r\nb", "\r\n",
    "../../etc/passwd", "%00", "%s%s%s", "\\", "';--", "9" * 400, "0.001", "99999999999999999999.99",
    "2026-13", "0000-00", "9999-12", "null", "None", "true", "[]", "\ufeff", "\u200b",
]  # fmt: skip
HEAD = ["title", "contact", "phone", "version", "action", "items-TOTAL_FORMS", "items-INITIAL_FORMS"]
ROW = [
    "confirmation", "project_name", "category", "demand_summary", "amount", "expected_month", "sme_reserved",
    "sme_share", "remark", "id", "DELETE",
]  # fmt: skip
TYPED = {"title", "contact", "phone", "project_name", "category", "demand_summary", "amount", "remark"}


def test_ticked_quotas_are_rows_with_what_is_known(as_user, unit, clerk, confirmed):
    second = makers.confirmation(unit, clerk, amount="80000.00", name="实验室改造")
    makers.intent(unit, clerk, makers.item(second, amount=Decimal("30000.00")))
    text = as_user(clerk).get(f"/intents/new/?c={confirmed.pk}&c={second.pk}&next=1").text
    assert 'name="items-TOTAL_FORMS" value="2"' in text
    assert 'value="实验室改造"' in text
    assert 'value="50000.00"' in text  # what other intents have left of it


def test_the_category_of_a_budget_entry_is_handed_down(as_user, unit, clerk, reviewer, divisional, officer):
    paper = entry(unit, clerk, fund_year := "4800000.00")
    type(paper).objects.filter(pk=paper.pk).update(fiscal_year=makers.YEAR)
    for verb, person in [("submit", clerk), *(("approve", p) for p in (reviewer, divisional, officer))]:
        paper = paper.perform(verb, person)
    confirmed = paper.quota.confirm(Decimal(fund_year), clerk)
    text = as_user(clerk).get(f"/intents/new/?c={confirmed.pk}").text
    assert 'value="A02010105 台式计算机"' in text


def test_a_row_is_added_without_javascript(as_user, clerk, confirmed):
    client = as_user(clerk)
    data = makers.posted(makers.row(confirmed, project_name="填了一半", amount=""), action="add:items")
    answer = client.post("/intents/new/", data)
    assert answer.status_code == 200
    assert 'name="items-TOTAL_FORMS" value="2"' in answer.text
    assert 'name="items-1-project_name"' in answer.text
    assert 'value="填了一半"' in answer.text
    assert "<title>错误" not in answer.text
    assert not Intent.objects.exists()


def test_several_rows_make_one_notice_with_an_automatic_title(as_user, unit, clerk, confirmed):
    year = makers.YEAR + 1
    rows = [
        makers.row(confirmed, expected_month=f"{year}-03"),
        makers.row(confirmed, project_name="交换机", expected_month=f"{year}年５月", amount="１，０００.５0"),
        {"confirmation": "", "project_name": "", "amount": ""},
    ]
    answer = as_user(clerk).post("/intents/new/", makers.posted(*rows))
    assert answer.status_code == 302
    paper = Intent.objects.get()
    assert paper.title == f"{unit.name}{year}年3月至5月政府采购意向"
    assert paper.amount == Decimal("601000.50")
    assert "财库〔2020〕10号" in paper.basis
    assert paper.items.count() == 2


def test_the_automatic_title_follows_the_rows_and_a_written_one_stays(as_user, unit, clerk, confirmed):
    client, year = as_user(clerk), makers.YEAR + 1
    client.post("/intents/new/", makers.posted(makers.row(confirmed)))
    paper = Intent.objects.get()
    line = {**makers.row(confirmed, expected_month=f"{year}-07"), "id": paper.items.get().pk}
    data = makers.posted(line, initial=1, version=paper.version, title=paper.title)
    client.post(f"/intents/{paper.pk}/edit/", data)
    paper = Intent.objects.get()
    assert paper.title == f"{unit.name}{year}年7月政府采购意向"
    client.post(f"/intents/{paper.pk}/edit/", data | {"version": paper.version, "title": "自拟标题"})
    assert Intent.objects.get().title == "自拟标题"


def test_a_row_is_deleted_without_javascript(as_user, unit, clerk, confirmed):
    paper = makers.intent(unit, clerk, makers.item(confirmed), makers.item(confirmed, project_name="交换机"))
    lines = [{**makers.row(confirmed), "id": line.pk} for line in paper.items.all()]
    lines[0]["DELETE"] = "on"
    data = makers.posted(*lines, initial=2, version=paper.version)
    assert as_user(clerk).post(f"/intents/{paper.pk}/edit/", data).status_code == 302
    paper = Intent.objects.get()
    assert (paper.items.count(), paper.amount) == (1, Decimal("600000.00"))


def test_somebody_elses_save_in_between_is_a_conflict(as_user, unit, clerk, confirmed):
    paper = makers.intent(unit, clerk, makers.item(confirmed))
    line = {**makers.row(confirmed), "id": paper.items.get().pk}
    data = makers.posted(line, initial=1, version=paper.version + 1, title="我写的标题")
    answer = as_user(clerk).post(f"/intents/{paper.pk}/edit/", data)
    assert answer.status_code == 409
    assert "我写的标题" in answer.text


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("A02010105", "A02010105"), ("a02010105", "A02010105"), ("A02010105 台式计算机", "A02010105"),
        ("台式计算机", "A02010105"), ("tsjsj", "A02010105"), (" 显微镜 ", "A02100301"), ("xwj", "A02100301"),
    ],
)  # fmt: skip
def test_a_category_is_found_by_code_name_or_initials(as_user, clerk, confirmed, typed, code):
    edition = CatalogueEdition.objects.get(code="2022")
    Category.objects.create(edition=edition, code="A02100301", name="显微镜", level=4, initials="xwj")
    answer = as_user(clerk).post("/intents/new/", makers.posted(makers.row(confirmed, category=typed)))
    assert answer.status_code == 302
    assert Intent.objects.get().items.get().category.code == code


def test_an_unclear_category_lists_the_candidates(as_user, clerk, confirmed):
    edition = CatalogueEdition.objects.get(code="2022")
    for number, name in enumerate(["生物显微镜", "金相显微镜"]):
        Category.objects.create(edition=edition, code=f"A0210030{number}", name=name, level=4, initials="x")
    client = as_user(clerk)
    many = client.post("/intents/new/", makers.posted(makers.row(confirmed, category="显微镜"))).text
    assert "A02100300 生物显微镜、A02100301 金相显微镜" in many
    none = client.post("/intents/new/", makers.posted(makers.row(confirmed, category="飞碟"))).text
    assert "目录中没有品目“飞碟”" in none


def test_a_higher_level_of_the_catalogue_is_no_category(as_user, clerk, confirmed):
    edition = CatalogueEdition.objects.get(code="2022")
    Category.objects.create(edition=edition, code="A02000000", name="设备", level=1, is_leaf=False)
    answer = as_user(clerk).post("/intents/new/", makers.posted(makers.row(confirmed, category="A02000000")))
    assert answer.status_code == 200
    assert "请填写末级品目" in answer.text


def test_one_more_row_costs_no_more_than_its_two_foreign_keys(as_user, clerk, confirmed):
    client = as_user(clerk)

    def reads(count: int) -> int:
        rows = [makers.row(confirmed, project_name=f"设备 {n}") for n in range(count)]
        with CaptureQueriesContext(connection) as seen:
            assert client.post("/intents/new/", makers.posted(*rows)).status_code == 302
        return len([q for q in seen if q["sql"].startswith("SELECT")])

    reads(1)
    assert reads(30) - reads(2) <= 28 * 2


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("amount", "0", "预算金额（元）不能小于"),
        ("amount", "1.234", "最多 2 位小数"),
        ("amount", "十万", "预算金额（元）的格式不对"),
        ("amount", "", "请填写预算金额（元）"),
        ("expected_month", "明年春天", "请填写到月"),
        ("expected_month", "1999-01", "请填写到月"),
        ("expected_month", f"{makers.YEAR + 3}-01", "预计采购时间应在"),
        ("sme_reserved", "some", "请从列表中选择面向中小企业预留"),
        ("project_name", "长" * 201, "采购项目名称最多 200 个字，现在有 201 个"),
        ("demand_summary", "长" * 2001, "采购需求概况最多 2000 个字"),
        ("confirmation", "999999", "请从列表中选择采购指标"),
    ],
)
def test_a_wrong_row_says_what_to_do(as_user, clerk, confirmed, field, value, sentence):
    answer = as_user(clerk).post("/intents/new/", makers.posted(makers.row(confirmed, **{field: value})))
    assert answer.status_code == 200
    assert sentence in answer.text
    assert not Intent.objects.exists()


def test_a_partial_set_aside_needs_its_share(as_user, clerk, confirmed):
    client = as_user(clerk)
    refused = client.post("/intents/new/", makers.posted(makers.row(confirmed, sme_reserved="part")))
    assert "部分预留时请填写预留比例" in refused.text
    client.post("/intents/new/", makers.posted(makers.row(confirmed, sme_reserved="part", sme_share="40")))
    client.post("/intents/new/", makers.posted(makers.row(confirmed, sme_reserved="none", sme_share="40")))
    shares = list(Intent.objects.order_by("pk").values_list("items__sme_share", flat=True))
    assert shares == [Decimal(40), None]


def test_a_total_beyond_the_column_is_refused(as_user, clerk, confirmed):
    rows = [makers.row(confirmed, amount="9999999999999999.99")] * 2
    answer = as_user(clerk).post("/intents/new/", makers.posted(*rows))
    assert answer.status_code == 200
    assert "合计太大" in answer.text


def shown(value: str, text: str) -> bool:
    """Is what was typed still in the page, escaped?"""
    return escape(value) in text or escape(value.replace("\r\n", "\n")) in text


def is_harmless(text: str) -> bool:
    return "<svg onload" not in text and "<script>alert" not in text


@pytest.mark.parametrize("field", HEAD)
def test_whatever_is_typed_in_the_head_is_answered_and_kept(as_user, clerk, confirmed, field):
    client = as_user(clerk)
    for value in NASTY:
        answer = client.post("/intents/new/", makers.posted(makers.row(confirmed)) | {field: value})
        assert answer.status_code in (200, 302), (field, value[:40])
        text = client.get(answer.url).text if answer.status_code == 302 else answer.text
        assert is_harmless(text), (field, value[:40])
        assert answer.status_code == 302 or field not in TYPED or shown(value, text), (field, value[:40])


@pytest.mark.parametrize("name", ROW)
def test_whatever_is_typed_in_a_row_is_answered_and_kept(as_user, clerk, confirmed, name):
    client = as_user(clerk)
    rows = [makers.row(confirmed, **{name: value}) for value in NASTY]
    answer = client.post("/intents/new/", makers.posted(*rows, makers.row(confirmed, amount="错")))
    assert answer.status_code == 200
    assert is_harmless(answer.text)
    for value in NASTY if name in TYPED else []:
        assert shown(value, answer.text), (name, value[:40])


@pytest.mark.parametrize("name", ["project_name", "demand_summary", "remark"])
def test_what_is_stored_is_shown_escaped_everywhere(as_user, clerk, confirmed, name):
    client = as_user(clerk)
    values = [value for value in NASTY if value.strip() and "\x00" not in value and len(value) < 200]
    rows = [makers.row(confirmed, **{name: value}) for value in values]
    assert client.post("/intents/new/", makers.posted(*rows)).status_code == 302
    pk = Intent.objects.get().pk
    for page in ("", "edit/", "preview/"):
        text = client.get(f"/intents/{pk}/{page}").text
        assert is_harmless(text)
        assert escape("<script>alert(1)</script>") in text
    assert client.get(f"/intents/{pk}/print/").status_code == 200


@pytest.mark.parametrize("field", ["title", "items-0-demand_summary", "items-0-category", "items-0-amount"])
def test_a_megabyte_is_refused_in_words(as_user, clerk, confirmed, field):
    data = makers.posted(makers.row(confirmed)) | {field: "长" * 350_000}
    answer = as_user(clerk).post("/intents/new/", data)
    assert answer.status_code == 200
    assert "最多" in answer.text or "格式不对" in answer.text
    assert not Intent.objects.exists()


def test_a_broken_byte_sequence_is_no_crash(as_user, clerk, confirmed):
    body = "action=save&title=%ED%A0%80%FF&items-TOTAL_FORMS=%ED%A0%80&items-INITIAL_FORMS=0"
    form = "application/x-www-form-urlencoded"
    assert as_user(clerk).post("/intents/new/", body, content_type=form).status_code == 200


@pytest.mark.parametrize("value", NASTY)
def test_whatever_is_asked_of_the_lists_is_answered(as_user, clerk, confirmed, value):
    client = as_user(clerk)
    for name in ("c", "q", "tab", "before", "after", "low", "high", "since", "until"):
        if len(value) < 10_000:
            assert client.get("/intents/", {name: value}).status_code == 200
            assert client.get("/intents/new/", {name: value}).status_code == 200


def test_a_deleted_quota_stops_the_submission(as_user, unit, clerk, confirmed):
    paper = makers.intent(unit, clerk, makers.item(confirmed))
    QuotaConfirmation.objects.filter(pk=confirmed.pk).update(
        status="deleted", deleted_by=clerk, deleted_at=paper.created_at
    )
    answer = as_user(clerk).post(f"/intents/{paper.pk}/moves/", {"verb": "submit", "version": paper.version})
    assert answer.status_code == 200
    assert "采购指标已被删除" in answer.text
