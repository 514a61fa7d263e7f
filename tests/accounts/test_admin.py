"""The administration: who gets in, what it can change, what it only shows."""

import pytest
from django.contrib import admin as site
from django.test import Client
from django.urls import reverse

from accounts.models import Appointment, Organization, Post, User
from procurement.flow.models import Document
from tests.papers import entry
from tests.world import YEAR, credit_code


@pytest.fixture
def office(as_user, admin):
    return as_user(admin)


def test_login_to_the_administration_is_the_ca_login(db):
    index = reverse("admin:index")
    answer = Client().get(index, follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("login"))
    assert Client().get(reverse("admin:login"))["Location"] == f"{reverse('login')}?next={index}"
    assert Client().post(reverse("admin:login"), {"username": "admin", "password": "x"}).status_code == 302


def test_business_users_are_refused_with_a_sentence(as_user, clerk, officer):
    for user in (clerk, officer):
        answer = as_user(user).get(reverse("admin:index"), follow=True)
        assert answer.status_code == 403
        assert "系统管理员" in answer.content.decode()


def test_every_list_and_form_of_the_administration_opens(office, unit, clerk):
    entry(unit, clerk)
    for model, page in site.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        assert office.get(reverse(f"{name}_changelist")).status_code == 200, name
        row = model._default_manager.first()
        if row is not None and type(page).__module__ in ("accounts.admin", "procurement.flow.admin"):
            assert office.get(reverse(f"{name}_change", args=[row.pk])).status_code in (200, 302), name


def test_an_administrator_cannot_act_on_business(office, unit, clerk):
    paper = entry(unit, clerk)
    for name in ("budgetentry-list", "budgetentry-review", "budgetentry-new", "intent-list", "intent-review"):
        assert office.get(reverse(name)).status_code == 403, name
    for name in ("detail", "edit", "move"):
        assert office.get(reverse(f"budgetentry-{name}", args=[paper.pk])).status_code == 404, name
    assert office.post(reverse("budgetentry-move", args=[paper.pk]), {"verb": "submit"}).status_code == 404
    assert Document.objects.get(pk=paper.pk).state == "clerk"


def test_papers_can_only_be_looked_at(office, unit, clerk, reviewer):
    paper = entry(unit, clerk).perform("submit", clerk)
    paper.perform("approve", reviewer, "只给参与人看的意见")
    for model in ("document", "move", "attachment", "delivery", "download"):
        assert office.get(reverse(f"admin:flow_{model}_add")).status_code == 403
    change = reverse("admin:flow_document_change", args=[paper.pk])
    assert office.post(change, {"title": "改名"}).status_code == 403
    assert office.post(reverse("admin:flow_document_delete", args=[paper.pk])).status_code == 403
    move = office.get(reverse("admin:flow_move_change", args=[paper.moves.last().pk]))
    assert "只给参与人看的意见" not in move.content.decode()


def test_drafts_are_not_shown_to_the_administrator(office, unit, clerk):
    paper = entry(unit, clerk, title="还没想好的草稿")
    answer = office.get(reverse("admin:flow_document_changelist"))
    assert paper.title not in answer.content.decode()


def unit_data(**changes) -> dict:
    return {
        "kind": "purchaser", "name": "新单位", "uscc": credit_code(900), "region": "340001",
        "location": "合肥市", "is_active": "on",
    } | changes  # fmt: skip


def test_an_organisation_needs_a_right_credit_code_and_a_division(office, places):
    add = reverse("admin:accounts_organization_add")
    wrong = office.post(add, unit_data(uscc=credit_code(900)[:-1] + "?"))
    assert "统一社会信用代码" in wrong.content.decode()
    assert "归口财政内部机构" in wrong.content.decode()
    assert not Organization.objects.filter(name="新单位").exists()
    right = office.post(add, unit_data(division=places.division.pk, parent=places.department.pk))
    assert right.status_code == 302
    assert Organization.objects.get(name="新单位").parent == places.department


def test_the_tree_stays_a_tree(office, places):
    change = reverse("admin:accounts_organization_change", args=[places.department.pk])
    data = unit_data(kind="department", name="示例教育厅", uscc="", parent=places.unit.pk)
    assert "下级" in office.post(change, data).content.decode()


def person_data(permission, place, **dates) -> dict:
    return {
        "username": "xin", "name": "新人", "is_active": "on", "appointments-TOTAL_FORMS": "1",
        "appointments-INITIAL_FORMS": "0", "appointments-0-permission": permission,
        "appointments-0-content_object": place, "appointments-0-valid_from": "2026-01-01", **dates,
    }  # fmt: skip


def test_a_person_is_added_with_posts_and_without_a_password(office, places):
    permission = Appointment.objects.first().permission_id
    data = person_data(permission, places.unit.pk, **{"appointments-0-valid_to": f"{YEAR + 4}-12-31"})
    assert office.post(reverse("admin:accounts_user_add"), data).status_code == 302
    user = User.objects.get(username="xin")
    assert not user.has_usable_password()
    assert user.posts.organizations(Post(user.appointments.get().post)) == {places.unit.pk}


def test_posts_with_wrong_dates_come_back_with_a_sentence(office, places):
    permission = Appointment.objects.first().permission_id
    data = person_data(permission, places.unit.pk, **{"appointments-0-valid_to": "2025-12-31"})
    answer = office.post(reverse("admin:accounts_user_add"), data)
    assert "任岗结束日期不能早于开始日期" in answer.content.decode()
    assert not User.objects.filter(username="xin").exists()


def test_there_is_no_password_form(office, clerk):
    page = office.get(reverse("admin:accounts_user_change", args=[clerk.pk])).content.decode()
    assert "password" not in page.replace("password_change", "")
    assert "经办岗" in page
    assert "Can add" not in page
    assert office.get(reverse("admin:password_change")).status_code == 404


def test_the_pages_carry_the_brand_and_no_inline_script(office):
    page = office.get(reverse("admin:index"))
    assert "overview/admin.css" in page.content.decode()
    assert "'unsafe-inline'" not in page.headers["Content-Security-Policy"]
    assert b"style=" not in page.content


def test_logging_out_of_the_administration_ends_the_session(office):
    assert office.post(reverse("admin:logout")).status_code == 302
    assert office.get(reverse("home")).status_code == 302
