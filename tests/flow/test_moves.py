"""The moves of a paper: who, from where, to where, and who not."""

import pytest
from django.core.exceptions import ValidationError

from procurement.flow.models import Conflict, Desk, Document, Refused
from tests.papers import entry
from tests.world import fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(unit, clerk):
    return entry(unit, clerk)


@pytest.fixture
def walk(people):
    """`walk(paper, "clerk submit", …)` performs one move after the other and returns the fresh paper."""

    def go(paper, *steps):
        for step in steps:
            who, verb, *where = step.split()
            details = {"to": where[0]} if where else {}
            paper = paper.perform(verb, fresh(getattr(people, who)), "请补充论证材料", **details)
        return paper

    return go


WHOLE_PATH = ["clerk submit", "reviewer approve", "divisional approve", "officer approve"]


def test_a_paper_passes_every_desk_in_order(paper, walk):
    lay_on = []
    for step in WHOLE_PATH:
        paper = walk(paper, step)
        lay_on.append(paper.state)
    assert lay_on == [Desk.UNIT, Desk.DIVISION, Desk.OFFICE, Desk.DONE]
    assert [m.verb for m in paper.moves.all()] == ["submit", "approve", "approve", "approve"]


@pytest.mark.parametrize(
    ("before", "who", "verb", "error"),
    [
        ([], "second_clerk", "approve", Conflict),
        ([], "stranger", "submit", Refused),
        ([], "reviewer", "submit", Refused),
        ([], "admin", "submit", Refused),
        (WHOLE_PATH[:1], "clerk", "approve", Refused),
        (WHOLE_PATH[:1], "foreign_reviewer", "approve", Refused),
        (WHOLE_PATH[:1], "divisional", "approve", Refused),
        (WHOLE_PATH[:1], "officer", "approve", Refused),
        (WHOLE_PATH[:1], "admin", "approve", Refused),
        (WHOLE_PATH[:1], "auditor", "approve", Refused),
        (WHOLE_PATH[:1], "viewer", "approve", Refused),
        (WHOLE_PATH[:1], "stranger", "withdraw", Refused),
        (WHOLE_PATH[:1], "clerk", "submit", Conflict),
        (WHOLE_PATH[:2], "reviewer", "approve", Refused),
        (WHOLE_PATH[:2], "foreign_divisional", "approve", Refused),
        (WHOLE_PATH[:2], "clerk", "withdraw", Refused),
        (WHOLE_PATH[:3], "divisional", "approve", Refused),
        (WHOLE_PATH, "officer", "approve", Conflict),
        (WHOLE_PATH, "clerk", "withdraw", Conflict),
        (WHOLE_PATH, "clerk", "file", Conflict),
        (["clerk submit", "clerk withdraw"], "reviewer", "approve", Conflict),
    ],
)
def test_nobody_else_and_nowhere_else(paper, walk, people, before, who, verb, error):
    paper = walk(paper, *before)
    moves = paper.moves.count()
    with pytest.raises(error) as refusal:
        paper.perform(verb, fresh(getattr(people, who)))
    assert "。" in str(refusal.value)
    assert Document.objects.get(pk=paper.pk).state == paper.state
    assert paper.moves.count() == moves


def test_office_returns_to_a_chosen_desk_and_it_passes_all_later_desks_again(paper, walk):
    paper = walk(paper, *WHOLE_PATH[:3], "officer send_back unit")
    assert paper.state == Desk.UNIT
    paper = walk(paper, "reviewer approve")
    assert paper.state == Desk.DIVISION
    assert walk(paper, "divisional approve", "officer approve").state == Desk.DONE


def test_a_return_to_the_clerk_is_shown_as_returned_and_can_be_resubmitted(paper, walk):
    paper = walk(paper, *WHOLE_PATH[:2], "divisional send_back clerk")
    assert paper.is_returned
    assert paper.status == "已退回"
    assert walk(paper, *WHOLE_PATH).state == Desk.DONE


def test_nothing_is_sent_back_forward_or_to_nowhere(paper, walk, divisional):
    paper = walk(paper, *WHOLE_PATH[:2])
    for target in ["office", "division", "done", "void", "nonsense", ""]:
        with pytest.raises(ValidationError):
            paper.perform("send_back", divisional, "材料不齐，请补", to=target)


def test_nobody_reviews_what_he_submitted(paper, walk, clerk, unit):
    from accounts.models import Appointment, Post

    Appointment.objects.appoint(clerk, Post.REVIEWER, unit)
    paper = walk(paper, "clerk submit")
    with pytest.raises(Refused, match="同一人"):
        paper.perform("approve", fresh(clerk))


def test_nobody_decides_at_two_desks_of_one_paper(paper, walk, reviewer, places):
    from accounts.models import Appointment, Post

    Appointment.objects.appoint(reviewer, Post.REVIEWER, places.division)
    paper = walk(paper, "clerk submit", "reviewer approve")
    with pytest.raises(Refused, match="两个岗位"):
        paper.perform("approve", fresh(reviewer))


def test_a_one_person_unit_may_be_exempted(paper, walk, clerk, unit):
    from accounts.models import Appointment, Post

    Appointment.objects.appoint(clerk, Post.REVIEWER, unit)
    unit.self_review_allowed = True
    unit.save(update_fields=["self_review_allowed"])
    paper = walk(paper, "clerk submit", "clerk approve")
    assert paper.state == Desk.DIVISION
    first, second = paper.moves.all()
    assert (first.by, second.by, second.post) == (clerk, clerk, "reviewer")


def test_a_former_clerk_who_became_reviewer_cannot_review_his_old_submission(paper, walk, people, unit):
    from accounts.models import Appointment, Post

    Appointment.objects.appoint(people.second_clerk, Post.REVIEWER, unit)
    paper = walk(paper, "second_clerk submit", "reviewer send_back clerk", "clerk submit")
    with pytest.raises(Refused):
        paper.perform("approve", fresh(people.second_clerk))


def test_a_stale_version_is_a_conflict(paper, clerk):
    with pytest.raises(Conflict):
        paper.perform("submit", clerk, version=paper.version - 1)


def test_void_keeps_the_row_and_a_never_submitted_draft_cannot_be_voided(paper, walk, clerk):
    with pytest.raises(Refused, match="删除"):
        paper.perform("void", clerk)
    paper = walk(paper, "clerk submit", "clerk withdraw", "clerk void")
    assert paper.state == Desk.VOID
    assert [m.verb for m in paper.moves.all()] == ["submit", "withdraw", "void"]


def test_expired_posts_do_not_count(paper, walk, reviewer):
    paper = walk(paper, "clerk submit")
    reviewer.appointments.update(valid_from="2020-01-01", valid_to="2020-12-31")
    with pytest.raises(Refused):
        paper.perform("approve", fresh(reviewer))


def test_an_incomplete_paper_is_not_submitted(paper, clerk):
    paper.lines.all().delete()
    with pytest.raises(ValidationError):
        paper.perform("submit", clerk)
    assert Document.objects.get(pk=paper.pk).state == Desk.CLERK
    assert not paper.moves.exists()


def test_state_cannot_be_written_directly(paper):
    with pytest.raises(AttributeError):
        paper.state = Desk.DONE


def test_buttons_are_exactly_what_the_guard_allows(paper, walk, people):
    paper = walk(paper, "clerk submit")
    expected = {"clerk": ["withdraw"], "second_clerk": ["withdraw"], "reviewer": ["approve", "send_back"]}
    for who, user in vars(people).items():
        assert paper.open_verbs(fresh(user)) == expected.get(who, [])
