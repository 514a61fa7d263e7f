"""Plans of many items, and what a clerk's browser sends back of the page it was given."""

from decimal import Decimal
from urllib.parse import urlencode

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from plans.models import Plan, PlanItem
from procurement.overview.demo.browser import Page, multipart
from tests.plans import makers

SIZES = (1, 20, 200)
WORKS = ("open", "recompute", "submit")
NEED = "用于公共实验室的教学和上机考试，含安装调试与三年上门保修。"


def draft(unit, clerk, confirmed, rows: int) -> Plan:
    """A complete plan of `rows` different items on the clerk's desk."""
    paper = makers.plan(unit, clerk, confirmed, amount=f"{rows}.00")
    category = paper.items.get().category
    paper.items.all().delete()
    PlanItem.objects.bulk_create(
        PlanItem(
            plan=paper, category=category, content=f"教学设备 {number + 1}", unit_price=Decimal(1),
            quantity=Decimal(1), measure="台", total_price=Decimal(1), requirement=NEED,
        )
        for number in range(rows)
    )  # fmt: skip
    return paper


def address(work: str, paper: Plan) -> str:
    return f"/plans/assistant/?plan={paper.pk}" if work == "recompute" else f"/plans/{paper.pk}/edit/"


def fields(text: str) -> list[tuple[str, str]]:
    """Everything in the form of an opened plan, as 提交审核 sends it."""
    return Page("", 200, text).form("items-TOTAL_FORMS").filled({"action": "submit"})


def body(work: str, data: list[tuple[str, str]]) -> tuple[bytes, str]:
    """As the page sends it: the script asks urlencoded and leaves out what is empty, a button sends parts."""
    if work == "recompute":
        return urlencode([pair for pair in data if pair[1]]).encode(), "application/x-www-form-urlencoded"
    return multipart(data, [])


def queries(client: Client, paper: Plan) -> dict[str, int]:
    """Statements each work costs, transaction marks included; the plan is submitted at the end."""
    found, data = {}, {}
    for work in WORKS:
        with CaptureQueriesContext(connection) as seen:
            if work == "open":
                answer = client.get(address(work, paper))
            else:
                answer = client.post(address(work, paper), data)
        assert answer.status_code == (302 if work == "submit" else 200), (work, answer.status_code)
        if work == "open":
            for name, value in fields(answer.text):
                data.setdefault(name, []).append(value)
        found[work] = len(seen)
    return found
