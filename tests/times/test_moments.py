"""Cases of moments: midnight and the year's end, a clock set back, windows, certificates, sessions, posts."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.cakey import challenge, sessions
from accounts.cakey.errors import CAKeyError
from accounts.cakey.path import check_validity
from accounts.models import Appointment, Post
from budgets.carryover import closing, rollover, windows
from budgets.carryover.jobs import roll_over
from budgets.models import CarryOver, CarryWindow, Quota, YearClose
from procurement.flow.context import fiscal_year
from procurement.flow.log import first_break
from procurement.reference import numbers
from procurement.reference.models import Threshold
from tests.budgets.carryover import makers
from tests.papers import entry
from tests.world import YEAR, fresh

from .clock import at, hefei

pytestmark = pytest.mark.django_db
CASES, D = [], date.fromisoformat


def case(function):
    """One case; its name is the sentence."""
    CASES.append(pytest.param(function, id=function.__name__))
    return function


@pytest.fixture
def w(places, people):
    """The province, its people in their posts for long."""
    Appointment.objects.update(valid_from="2020-01-01")
    return SimpleNamespace(**vars(people), unit=places.unit)


# --- numbers and years ------------------------------------------------------------------------------------


@case
def a_series_begins_anew_with_the_year_and_the_old_goes_on(w):
    with transaction.atomic():
        taken = [numbers.take("X", year) for year in (2026, 2026, 2027, 2026)]
    return taken == [1, 2, 1, 3]


@case
def a_number_given_back_is_given_again(w):
    with transaction.atomic():
        numbers.take("X", 2026)
        transaction.set_rollback(True)
    with transaction.atomic():
        return numbers.take("X", 2026) == 1


@case
def a_draft_numbered_before_midnight_keeps_its_number_after(w):
    with at(f"{YEAR}-12-31 23:59:59") as clock:
        paper = entry(w.unit, w.clerk)
        before = paper.number
        clock.shift(2)
        return (paper.perform("submit", w.clerk).number, before[:6]) == (before, f"YS{YEAR}")


@case
def the_year_of_the_top_bar_turns_at_midnight_in_hefei(w):
    request = SimpleNamespace(session={}, POST={})
    with at(f"{YEAR}-12-31 23:59:59") as clock:
        before = fiscal_year(request)
        clock.shift(1)
        return (before, fiscal_year(request)) == (YEAR, YEAR + 1)


@case
def a_year_that_was_chosen_does_not_turn(w):
    with at(f"{YEAR + 1}-01-01 00:00:00"):
        return fiscal_year(SimpleNamespace(session={"fiscal_year": YEAR}, POST={})) == YEAR


@case
def a_clock_set_back_over_midnight_shows_the_old_year_again(w):
    with at(f"{YEAR + 1}-01-01 00:00:01") as clock:
        clock.shift(-2)
        return fiscal_year(SimpleNamespace(session={}, POST={})) == YEAR


@case
def a_clock_set_back_breaks_no_record(w):
    with at("2026-03-10 09:00") as clock:
        paper = entry(w.unit, w.clerk).perform("submit", w.clerk)
        clock.shift(-3600)
        paper = paper.perform("approve", w.reviewer)
        verbs = list(paper.moves.order_by("pk").values_list("verb", flat=True))
        return (first_break(paper), verbs) == (None, ["submit", "approve"])


# --- windows and the turn ------------------------------------------------------------------------------


def submits(w, moment: str) -> bool:
    paper = (
        CarryOver.objects.first() or (makers.money(w.unit, w.clerk), makers.application(w.unit, w.clerk))[1]
    )
    with at(moment):
        try:
            paper.perform("submit", w.clerk)
        except ValidationError as refused:
            return "开放时间" not in "".join(refused.messages)
    return True


@case
def the_window_is_shut_a_second_before_it_opens(w):
    return submits(w, f"{YEAR}-11-30 23:59:59") is False


@case
def the_window_opens_at_midnight(w):
    return submits(w, f"{YEAR}-12-01 00:00:00")


@case
def the_last_second_of_the_year_is_in_time(w):
    return submits(w, f"{YEAR}-12-31 23:59:59")


@case
def the_first_second_of_the_next_is_not(w):
    return submits(w, f"{YEAR + 1}-01-01 00:00:00") is False


@case
def the_office_may_let_it_run_to_the_last_second_of_the_twentieth(w):
    CarryWindow.objects.create(
        fiscal_year=YEAR, opens_on=f"{YEAR}-12-01", closes_on=f"{YEAR + 1}-01-20", set_by=w.officer
    )
    last = f"{YEAR + 1}-01-20 23:59:59"
    return (submits(w, f"{YEAR + 1}-01-21 00:00:00"), submits(w, last)) == (False, True)


@case
def a_leap_year_window_has_its_own_last_day(w):
    return windows.current(D("2028-12-31")).is_open(D("2028-12-31"))


@case
def the_turn_waits_for_midnight_and_happens_once_when_the_clock_goes_back(w):
    makers.money(w.unit, w.clerk)
    paper = makers.approved(makers.application(w.unit, w.clerk), w)
    done = []
    for moment in (
        f"{YEAR}-12-31 23:59:59",
        f"{YEAR + 1}-01-01 00:00:00",
        f"{YEAR}-12-31 23:59:58",
        f"{YEAR + 1}-01-01 00:00:01",
    ):
        with at(moment):
            done.append(roll_over())
    return done == [0, 1, 0, 0] and not list(rollover.due(paper.turns_on))


@case
def money_carried_once_is_second_year_money_the_next_december(w):
    makers.money(w.unit, w.clerk)
    makers.approved(makers.application(w.unit, w.clerk), w)
    with at(f"{YEAR + 1}-01-01 00:00:00"):
        roll_over()
    second = CarryOver.begin(w.unit, w.clerk, year=YEAR + 1, title="再次结转", remark="未完")
    ruled = {one.basis for one in second.offered.values() if one.needs_ruling}
    return (ruled, Quota.objects.get(fiscal_year=YEAR + 1).carry_years) == ({"planned", "idle"}, 1)


@case
def a_year_is_not_closed_on_its_last_second(w):
    with at(f"{YEAR}-12-31 23:59:59"):
        before = list(closing.obstacles(YEAR))
    with at(f"{YEAR + 1}-01-01 00:00:00"):
        return (len(before), list(closing.obstacles(YEAR))) == (1, [])


@case
def a_closed_year_is_closed_for_good_and_the_running_one_never(w):
    with at(f"{YEAR + 1}-02-01 09:00"):
        YearClose.objects.create(
            fiscal_year=YEAR, asked_by=w.officer, confirmed_by=w.admin, confirmed_at=timezone.now()
        )
        return (closing.is_closed(YEAR), closing.is_closed(YEAR + 1)) == (True, False)


# --- people, certificates, sessions -----------------------------------------------------------------------


@case
def a_post_is_held_to_the_last_second_of_its_last_day(w):
    Appointment.objects.filter(user=w.clerk).update(valid_from=f"{YEAR}-01-01", valid_to=f"{YEAR}-12-31")
    held = []
    for moment in (f"{YEAR}-12-31 23:59:59", f"{YEAR + 1}-01-01 00:00:00"):
        with at(moment):
            held.append(fresh(w.clerk).posts.holds(Post.CLERK, w.unit.pk))
    return held == [True, False]


@case
def a_post_from_tomorrow_is_not_held_today(w):
    Appointment.objects.filter(user=w.clerk).update(valid_from="2028-02-29", valid_to=None)
    held = []
    for moment in ("2028-02-28 23:59:59", "2028-02-29 00:00:00"):
        with at(moment):
            held.append(fresh(w.clerk).posts.holds(Post.CLERK, w.unit.pk))
    return held == [False, True]


@case
def a_threshold_ends_with_its_day(w):
    row = {"code": "T", "procurement_type": "", "region_level": "province"}
    Threshold.objects.create(**row, amount=100, valid_from=f"{YEAR}-01-01", valid_to=f"{YEAR}-12-31")
    Threshold.objects.create(**row, amount=200, valid_from=f"{YEAR + 1}-01-01")
    found = [Threshold.objects.value("T", D(day)) for day in (f"{YEAR}-12-31", f"{YEAR + 1}-01-01")]
    return found == [100, 200]


def certificate() -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "李经办")])
    start, end = hefei("2028-02-01"), hefei("2028-02-29 23:59:59")
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    built = built.serial_number(7).not_valid_before(start).not_valid_after(end)
    return built.sign(key, hashes.SHA256())


def judged(moment: datetime) -> str:
    try:
        check_validity(certificate(), moment)
    except CAKeyError as trouble:
        return trouble.code
    return ""


@case
def a_certificate_counts_its_last_second(w):
    last = hefei("2028-02-29 23:59:59")
    return (judged(last), judged(last + timedelta(seconds=1))) == ("", "CERT_EXPIRED")


@case
def a_clock_set_back_makes_a_certificate_of_the_future(w):
    return judged(hefei("2028-01-31 23:59:59")) == "CERT_NOT_YET_VALID"


def trouble(now: str, begun: str = "2026-12-31 20:00:00", until: str = "2027-12-31 00:00:00") -> str:
    facts = {
        "method": "breakglass", "auth_time": hefei(begun).timestamp(), "not_after": hefei(until).timestamp(),
    }  # fmt: skip
    with at(now):
        return sessions.trouble_with(SimpleNamespace(session={sessions.KEY: facts}, user=None))


@case
def a_session_goes_on_over_midnight_and_ends_after_eight_hours(w):
    found = [trouble(now) for now in ("2027-01-01 00:00:00", "2027-01-01 03:59:59", "2027-01-01 04:00:00")]
    return found == ["", "", "SESSION_TOO_OLD"]


@case
def a_session_ends_with_its_certificate_to_the_second(w):
    until = "2026-12-31 23:59:59"
    found = [trouble(now, until=until) for now in ("2026-12-31 23:59:58", until)]
    return found == ["", "SESSION_CERT_EXPIRED"]


@case
def a_session_from_the_future_is_ended_when_the_clock_goes_back(w):
    return trouble("2026-12-31 10:00:00") == "SESSION_TOO_OLD"


@case
def a_challenge_lives_five_minutes_over_midnight(w):
    with at("2026-12-31 23:58:00") as clock:
        good, late = (challenge.give("s", origin="o") for _ in range(2))
        clock.shift(299)
        assert challenge.consume(good, "s") == "o"
        clock.shift(1)
        with pytest.raises(CAKeyError, match="CHALLENGE_EXPIRED"):
            challenge.consume(late, "s")


@pytest.mark.parametrize("one", CASES)
def test_moment(one, w):
    assert one(w) is not False
