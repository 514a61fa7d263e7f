"""Whatever people type into a plan is answered in words and kept."""

import re
from html import unescape
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Sum
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from plans.forms.items import IMPORT_FIELDS, PlanItemForm
from plans.forms.plan import HEAD, INTENT, SME, TRAITS, WAY
from plans.models import Plan, PlanType
from plans.sheets import LABELS
from procurement.reference.prices import by_total, by_unit
from tests.intents.test_form import NASTY, is_harmless, shown

from . import makers

pytestmark = pytest.mark.django_db
ADDRESS = "/plans/new/?kind=project&blank=1"
COUNTS = [f"{name}-{part}_FORMS" for name in makers.SETS for part in ("TOTAL", "INITIAL")]
FIELDS = [*HEAD, *INTENT, *TRAITS, *WAY, *SME]
ROWS = {
    "items": [*PlanItemForm.base_fields, "id", "DELETE"],
    "fundings": ["confirmation", "description", "amount", "id", "DELETE"],
    "packages": ["name", "budget", "ceiling", "method", "pricing", "evaluation", "joint_bid", "id", "DELETE"],
    "experts": ["name", "employer", "title", "opinion", "id", "DELETE"],
}
TYPED = {
    "title", "demand_summary", "handler_name", "handler_phone", "no_sme_reason", "method_text", "content",
    "measure", "requirement", "spec", "description", "name", "employer", "opinion", "category", "country",
}  # fmt: skip
GOOD = {
    "packages": {"name": "第一包", "budget": "1", "pricing": "total", "evaluation": "score"},
    "experts": {"name": "张三", "employer": "示例研究院", "title": "教授"},
}


IMPORTED = {
    "is_import": "on", "country": "德国", "purpose": "教学", "import_class": "other",
    "import_case": "not_available", "reason": "国内没有同类产品",
}  # fmt: skip
TEXTS = re.compile(
    r'<input[^>]*? name="([^"]+)"[^>]*? type="text" value="([^"]*)"'
    r'|<textarea[^>]*? name="([^"]+)"[^>]*>\n([^<]*)<'
)
SENTENCES = re.compile(r'<div class="fld-e" id="([^"]+)_error">(.*?)</div>', re.DOTALL)
HAN = re.compile("[\u4e00-\u9fff]{3}")


def each_wrong_alone(row: dict, fields: list[str]) -> list[dict]:
    """A row for each field and value: the others are right, so that the value gets as far as it can."""
    return [row | {field: value} for field in fields for value in NASTY]


def kept_where_typed(data: dict, text: str) -> None:
    """Every text stands in the field it was typed in; every error is a sentence beside its field."""
    kept = {
        unescape(name or area): unescape(value or body) for name, value, area, body in TEXTS.findall(text)
    }
    for name, value in data.items():
        part = name.split("-")[-1]
        if value in NASTY and "-" in name and (name in kept or part in TYPED):
            assert kept[name] == value, (name, value[:40])
    told = dict(SENTENCES.findall(text))
    assert told
    for place, sentence in told.items():
        assert HAN.search(sentence), (place, sentence[:80])
        assert f'aria-describedby="{place}_error"' in text, place


def answered(client, data: dict) -> None:
    answer = client.post(ADDRESS, data)
    assert answer.status_code == 200
    assert is_harmless(answer.text)
    kept_where_typed(data, answer.text)
    assert client.post("/plans/assistant/?kind=project", data).status_code == 200


def test_whatever_is_typed_in_the_head_is_answered_and_kept(as_user, clerk, confirmed):
    """Every field meets every value once; all fields are wrong together."""
    client = as_user(clerk)
    for shift in range(len(NASTY)):
        typed = {field: NASTY[(place + shift) % len(NASTY)] for place, field in enumerate(FIELDS)}
        data = makers.posted([makers.item()], [makers.fund(confirmed)]) | typed
        answer = client.post(ADDRESS, data | {"handler_phone": "错"})
        assert answer.status_code == 200, shift
        assert is_harmless(answer.text), shift
        assert "请填写 11 位手机号，或带区号的座机号" in answer.text
        for field in TYPED & set(typed) - {"handler_phone"}:
            assert shown(typed[field], answer.text), (field, typed[field][:40])
        assert client.post("/plans/assistant/?kind=project", data).status_code == 200, shift


