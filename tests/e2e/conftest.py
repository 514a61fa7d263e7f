"""The whole system for a browser: site, agent with the tokens of four people, worker, portal."""

from types import SimpleNamespace

import pytest

from accounts.cakey import authority as ca
from notices import jobs
from tests.browser import *  # noqa: F403
from tests.cakey.conftest import PIN, RunningAgent, bound, trusted, world  # noqa: F401 - fixtures
from tests.cakey.test_login_page import point_to
from tests.notices.conftest import environment, hsm, portal, sandbox  # noqa: F401 - fixtures
from tests.notices.running import Celery
from tests.remembered import load_reference
from tests.sessions import logged_in

from .planner import Planner

HOLDERS = ["clerk", "reviewer", "divisional", "officer"]


@pytest.fixture(scope="module")
def key_holders(world, tmp_path_factory):  # noqa: F811
    """One token a person, all in one PKCS#11 configuration."""
    conf = ca.create_conf(tmp_path_factory.mktemp("keys"))
    names = {"clerk": "李经办", "reviewer": "王审核", "divisional": "周宁", "officer": "刘敏"}
    made = {
        who: ca.make_person(world.authority, conf, who, name, "安徽示例大学", pin=PIN)
        for who, name in names.items()
    }
    return SimpleNamespace(conf=conf, certificates=made)


@pytest.fixture
def site(live_server, settings, world, trusted, key_holders, people):  # noqa: F811
    """The site with reference data and four people whose certificates are bound."""
    settings.CAKEY_ORIGINS = [live_server.url]
    load_reference()
    for who in HOLDERS:
        bound(world, key_holders.certificates[who], getattr(people, who))
    return live_server.url


@pytest.fixture
def agent(site, key_holders, settings):
    running = RunningAgent(key_holders.conf, "--pin-from-page", "--dev", "--origin", site)
    point_to(settings, running.port)
    yield running
    running.stop()


@pytest.fixture
def worker(environment, tmp_path):  # noqa: F811
    """The Celery worker that signs and publishes."""
    running = Celery("worker", environment, tmp_path / "worker.log")
    yield running
    running.stop()
    jobs.SIGNER.close()


@pytest.fixture
def at_desk(live_server, transactional_db, people, new_context, axe, tmp_path):
    """`at_desk("clerk")`: that person at the plans' pages, with the session a key login leaves."""
    load_reference()
    seated = {}

    def enter(who: str) -> Planner:
        if who not in seated:
            context = new_context()
            cookie = logged_in(getattr(people, who)).cookies["gp_sid"]
            context.add_cookies([{"name": "gp_sid", "value": cookie.value, "url": live_server.url}])
            seated[who] = Planner(context.new_page(), live_server.url, tmp_path, axe)
            seated[who].page.goto(live_server.url)
        return seated[who]

    return enter
