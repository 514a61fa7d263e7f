"""The page of one publication, and of one difference: what it shows, to whom, and what may be pressed."""

import hashlib
import json

import pytest
from django.urls import reverse
from django.utils import timezone

from notices.models import Difference, Event, Inspection
from notices.workbench import comparing
from notices.workbench.article import clean, lines
from tests.browser import fits

pytestmark = pytest.mark.django_db
MOST = 9


def detail(row) -> str:
    return reverse("publication-detail", args=[row.pk])


def stray() -> Difference:
    copy = {"title": "来历不明的公告", "html": "<p>正文</p>", "unit": {"name": "某单位", "uscc": ""}}
    return Difference.objects.create(key="intent-9-9", kind="stray", copy=copy, copy_sha256="0" * 64)


def test_it_shows_the_bytes_that_are_sent_and_hands_them_out(publication, as_user, clerk):
    row = publication(html="<p>现公开如下：</p><script>alert(1)</script>")
    client = as_user(clerk)
    page = client.get(detail(row)).content.decode()
    assert "<p>现公开如下：</p>" in page
    assert "<script>alert" not in page
    assert row.body_sha256 in page
    answer = client.get(reverse("publication-payload", args=[row.pk]))
    assert hashlib.sha256(answer.content).hexdigest() == row.body_sha256
    assert json.loads(answer.content) == row.body
    assert f'filename="{row.key}.json"' in answer["Content-Disposition"]


def test_what_befell_it_is_told_with_names_and_costs_the_same(
    publication, as_user, clerk, django_assert_max_num_queries
):
    row = publication(state="manual", attempts=8, last_error="门户返回 500")
    Event.objects.bulk_create(Event(delivery=row, what="failed", text="门户返回 500") for _ in range(8))
    Event.objects.create(delivery=row, what="again", text="门户返回 500", by=clerk)
    client = as_user(clerk)
    client.get(detail(row))
    with django_assert_max_num_queries(MOST):
        page = client.get(detail(row)).content.decode()
    assert page.count("发送失败") == 8
    assert f"人工重发</b> · {clerk}" in page
    assert "自动重试已停止" in page


def test_a_difference_is_shown_old_beside_new(publication, as_user, clerk, django_assert_max_num_queries):
    row = publication.sent()
    (one,) = publication.drifting(row, title="被改过的标题", html="<p>正文被改</p>")
    client = as_user(clerk)
    client.get(detail(row))
    for address in (detail(row), reverse("publication-difference", args=[one.pk])):
        with django_assert_max_num_queries(MOST):
            page = client.get(address).content.decode()
        for text in ("<del><span", "被改过的标题", "正文被改"):
            assert text in page
    one.close("healed")
    assert "已恢复一致" in client.get(detail(row)).content.decode()


def test_a_stray_is_for_who_looks_after_the_portal(as_user, people, db):
    one = stray()
    for person, status in [("officer", 200), ("auditor", 200), ("clerk", 404), ("reviewer", 404)]:
        client = as_user(getattr(people, person))
        assert client.get(reverse("publication-difference", args=[one.pk])).status_code == status
        listed = client.get(reverse("publication-list") + "?tab=drift").content.decode()
        assert ("来历不明的公告" in listed) == (status == 200)


@pytest.mark.parametrize("page", ["detail", "payload", "difference"])
def test_a_stranger_finds_nothing_and_a_wrong_post_is_refused(publication, as_user, people, client, page):
    row = publication.sent()
    (one,) = publication.drifting(row)
    address = reverse(f"publication-{page}", args=[one.pk if page == "difference" else row.pk])
    assert as_user(people.stranger).get(address).status_code == 404
    assert as_user(people.admin).get(address).status_code == 403
    assert client.get(address).status_code == 302


@pytest.mark.parametrize(
    ("who", "status"), [("clerk", 302), ("officer", 302), ("reviewer", 403), ("stranger", 404)]
)
def test_who_may_have_it_checked_now(
    publication, as_user, people, who, status, monkeypatch, django_capture_on_commit_callbacks
):
    row, woken = publication.sent(), []
    monkeypatch.setattr("notices.views.wake", lambda *what: woken.append(what))
    with django_capture_on_commit_callbacks(execute=True):
        client = as_user(getattr(people, who))
        assert client.post(reverse("publication-check", args=[row.pk])).status_code == status
    assert woken == ([("portal.check_one", row.pk)] if status == 302 else [])