def test_whatever_is_in_the_fields_nobody_sees_is_answered(as_user, clerk, confirmed):
    client, good = as_user(clerk), makers.posted([makers.item()], [makers.fund(confirmed)])
    for place, value in enumerate(NASTY):
        for typed in ({"version": value, "action": NASTY[place - 1]}, dict.fromkeys(COUNTS, value)):
            assert client.post(ADDRESS, good | typed).status_code in (200, 302), typed


@pytest.mark.parametrize("half", [0, 1])
def test_whatever_is_typed_in_the_items_is_answered_and_kept(as_user, clerk, confirmed, half):
    rows = each_wrong_alone(makers.item(), ROWS["items"][half::2])
    answered(as_user(clerk), makers.posted([*rows, makers.item(quantity="错")], [makers.fund(confirmed)]))


def test_whatever_is_typed_in_the_other_rows_is_answered_and_kept(as_user, clerk, confirmed):
    good = GOOD | {"fundings": makers.fund(confirmed)}
    rows = {name: each_wrong_alone(row, ROWS[name]) for name, row in good.items()}
    answered(as_user(clerk), makers.posted([makers.item(quantity="错")], **rows))


def test_whatever_is_typed_in_an_import_block_is_answered_and_kept(as_user, clerk, confirmed):
    rows = each_wrong_alone(makers.item(**IMPORTED), IMPORT_FIELDS)
    answered(as_user(clerk), makers.posted([*rows, makers.item(quantity="错")], [makers.fund(confirmed)]))


FILES = [b"%PDF-1.7", b"<script>alert(1)</script>"]


@pytest.mark.parametrize("content", FILES, ids=["pdf", "html"])
def test_whatever_a_file_is_called_and_holds_it_is_taken_or_refused(as_user, clerk, confirmed, content):
    client = as_user(clerk)
    for value in NASTY:
        data = makers.posted([makers.item(content="保留的一行")], [makers.fund(confirmed)])
        file = SimpleUploadedFile("a.pdf", content)
        file.name = f"{value[:100]}.pdf"
        answer = client.post(ADDRESS, data | {"file:demand": file})
        assert answer.status_code in (200, 302), value[:40]
        assert answer.status_code == 302 or "保留的一行" in answer.text, value[:40]
    assert set(Plan.objects.values_list("amount", flat=True)) <= {600000}


def test_no_fewer_than_six_thousand_values_are_tried():
    """The issue's number, counted: fields × values of this file and of the spreadsheets."""
    fields = {
        "head": len(FIELDS), "unseen": 2 + len(COUNTS), "rows": sum(map(len, ROWS.values())),
        "imports": len(IMPORT_FIELDS), "files": len(FILES), "sheets": 2 * len(LABELS),
        "other types": sum(len(makers.HEADS[kind]) + 2 for kind in PlanType.values if kind != "project"),
        "addresses": sum(len({name for part in parts for name in part}) for parts in ADDRESSES.values()),
    }  # fmt: skip
    assert sum(fields.values()) * len(NASTY) >= 6_000, fields


@pytest.mark.parametrize("kind", [PlanType.MALL, PlanType.NON_GOV, PlanType.HISTORY])
def test_nasty_values_in_the_fields_of_other_types(as_user, clerk, confirmed, kind):
    client, address = as_user(clerk), f"/plans/new/?kind={kind}&blank=1"
    fields = [*makers.HEADS[kind], "over_reason", "paid_amount"]
    for shift in range(len(NASTY)):  # every value stands once in every field
        typed = {field: NASTY[(place + shift) % len(NASTY)] for place, field in enumerate(fields)}
        data = makers.posted([makers.item()], [makers.fund(confirmed)], kind=kind) | typed
        assert client.post(address, data).status_code in (200, 302), shift


def test_what_is_stored_is_shown_escaped_everywhere(as_user, clerk, confirmed):
    client = as_user(clerk)
    values = [value for value in NASTY if value.strip() and "\x00" not in value and len(value) < 200]
    items = [makers.item(content=value, requirement=value, spec=value) for value in values]
    assert client.post(ADDRESS, makers.posted(items, [makers.fund(confirmed)])).status_code == 302
    pk = Plan.objects.get().pk
    for page in ("", "edit/"):
        text = client.get(f"/plans/{pk}/{page}").text
        assert is_harmless(text)
        assert escape("<script>alert(1)</script>") in text
    assert client.get(f"/plans/{pk}/print/").status_code == 200


ADDRESSES = {
    "/plans/new/": [["kind", "c", "intent", "q", "next"], ["kind", "c", "intent", "blank", "from", "draft"]],
    "/plans/": [["tab", "q", "low", "since"]],
}


