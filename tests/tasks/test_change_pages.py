"""The pages of 采购方式变更."""

import pytest

from tasks.models import BookKind, MethodChange

from . import change_makers, makers
from .costs import cost

pytestmark = pytest.mark.django_db
AGENCY = BookKind.DECENTRALIZED


@pytest.fixture
def plan(unit, clerk, reviewer, confirmed):
    return makers.approved(unit, clerk, reviewer, confirmed, AGENCY)


@pytest.fixture
def book(unit, clerk, reviewer, confirmed):
    return makers.filed(unit, clerk, reviewer, confirmed, AGENCY)


def test_a_change_begins_with_a_filed_plan(as_user, clerk, plan, book):
    client = as_user(clerk)
    assert "采购方式变更" in client.get("/plans/").text
    offered = client.get("/tasks/changes/new/").text
    assert book.approved_plan.number in offered
    assert plan.number not in offered
    assert f"/tasks/changes/new/?plan={book.approved_plan_id}" in client.get(
        f"/plans/{book.approved_plan_id}/"
    ).text.replace("&amp;", "&")
    form = client.get(f"/tasks/changes/new/?plan={book.approved_plan_id}").text
    for words in ("原采购计划", "公开招标", "教学用台式计算机", "皖财教〔2026〕118号", "拟变更采购方式"):
        assert words in form
    assert client.get(f"/tasks/changes/new/?plan={plan.pk}").status_code == 404
    assert client.get("/tasks/changes/new/?plan=nonsense").status_code == 200


def data(**fields) -> dict:
    return {"action": "save", "version": 1} | change_makers.FIELDS | fields


def test_the_form_saves_a_draft_and_keeps_what_was_typed(as_user, clerk, book):
    client, address = as_user(clerk), f"/tasks/changes/new/?plan={book.approved_plan_id}"
    answer = client.post(address, data(new_method="", explanation="理由写到一半"))
    assert "理由写到一半" in answer.text
    assert "拟变更采购方式" in answer.text
    assert not MethodChange.objects.exists()
    assert client.post(address, data()).status_code == 302
    paper = MethodChange.objects.get()
    assert (paper.original_plan, paper.original_method) == (book.approved_plan, "open_tender")
    assert paper.amount == book.amount
    again = client.post(address, data())
    assert paper.number in again.text
    assert MethodChange.objects.count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"new_method": "x'--"}, {"main_cause": "\x00"}, {"responsive_suppliers": "-1"},
        {"responsive_suppliers": "九九"}, {"responsive_suppliers": "999999999999"}, {"contact": "长" * 500},
        {"explanation": "字" * 5000}, {"supplier": "<script>alert(1)</script>" * 20},
    ],
)  # fmt: skip
def test_nonsense_is_answered_in_words(as_user, clerk, book, fields):
    answer = as_user(clerk).post(
        f"/tasks/changes/new/?plan={book.approved_plan_id}", data(**fields, action="submit")
    )
    assert answer.status_code == 200
    assert not MethodChange.objects.exists()


def test_a_change_runs_through_the_browser_forms_to_the_new_plan(
    as_user, clerk, reviewer, officer, stranger, book
):
    paper = change_makers.change(book.approved_plan, clerk)
    address = f"/tasks/changes/{paper.pk}/"
    assert as_user(stranger).get(address).status_code == 404
    for page in ("/tasks/changes/", "/tasks/changes/new/", f"{address}edit/"):
        assert as_user(reviewer).get(page).status_code == 403
    client = as_user(clerk)
    client.post(f"{address}edit/", data(action="submit", version=paper.version))
    for user in (reviewer, officer):
        assert paper.number in as_user(user).get("/tasks/changes/review/").text
        fresh = MethodChange.objects.get()
        move = {"verb": "approve", "version": fresh.version, "opinion": "同意变更"}
        assert as_user(user).post(f"{address}moves/", move).status_code == 302
    done = MethodChange.objects.get()
    text = client.get(address).text
    assert done.new_plan.number in text
    assert book.number in text
    assert done.approval_no in text
    page = client.get(f"/plans/{done.new_plan_id}/").text
    assert "待备案" in page
    assert done.new_plan.number in client.get("/tasks/books/decentralized/").text
    assert "已变更" in client.get(f"/plans/{book.approved_plan_id}/").text
    assert client.get(f"{address}print/")["Content-Type"] == "application/pdf"


def test_the_list_of_changes_costs_the_same_for_any_number(as_user, unit, clerk, reviewer, confirmed):
    client = as_user(clerk)

    def add():
        change_makers.change(
            makers.filed(unit, clerk, reviewer, confirmed, AGENCY, amount="1.00").approved_plan, clerk
        )

    add()
    client.get("/tasks/changes/")
    few = cost(client, "/tasks/changes/")
    for _ in range(3):
        add()
    assert cost(client, "/tasks/changes/") == few
