"""帮助: every page leads to its part of the manual, and the manual is readable for everybody."""

import pytest
from django.contrib.staticfiles import finders
from django.urls import get_resolver, reverse

from procurement.handbook.chapters import chapters
from procurement.handbook.places import PAGES, address, part_of

pytestmark = pytest.mark.django_db


def names(resolver=None) -> set[str]:
    """Every named page of the site; the administration has a manual of its own."""
    found = set()
    for one in (resolver or get_resolver()).url_patterns:
        if hasattr(one, "url_patterns"):
            found |= names(one) if one.app_name != "admin" else set()
        else:
            found.add(one.name)
    return found


def leads_to_its_part(page: str) -> bool:
    where, _, anchor = address(page).partition("#")
    number = where.removeprefix(reverse("help")).strip("/")
    return bool(number) and anchor == "s" + part_of(page).replace(".", "-")


def test_every_page_has_a_part_of_the_manual_that_exists():
    """Who adds a page names its part in procurement/handbook/places.py."""
    assert sorted(page for page in names() if not leads_to_its_part(page)) == []


def test_no_part_is_named_for_pages_that_do_not_exist():
    known = [f"{page}-" for page in names()]
    assert [one for one in PAGES if not any(page.startswith(f"{one}-") for page in known)] == []


def test_an_unknown_page_leads_to_the_contents():
    assert address("") == address("nothing") == reverse("help")


@pytest.mark.parametrize("number", chapters())
def test_a_chapter_is_readable_without_login_and_without_a_query(client, django_assert_num_queries, number):
    with django_assert_num_queries(0):
        answer = client.get(reverse("help-chapter", args=[number]))
    assert answer.status_code == 200
    for part in chapters()[number].sections:
        assert f'id="{part.anchor}"' in answer.text
        for step in part.steps:
            assert f'id="{step.anchor}"' in answer.text
            assert step.title in answer.text
            if step.picture:
                assert f"/static/{step.image}" in answer.text
                assert finders.find(step.image)


def test_the_contents_name_every_chapter(client):
    text = client.get(reverse("help")).text
    for number in chapters():
        assert reverse("help-chapter", args=[number]) in text
    assert client.get("/help/9.9/").status_code == 404


@pytest.mark.parametrize("page", ["home", "quota-list", "intent-review", "plan-list", "contract-filing"])
def test_pages_carry_the_link_to_their_part_and_the_phone_list(as_user, clerk, page):
    text = as_user(clerk).get(reverse(page)).text
    assert f'href="{address(page)}"' in text
    assert f'href="{reverse("contacts")}"' in text


@pytest.mark.parametrize("page", ["login", "driver-help", "contacts", "breakglass", "verify"])
def test_so_do_pages_before_the_login(client, page):
    assert f'href="{address(page)}"' in client.get(reverse(page)).text


def test_error_pages_lead_to_help_and_phones(as_user, client, clerk):
    inside = as_user(clerk)
    for answer in (inside.get("/plans/999999/"), inside.get("/nothing/"), client.get("/help/9.9/")):
        assert answer.status_code == 404
        assert f'href="{reverse("contacts")}"' in answer.text
        assert reverse("help") in answer.text
        assert "tel:" in answer.text
