"""Autosave of the new form of every kind of paper: typed, left, restored, saved."""

import json
from html import unescape

import pytest

from procurement.flow.models import Document, Draft
from tests.flow.test_pages import fields
from tests.intents.makers import confirmation
from tests.plans import makers

pytestmark = pytest.mark.django_db
FORMS = [
    ("/intents/", "c={}", "contact"),
    ("/plans/", "kind=project&c={}", "handler_name"),
    ("/plans/", "kind=mall&c={}", "handler_name"),
    ("/plans/", "kind=other_non_gov&blank=1", "handler_name"),
    ("/plans/", "kind=other_history&blank=1", "handler_name"),
    ("/budgets/entries/", "kind=pre", "project_name"),
    ("/notices/announcements/", "kind=3", "c_project_name"),
]


@pytest.fixture
def confirmed(unit, clerk):
    makers.catalogue()
    return confirmation(unit, clerk)


@pytest.mark.parametrize(("stage", "query", "name"), FORMS, ids=[f"{a}{b}" for a, b, _ in FORMS])
def test_a_new_form_is_left_and_found_again(as_user, clerk, confirmed, stage, query, name):
    client, query = as_user(clerk), query.format(confirmed.pk)
    form = fields(client.get(f"{stage}new/?{query}").content.decode())
    values = {
        key: [unescape(value)] for key, value in form.items() if value and key[:5] not in ("draft", "csrfm")
    }
    body = {
        "user": clerk.pk, "token": form["draft"], "seq": 1, "paper": 0, "query": query,
        "fields": values | {name: ["写到一半的人"]},
    }  # fmt: skip
    answer = client.post(f"{stage}autosave/", json.dumps(body), "application/json")
    assert answer.json()["state"] == "kept"
    offer = Draft.objects.get()
    assert f"draft={offer.token}" in client.get(stage).content.decode()  # the list of drafts tells of it
    page = client.get(f"{stage}new/?{offer.query}&draft={offer.token}").content.decode()
    assert "已恢复" in page
    assert "errsum" not in page
    again = fields(page)
    assert (again[name], again["draft"]) == ("写到一半的人", form["draft"])
    assert not Document.objects.exists()
