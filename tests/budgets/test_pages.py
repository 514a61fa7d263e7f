"""预算指标管理, 指标确认, 采购指标管理 and 指标导入 over HTTP."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from budgets.models import AdjustmentKind, Ledger, Quota, QuotaConfirmation
from procurement.flow.export import MIME
from tests.world import YEAR

from . import makers

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def quota(unit):
    return makers.quota(unit, "4800000.00", "ZB2026-105001-0012", doc_no="皖财教〔2026〕12号")


@pytest.fixture
def client(as_user, clerk):
    return as_user(clerk)


def page(response, status: int = 200) -> str:
    text = response.content.decode()
    assert response.status_code == status, text[:2000]
    assert "style=" not in text.replace('rel="stylesheet"', "")
    assert "<script>" not in text
    return text


def test_the_list_shows_what_is_open_and_what_is_confirmed(client, quota, clerk, unit):
    quota.confirm(D("3286000.00"), clerk)
    frozen = makers.quota(unit, "1200000.00", "ZB66", project_name="空调更新")
    frozen.change(AdjustmentKind.FREEZE, D("1200000.00"))
    text = page(client.get(reverse("quota-list")))
    for shown in ("1,514,000.00", "3,286,000.00", "4,800,000.00", "6,000,000.00", "财政冻结", "已冻结"):
        assert shown in text
    assert "指标确认" in text
    assert "空调更新" not in page(client.get(reverse("quota-list"), {"tab": "open"}))
    assert "教学设备更新" not in page(client.get(reverse("quota-list"), {"tab": "stuck"}))


def test_an_overdrawn_quota_is_told_in_red(client, quota, clerk):
    quota.confirm(D("4800000.00"), clerk)
    quota.change(AdjustmentKind.ADJUST, D("-50000.00"))
    text = page(client.get(reverse("quota-list")))
    assert "50,000.00 元</b>，新的占用已暂停" in text
    assert "已超额" in text


FILTERS = [
    ({"q": "0012"}, True),
    ({"q": "皖财教"}, True),
    ({"q": "没有"}, False),
    ({"source": "carryover"}, False),
    ({"low": "5,000,000"}, False),
    ({"low": "1e400"}, True),
    ({"high": "4800000"}, True),
    ({"nature": "x"}, True),
    ({"q": "\x00"}, True),
    ({"before": "9" * 30, "tab": "<svg>"}, True),
]


@pytest.mark.parametrize("name", ["quota-list", "confirmed-list"])
@pytest.mark.parametrize(("query", "found"), FILTERS)
def test_filters_find_and_nonsense_filters_nothing(client, quota, clerk, name, query, found):
    if name == "confirmed-list":
        quota.confirm(quota.available, clerk)
    assert ("ZB2026-105001-0012" in page(client.get(reverse(name), query))) == found


PAGES = ["quota-list", "confirmed-list"]


@pytest.mark.parametrize("name", PAGES)
def test_the_number_of_queries_does_not_grow_with_the_rows(
    client, unit, clerk, name, django_assert_max_num_queries
):
    for number in range(25):
        makers.quota(unit, "100.00", f"ZB{number}").confirm(D("40.00"), clerk)
    client.get(reverse(name))  # what a process remembers for half a minute is read once
    with django_assert_max_num_queries(8):
        text = page(client.get(reverse(name)))
    assert text.count("<tr data-row>") == 20
    older = re.search(r'href="(\?before=\d+)"', text).group(1)
    assert page(client.get(reverse(name) + older)).count("<tr data-row>") == 5


def test_confirming_takes_the_steps_of_the_manual(client, quota, clerk):
    quota.confirm(D("3286000.00"), clerk)
    url = reverse("quota-confirm", args=[quota.pk])
    assert f'name="quota" value="{quota.pk}"' in page(client.get(reverse("quota-pick")))
    assert client.get(reverse("quota-pick"), {"quota": quota.pk}).url == url
    text = page(client.get(url))
    for shown in (
        "已确认次数",
        "1 次",
        "可确认金额",
        "1,514,000.00",
        "本次确认金额（第 2 次）",
        "确认后剩余可确认",
    ):
        assert shown in text
    assert 'value="1,514,000.00"' in text
    answer = client.post(url, {"amount": "１,000,000．00"}, follow=True)
    text = page(answer)
    assert answer.redirect_chain == [(reverse("quota-list"), 302)]
    assert "第 2 次确认 1,000,000.00 元，已生效" in text
    assert "514,000.00" in text


def test_the_dialog_gets_the_bare_form(client, quota):
    for name, args in (("quota-confirm", [quota.pk]), ("quota-pick", []), ("quota-history", [quota.pk])):
        text = page(client.get(reverse(name, args=args), headers={"X-Fragment": "1"}))
        assert "data-fragment" in text
        assert "<html" not in text


@pytest.mark.parametrize(
    ("amount", "message"),
    [
        ("", "请填写本次确认金额。"),
        ("abc", "本次确认金额的格式不对，请检查。"),
        ("0", "本次确认金额须大于 0。"),
        ("-1", "本次确认金额须大于 0。"),
        ("1.001", "本次确认金额最多 2 位小数。"),
        ("4800000.01", "超出可确认金额 0.01 元，最多可填 4,800,000.00 元。"),
        ("1e400", "本次确认金额的格式不对，请检查。"),
        ("NaN", "本次确认金额的格式不对，请检查。"),
        ("9" * 39, "本次确认金额的数字太长，请检查。"),
        ("\x00", "本次确认金额的格式不对，请检查。"),
        ("<svg onload=1>", "本次确认金额的格式不对，请检查。"),
    ],
)
def test_a_bad_amount_is_refused_beside_the_field_and_kept(client, quota, amount, message):
    text = page(client.post(reverse("quota-confirm", args=[quota.pk]), {"amount": amount}))
    assert f'data-upper aria-live="polite">{message}' in text
    assert "<title>错误：" in text
    assert "<svg onload" not in text
    assert not QuotaConfirmation.objects.exists()


def test_a_lost_race_is_the_shortage_sentence(client, quota, clerk, monkeypatch):
    """The form saw more than is left when the statement runs: the check in the database decides."""
    monkeypatch.setattr("budgets.forms.ConfirmForm.clean_amount", lambda form: form.cleaned_data["amount"])
    text = page(client.post(reverse("quota-confirm", args=[quota.pk]), {"amount": "4800000.01"}))
    assert "指标余额不足：可用 4,800,000.00 元，本次需 4,800,000.01 元，差额 0.01 元" in text


def test_confirming_costs_few_queries(client, quota, django_assert_max_num_queries):
    url = reverse("quota-confirm", args=[quota.pk])
    with django_assert_max_num_queries(9):
        page(client.get(url))
    with django_assert_max_num_queries(8):
        assert client.post(url, {"amount": "1.00"}).status_code == 302


def test_deleting_asks_first_and_gives_the_money_back(client, quota, clerk):
    made = quota.confirm(D("686000.00"), clerk)
    url = reverse("confirmation-delete", args=[made.pk])
    assert url in page(client.get(reverse("quota-confirm", args=[quota.pk])))
    assert "686,000.00 元" in page(client.get(url))
    assert QuotaConfirmation.objects.active().exists()
    text = page(client.post(url, follow=True))
    assert "已删除第 1 次确认，686,000.00 元退回可确认" in text
    assert "这次确认已被删除" in page(client.post(url), 409)
    assert "已删除" in page(client.get(reverse("quota-history", args=[quota.pk])))


def test_a_used_confirmation_has_no_delete_and_refuses_one(client, quota, clerk, unit):
    made = quota.confirm(D("1000.00"), clerk)
    Ledger(makers.paper(unit, clerk), clerk).reserve({made.pk: D("1.00")})
    text = page(client.get(reverse("quota-confirm", args=[quota.pk])))
    assert reverse("confirmation-delete", args=[made.pk]) not in text
    assert "1 份单据在用" in text
    refused = page(client.post(reverse("confirmation-delete", args=[made.pk])), 409)
    assert "已被意向、计划或结转使用，不能删除" in refused


def test_confirmed_money_and_its_history(client, quota, clerk, unit):
    made = quota.confirm(D("1000000.00"), clerk)
    ledger = Ledger(makers.paper(unit, clerk), clerk)
    ledger.reserve({made.pk: D("600000.00")})
    ledger.commit({made.pk: D("450000.00")})
    text = page(client.get(reverse("confirmed-list")))
    for shown in ("1,000,000.00", "150,000.00", "450,000.00", "400,000.00", "查看详情", "确认金额"):
        assert shown in text
    assert "450,000.00" not in page(client.get(reverse("confirmed-list"), {"tab": "used"}))
    text = page(client.get(reverse("quota-history", args=[quota.pk])))
    assert "已用 600,000.00" in text


def test_the_detail_draws_the_way_of_the_money(client, quota, clerk, unit, django_assert_max_num_queries):
    made = quota.confirm(D("4286000.00"), clerk)
    ledger = Ledger(makers.paper(unit, clerk), clerk)
    ledger.reserve({made.pk: D("2158600.00")})
    ledger.commit({made.pk: D("1198600.00")})
    with django_assert_max_num_queries(10):
        text = page(client.get(reverse("quota-detail", args=[quota.pk])))
    for shown in ("2,127,400.00", "−514,000.00", "−960,000.00", "−1,198,600.00", "44.32%", "余额不变"):
        assert shown in text
    assert "流水与余额核对一致" in text
    drawn = re.findall(r'<rect class="(b\d)" x="([\d.]+)" y="([\d.]+)" width="78" height="([\d.]+)"', text)
    assert drawn == [
        ("b1", "78", "44.0", "188.0"), ("b0", "200", "44.0", "20.1"), ("b2", "322", "64.1", "167.9"),
        ("b3", "444", "64.1", "37.6"), ("b4", "566", "101.7", "46.9"), ("b2", "688", "148.7", "83.3"),
    ]  # fmt: skip
    only = page(client.get(reverse("quota-detail", args=[quota.pk]), {"show": "contract"}))
    assert "占用转合同" in only
    assert '<span class="tag o">计划占用' not in only


def test_a_quota_of_nothing_is_drawn_too(client, unit):
    empty = Quota.objects.create(
        quota_no="ZB0", unit=unit, division=unit.division, fiscal_year=YEAR, source_type="other",
        fund_nature=makers.nature(), project_name="空",
    )  # fmt: skip
    assert "还没有流水" in page(client.get(reverse("quota-detail", args=[empty.pk])))


OWN = ["quota-detail", "quota-confirm", "quota-history"]


@pytest.mark.parametrize("name", OWN)
def test_a_stranger_sees_as_little_as_nothing(as_user, stranger, foreign_divisional, quota, name):
    for person in (stranger, foreign_divisional):
        client = as_user(person)
        assert client.get(reverse(name, args=[quota.pk])).status_code == 404
        assert client.get(reverse(name, args=[10**9])).status_code == 404


def test_a_stranger_cannot_confirm_or_delete(as_user, stranger, quota, clerk):
    made, client = quota.confirm(D("1.00"), clerk), as_user(stranger)
    assert client.post(reverse("quota-confirm", args=[quota.pk]), {"amount": "1"}).status_code == 404
    assert client.post(reverse("confirmation-delete", args=[made.pk])).status_code == 404
    assert QuotaConfirmation.objects.active().count() == 1


@pytest.mark.parametrize("person", ["reviewer", "divisional", "officer", "viewer", "auditor"])
def test_others_may_look_but_not_confirm(request, as_user, person, quota, clerk):
    made = quota.confirm(D("1.00"), clerk)
    client = as_user(request.getfixturevalue(person))
    text = page(client.get(reverse("quota-list")))
    assert "教学设备更新" in text
    assert reverse("quota-confirm", args=[quota.pk]) not in text
    assert "教学设备更新" in page(client.get(reverse("confirmed-list")))
    page(client.get(reverse("quota-detail", args=[quota.pk])))
    for url in (
        reverse("quota-pick"),
        reverse("quota-confirm", args=[quota.pk]),
        reverse("confirmation-delete", args=[made.pk]),
    ):
        assert client.get(url).status_code == 403
    assert client.post(reverse("quota-confirm", args=[quota.pk]), {"amount": "1"}).status_code == 403
    assert client.post(reverse("confirmation-delete", args=[made.pk])).status_code == 403


def test_anonymous_people_are_sent_to_the_login(client, quota):
    client.logout()
    for name in ("quota-list", "confirmed-list", "quota-pick", "quota-import", "quota-export"):
        assert client.get(reverse(name)).status_code == 302


def test_wrong_verbs_are_refused(client, quota):
    assert client.post(reverse("quota-list")).status_code == 405
    assert client.put(reverse("quota-confirm", args=[quota.pk])).status_code == 405


@pytest.mark.parametrize("name", ["quota-export", "confirmed-export"])
def test_lists_are_exported(client, quota, clerk, name):
    quota.confirm(D("1.00"), clerk)
    answer = client.get(reverse(name))
    assert (answer.status_code, answer["Content-Type"]) == (200, MIME)
