"""The world a chapter is walked in: the running site, its people at their browsers, and the rest."""

import os

import pytest
from django.core.management import call_command
from playwright.sync_api import Page

from tests.e2e.planner import Planner
from tests.sessions import logged_in

from .proof import Proof
from .scribe import SIZE, Scribe

PAINTING = "MANUAL" in os.environ


class Scene:
    """One chapter's world: `scene.clerk` is a person at the browser, logged in."""

    def __init__(self, request, site, people, places, new_context, axe):
        self.request, self.site, self.people, self.places = request, site, people, places
        self.unit = places.unit
        self.new_context, self.axe, self.seated = new_context, axe, {}

    def need(self, fixture: str):
        """A part of the world only some chapters need: portal, worker, agent."""
        return self.request.getfixturevalue(fixture)

    def stranger(self) -> Planner:
        """Somebody who has not logged in."""
        return Planner(self.new_context().new_page(), self.site, None, self.axe)

    def at(self, who: str) -> Planner:
        """That person's browser, with the session a key login leaves (chapter 2 logs in with a real key)."""
        if who not in self.seated:
            hands = self.stranger()
            cookie = logged_in(getattr(self.people, who)).cookies["gp_sid"]
            hands.page.context.add_cookies([{"name": "gp_sid", "value": cookie.value, "url": self.site}])
            hands.page.goto(self.site)
            self.seated[who] = hands
        return self.seated[who]

    clerk = property(lambda self: self.at("clerk"))
    reviewer = property(lambda self: self.at("reviewer"))
    divisional = property(lambda self: self.at("divisional"))
    officer = property(lambda self: self.at("officer"))

    def write(self, number: str, title: str, lead: str = "") -> Scribe:
        """The chapter begins; unless it is painted, everybody practises it."""
        proof = None if PAINTING else Proof(number, self.people)
        self.scribe = Scribe(number, title, lead, proof)
        return self.scribe

    def on_the_portal(self, who: Planner, path: str) -> Page:
        """From the paper's own page by its link 门户地址, as a person gets there."""
        who.page.goto(f"{self.site}{path}")
        with who.page.context.expect_page() as opened:
            who.page.locator("dt", has_text="门户地址").locator("xpath=..").get_by_role("link").click()
        return opened.value

    def judge(self, who: str, menu: tuple[str, str], number: str, opinion: str) -> None:
        """That person passes that paper, from the list of what waits for him."""
        hands = self.at(who)
        hands.menu(*menu)
        hands.page.get_by_role("row").filter(has_text=number).get_by_role("link", name="查看").click()
        hands.decide(hands.page.get_by_role("region", name="审核意见"), "通过", opinion=opinion)
        hands.told("已通过")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """In pictures the browser's own words, of date and file fields, are Chinese too."""
    if not PAINTING:
        return browser_type_launch_args
    env = browser_type_launch_args["env"] | {"LANGUAGE": "zh_CN"}
    return browser_type_launch_args | {
        "args": [*browser_type_launch_args["args"], "--lang=zh-CN"],
        "env": env,
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    """A window of the size of the manual's pictures."""
    return {**browser_context_args, "viewport": SIZE}


@pytest.fixture
def scene(request, live_server, transactional_db, people, places, new_context, axe, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.PRACTICE = not PAINTING
    call_command("load_reference", verbosity=0)
    return Scene(request, live_server.url, people, places, new_context, axe)
