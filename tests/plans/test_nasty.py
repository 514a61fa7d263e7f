"""Whatever people type into a plan is answered in words and kept."""

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


@pytest.mark.parametrize("shift", range(len(NASTY)))
def test_whatever_is_typed_in_the_head_is_answered_and_kept(as_user, clerk, confirmed, shift):
    """Every field meets every value once; all fields are wrong together."""
    client = as_user(clerk)
    typed = {field: NASTY[(place + shift) % len(NASTY)] for place, field in enumerate(FIELDS)}
    data = makers.posted([makers.item()], [makers.fund(confirmed)]) | typed
    answer = client.post(ADDRESS, data | {"handler_phone": "错"})
    assert answer.status_code == 200
    assert is_harmless(answer.text)
    for field in TYPED & set(typed) - {"handler_phone"}:
        assert shown(typed[field], answer.text), (field, typed[field][:40])
    assert client.post("/plans/assistant/?kind=project", data).status_code == 200


@pytest.mark.parametrize("fields", [["version"], ["action"], COUNTS], ids=["version", "action", "counts"])
def test_whatever_is_in_the_fields_nobody_sees_is_answered(as_user, clerk, confirmed, fields):
    client = as_user(clerk)
    for value in NASTY:
        data = makers.posted([makers.item()], [makers.fund(confirmed)]) | dict.fromkeys(fields, value)
        assert client.post(ADDRESS, data).status_code in (200, 302), (fields, value[:40])


@pytest.mark.parametrize(("name", "field"), [(name, field) for name in ROWS for field in ROWS[name]])
def test_whatever_is_typed_in_a_row_is_answered_and_kept(as_user, clerk, confirmed, name, field):
    good = GOOD | {"items": makers.item(), "fundings": makers.fund(confirmed)}
    rows = {key: [row] for key, row in good.items()}
    rows[name] = [good[name] | {field: value} for value in NASTY]
    rows["items"] = [*rows["items"], makers.item(quantity="错")]
    answer = as_user(clerk).post(ADDRESS, makers.posted(**rows))
    assert answer.status_code == 200
    assert is_harmless(answer.text)
    for value in NASTY if field in TYPED else []:
        assert shown(value, answer.text), (field, value[:40])


IMPORTED = {
    "is_import": "on", "country": "德国", "purpose": "教学", "import_class": "other",
    "import_case": "not_available", "reason": "国内没有同类产品",
}  # fmt: skip


@pytest.mark.parametrize("field", IMPORT_FIELDS)
def test_whatever_is_typed_in_an_import_block_is_answered_and_kept(as_user, clerk, confirmed, field):
    rows = [makers.item(**(IMPORTED | {field: value})) for value in NASTY]
    data = makers.posted([*rows, makers.item(quantity="错")], [makers.fund(confirmed)])
    answer = as_user(clerk).post(ADDRESS, data)
    assert answer.status_code == 200
    assert is_harmless(answer.text)
    for value in NASTY if field not in ("import_class", "import_case") else []:
        assert shown(value, answer.text), (field, value[:40])
    assert as_user(clerk).post("/plans/assistant/?kind=project", data).status_code == 200


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
        "addresses": sum(map(len, ADDRESSES.values())),
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
    "/plans/new/": ["kind", "c", "intent", "q", "blank", "next", "from", "draft"],
    "/plans/": ["tab", "q", "low", "since"],
}


@pytest.mark.parametrize(("page", "name"), [(page, name) for page in ADDRESSES for name in ADDRESSES[page]])
def test_whatever_is_in_an_address_is_answered(as_user, clerk, confirmed, page, name):
    client = as_user(clerk)
    for value in NASTY:
        if len(value) < 10_000:
            assert client.get(page, {name: value}).status_code == 200


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"quantity": "0"}, "数量须大于 0"),
        ({"quantity": "1.23456"}, "最多 4 位小数"),
        ({"unit_price": ""}, "请填写单价，须大于 0"),
        ({"unit_price": "0.004", "quantity": "1"}, "总价须大于 0"),
        ({"unit_price": "99999999999999", "quantity": "99999999999999"}, "总价须大于 0 且不超过 16 位整数"),
        ({"entry_mode": "by_total", "total_price": ""}, "请填写总价，须大于 0"),
        ({"category": "飞碟"}, "目录中没有品目“飞碟”"),
        ({"is_import": "on"}, "进口产品请填写原产国别"),
        ({"content": "长" * 201}, "采购内容最多 200 个字"),
    ],
)
def test_a_wrong_row_says_what_to_do(as_user, clerk, confirmed, fields, sentence):
    answer = as_user(clerk).post(ADDRESS, makers.posted([makers.item(**fields)], [makers.fund(confirmed)]))
    assert answer.status_code == 200
    assert sentence in answer.text
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
