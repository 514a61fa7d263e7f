"""Autosave: what is typed survives, stays its owner's, and never comes back after a save."""

import json
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from budgets.models import BudgetEntry
from procurement.flow.jobs import sweep_drafts
from procurement.flow.models import Draft
from tests.flow.test_pages import fields, opened
from tests.papers import entry
from tests.remembered import load_reference
from tests.sessions import logged_in
from tests.world import fresh

pytestmark = pytest.mark.django_db
NEW = "/budgets/entries/new/"
URL = "/budgets/entries/autosave/"
DISCARD = "/budgets/entries/autosave/discard/"


@pytest.fixture
def draft(unit, clerk):
    load_reference()
    return entry(unit, clerk)


def typed(user, paper=None, *, form=None, token=None, seq=1, query="", **more) -> dict:
    """What autosave.js sends: only fields that say something."""
    values = {name: [value] for name, value in ((form or {}) | more).items() if value}
    if paper is not None:
        values.setdefault("version", [str(paper.version)])
    return {
        "user": user.pk, "token": str(token or uuid.uuid4()), "seq": seq, "query": query, "fields": values,
        "paper": paper.pk if paper else 0,
    }  # fmt: skip


def send(client, body):
    return client.post(URL, body if isinstance(body, str) else json.dumps(body), "application/json")


def edit(paper, body=None) -> str:
    return reverse("budgetentry-edit", args=[paper.pk]) + (f"?draft={body['token']}" if body else "")


