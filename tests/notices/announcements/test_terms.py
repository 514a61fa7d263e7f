"""The legal periods, to the day: over holidays, a leap day, the end of a year, and years not yet known."""

from datetime import date, timedelta

import pytest

from notices.announcements import terms
from notices.announcements.formats import WRITTEN
from procurement.reference.models import CalendarDay

from . import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def years(db):
    for year in (2024, 2025, 2026):
        CalendarDay.objects.load_library(year)


def said(number: int, on: date, *, hard: bool = True, **changes) -> list[str]:
    """Keys of the remarks of that weight, on a content that is otherwise in order."""
    content = makers.content(number, on, **{key: str(value) for key, value in changes.items()})
    remarks = terms.examine(WRITTEN[number], content, on)
    return [one.key for one in remarks if one.hard == hard]


# (publication, offer begins, last day that is too early, first that is enough): five working days
FIVE = [
    (
        date(2026, 9, 30),
        date(2026, 9, 30),
        date(2026, 10, 12),
        date(2026, 10, 13),
    ),  # National Day, Sat. 10-10
    (
        date(2026, 2, 13),
        date(2026, 2, 13),
        date(2026, 2, 26),
        date(2026, 2, 27),
    ),  # Spring Festival, Sat. 2-14
    (date(2025, 12, 29), date(2025, 12, 29), date(2026, 1, 5), date(2026, 1, 6)),  # year end, Sun. 1-4 worked
    (
        date(2024, 2, 28),
        date(2024, 2, 28),
        date(2024, 3, 5),
        date(2024, 3, 6),
    ),  # 29 February is a working day
    (date(2026, 11, 20), date(2026, 11, 22), date(2026, 11, 26), date(2026, 11, 27)),  # begins on a Sunday
]


@pytest.mark.usefixtures("years")
@pytest.mark.parametrize(("on", "begins", "early", "enough"), FIVE, ids=lambda one: f"{one}")
def test_documents_are_offered_for_five_working_days(on, begins, early, enough):
    later = {"offer_from": begins, "deadline": f"{enough + timedelta(days=60)}T09:00"}
    assert said(3, on, offer_to=early, **later) == ["offer_to"]
    assert said(3, on, offer_to=enough, **later) == []
    assert said(2, on, offer_to=early, **later, review_day=enough + timedelta(days=61)) == ["offer_to"]
    assert said(4, on, offer_to=early, **later, opening=f"{enough + timedelta(days=61)}T09:00") == [
        "offer_to"
    ]


@pytest.mark.usefixtures("years")
@pytest.mark.parametrize(("on", "begins", "early", "enough"), FIVE[:4], ids=lambda one: f"{one}")
def test_applications_for_prequalification_get_five_working_days(on, begins, early, enough):
    same = {"offer_from": begins, "offer_to": enough, "review_day": enough + timedelta(days=30)}
    assert said(2, on, deadline=f"{early}T17:00", **same) == ["deadline"]
    assert said(2, on, deadline=f"{enough}T09:00", **same) == []


@pytest.mark.usefixtures("years")
@pytest.mark.parametrize(
    ("on", "begins", "rest"),
    [
        (date(2026, 11, 2), date(2026, 11, 2), False),  # 22 November is a Sunday
        (date(2026, 3, 2), date(2026, 3, 4), True),
        (date(2026, 9, 10), date(2026, 9, 11), False),  # 1 October is a holiday
        (date(2024, 2, 20), date(2024, 2, 20), True),  # across 29 February
    ],
)
def test_bids_take_twenty_days(on, begins, rest):
    last = begins + timedelta(days=20)
    offer = {"offer_from": begins, "offer_to": begins + timedelta(days=15)}
    assert said(3, on, deadline=f"{last - timedelta(days=1)}T17:00", **offer) == ["deadline"]
    assert said(3, on, deadline=f"{last}T09:00", **offer) == []
    orange = said(3, on, hard=False, deadline=f"{last}T09:00", **offer)
    assert orange == ([] if rest else ["deadline"])  # 民法典第二百零三条: the last day is a rest day


