"""Typing outlives a closed browser and a session that ends, in a real browser."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from accounts.cakey import sessions
from accounts.models import CertificateSession
from budgets.models import BudgetEntry
from procurement.flow.models import Draft
from procurement.reference.models import BudgetClass
from tests.remembered import load_reference
from tests.sessions import logged_in
from tests.waiting import until


@pytest.fixture
def form(papers):
    load_reference()
    subjects = {
        f"{name}_id": BudgetClass.objects.get(kind=kind, code=code).pk
        for name, kind, code in [
            ("function_subject", "function", "2050205"), ("gov_econ", "gov", "50306"),
            ("dept_econ", "dept", "31002"),
        ]
    }  # fmt: skip
    BudgetEntry.objects.filter(pk=papers["draft"]).update(**subjects)
    return f"/budgets/entries/{papers['draft']}/edit/"


@pytest.fixture
def expire(clerk):
    def ended():
        CertificateSession.objects.update(seen_at=sessions.timezone.now() - timedelta(hours=1))
        sessions.MEMORY.clear()

    return ended


def log_in_again(page, clerk, site) -> None:
    """In another tab of the same browser: the cookie is new, the page's own token is old."""
    cookie = logged_in(clerk).cookies["gp_sid"]
    page.context.add_cookies([{"name": "gp_sid", "value": cookie.value, "url": site}])


def name_of(page):
    return page.get_by_label("预算项目名称")


def test_a_closed_browser_loses_nothing(browse, clerk, form, axe):
    page = browse(clerk, form)
    name_of(page).fill("关掉浏览器之前打的字")
    expect(page.get_by_text("已自动保存")).to_be_visible()
    page.context.close()
    page = browse(clerk, form)
    expect(name_of(page)).not_to_have_value("关掉浏览器之前打的字")
    axe(page)
    page.get_by_role("link", name="恢复").click()
    expect(name_of(page)).to_have_value("关掉浏览器之前打的字")
    expect(page.get_by_text("已恢复")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="保存", exact=True).last.click()
    expect(page.get_by_text("尚未提交")).to_be_visible()
    assert BudgetEntry.objects.filter(title="关掉浏览器之前打的字").exists()
    forgotten = "Object.keys(sessionStorage).every(key => !key.startsWith('typed:'))"
    assert until(lambda: page.evaluate(forgotten))  # asked from outside: the page's CSP forbids it to poll
    page.goto(page.url)
    expect(page.get_by_text("发现")).to_have_count(0)


def test_a_submit_in_a_session_that_ended_loses_nothing(browse, clerk, form, site, expire, complaints):
    complaints.forgive("127.0.0.1:248")  # the login page looks for the CA helper
    page = browse(clerk, form)
    expire()
    name_of(page).fill("提交时登录已过期")
    page.get_by_role("button", name="提交审核").click()
    page.wait_for_url("**/accounts/login/**")
    assert Draft.objects.count() == 0
    log_in_again(page, clerk, site)
    page.reload()  # already logged in: the login page leads on, as after a login
    expect(name_of(page)).to_have_value("提交时登录已过期")
    expect(page.get_by_text("已恢复")).to_be_visible()
    page.get_by_role("button", name="保存", exact=True).last.click()
    expect(page.get_by_text("尚未提交")).to_be_visible()
    assert BudgetEntry.objects.filter(title="提交时登录已过期").exists()


def test_typing_goes_on_after_a_login_in_another_tab(browse, clerk, form, site, expire, complaints, axe):
    complaints.forgive("401")
    page = browse(clerk, form)
    expire()
    name_of(page).fill("过期以后打的字")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("登录已过期，内容已保存在本机")
    expect(alert.get_by_role("link", name="重新登录")).to_be_visible()
    axe(page)
    log_in_again(page, clerk, site)
    name_of(page).press("End")
    name_of(page).type("，接着写")
    expect(page.get_by_text("已自动保存")).to_be_visible()
    expect(alert).to_be_hidden()
    assert until(lambda: Draft.objects.get().data["project_name"] == ["过期以后打的字，接着写"])
    page.get_by_role("button", name="保存", exact=True).last.click()
    expect(page.get_by_text("尚未提交")).to_be_visible()


def test_on_a_shared_computer_the_next_person_finds_nothing(browse, clerk, second_clerk, form, site, expire):
    page = browse(clerk, form)
    expire()
    name_of(page).fill("上一位的内容")
    expect(page.get_by_role("alert")).to_contain_text("已保存在本机")
    kept = "Object.keys(sessionStorage).filter(key => key.startsWith('typed:')).length"
    assert page.evaluate(kept) == 1
    log_in_again(page, second_clerk, site)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(site + form)
    assert until(lambda: page.evaluate(kept) == 0)
    assert not Draft.objects.filter(user=second_clerk).exists()


def test_what_is_secret_is_never_kept_on_the_computer(browse, clerk, papers, form, expire):
    BudgetEntry.objects.filter(pk=papers["draft"]).update(is_secret=True)
    page = browse(clerk, form)
    name_of(page).fill("涉密内容")
    expect(page.get_by_text("已自动保存")).to_be_visible()
    expire()
    name_of(page).fill("涉密内容二")
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_role("alert")).to_contain_text("内容还在本页，请不要关闭")
    assert page.evaluate("Object.keys(sessionStorage).filter(key => key.startsWith('typed:')).length") == 0
    expect(name_of(page)).to_have_value("涉密内容二")
