"""People with real keys, logged in over HTTP, who sign what the page 签名确认 asks them to sign."""

import json
from types import SimpleNamespace

import pytest
from django.test import Client

from accounts.cakey import authority as ca
from procurement.overview.demo.browser import ASKED, Form, Page
from tests.browser import *  # noqa: F403
from tests.cakey.conftest import (  # noqa: F401 - fixtures
    PIN,
    PRACTICE,
    RunningAgent,
    _known_settings,
    bound,
    fingerprint,
    trusted,
    world,
)
from tests.cakey.logging_in import nonce_for, post
from tests.world import PEOPLE, fresh

HOLDERS = ["clerk", "second_clerk", "reviewer", "divisional", "officer"]


@pytest.fixture(scope="session")
def ring(world, tmp_path_factory):  # noqa: F811
    """One token a person, all in one PKCS#11 configuration."""
    conf = ca.create_conf(tmp_path_factory.mktemp("ring"))
    made = {
        who: ca.make_person(world.authority, conf, who, PEOPLE[who][0], "安徽示例大学", pin=PIN)
        for who in HOLDERS
    }
    return SimpleNamespace(conf=conf, certificates=made)


@pytest.fixture(scope="session")
def agent(ring):
    running = RunningAgent(
        ring.conf, "--pin-from-page", "--dev", "--origin", PRACTICE, "--per-minute", "10000"
    )
    yield running
    running.stop()


@pytest.fixture
def signing(settings):
    """From here on every decision needs its signature."""
    settings.DECISION_SIGNATURES = True


class Desk:
    """Somebody at a browser without script, with a key whose agent answers him."""

    def __init__(self, user, certificate, agent):
        self.user, self.certificate, self.agent = user, certificate, agent
        self.client = Client(raise_request_exception=False)
        token = agent.post(
            "authenticate",
            {"challengeNonce": self.nonce(), "certificateId": fingerprint(certificate), "pin": PIN},
        )[1]
        answer = post(self.client, "login", {"token": json.dumps(token), "nonce": self.given})
        assert answer.status_code == 200, answer.content.decode()

    def nonce(self) -> str:
        self.given = nonce_for(self.client)
        return self.given

    def asked(self, answer) -> Form:
        """The form of the page 签名确认."""
        text = answer.content.decode()
        assert ASKED in text, text[:3000]
        return Page(answer.request["PATH_INFO"], answer.status_code, text).form("sign-content")

    def signatures(self, form: Form) -> list[str]:
        """What the agent gives for this page."""
        pairs = zip(form.values("sign-content"), form.values("sign-attributes"), strict=True)
        rows = [{"content": content, "signedAttributes": said} for content, said in pairs]
        question = {"decisions": rows, "certificateId": form.values("sign-certificate")[0], "pin": PIN}
        status, made = self.agent.post("sign", question)
        assert status == 200, made
        return [one["signature"] for one in made["signatures"]]

    def send(self, form: Form, signatures: list[str], **more):
        """The page's form, signed; `more` overwrites fields."""
        data = {}
        for name, value in form.fields:
            if name not in ("sign-value", "csrfmiddlewaretoken"):
                data.setdefault(name, []).append(value)
        return self.client.post(form.action, data | {"sign-value": signatures} | more)

    def sign(self, answer, **more):
        form = self.asked(answer)
        return self.send(form, self.signatures(form), **more)

    def move(self, paper, verb: str, **data):
        """One POST without a signature, as the dialog sends it."""
        return self.client.post(address(paper, "moves/"), {"verb": verb, "version": paper.version, **data})

    def decide(self, paper, verb: str, **data):
        """The whole way; the fresh paper."""
        answer = self.sign(self.move(paper, verb, **data))
        assert answer.status_code == 302, answer.content.decode()[:3000]
        return type(paper).objects.get(pk=paper.pk)


PLACES = {"budgetentry": "/budgets/entries", "intent": "/intents", "plan": "/plans", "contract": "/contracts",
          "taskbook": "/tasks/books", "methodchange": "/tasks/changes"}  # fmt: skip


def address(paper, page: str = "") -> str:
    return f"{PLACES[paper.kind]}/{paper.pk}/{page}"


@pytest.fixture
def at_desk(world, ring, trusted, people, agent):  # noqa: F811
    """`at_desk("clerk")`: that person, logged in with his own key."""
    seated = {}

    def sit(who: str) -> Desk:
        if who not in seated:
            user = getattr(people, who)
            bound(world, ring.certificates[who], user)
            seated[who] = Desk(fresh(user), ring.certificates[who], agent)
        return seated[who]

    return sit