@pytest.mark.usefixtures("years")
@pytest.mark.parametrize(
    ("method", "days", "until"),
    [
        ("竞争性磋商", 10, date(2026, 11, 12)),
        ("竞争性谈判", 3, date(2026, 11, 5)),
        ("询价", 3, date(2026, 11, 5)),
    ],
)
def test_other_methods_have_their_own_periods(method, days, until):
    on = date(2026, 11, 2)
    same = {"method": method, "offer_from": on, "offer_to": until if days < 10 else date(2026, 11, 9)}
    same |= {"opening": "2026-12-30T09:00"}
    assert said(4, on, deadline=f"{until}T09:00", **same) == []
    assert "deadline" in said(4, on, deadline=f"{until - timedelta(days=1)}T17:00", **same)


@pytest.mark.usefixtures("years")
@pytest.mark.parametrize(
    ("procedure", "enough"),
    [
        ("招标", date(2026, 10, 13)), ("资格预审", date(2026, 10, 1)), ("竞争性磋商", date(2026, 10, 3)),
        ("竞争性谈判", date(2026, 10, 8)), ("询价", date(2026, 10, 8)),
    ],
)  # fmt: skip
def test_a_clarification_leaves_time_or_moves_the_deadline(procedure, enough):
    on = date(2026, 9, 28)
    same = {"procedure": procedure, "first_day": "2026-09-01", "changed_day": on}
    early = enough - timedelta(days=1)
    assert said(6, on, deadline=f"{enough}T09:00", affects="是", **same) == []
    assert said(6, on, deadline=f"{early}T17:00", affects="否", **same) == []
    assert said(6, on, deadline=f"{early}T17:00", affects="是", **same) == ["deadline"]


@pytest.mark.usefixtures("years")
@pytest.mark.parametrize(
    ("number", "key", "decided", "last"),
    [
        (5, "result_day", date(2026, 9, 30), date(2026, 10, 9)),
        (9, "accepted_day", date(2026, 9, 30), date(2026, 10, 9)),
        (11, "decided_day", date(2026, 9, 30), date(2026, 10, 13)),
        (12, "decided_day", date(2026, 9, 30), date(2026, 10, 13)),
        (13, "decided_day", date(2026, 9, 30), date(2026, 10, 13)),
    ],
)
def test_late_results_are_said_in_orange_and_still_published(number, key, decided, last):
    given = {key: decided} | ({"decided_from": decided} if number == 13 else {})
    assert said(number, last, hard=False, **given) == []
    assert said(number, last + timedelta(days=1), hard=False, **given) == [key]
    assert said(number, last + timedelta(days=1), **given) == []
    assert said(number, decided - timedelta(days=1), **given) == [key]  # announced before it is decided


@pytest.mark.usefixtures("years")
def test_days_in_the_wrong_order_are_stopped():
    on = date(2026, 11, 2)
    assert said(3, on, offer_from=date(2026, 11, 1))[0] == "offer_from"
    assert "deadline" in said(3, on, offer_to="2027-01-30", deadline="2026-12-30T09:00", offer_from=on)
    assert "opening" in said(4, on, opening=f"{on}T09:00")


def test_a_year_nobody_has_announced_stops_it_with_the_reason():
    CalendarDay.objects.load_library(2026)
    on = date(2026, 12, 29)
    content = makers.content(3, on, offer_from=f"{on}", offer_to="2027-01-20")
    remarks = [one for one in terms.examine(WRITTEN[3], content, on) if one.key == "offer_to"]
    assert remarks[0].hard
    assert "2027 年的工作日安排尚未导入" in str(remarks[0])


@pytest.mark.usefixtures("years")
def test_the_sentence_beside_the_field_names_the_day_and_the_law():
    on = date(2026, 9, 30)
    content = makers.content(3, on, offer_from=f"{on}", offer_to="2026-10-12")
    (remark,) = [one for one in terms.examine(WRITTEN[3], content, on) if one.hard]
    for words in ("不得少于 5 个工作日", "最早为 2026-10-13", "现为 2026-10-12", "实施条例》第三十一条"):
        assert words in str(remark)
    guidance = terms.guidance(WRITTEN[3], content, on)
    assert "最早 2026-10-20" in guidance["deadline"][0]
    assert "《政府采购法》第三十五条" in guidance["deadline"][0]
