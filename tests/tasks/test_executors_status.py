"""Where events lead, whatever their order: never back, and none is lost."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.executors.status import RANK, Now, next_status
from tasks.models import BookKind, ExecutionResult, ExecutorEvent, TaskBook
from tasks.models.choices import Execution
from tasks.models.events import Kind, Verdict

from . import makers
from .outside import event, failed, report

LADDER = RANK | {Execution.RETURNED: 3}  # an end of its own, beside 完成
START = Now(Execution.WAITING)
EVENTS = st.lists(st.tuples(st.sampled_from(Kind.values), st.integers(1, 9)), max_size=12)


def walk(events, now: Now = START):
    """The statuses and verdicts on the way."""
    for kind, sequence in events:
        step = next_status(now, kind, sequence)
        ended = kind == Kind.COMPLETED and step.verdict == Verdict.ACCEPTED
        now = now._replace(execution=step.execution, closed_at=sequence if ended else now.closed_at)
        yield step


@given(EVENTS)
@settings(max_examples=500, deadline=None)
def test_the_status_never_goes_back(events):
    way = [Execution.WAITING, *(step.execution for step in walk(events))]
    assert all(LADDER[after] >= LADDER[before] for before, after in pairwise(way))
    assert all(step.sentence for step in walk(events) if step.verdict != Verdict.ACCEPTED)


@given(EVENTS)
@settings(max_examples=200, deadline=None)
def test_an_end_is_never_left(events):
    way = [step.execution for step in walk(events)]
    for end in (Execution.COMPLETED, Execution.RETURNED):
        assert end not in way or set(way[way.index(end) :]) == {end}


@given(EVENTS, st.sampled_from(Execution.values))
@settings(max_examples=200, deadline=None)
def test_a_revoked_book_is_never_moved(events, execution):
    steps = list(walk(events, Now(execution, in_force=False)))
    assert {step.execution for step in steps} <= {execution}
    assert all(step.verdict != Verdict.ACCEPTED for step in steps)


@given(st.permutations([("received", 1), ("started", 2), ("result", 3), ("result", 4), ("completed", 5)]))
@settings(max_examples=120, deadline=None)
def test_a_story_told_in_any_order_ends_the_same_without_a_contradiction(story):
    steps = list(walk(story))
    assert steps[-1].execution == Execution.COMPLETED
    assert all(step.verdict in (Verdict.ACCEPTED, Verdict.LATE) for step in steps)


@pytest.mark.django_db(transaction=True)
def test_any_order_over_the_wire_keeps_every_event(unit, clerk, reviewer, confirmed, known):
    """The same through the callbacks and the database; some events are sent twice."""
    book = makers.filed(unit, clerk, reviewer, confirmed, BookKind.MALL)

    @given(EVENTS, st.sets(st.integers(0, 11)))
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    def story(events, twice):
        ExecutionResult.objects.all().delete()
        ExecutorEvent.objects.all().delete()
        TaskBook.objects.filter(pk=book.pk).update(execution="waiting", received_at=None)
        way = ["waiting"]
        for number, (kind, sequence) in enumerate(events):
            content = {"result": failed(f"R-{number}")} if kind == "result" else {"reason": "型号已停产"}
            sent = event(book, kind, sequence, **content)
            for _ in range(2 if number in twice else 1):
                assert report(known["huicai"], "huicai", sent).status_code == 200
            way.append(TaskBook.objects.get(pk=book.pk).execution)
        assert all(LADDER[after] >= LADDER[before] for before, after in pairwise(way))
        assert ExecutorEvent.objects.count() == len(events)
        assert ExecutionResult.objects.count() == sum(kind == "result" for kind, _ in events)
        assert way[1:] == [step.execution for step in walk(events)]

    story()
