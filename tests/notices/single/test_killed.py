"""kill -9 between the decision and the wake-up, and in the middle of a completion."""

import subprocess
import sys

import pytest

from notices import jobs
from notices.models import Publication, SingleSourceNotice
from notices.single.jobs import settle_all
from procurement.flow.models import Desk
from tests.notices.objections.makers import over
from tests.sandbox.running import ROOT

from . import makers

pytestmark = pytest.mark.django_db(transaction=True)
Outcome = SingleSourceNotice.Outcome


def killed(what: str, paper, environment) -> None:
    command = [sys.executable, "-m", "tests.notices.single.dying", what, str(paper.pk)]
    web = {**environment, "DJANGO_SETTINGS_MODULE": "procurement.settings"}  # who decides knows the addresses
    done = subprocess.run(command, cwd=ROOT, env=web, capture_output=True, timeout=180)
    assert done.returncode == -9, done.stderr.decode()


def test_nothing_is_lost_and_nothing_happens_twice(portal, environment, calendar, unit, clerk, officer):
    paper = makers.notice(unit, clerk).perform("submit", clerk)
    killed("approve", paper, environment)
    paper = makers.again(paper)
    assert (paper.state, paper.moves.count()) == (Desk.DONE, 2)
    assert [row.state for row in Publication.objects.all()] == ["pending"]
    assert jobs.sweep() == 1  # beat finds what no message announced
    assert jobs.sweep() == 0
    assert portal.stats()["receipts"][Publication.objects.get().key] == 1
    settle_all()

    over(paper)
    SingleSourceNotice.objects.filter(pk=paper.pk).update(outcome=Outcome.PUBLICIZING, closed_at=None)
    killed("settle", paper, environment)
    assert makers.again(paper).outcome == Outcome.PUBLICIZING
    assert not SingleSourceNotice.objects.linkable(unit)
    assert settle_all() == 1
    assert SingleSourceNotice.objects.linkable(unit).get().closed_at
