"""The world a chapter is walked in: the running site, its people at their browsers, and the rest."""

import os

import pytest
from django.core.management import call_command

from tests.e2e.planner import Planner
from tests.sessions import logged_in

from .scribe import SIZE, Scribe


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
        self.scribe = Scribe(number, title, lead, painting="MANUAL" in os.environ)
        return self.scribe


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    """A window of the size of the manual's pictures."""
    return {**browser_context_args, "viewport": SIZE}


@pytest.fixture
def scene(request, live_server, transactional_db, people, places, new_context, axe, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    call_command("load_reference", verbosity=0)
    return Scene(request, live_server.url, people, places, new_context, axe)
