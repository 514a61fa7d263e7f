"""The page of exercises, the banner, the day that lasts a minute; and that production has none of it."""

import os
import re
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape

from procurement import clock
from procurement.handbook.chapters import steps
from procurement.practice import progress
from procurement.practice.checks import check_practice
from procurement.practice.clock import pass_day
from procurement.practice.exercises import of_seat
from procurement.practice.models import Practice, Visit
from procurement.practice.progress import Progress
from tests.papers import entry
from tests.sandbox.running import ROOT

pytestmark = pytest.mark.django_db
PAGE, BAR = "/practice/", "练习环境"


def text(client, path: str = PAGE, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def row(shown: str, key: str) -> str:
    """What the page says of one exercise."""
    return shown.split(f'data-exercise="{key}"')[1].split("</li>")[0]


def test_red_until_begun_and_done_then_green_then_begun_anew(practice, as_user, clerk, unit):
    client = as_user(clerk)
    entry(unit, clerk)  # before the beginning: it does not count
    assert "开始练习" in text(client)
    client.post(f"{PAGE}start/")
    assert "已完成" not in text(client)
    entry(unit, clerk)
    assert "已完成" in row(text(client), "3.1-3")
    assert text(client).count("已完成") == 2  # its head and its lines
    client.post(f"{PAGE}start/")
    assert "已完成" not in text(client)
    assert Practice.objects.count() == 1


def test_title_and_text_are_the_manuals_own(practice, as_user, clerk):
    shown = row(text(as_user(clerk)), "3.5.1-4")
    step = steps()["s3-5-1-4"].step
    assert step.title in shown
    assert escape(step.text[0]) in shown
    assert 'href="/help/3.5/#s3-5-1-4"' in shown
    assert 'href="/plans/"' in shown


def test_only_the_first_unfinished_chapter_stands_open(practice, as_user, clerk, unit):
    client = as_user(clerk)
    assert re.findall(r'<details class="cardx pr-ch" id="chapter-(\S+)" open>', text(client)) == ["1"]
    client.post(f"{PAGE}start/")
    for page in ("home", "search?q", "help-chapter", "contacts", "quota-list"):
        Visit.objects.create(user=clerk, page=page)
    assert re.findall(r'<details class="cardx pr-ch" id="chapter-(\S+)" open>', text(client)) == ["2"]
    assert "4 / 4" in text(client).split('id="chapter-1"')[1].split("</summary>")[0]


@pytest.mark.parametrize(
    ("who", "shown"),
    [
        ("clerk", "核对备案表，点左上角的“备案”"), ("reviewer", "退回一份采购计划"),
        ("divisional", "归口支出处室审核一份预算"), ("officer", "设置结转开放时间"),
        ("auditor", "当前岗位没有练习"),
    ],
)  # fmt: skip
def test_each_post_has_its_own_exercises(practice, as_user, people, who, shown):
    assert shown in text(as_user(getattr(people, who)))


@pytest.mark.parametrize(
    ("who", "named", "not_named"),
    [
        ("clerk", "王审核 周宁 刘敏", "赵外人 郑审计"), ("divisional", "李经办 王审核 刘敏", "赵外人 吴外处"),
        ("officer", "李经办 王审核 周宁 赵外人", "郑审计 孙主管"),
    ],
)  # fmt: skip
def test_who_plays_the_other_parts_is_named(practice, as_user, people, who, named, not_named):
    shown = text(as_user(getattr(people, who)))
    assert all(f"<b>{name}</b>" in shown for name in named.split())
    assert not [name for name in not_named.split() if name in shown]


def cost(client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as counted:
        text(client, path)
    return len(counted)


def test_the_page_costs_the_same_however_much_was_done(practice, as_user, clerk, unit):
    client, seen = as_user(clerk), []
    client.post(f"{PAGE}start/")
    for _ in range(2):
        entry(unit, clerk).perform("submit", clerk)
        seen.append(cost(client, PAGE))
    assert seen[0] == seen[1] <= 8


@pytest.mark.parametrize(
    ("path", "more"),
    [("/contracts/deadlines/", 1), ("/budgets/quotas/", 2), ("/budgets/entries/{pk}/", 3)],
)  # what is next; the visit; where the paper lay
def test_what_practice_costs_an_ordinary_page(settings, as_user, clerk, unit, path, more):
    client, path = as_user(clerk), path.format(pk=entry(unit, clerk).pk)
    usual = cost(client, path)
    settings.PRACTICE = True
    client.post(f"{PAGE}start/")
    assert cost(client, path) == usual + more


# --- the bar ------------------------------------------------------------------------------------------------


def bar(client, path: str = "/budgets/quotas/") -> str:
    return text(client, path).split('class="practice-bar"')[1].split("</div>")[0]


def test_the_bar_names_what_is_next_once_begun(practice, as_user, clerk):
    client = as_user(clerk)
    assert "下一项" not in bar(client)
    client.post(f"{PAGE}start/")
    shown = bar(client)
    assert "下一项：1-1 看懂业务流程图" in shown
    assert '<a href="/" aria-describedby="practice-next">去做</a>' in shown
    client.get("/")
    assert "下一项：1-3 要找一张单子时搜索" in bar(client)  # the list of quotas is a line of the menu
    client.get("/search/?q=1994936")
    assert "下一项：1-4" in bar(client)
    client.post(f"{PAGE}start/")
    assert "下一项：1-1" in bar(client)


def test_starting_over_in_another_process_is_noticed(practice, as_user, clerk):
    """What this process remembers of the next exercise is a hint only."""
    client = as_user(clerk)
    client.post(f"{PAGE}start/")
    client.get("/")
    assert "下一项：1-2" in bar(client)
    Practice.objects.update(opened_at=timezone.now(), since=timezone.now())
    assert "下一项：1-1" in bar(client)


def test_who_has_done_everything_or_has_no_exercises_is_not_told_of_a_next(practice, as_user, clerk, auditor):
    Practice.objects.create(user=auditor)
    assert "下一项" not in bar(as_user(auditor))
    begun = Practice.objects.create(user=clerk)
    progress.remember(clerk, "clerk", Progress(begun.since, begun.opened_at, frozenset(of_seat("clerk"))))
    assert "下一项" not in bar(as_user(clerk))


def test_the_pages_own_list_says_it_once(practice, as_user, clerk):
    client = as_user(clerk)
    client.post(f"{PAGE}start/")
    assert "下一项" not in bar(client, PAGE)
    assert "接着做" in text(client)


@pytest.mark.parametrize("path", ["/", "/budgets/quotas/", "/nothing/here/", PAGE])
def test_every_page_says_that_it_is_practice(practice, as_user, clerk, path):
    client = as_user(clerk)
    client.raise_request_exception = False
    assert BAR in client.get(path).content.decode()
    assert BAR in Client().get("/accounts/login/").content.decode()


def test_without_the_mode_there_is_nothing_of_it(as_user, clerk):
    client = as_user(clerk)
    text(client, PAGE, 404)
    assert client.post(f"{PAGE}start/").status_code == 404
    assert BAR not in text(client, "/")
    assert not Practice.objects.exists()
    with pytest.raises(ImproperlyConfigured):
        pass_day()


# --- production -------------------------------------------------------------------------------------------


def test_check_deploy_names_it(settings, practice):
    assert check_practice() == []
    settings.MODE = "production"
    settings.CELERY_BEAT_SCHEDULE = {"practice-day": {}}
    assert [error.id for error in check_practice()] == ["practice.E001", "practice.E002"]
    with pytest.raises(ImproperlyConfigured):
        pass_day()


@pytest.mark.parametrize("variable", [{"PRACTICE": "1"}, {clock.VARIABLE: "/dev/null"}])
def test_production_does_not_start_with_it(variable):
    env = os.environ | {"PROCUREMENT_MODE": "production", "SECRET_KEY": "x" * 60} | variable
    words = [sys.executable, "-c", "import procurement.settings"]
    done = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "in production a day lasts a day" in done.stderr