def test_what_is_not_out_cannot_be_checked(publication, as_user, clerk):
    row = publication()
    answer = as_user(clerk).post(reverse("publication-check", args=[row.pk]), follow=True)
    assert "发布后才能核对" in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=桌椅", "桌"), ("q=intent-", "桌电"), ("q=安徽示例大学", "桌电"), ("q=%00", "桌电"),
        ("kind=intent", "桌电"), ("kind=contract", ""), ("kind=x", "桌电"),
        ("since=2026-01-01&until=2099-01-01", "桌电"), ("until=2020-01-01", ""), ("since=bad", "桌电"),
        ("tab=drift&q=桌椅", "桌"), ("tab=drift&kind=contract", ""), ("tab=drift&since=2026-01-01", "桌"),
    ],
)  # fmt: skip
def test_the_search_line(publication, as_user, clerk, query, found):
    row, _ = publication.sent("桌椅采购"), publication.sent("电脑采购")
    publication.drifting(row)
    page = as_user(clerk).get(reverse("publication-list") + f"?tab=all&{query}").content.decode()
    rows = page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert [word for word in "桌电" if word in rows] == list(found)


def test_the_newest_check_stands_above(publication, as_user, clerk):
    day, client = timezone.localdate(), as_user(clerk)
    row = Inspection.objects.create(
        day=day, checked=41, found=2, unread=1, stage="listing", last_error="无法连接"
    )
    assert "未完成，将自动继续（无法连接）" in client.get(reverse("publication-list")).content.decode()
    row.stage, row.last_error, row.finished_at = "done", "", timezone.now()
    row.save()
    page = client.get(reverse("publication-list")).content.decode()
    assert "完成；读回" in page
    assert "1</span> 件门户未能应答" in page


def test_articles_are_cleaned_and_read_line_by_line():
    assert clean('<p onclick="x">甲<b>乙</b><img src=x></p>') == "<p>甲乙</p>"
    assert clean("<script>x</script><td class='num'>1<br/>2") == '<td class="num">1<br>2</td>'
    assert clean("<p><strong>甲 &lt;i&gt;</p>乙") == "<p><strong>甲 &lt;i&gt;</strong></p>乙"
    assert lines("<table><tr><td>甲</td><td>乙</td></tr></table><p>丙<br>丁</p>") == ["甲", "乙", "丙", "丁"]


def test_differences_of_the_text_and_of_the_markup_alone():
    long = "".join(f"<p>第{n}段</p>" for n in range(20))
    shown = comparing.article(long, long.replace("第9段", "第九段"))
    assert [line.mark for line in shown] == ["…", " ", "-", "+", " ", "…"]
    assert [line.mark for line in comparing.article("<p>甲</p>", "<p class='x'>甲</p>")] == ["-", "+"]
    changed = comparing.changes(
        {"title": "甲", "data": {"items": [{"amount": "1"}]}},
        {"title": "甲", "data": {"items": []}, "more": 1},
    )
    assert [(one.label, one.old, one.new) for one in changed] == [
        ("数据 data.items[1].amount", "1", ""), ("数据 more", "", "1"),
    ]  # fmt: skip


PHONE, DESK = {"width": 390, "height": 844}, {"width": 1366, "height": 768}


@pytest.mark.django_db(transaction=True)
def test_the_pages_in_a_browser(publication, officer, live_server, new_context, axe, as_user):
    html = (
        "<p>如下：</p><table><tr><th>项目</th><th>预算</th></tr><tr><td>桌椅</td><td>12.00</td></tr></table>"
    )
    row = publication.sent()
    stuck = publication("另一份", html, state="manual", attempts=8, last_error="门户拒绝（422）：标题为空")
    (one,) = publication.drifting(row, title="被改过的标题", html="<p>正文被改</p>")
    stray()
    Inspection.objects.create(day=timezone.localdate(), stage="done", found=2, finished_at=timezone.now())
    context = new_context()
    cookie = as_user(officer).cookies["gp_sid"].value
    context.add_cookies([{"name": "gp_sid", "value": cookie, "url": live_server.url}])
    page = context.new_page()
    addresses = [
        reverse("publication-list"), reverse("publication-list") + "?tab=drift", detail(row), detail(stuck),
        reverse("publication-difference", args=[one.pk]),
    ]  # fmt: skip
    for address in addresses:
        page.goto(live_server.url + address)
        for size in (DESK, PHONE):
            page.set_viewport_size(size)
            axe(page)
            assert fits(page), (address, size)