@pytest.mark.parametrize(
    ("page", "names"), [(page, names) for page in ADDRESSES for names in ADDRESSES[page]]
)
def test_whatever_is_in_an_address_is_answered(as_user, clerk, confirmed, page, names):
    """Every name meets every value once; all are wrong together."""
    client, values = as_user(clerk), [value for value in NASTY if len(value) < 10_000]
    for shift in range(len(values)):
        query = {name: values[(place + shift) % len(values)] for place, name in enumerate(names)}
        assert client.get(page, query).status_code == 200, query


WRONG = [
    ({"quantity": "0"}, "数量须大于 0"),
    ({"quantity": "1.23456"}, "最多 4 位小数"),
    ({"unit_price": ""}, "请填写单价，须大于 0"),
    ({"unit_price": "0.004", "quantity": "1"}, "总价须大于 0"),
    ({"unit_price": "99999999999999", "quantity": "99999999999999"}, "总价须大于 0 且不超过 16 位整数"),
    ({"entry_mode": "by_total", "total_price": ""}, "请填写总价，须大于 0"),
    ({"category": "飞碟"}, "目录中没有品目“飞碟”"),
    ({"is_import": "on"}, "进口产品请填写原产国别"),
    ({"content": "长" * 201}, "采购内容最多 200 个字"),
]


def test_a_wrong_row_says_what_to_do(as_user, clerk, confirmed):
    rows = [makers.item(**fields) for fields, _ in WRONG]
    answer = as_user(clerk).post(ADDRESS, makers.posted(rows, [makers.fund(confirmed)]))
    assert answer.status_code == 200
    drawn = answer.text.split('id="rows-items"')[1].split("<tr data-item>")[1:]
    for (_, sentence), row in zip(WRONG, drawn, strict=False):
        assert sentence in row
    assert not Plan.objects.exists()


def test_the_same_money_twice_is_refused(as_user, clerk, confirmed):
    rows = [makers.fund(confirmed, "1"), makers.fund(confirmed, "2")]
    answer = as_user(clerk).post(ADDRESS, makers.posted([makers.item()], rows))
    assert "同一采购指标在一份计划中只能选一次" in answer.text


def test_a_category_the_mall_does_not_sell_is_refused(as_user, clerk, confirmed):
    from tests.papers import category

    category("A02100301", "显微镜")
    data = makers.posted([makers.item(category="A02100301")], [makers.fund(confirmed)], kind="mall")
    assert "不在商城品目范围内" in as_user(clerk).post("/plans/new/?kind=mall&blank=1", data).text


# --- arithmetic ------------------------------------------------------------------------------------------

price = st.decimals("0.000001", "999999.999999", places=6)
amount = st.decimals("0.01", "9999999.99", places=2)
quantity = st.decimals("0.0001", "9999.9999", places=4)


def worked_out(**fields):
    """What the form of a row makes of typed values, without a database."""
    told: dict[str, str] = {}
    form = SimpleNamespace(errors={}, fields=PlanItemForm.base_fields, add_error=told.__setitem__)
    PlanItemForm.work_out(form, fields, fields["quantity"])
    return fields


@given(price, quantity)
def test_a_total_is_rounded_half_up_to_the_fen(each, many):
    total = worked_out(entry_mode="by_unit", unit_price=each, quantity=many)["total_price"]
    assert total == by_unit(each, many)
    assert abs(total - each * many) <= makers.CENT / 2


@given(amount, quantity)
def test_a_typed_total_stays_and_the_price_is_cut(total, many):
    fields = worked_out(entry_mode="by_total", total_price=total, quantity=many)
    assert fields["total_price"] == total
    assert fields["unit_price"] == by_total(total, many)
    assert fields["unit_price"] * many <= total


def test_a_third_of_ten_thousand_is_cut_and_the_total_stays(as_user, clerk, confirmed):
    item = makers.item(entry_mode="by_total", unit_price="9", quantity="3", total_price="10,000.00")
    data = makers.posted([item], [makers.fund(confirmed)])
    assert as_user(clerk).post(ADDRESS, data).status_code == 302
    line = Plan.objects.get().items.get()
    assert f"{line.unit_price}" == "3333.333333"
    assert f"{line.total_price}" == "10000.00"
    assert Plan.objects.aggregate(sum=Sum("amount"))["sum"] == line.total_price
