"""Whatever dies while the year turns, each application is carried exactly once and no fen is lost."""

import os
import random
import signal
from contextlib import suppress

import pytest
from django.db import OperationalError, connection, transaction
from django.db.models import Sum

from budgets.carryover import closing, rollover
from budgets.carryover.jobs import close_years, roll_over
from budgets.models import CarryOver, Quota, QuotaAdjustment, QuotaConfirmation, YearClose
from budgets.verification import problems
from tests.forks import ends, fork
from tests.world import YEAR

from .makers import DECEMBER, JANUARY, application, approved, at, money

pytestmark = pytest.mark.django_db(transaction=True)
KILLS, PAPERS, HOW = 200, 16, ["before", "after"]
PARTS = {"contracted": "30.00", "planned": "35.00", "idle": "5.00"}


class Dead(Exception):
    """Stands for the end of the process inside this one."""


class Reaper:
    """Counts statements; at one of them somebody dies, before or after it is executed."""

    def __init__(self, at: int = 0, how: str = "before"):
        self.at, self.how, self.seen = at, how, 0

    def __call__(self, execute, sql, params, many, context):
        self.seen += 1
        if self.seen == self.at and self.how == "before":
            self.strike(context)
        answer = execute(sql, params, many, context)
        if self.seen == self.at:
            self.strike(context)
        return answer

    def strike(self, context) -> None:
        raise Dead


class Killer(Reaper):
    """The real thing: the process is gone; what it last wrote is where it died."""

    def __init__(self, at: int = 0, how: str = "before", will: int = 0):
        super().__init__(at, how)
        self.will = will

    def strike(self, context) -> None:
        os.write(self.will, f"{self.at} {self.how}\n".encode())
        os.kill(os.getpid(), signal.SIGKILL)


class Backend(Reaper):
    """The database's side of the connection is gone."""

    def strike(self, context) -> None:
        context["cursor"].execute("SELECT pg_terminate_backend(pg_backend_pid())")


@pytest.fixture
def applications(people, unit, clerk):
    """`applications(3)`: that many approved papers, each over money of its own."""

    def make(number: int) -> list[int]:
        made = []
        for place in range(number):
            money(unit, clerk, f"ZB{len(made)}-{place}")
            made.append(approved(application(unit, clerk, **PARTS), people).pk)
        return made

    return make


def state_of_the_world() -> tuple:
    """What the rollover writes; equal before and after a death that came too early."""
    return (
        Quota.objects.count(), QuotaConfirmation.objects.count(), QuotaAdjustment.objects.count(),
        QuotaConfirmation.objects.aggregate(Sum("amount"), Sum("carried_amount"), Sum("reserved_amount")),
        CarryOver.objects.exclude(executed_at=None).count(),
    )  # fmt: skip


