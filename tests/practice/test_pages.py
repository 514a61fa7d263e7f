"""The page of exercises, the banner, the day that lasts a minute; and that production has none of it."""

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from procurement import clock
from procurement.practice.checks import check_practice
from procurement.practice.clock import pass_day
from procurement.practice.models import Practice
from tests.papers import entry
from tests.sandbox.running import ROOT

pytestmark = pytest.mark.django_db
PAGE, BAR = "/practice/", "练习环境"


def text(client, path: str = PAGE, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def test_red_until_begun_and_done_then_green_then_begun_anew(practice, as_user, clerk, unit):
    client = as_user(clerk)
    entry(unit, clerk).perform("submit", clerk)  # before the beginning: it does not count
    assert "开始练习" in text(client)
    client.post(f"{PAGE}start/")
    assert "已完成" not in text(client)
    entry(unit, clerk).perform("submit", clerk)
    assert text(client).count("已完成") == 1
    client.post(f"{PAGE}start/")
    assert "已完成" not in text(client)
    assert Practice.objects.count() == 1


@pytest.mark.parametrize(
    ("who", "shown"),
    [
        ("clerk", "备案采购合同"), ("reviewer", "退回一份采购计划"), ("divisional", "审核通过一份预算录入"),
        ("officer", "设置结转开放时间"), ("auditor", "当前岗位没有练习"),
    ],
)  # fmt: skip
def test_each_post_has_its_own_exercises(practice, as_user, people, who, shown):
    assert shown in text(as_user(getattr(people, who)))


def test_who_plays_the_other_parts_is_named(practice, as_user, clerk):
    shown = text(as_user(clerk))
    for name in ("王审核", "周宁", "刘敏"):
        assert f"<b>{name}</b>" in shown
    assert "赵外人" not in shown


def test_the_page_costs_the_same_however_much_was_done(practice, as_user, clerk, unit):
    client, seen = as_user(clerk), []
    client.post(f"{PAGE}start/")
    for _ in range(2):
        entry(unit, clerk).perform("submit", clerk)
        client.get(PAGE)
        with CaptureQueriesContext(connection) as counted:
            text(client)
        seen.append(len(counted))
    assert seen[0] == seen[1] <= 14


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
