"""Nothing typed is lost: the second editor's page, and a long form that comes back out of an autosave."""

import html
import json
import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans.models import Plan

from . import makers

pytestmark = pytest.mark.django_db
MANY = 200
OTHERS = ("action", "version", "keep:")  # reasons are asked for while their finding stands
PANEL = {"name": "张三", "employer": "示例研究院", "title": "教授", "opinion": "同意"}
BLOCK = {
    "is_import": "on", "country": "德国", "purpose": "教学", "import_class": "other",
    "import_case": "not_available", "reason": "国内没有\n同类产品", "requirement": "分辨率不低于五万",
    "spec": "见附件", "industry": "02", "is_core": "on",
}  # fmt: skip


def rows(number: int = MANY) -> list[dict]:
    """Items of every sort: by price, by total, imported, half typed."""
    sorts = [
        makers.item(),
        makers.item(entry_mode="by_total", unit_price="", quantity="3", total_price="10,000.00"),
        makers.item(**BLOCK),
        makers.item(category="台式", unit_price="约五千", quantity="", content="<b>没填完的</b>"),
    ]
    return [
        row | {"content": f"{row['content']} {n}"} for n in range(number) for row in [sorts[n % len(sorts)]]
    ]


def shown(page: str) -> dict[str, str]:
    """What a browser would post back: inputs, ticked boxes, choices, texts."""
    found = {}
    for tag in re.findall(r"<input\b[^>]*>", page.split("<template")[0] + rest_of(page)):
        given = {name: html.unescape(value) for name, value in re.findall(r'([\w:-]+)="([^"]*)"', tag)}
        box = given.get("type") in ("checkbox", "radio")
        if "name" in given and given.get("type") not in ("file", "submit") and (not box or " checked" in tag):
            found[given["name"]] = given.get("value", "on" if box else "")
    for name, inner in re.findall(r'<select\b[^>]*?name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option value="([^"]*)"[^>]*selected', inner)
        found[name] = html.unescape(chosen[1]) if chosen else ""
    for name, inner in re.findall(r'<textarea\b[^>]*?name="([^"]+)"[^>]*>\n?(.*?)</textarea>', page, re.S):
        found[name] = html.unescape(inner)
    return {name: value for name, value in found.items() if "__prefix__" not in name}


def rest_of(page: str) -> str:
    """The page without its templates of empty rows."""
    return re.sub(r"<template\b.*?</template>", "", page, flags=re.S)


def autosaved(client, user, data: dict, paper=None, query: str = "") -> str:
    """Send what autosave.js sends; the draft's token."""
    token = str(uuid.uuid4())
    fields = {name: [value] for name, value in data.items() if value and name != "action"}
    body = {
        "user": user.pk, "token": token, "seq": 1, "paper": paper.pk if paper else 0, "query": query,
        "fields": fields,
    }  # fmt: skip
    answer = client.post("/plans/autosave/", json.dumps(body), "application/json")
    assert answer.json()["state"] == "kept", answer.content
    return token


def compared(sent: dict, page: str) -> None:
    """Every field that said something stands on the page with the same text, and no row is missing."""
    back = shown(page)
    said = {name for name, value in sent.items() if value and not name.startswith(OTHERS)}
    wrong = {
        name: (sent[name], back.get(name))
        for name in said
        if back.get(name) != sent[name] and not name.endswith(("MAX_NUM_FORMS", "MIN_NUM_FORMS"))
    }
    assert len(said) > 100
    assert not wrong, list(wrong.items())[:5]


def test_two_hundred_rows_of_every_set_come_back_as_they_were_typed(as_user, unit, clerk, confirmed):
    second = makers.confirmation(unit, clerk, name="实验室改造")
    money = [makers.fund(confirmed, "1,000.50"), makers.fund(second, "错")]
    packages = [
        {"name": f"第{n}包", "budget": "1,000", "pricing": "total", "evaluation": "score"} for n in "一二三"
    ]
    experts = [PANEL | {"name": f"专家{n}", "is_lawyer": "on"} for n in range(5)]
    data = makers.posted(rows(), money, packages, experts, demand_summary="两行\n概述", is_secret="")
    client, query = as_user(clerk), "kind=project&blank=1"
    token = autosaved(client, clerk, data, query=query)
    page = client.get(f"/plans/new/?{query}&draft={token}")
    assert page.status_code == 200
    compared(data, page.text)
    assert (
        "请填写" not in page.text.split("<datalist")[0].split('id="s-items"')[1].split('id="s-fundings"')[0]
    )
    assert not Plan.objects.exists()


def test_a_saved_plan_comes_back_with_its_changes_and_its_rows_keys(as_user, unit, clerk, confirmed):
    paper = makers.plan(unit, clerk, confirmed)
    first = makers.item(content="改过的一行", quantity="") | {"id": paper.items.get().pk}
    gone = makers.fund(confirmed) | {"id": paper.fundings.get().pk, "DELETE": "on"}
    given = {"initial": {"items": 1, "fundings": 1}, "version": str(paper.version)}
    data = makers.posted([first, *rows(20)], [gone], **given)
    client = as_user(clerk)
    token = autosaved(client, clerk, data, paper)
    page = client.get(f"/plans/{paper.pk}/edit/?draft={token}").text
    compared(data, page)
    assert paper.items.get().content == "教学用台式计算机"


def test_a_draft_of_many_rows_costs_as_many_queries_as_of_few(as_user, clerk, confirmed):
    client, query = as_user(clerk), "kind=project&blank=1"
    good = [makers.item(content=f"设备 {n}") for n in range(MANY)]

    def cost(number: int) -> int:
        token = autosaved(client, clerk, makers.posted(good[:number], [makers.fund(confirmed)]), query=query)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(f"/plans/new/?{query}&draft={token}").status_code == 200
        return len(seen)

    cost(1)
    assert cost(MANY) == cost(2)


def test_the_second_editor_reads_all_rows_of_his_own(as_user, unit, clerk, second_clerk, confirmed):
    paper = makers.plan(unit, clerk, confirmed)
    keys = {"id": paper.items.get().pk}
    given = {"initial": {"items": 1, "fundings": 1}, "version": paper.version}
    money = makers.fund(confirmed) | {"id": paper.fundings.get().pk}
    address = f"/plans/{paper.pk}/edit/"
    data = makers.posted([makers.item(content="先保存的") | keys], [money], **given)
    assert as_user(clerk).post(address, data).status_code == 302
    items = [makers.item(content=f"后填的设备 {n}", **BLOCK) for n in range(30)]
    packages = [{"name": "后填的包", "budget": "600000", "pricing": "total", "evaluation": "score"}]
    data = makers.posted([makers.item(content="后改的") | keys, *items], [money], packages, [PANEL], **given)
    answer = as_user(second_clerk).post(address, data)
    assert answer.status_code == 409
    told = [
        *(row["content"] for row in items),
        "后改的",
        "后填的包",
        "示例研究院",
        "国内没有",
        "工业",
        "总价",
        "固定总价",
    ]
    for text in told:
        assert text in answer.text, text
    assert "教学设备更新（" in answer.text  # the quota in words, not its key
    assert [row.content for row in paper.items.all()] == ["先保存的"]