def page(client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_is_typed_is_offered_and_comes_back_unchecked(as_user, draft, clerk):
    client = as_user(clerk)
    wrong = {"project_name": "打了一半", "lines-0-quantity": "不是数"}
    body = typed(clerk, draft, form=opened(client, draft) | wrong)
    assert send(client, body).json()["state"] == "kept"
    text = page(client, edit(draft))
    assert "发现" in text
    assert "打了一半" not in text
    text = page(client, edit(draft, body))
    assert "已恢复" in text
    assert "打了一半" in text
    assert "不是数" in text
    for mark in ("aria-invalid", "fld-e", "errsum", "错误："):
        assert mark not in text
    kept = BudgetEntry.objects.get()
    assert (kept.title, kept.version) == (draft.title, draft.version)


def test_saving_the_restored_form_ends_its_draft(as_user, draft, clerk):
    client = as_user(clerk)
    body = typed(clerk, draft, form=opened(client, draft) | {"project_name": "改过的名称"})
    send(client, body)
    again = fields(page(client, edit(draft, body)))
    assert again["project_name"] == "改过的名称"
    assert client.post(edit(draft, body), again).status_code == 302
    assert BudgetEntry.objects.get().title == "改过的名称"
    assert "发现" not in page(client, edit(draft))


def test_an_autosave_that_arrives_after_the_save_changes_nothing(as_user, draft, clerk):
    client = as_user(clerk)
    form = opened(client, draft)
    assert client.post(edit(draft), form).status_code == 302
    late = typed(clerk, draft, form=form | {"project_name": "迟到的"}, token=form["draft"], seq=9)
    assert send(client, late).json() == {"state": "spent"}
    assert "发现" not in page(client, edit(draft))


def test_of_two_autosaves_that_overtake_one_another_the_newer_stays(as_user, draft, clerk):
    client = as_user(clerk)
    token = uuid.uuid4()
    for seq, text in [(2, "后打的"), (1, "先打的")]:
        send(client, typed(clerk, draft, token=token, seq=seq, project_name=text))
    assert Draft.objects.get().data["project_name"] == ["后打的"]


def test_a_refused_save_keeps_the_draft(as_user, draft, clerk):
    client = as_user(clerk)
    form = opened(client, draft) | {"project_name": ""}
    body = typed(clerk, draft, form=form, token=form["draft"])
    send(client, body)
    answer = client.post(edit(draft), form)
    assert f'name="draft" value="{form["draft"]}"' in answer.content.decode()
    assert Draft.objects.get().data is not None


def test_after_somebody_else_saved_the_offer_says_so_and_saving_asks_to_compare(
    as_user, draft, clerk, second_clerk
):
    client, other = as_user(clerk), as_user(second_clerk)
    body = typed(clerk, draft, form=opened(client, draft) | {"project_name": "我的"})
    send(client, body)
    assert other.post(edit(draft), opened(other, draft) | {"project_name": "别人的"}).status_code == 302
    assert "此后又保存过" in page(client, edit(draft))
    answer = client.post(edit(draft), fields(page(client, edit(draft, body))))
    assert answer.status_code == 409
    assert "我的" in answer.content.decode()
    assert "发现" in page(client, edit(draft))


def test_a_new_form_is_offered_with_what_it_started_from(as_user, draft, clerk):
    client = as_user(clerk)
    form = fields(page(client, f"{NEW}?kind=pre"))
    body = typed(clerk, form=form | {"project_name": "新写的"}, token=form["draft"], query="kind=pre&draft=x")
    assert send(client, body).json()["state"] == "kept"
    assert f"{NEW}?kind=pre&amp;draft={body['token']}" in page(client, f"{NEW}?kind=unified")
    again = fields(page(client, f"{NEW}?kind=pre&draft={body['token']}"))
    assert again["project_name"] == "新写的"
    assert again["draft"] == body["token"]


def test_giving_up_needs_no_script_and_closes_the_opening(as_user, draft, clerk):
    client = as_user(clerk)
    body = typed(clerk, draft, project_name="不要了")
    send(client, body)
    answer = client.post(DISCARD, {"draft": body["token"]})
    assert answer.headers["Location"] == edit(draft)
    assert "发现" not in page(client, edit(draft))
    assert send(client, body | {"seq": 5}).json() == {"state": "spent"}
    assert client.get(DISCARD).status_code == 405
    assert client.post(DISCARD, {"draft": "nonsense"}).status_code == 302


def test_a_draft_is_its_owners_alone(as_user, draft, clerk, second_clerk):
    body = typed(clerk, draft, project_name="私下的")
    send(as_user(clerk), body)
    other = as_user(second_clerk)
    assert "发现" not in page(other, edit(draft))
    assert "私下的" not in page(other, edit(draft, body))
    other.post(DISCARD, {"draft": body["token"]})
    assert Draft.objects.get().data is not None


def test_only_who_may_write_the_paper_may_autosave(as_user, draft, clerk, reviewer, stranger, client):
    assert send(as_user(stranger), typed(stranger, draft)).status_code == 404
    refused = send(as_user(reviewer), typed(reviewer, draft))
    assert (refused.status_code, refused.json()["state"]) == (403, "closed")
    assert send(as_user(reviewer), typed(reviewer)).status_code == 403
    assert send(as_user(clerk), typed(reviewer, draft)).json()["state"] == "other"
    assert (send(client, typed(clerk, draft)).status_code, send(client, "{}").json()["state"]) == (
        401,
        "expired",
    )
    draft.perform("submit", fresh(clerk))
    assert send(as_user(clerk), typed(clerk, draft)).status_code == 409
    assert not Draft.objects.exists()


def test_a_session_that_ended_is_told_so(draft, clerk, settings):
    client = logged_in(clerk)
    session = client.session
    session["cakey"] = session["cakey"] | {"auth_time": timezone.now().timestamp() - 9 * 3600}
    session.save()
    body = json.dumps(typed(clerk, draft))
    assert client.post(URL, body, "application/json", headers={"HX-Request": "true"}).status_code == 401


def test_a_save_in_a_session_that_ended_leads_back_to_the_form(draft, clerk):
    client = logged_in(clerk)
    form = opened(client, draft)
    session = client.session
    session["cakey"] = session["cakey"] | {"auth_time": timezone.now().timestamp() - 9 * 3600}
    session.save()
    assert (
        f"next=%2Fbudgets%2Fentries%2F{draft.pk}%2Fedit%2F"
        in client.post(edit(draft), form).headers["Location"]
    )


NASTY = [
    "", "[]", "null", "1", "{", '{"user": 1}', "[" * 5000, '{"fields": {"a": "b"}}', '{"fields": {"a": [1]}}',
    '"\\ud800"', "1" * 5000,
]  # fmt: skip


@pytest.mark.parametrize("body", NASTY, ids=range(len(NASTY)))
def test_nonsense_is_refused_in_a_sentence(as_user, clerk, body):
    answer = send(as_user(clerk), body)
    assert answer.status_code == 400
    assert answer.json()["reason"].endswith("。")


def test_text_the_database_cannot_hold_is_cleaned(as_user, draft, clerk):
    client = as_user(clerk)
    body = typed(clerk, draft, project_name="前\x00后") | {"seq": 10**30}
    text = json.dumps(body, ensure_ascii=False).replace("后", "\\ud800")
    assert send(client, text).json()["state"] == "kept"
    assert Draft.objects.get().data["project_name"] == ["前?"]
    assert page(client, edit(draft, body))


def test_a_draft_of_nonsense_can_still_be_opened(as_user, draft, clerk):
    client = as_user(clerk)
    wrong = {"lines-TOTAL_FORMS": "x", "lines-INITIAL_FORMS": "7", "lines-0-id": "999", "version": "-3"}
    for form in (
        wrong,
        opened(client, draft) | wrong,
        {"lines-TOTAL_FORMS": "5", "lines-INITIAL_FORMS": "5"},
    ):
        body = typed(clerk, draft, form=form)
        assert send(client, body).json()["state"] == "kept"
        page(client, edit(draft, body))


def test_too_much_is_refused(as_user, draft, clerk):
    answer = send(as_user(clerk), typed(clerk, draft, project_name="字" * 800_000))
    assert (answer.status_code, answer.json()["state"]) == (413, "refused")


def test_an_autosave_costs_the_same_whatever_the_form(as_user, draft, clerk):
    client, costs = as_user(clerk), []
    for rows in (1, 200):
        body = typed(clerk, draft, form={f"lines-{row}-content": "台式机" for row in range(rows)})
        send(client, body)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            send(client, body | {"seq": 2})
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 10


def test_a_person_keeps_at_most_fifty(as_user, draft, clerk):
    for _ in range(53):
        Draft.keep(clerk, uuid.uuid4(), 1, kind="budgetentry", query="", version=1, data={})
    assert Draft.objects.count() == 50


def test_old_drafts_are_swept_and_a_deleted_paper_takes_its_own_along(as_user, draft, clerk):
    client = as_user(clerk)
    send(client, typed(clerk, draft))
    send(client, typed(clerk, query="kind=pre"))
    Draft.objects.filter(document=None).update(saved_at=timezone.now() - timedelta(days=31))
    assert sweep_drafts() == 1
    client.post(reverse("budgetentry-delete", args=[draft.pk]))
    assert not Draft.objects.exists()
