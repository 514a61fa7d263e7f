"""Pages: who gets them, how many queries they cost, where a plan starts from."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from intents.models import IntentItem
from plans.models import Plan, PlanFunding, PlanItem
from tests.intents import makers as intents
from tests.papers import category

from . import makers

pytestmark = pytest.mark.django_db
PAGES = ["", "edit/", "print/", "moves/"]


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_finds_nothing(as_user, unit, clerk, stranger, foreign_reviewer, confirmed, page):
    paper = makers.plan(unit, clerk, confirmed)
    for user in (stranger, foreign_reviewer):
        assert as_user(user).get(f"/plans/{paper.pk}/{page}").status_code == 404
        assert as_user(user).post(f"/plans/{paper.pk}/delete/").status_code == 404


@pytest.mark.parametrize("address", ["/plans/", "/plans/new/", "/plans/new/?kind=mall&blank=1"])
def test_a_wrong_post_is_refused(as_user, reviewer, confirmed, address):
    answer = as_user(reviewer).get(address)
    assert answer.status_code == 403
    assert "经办岗" in answer.text


def test_a_reviewer_cannot_write_what_he_reviews(as_user, unit, clerk, reviewer, confirmed):
    paper = makers.plan(unit, clerk, confirmed)
    data = makers.posted([makers.item()], [makers.fund(confirmed)])
    assert as_user(reviewer).post(f"/plans/{paper.pk}/edit/", data).status_code == 403


def test_the_list_offers_the_four_types_and_filters(as_user, unit, clerk, confirmed):
    makers.plan(unit, clerk, confirmed)
    client = as_user(clerk)
    text = client.get("/plans/").text
    for label in (
        "项目采购计划",
        "商城采购计划",
        "其他采购计划（非政府采购）",
        "其他采购计划（历史合同补录）",
    ):
        assert label in text
    assert "600,000.00" in text
    assert client.get("/plans/export/list/").status_code == 200
    assert client.get("/plans/review/").status_code == 403


def test_the_review_list_shows_what_waits(as_user, unit, clerk, reviewer, confirmed):
    paper = makers.plan(unit, clerk, confirmed).perform("submit", clerk)
    assert paper.number in as_user(reviewer).get("/plans/review/").text


# --- where it starts from --------------------------------------------------------------------------------


def test_the_pick_page_shows_only_what_the_type_may_use(as_user, unit, clerk, confirmed):
    makers.confirmation(unit, clerk, name="预采购的钱")
    quota = type(confirmed.quota).objects.get(project_name="预采购的钱")
    quota.source_type = "pre"
    quota.save(update_fields=["source_type"])
    client = as_user(clerk)
    assert "预采购的钱" in client.get("/plans/new/?kind=project").text
    for kind in ("mall", "other_non_gov", "other_history"):
        assert "预采购的钱" not in client.get(f"/plans/new/?kind={kind}").text
        form = client.get(f"/plans/new/?kind={kind}&blank=1").text
        assert "预采购的钱" not in form
        assert "教学设备更新" in form


def test_ticked_quotas_become_items_and_money(as_user, unit, clerk, confirmed):
    second = makers.confirmation(unit, clerk, amount="80000.00", name="实验室改造")
    text = as_user(clerk).get(f"/plans/new/?kind=project&c={confirmed.pk}&c={second.pk}&next=1").text
    assert 'name="items-TOTAL_FORMS" value="2"' in text
    assert 'name="fundings-TOTAL_FORMS" value="2"' in text
    assert 'value="实验室改造"' in text
    assert "可用 80,000.00 元" in text


def test_a_published_intent_fills_in_what_it_knows(as_user, unit, clerk, reviewer, confirmed):
    paper = intents.published(unit, clerk, reviewer, intents.item(confirmed))
    row = IntentItem.objects.get(intent=paper)
    client = as_user(clerk)
    assert row.project_name in client.get("/plans/new/?kind=project").text
    text = client.get(f"/plans/new/?kind=project&intent={row.pk}").text
    assert 'value="A02010105 台式计算机"' in text
    assert f'<option value="{row.pk}" selected>' in text
    assert intents.DEMAND in text
    assert f'value="{intents.SOON:%Y-%m-%d}"' in text
    item = makers.item(entry_mode="by_total", total_price="600,000", quantity="1", unit_price="")
    head = {"intent_item": row.pk, "intent_exemption": ""}
    data = makers.posted([item], [makers.fund(confirmed)], **head)
    assert client.post(f"/plans/new/?kind=project&intent={row.pk}", data).status_code == 302
    assert Plan.objects.get().intent_item == row


def test_an_intent_of_another_unit_is_not_offered(
    as_user, places, stranger, foreign_reviewer, clerk, confirmed
):
    theirs = intents.confirmation(places.foreign_unit, stranger, name="别人的项目")
    intents.published(places.foreign_unit, stranger, foreign_reviewer, intents.item(theirs))
    row = IntentItem.objects.get()
    client = as_user(clerk)
    assert "教学用台式计算机" not in client.get("/plans/new/?kind=project").text
    data = makers.posted([makers.item()], [makers.fund(confirmed)], intent_item=row.pk, intent_exemption="")
    answer = client.post("/plans/new/?kind=project&blank=1", data)
    assert answer.status_code == 200
    assert "请从列表中选择采购意向" in answer.text
    data = makers.posted([makers.item()], [makers.fund(theirs)])
    assert "请从列表中选择采购指标" in client.post("/plans/new/?kind=project&blank=1", data).text


# --- queries ---------------------------------------------------------------------------------------------


def long(unit, clerk, confirmed, rows: int) -> Plan:
    """A plan of many items."""
    paper = makers.plan(unit, clerk, confirmed, amount=f"{rows}.00")
    paper.items.all().delete()
    PlanItem.objects.bulk_create(
        PlanItem(
            plan=paper, category=category(), content=f"设备 {n}", unit_price=1, quantity=1, measure="台",
            total_price=1,
        )
        for n in range(rows)
    )  # fmt: skip
    return paper


def count(client, address: str, data=None) -> int:
    with CaptureQueriesContext(connection) as seen:
        answer = client.post(address, data) if data else client.get(address)
    assert answer.status_code in (200, 302), answer.text
    return len(seen)


@pytest.mark.parametrize("page", ["", "edit/", "print/", "moves/"])
def test_a_page_costs_the_same_for_any_number_of_items(as_user, unit, clerk, confirmed, page):
    short, tall = long(unit, clerk, confirmed, 2), long(unit, clerk, confirmed, 60)
    client = as_user(clerk)
    count(client, f"/plans/{short.pk}/{page}")
    assert count(client, f"/plans/{tall.pk}/{page}") == count(client, f"/plans/{short.pk}/{page}")


def test_saving_and_submitting_cost_the_same_for_any_number_of_items(as_user, unit, clerk, confirmed):
    client = as_user(clerk)
    address = "/plans/new/?kind=project&blank=1"

    def costs(rows: int) -> list[int]:
        items = [makers.item(content=f"设备 {n}", unit_price="1", quantity="1") for n in range(rows)]
        data = makers.posted(items, [makers.fund(confirmed, f"{rows}.00")])
        new = count(client, address, data)
        paper = Plan.objects.latest("pk")
        keys = list(paper.items.values_list("pk", flat=True))
        items = [row | {"id": key, "unit_price": "2"} for row, key in zip(items, keys, strict=True)]
        money = [makers.fund(confirmed, f"{rows * 2}.00") | {"id": paper.fundings.get().pk}]
        given = {"initial": {"items": rows, "fundings": 1}, "version": paper.version, "action": "submit"}
        edit = count(client, f"/plans/{paper.pk}/edit/", makers.posted(items, money, **given))
        assert Plan.objects.get(pk=paper.pk).state == "unit"
        return [new, edit]

    costs(1)
    few, many = costs(2), costs(80)
    assert many == few


def test_recomputing_costs_the_same_for_any_number_of_items_and_writes_nothing(as_user, clerk, confirmed):
    client = as_user(clerk)

    def cost(rows: int) -> int:
        items = [makers.item(content=f"设备 {n}", unit_price="1", quantity="1") for n in range(rows)]
        data = makers.posted(items, [makers.fund(confirmed, f"{rows}.00")])
        return count(client, "/plans/assistant/?kind=project", data)

    cost(1)
    assert cost(80) == cost(2)
    assert not Plan.objects.exists()


def test_the_panel_is_for_the_clerk_of_the_plan(as_user, unit, clerk, reviewer, stranger, confirmed):
    paper = makers.plan(unit, clerk, confirmed)
    address, data = f"/plans/assistant/?plan={paper.pk}", makers.posted([makers.item()])
    assert 'id="assistant"' in as_user(clerk).post(address, data).text
    assert as_user(stranger).post(address, data).status_code == 404
    assert as_user(reviewer).post(address, data).status_code == 403
    assert as_user(clerk).get(address).status_code == 405


def test_a_form_of_two_hundred_rows_is_full_and_quick_to_ask(as_user, clerk, confirmed):
    line = {"unit_price": "1", "quantity": "1"}
    items = [makers.item(content=f"设备 {n}", **line) for n in range(200)]
    data = makers.posted(items, [makers.fund(confirmed, "200.00")], action="submit")
    client = as_user(clerk)
    assert client.post("/plans/new/?kind=project&blank=1", data).status_code == 302
    assert Plan.objects.get().items.count() == 200


def test_rows_change_places_and_go(as_user, unit, clerk, confirmed):
    """Two confirmations swap rows, one item goes, one comes: one save."""
    second = makers.confirmation(unit, clerk, name="实验室改造")
    paper = makers.plan(unit, clerk, confirmed, amount="100.00")
    PlanFunding.objects.create(
        plan=paper, confirmation=second, description="二", amount=Decimal(50), fund_kind="current"
    )
    first, other = paper.fundings.all()
    money = [
        makers.fund(second, "10.00") | {"id": first.pk},
        makers.fund(confirmed, "20.00") | {"id": other.pk},
    ]
    items = [makers.item() | {"id": paper.items.get().pk, "DELETE": "on"}]
    items.append(makers.item(unit_price="30", quantity="1"))
    given = {"initial": {"items": 1, "fundings": 2}, "version": paper.version}
    answer = as_user(clerk).post(f"/plans/{paper.pk}/edit/", makers.posted(items, money, **given))
    assert answer.status_code == 302
    paper = Plan.objects.get()
    assert paper.amount == Decimal("30.00")
    assert [row.confirmation_id for row in paper.fundings.all()] == [second.pk, confirmed.pk]
