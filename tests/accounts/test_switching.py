"""Switching the post and the year in the top bar."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Appointment, Post
from accounts.posts import SESSION_KEY

YEAR = timezone.localdate().year


@pytest.fixture
def two_posts(clerk, places):
    return clerk.appointments.get(), Appointment.objects.appoint(clerk, Post.CLERK, places.foreign_unit)


def test_the_chosen_post_is_acted_in_until_another_is_chosen(as_user, clerk, two_posts):
    browser = as_user(clerk)
    for post in reversed(two_posts):
        answer = browser.post(reverse("switch-post"), {"appointment": post.pk})
        assert answer.status_code == 302
        assert browser.get(reverse("home")).wsgi_request.user.current == post


@pytest.mark.parametrize("chosen", ["", "0", "-1", "abc", "9" * 40, "1; drop table"])
def test_nonsense_chooses_nothing(as_user, clerk, two_posts, chosen):
    browser = as_user(clerk)
    assert browser.post(reverse("switch-post"), {"appointment": chosen}).status_code == 302
    assert SESSION_KEY not in browser.session


def test_nobody_chooses_the_post_of_another(as_user, clerk, reviewer):
    browser = as_user(clerk)
    browser.post(reverse("switch-post"), {"appointment": reviewer.appointments.get().pk})
    assert browser.get(reverse("home")).wsgi_request.user.current == clerk.appointments.get()


def test_a_chosen_post_that_has_ended_is_no_longer_acted_in(as_user, clerk, two_posts):
    browser, (first, second) = as_user(clerk), two_posts
    browser.post(reverse("switch-post"), {"appointment": second.pk})
    second.delete()
    assert browser.get(reverse("home")).wsgi_request.user.current == first


def test_the_year_is_remembered(as_user, clerk):
    browser = as_user(clerk)
    for year in (YEAR - 2, YEAR - 1, YEAR + 1, YEAR):
        browser.post(reverse("switch-year"), {"year": year})
        for _ in range(2):
            assert browser.get(reverse("home")).context["fiscal_year"] == year


WRONG = [
    "", "abc", "1999", "2101", f"-{YEAR}", f"{YEAR}.0", "²⁰²⁶", "２０２６", "9" * 5000, f"{YEAR}\x00",
    YEAR - 3, YEAR + 2, f"0{YEAR}",
]  # fmt: skip


@pytest.mark.parametrize("year", WRONG)
def test_a_year_the_top_bar_does_not_offer_changes_nothing(as_user, clerk, year):
    """In another one nobody could find his papers again, and a new paper would be of it."""
    browser = as_user(clerk)
    browser.post(reverse("switch-year"), {"year": YEAR - 1})
    assert browser.post(reverse("switch-year"), {"year": year}).status_code == 302
    assert browser.session["fiscal_year"] == YEAR - 1


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_way_back_never_leads_to_another_site(as_user, clerk, wanted):
    answer = as_user(clerk).post(reverse("switch-year"), {"year": YEAR, "next": wanted})
    assert answer["Location"] == reverse("home")


def test_switching_is_a_post(as_user, clerk):
    for name in ("switch-post", "switch-year"):
        assert as_user(clerk).get(reverse(name)).status_code == 405