def test_death_at_any_statement_undoes_all_of_it(applications):
    (pk,) = applications(1)
    before = state_of_the_world()
    with at(JANUARY):
        deaths = 0
        while True:
            reaper = Reaper(1 + deaths // 2, HOW[deaths % 2])
            try:
                with connection.execute_wrapper(reaper):
                    assert rollover.execute(pk)
                break
            except Dead:
                deaths += 1
                assert state_of_the_world() == before
                assert list(problems()) == []
        assert deaths > 30
        assert rollover.execute(pk) is False
    assert list(problems()) == []
    assert Quota.objects.filter(fiscal_year=YEAR + 1).count() == 1


def worker(killer: Killer) -> int:
    """A process of its own, killed on its way; one that survives its statements dies after its commits."""

    def work() -> None:
        with connection.execute_wrapper(killer):
            roll_over()

    return fork(work)


def whole_or_nothing(each: int = 70) -> bool:
    """Every application has all of its quotas, or none."""
    made = dict(
        Quota.objects.filter(fiscal_year=YEAR + 1).values_list("carried_by").annotate(Sum("issued_amount"))
    )
    done = set(CarryOver.objects.exclude(executed_at=None).values_list("pk", flat=True))
    return set(made) == done and set(made.values()) <= {each}


def sigkills(points: list[int], dice: random.Random, will: int) -> None:
    """Workers of their own, at the same time: beat, and somebody's hand."""
    assert ends(worker(Killer(point, dice.choice(HOW), will)) for point in points) == [-9] * len(points)


def lost_connection(point: int) -> None:
    """The backend dies under the transaction; what it had written is nobody's any more."""
    with connection.execute_wrapper(Backend(point)), suppress(OperationalError):
        for pk in rollover.due()[:1]:
            rollover.execute(pk)
    connection.close()


def everything_once(papers: int) -> None:
    """The next run carries what is left, one more nothing; no fen is lost."""
    left = CarryOver.objects.filter(executed_at=None).count()
    assert [roll_over(), roll_over()] == [left, 0]
    assert whole_or_nothing()
    assert list(problems()) == []
    carried = QuotaConfirmation.objects.filter(quota__fiscal_year=YEAR + 1).aggregate(Sum("amount"))
    frozen = Quota.objects.filter(fiscal_year=YEAR).aggregate(Sum("frozen_amount"))
    assert (carried["amount__sum"], frozen["frozen_amount__sum"]) == (70 * papers, 20 * papers)


def statements(pk: int) -> int:
    """How many one application takes."""
    with connection.execute_wrapper(counter := Reaper()):
        assert rollover.execute(pk)
    return counter.seen


def some_point(dice: random.Random, one: int) -> int:
    """Any statement of the first application it meets, the question which are due before them; now and then
    of the second, so that some die with a commit behind them, while enough are left to die over."""
    left = CarryOver.objects.filter(executed_at=None).count()
    return dice.randint(1, 1 + one) + (one if left > 2 and dice.random() < 0.07 else 0)


def test_two_hundred_processes_killed_at_random_carry_everything_once(applications):
    papers, dice, deaths = applications(PAPERS), random.Random(), []
    with at(JANUARY):
        one, (reading, will) = statements(papers[0]), os.pipe()
        while len(deaths) < KILLS:
            points = [some_point(dice, one) for _ in range(dice.choice([1, 1, 1, 2]))]
            sigkills(points, dice, will)
            os.write(will, b".\n")
            told = os.read(reading, 4096).decode().split("\n")[:-2]
            assert whole_or_nothing()
            assert len(told) == len(points)
            deaths += told
        everything_once(PAPERS)
    assert len(set(deaths)) > one  # all over the place: there are two sides to each statement


def test_connections_lost_at_random_carry_everything_once(applications):
    papers, dice = applications(PAPERS // 4), random.Random()
    with at(JANUARY):
        one = statements(papers[0])
        for _ in range(KILLS // 5):
            lost_connection(dice.randint(1, one + 1))
            assert whole_or_nothing()
        everything_once(len(papers))


def test_two_jobs_at_once_make_one_quota_each(applications):
    applications(4)
    with at(JANUARY):
        for _ in range(3):
            assert ends([worker(Killer()) for _ in range(2)]) == [-9, -9]
            assert whole_or_nothing()
    assert CarryOver.objects.filter(executed_at=None).count() == 0
    assert list(problems()) == []


def test_nothing_happens_while_the_old_year_lasts(applications):
    applications(1)
    with at(DECEMBER):
        assert roll_over() == 0


def test_closing_a_year_races_the_rollover(people, unit, clerk, officer, admin):
    """Applications returned, and passed after the closing, are carried while it takes money back."""
    waiting = []
    with at(DECEMBER):
        for number in range(6):
            money(unit, clerk, f"ZB{number}")
            paper = application(unit, clerk).perform("submit", clerk)
            back = {"to": "clerk", "reason": "materials"}
            waiting.append(paper.perform("send_back", people.reviewer, "请补充材料", **back))
    with at(JANUARY):
        closing.ask(YEAR, officer)
        with transaction.atomic():
            closing.confirm(YEAR, admin)
        for returned in waiting:
            paper = returned.perform("submit", clerk)
            for person in (people.reviewer, people.divisional, people.officer):
                paper = paper.perform("approve", person)
        assert ends(fork(job) for job in [roll_over, close_years] * 2) == [-9] * 4
        roll_over()
        close_years()
    assert whole_or_nothing(100)
    assert list(problems()) == []
    assert YearClose.objects.get().returned == 20 * len(waiting)  # what was never confirmed
