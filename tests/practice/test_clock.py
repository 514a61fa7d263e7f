"""In practice mode a working day lasts a minute, for every paper and for the year itself."""

import subprocess
import sys
from datetime import date, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db.models.functions import Now
from django.utils import timezone

from accounts.cakey import sessions
from accounts.models import Appointment, CertificateSession
from budgets.carryover.jobs import roll_over
from budgets.models import Quota
from contracts import deadlines
from notices.models import SingleSourceNotice
from notices.single.jobs import settle_all
from procurement import clock
from procurement.flow.models import Delivery
from procurement.practice import clock as practised
from procurement.reference.calendars import PRESUMED
from procurement.reference.models import CalendarDay
from procurement.sandbox import finance
from tests.budgets.carryover import makers as carryover
from tests.contracts import makers as contracts
from tests.notices.announcements import makers as announcements
from tests.notices.single import makers as single
from tests.papers import entry
from tests.plans import makers as plans
from tests.sandbox.running import ROOT
from tests.times.clock import at
from tests.world import YEAR

pytestmark = pytest.mark.django_db


@pytest.fixture
def learner(practice, as_user, clerk):
    """Somebody practises, in a world whose working days are announced as far as they are."""
    call_command("load_reference", verbosity=0)
    client = as_user(clerk)
    assert client.post("/practice/start/").status_code == 302
    return client


def pass_days(count: int) -> None:
    for _ in range(count):
        assert practised.pass_day() == clock.today()


def test_each_minute_is_the_next_working_day(learner):
    with at("2026-09-29T10:00:00"):
        CertificateSession.objects.update(seen_at=timezone.now())
        seen = [practised.pass_day() for _ in range(4)]
    assert seen == [date(2026, 9, 30), date(2026, 10, 8), date(2026, 10, 9), date(2026, 10, 10)]


def test_no_day_passes_before_somebody_begins(practice, as_user, clerk):
    as_user(clerk)
    assert practised.pass_day() is None


def test_no_day_passes_while_nobody_practises(learner):
    before = clock.today()
    CertificateSession.objects.update(seen_at=timezone.now() - practised.PRESENT - timedelta(seconds=1))
    assert practised.pass_day() is None
    CertificateSession.objects.update(seen_at=timezone.now(), ended_at=timezone.now())
    assert practised.pass_day() is None
    assert clock.today() == before


def test_keys_and_sessions_keep_the_machines_time(learner, clerk):
    pass_days(30)
    assert learner.get("/").status_code == 200  # no session of eight hours has ended
    assert CertificateSession.objects.get().seen_at <= timezone.now()
    assert sessions.timezone.now() < clock.now()


def test_what_is_done_bears_the_practised_day(learner, clerk, unit):
    pass_days(3)
    paper = entry(unit, clerk).perform("submit", clerk)
    move = paper.moves.get()
    assert timezone.localdate(move.at) == clock.today() > timezone.localdate()
    assert paper.desk_since == move.at


def test_a_publicity_of_five_days_is_over_after_six_minutes(learner, unit, clerk, officer):
    paper = single.published(unit, clerk, officer)
    settle_all()
    minutes = 0
    while SingleSourceNotice.objects.get().outcome != SingleSourceNotice.Outcome.COMPLETED:
        pass_days(1)
        settle_all()
        minutes += 1
        assert minutes < 8
    assert minutes == 6
    assert SingleSourceNotice.objects.get().published_on == paper.published_on


def test_a_contract_runs_through_its_days(learner, unit, clerk, reviewer):
    """Seven working days from the signature to the filing, in seven minutes."""
    plans.catalogue()
    book = contracts.book(unit, clerk, reviewer, plans.confirmation(unit, clerk))
    contracts.result(book, clerk)
    paper = contracts.draft(book, clerk)
    pass_days(7)
    assert clock.today() == paper.file_by
    assert not deadlines.is_late(paper, clock.today())
    pass_days(1)
    assert deadlines.is_late(paper, clock.today())


def test_what_is_to_be_published_later_comes_nearer(learner, unit, clerk, reviewer):
    paper = announcements.approved(unit, clerk, reviewer, 7)
    paper.publish_at = clock.now() + timedelta(days=20)
    paper.save(update_fields=["publish_at"])
    paper.perform("file", clerk)
    due = Delivery.objects.filter(next_at__lte=Now())
    pass_days(1)
    assert not due.exists()
    while clock.now() < paper.publish_at:
        pass_days(1)
    assert due.get().document_id == paper.pk


def test_the_year_turns_and_the_money_goes_over(learner, unit, clerk, reviewer, people):
    Appointment.objects.update(valid_from=f"{YEAR - 1}-01-01")
    with at(f"{YEAR}-12-28T10:00:00"):
        CertificateSession.objects.update(seen_at=timezone.now())
        carryover.money(unit, clerk, "LX1")
        paper = carryover.application(unit, clerk).perform("submit", clerk)
        for person in (reviewer, people.divisional, people.officer):
            paper = paper.perform("approve", person)
        pass_days(1)
        assert (clock.today().year, roll_over()) == (YEAR, 0)
        while clock.today().year == YEAR:
            assert roll_over() == 0
            pass_days(1)
        assert clock.today().year == YEAR + 1
        assert roll_over() == 1
        assert Quota.objects.get(fiscal_year=YEAR + 1).source_type == "carryover"
        pass_days(25)  # nobody has announced the days of these years: Monday to Friday will do
        later = CalendarDay.objects.filter(date__year=YEAR + 2)
        assert set(later.values_list("source", flat=True)) == {PRESUMED}


def test_one_may_leap_over_the_year_and_to_december(learner):
    year = clock.today().year + 1
    for to, day in (("new-year", date(year, 1, 1)), ("december", date(year, 12, 1))):
        assert f"{day:%Y-%m-%d}" in learner.get("/practice/").text
        assert learner.post("/practice/day/", {"to": to}).status_code == 302
        assert clock.today() == day
        assert f"{day:%Y-%m-%d}" in learner.get("/").text  # the bar of every page
    for wrong in ("december", "yesterday", ""):
        assert learner.post("/practice/day/", {"to": wrong}).status_code == 404


def test_a_leap_is_only_of_practice(learner, settings):
    assert learner.get("/practice/day/").status_code == 405
    settings.PRACTICE = False
    assert learner.post("/practice/day/", {"to": "new-year"}).status_code == 404


def test_no_later_day_is_taken_back(learner):
    pass_days(2)
    late = clock.today()
    assert practised.put_forward(late - timedelta(days=5)) == late


def test_a_program_outside_goes_by_the_same_clock(learner):
    pass_days(3)
    words = [sys.executable, "-c", "from procurement import clock; print(clock.today())"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"{clock.today()}"


def test_finance_issues_quotas_in_every_later_year():
    known, later = finance.quotas("2026"), finance.quotas("2031")
    assert len(later) == len(known) > 0
    assert {row["fiscal_year"] for row in later} == {2031}
    assert not {row["external_id"] for row in known} & {row["external_id"] for row in later}
    assert finance.quotas("2001") == []


def test_outside_practice_no_day_is_passed(settings, practice):
    settings.PRACTICE = False
    with pytest.raises(ImproperlyConfigured):
        practised.pass_day()
    settings.PRACTICE, settings.MODE = True, "production"
    for refused in (practised.pass_day, lambda: practised.put_forward(date(2030, 1, 1))):
        with pytest.raises(ImproperlyConfigured):
            refused()
