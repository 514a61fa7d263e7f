"""The demo world: made once, by real keys, forms, reviewers, worker and portal; found whole afterwards."""

import os
import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.cakey import authority as ca
from accounts.creditcode import validate_credit_code
from accounts.models import (
    Appointment,
    DecisionSignature,
    LoginLog,
    Organization,
    Post,
    User,
    UserCertificate,
)
from budgets.models import BudgetEntry, Quota
from intents.models import Intent, Notice
from notices.models import Publication, SingleSourceNotice
from plans.models import Plan, PlanType
from procurement.flow.log import first_break
from procurement.flow.models import Document, Move
from procurement.overview.demo import books, deals, keys, notices, path
from procurement.overview.demo.browser import Stopped, Visitor
from procurement.overview.demo.notice_papers import ANNOUNCED, SINGLES
from procurement.overview.demo.people import PEOPLE, PIN, UNBOUND
from procurement.overview.demo.plan_papers import MORE_BOOKS
from procurement.overview.demo.world import PROOF
from tasks.filing import waiting
from tasks.models import ExecutorEvent, TaskBook
from tests.cakey.conftest import RunningAgent
from tests.notices.running import Celery
from tests.sandbox.running import Outside, Sandbox

pytestmark = pytest.mark.django_db(transaction=True)


def demo_world(*options: str) -> str:
    said = StringIO()
    call_command("demo_world", *options, stdout=said)
    return said.getvalue()


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Tokens, PIN file, trust folder: as in ./run demo they outlive the database."""
    folder = tmp_path_factory.mktemp("demo")
    ca.create_conf(folder)
    (folder / "trust").mkdir()
    (folder / "pin").write_text("73915555")
    return folder


@pytest.fixture
def ground(store, settings, monkeypatch, live_server):
    """What ./run demo gives."""
    monkeypatch.setenv("SOFTHSM2_CONF", str(store / "softhsm2.conf"))
    monkeypatch.setenv("DEMO_TRUST", str(store / "trust"))
    monkeypatch.setenv("DEMO_SITE", live_server.url)
    settings.DECISION_SIGNATURES = True
    settings.PKCS11_PIN_FILE = str(store / "pin")
    settings.CAKEY_ORIGINS = [live_server.url]
    settings.MEDIA_ROOT = str(store / "media")
    files = {channel: str(store / f"executors/{channel}.pem") for channel in settings.EXECUTORS}
    settings.EXECUTORS = {
        channel: about | {"certificates": files[channel]} for channel, about in settings.EXECUTORS.items()
    }
    return store


@pytest.fixture
def portal(ground, tmp_path, settings):
    running = Sandbox(tmp_path, ground / "trust").start()
    settings.PORTAL_URL = running.url
    settings.FINANCE_FEED_URL = f"{running.url}/finance/quotas"
    yield running
    running.stop()


@pytest.fixture
def prepared(ground):
    return demo_world("--prepare")


@pytest.fixture
def agent(prepared, settings, live_server):
    options = ["--pin-from-page", "--dev", "--origin", live_server.url, "--per-minute", "1000"]
    running = RunningAgent(keys.conf(), *options)
    settings.CAKEY_RELAY_URL = running.url
    yield running
    running.stop()


@pytest.fixture
def executors(prepared, ground, tmp_path, settings, live_server):
    """The sandbox's executors, with the keys that were prepared."""
    folder = tmp_path / "outside"
    folder.mkdir()
    running = Outside(folder, ground / "trust", ground / "executors", f"{live_server.url}/tasks/callbacks")
    running.start()
    settings.EXECUTORS = {
        channel: about | {"url": f"{running.url}/{channel}"} for channel, about in settings.EXECUTORS.items()
    }
    yield running
    running.stop()


@pytest.fixture
def worker(tmp_path, portal, executors, settings, broker):
    """One worker for both queues, and beat beside it: what is sent, drawn and signed is real."""
    head, _, query = os.environ["DATABASE_URL"].partition("?")
    database = head.rsplit("/", 1)[0] + "/" + settings.DATABASES["default"]["NAME"]
    environment = os.environ | {
        "PROCUREMENT_MODE": "test", "DJANGO_SETTINGS_MODULE": "tests.overview.worker_settings",
        "DATABASE_URL": f"{database}?{query}" if query else database, "PORTAL_URL": portal.url,
        "PKCS11_PIN_FILE": settings.PKCS11_PIN_FILE, "TEST_BROKER_PREFIX": broker,
        "MEDIA_ROOT": settings.MEDIA_ROOT,
    }  # fmt: skip
    for channel, about in settings.EXECUTORS.items():
        environment[f"EXECUTOR_{channel.upper()}_URL"] = about["url"]
    running = Celery("worker", environment, tmp_path / "worker.log", queues="hsm,celery")
    beat = Celery("beat", environment, tmp_path / "beat.log")
    yield running
    beat.stop()
    running.stop()


def test_preparing_twice_makes_everything_once(ground, prepared):
    before = {"people": User.objects.count(), "organisations": Organization.objects.count()}
    assert f"人员 {len(PEOPLE)} 人" in prepared
    assert "新做证书 0 张" in demo_world("--prepare")
    assert before == {"people": User.objects.count(), "organisations": Organization.objects.count()}
    assert UserCertificate.objects.filter(status="active").count() == len(PEOPLE)
    assert Appointment.objects.count() == sum(len(person.posts) for person in PEOPLE)
    for organization in Organization.objects.all():
        validate_credit_code(organization.uscc)
    assert not any(user.has_usable_password() for user in User.objects.all())


def test_every_desk_of_every_unit_with_papers_is_staffed(ground, prepared):
    cast = {
        name
        for wanted in (*path.ENTRIES, *path.NOTICES, path.MAIN_PLAN, *path.PLANS, *MORE_BOOKS, *SINGLES)
        for name in wanted.cast.values()
    }
    assert cast <= {person.username for person in PEOPLE}
    for unit in Organization.objects.filter(kind="purchaser"):
        assert Appointment.objects.holding(Post.CLERK, unit.pk).count() >= 2, unit
        assert Appointment.objects.holding(Post.REVIEWER, unit.pk).exists(), unit
        assert Appointment.objects.holding(Post.REVIEWER, unit.division_id).exists(), unit


def the_books_are_out(said: str, executors: Outside, visitor: Visitor) -> None:
    """One of each kind, sealed and handed over; one received by a signed report; an approved plan is left."""
    central, mall, *others = map(books.book_of, books.FILED)
    assert (central.kind_of_book, central.execution) == ("central", "received")
    assert (mall.channel, mall.execution) == ("huicai", "waiting")
    assert [(book.kind_of_book, book.channel) for book in others] == [
        ("territorial", "agency"), ("research", "unit"), ("decentralized", "agency"),
    ]  # fmt: skip
    assert TaskBook.objects.count() == len(books.FILED)
    assert ExecutorEvent.objects.get().book_id == central.pk
    assert executors.task("huicai", mall.number)
    assert books.plan_of(books.LEFT) in waiting(Plan.objects.all())
    for book in (central, mall):
        paper = book.sealed.get()
        assert paper.state == "sealed"
        assert {book.number, paper.check_path} <= set(re.findall(r"[A-Z]{2}\d+号|/verify/\S+", said))
        assert paper.number in visitor.get(paper.check_path).text
        assert "/accounts/login/" in visitor.get(f"/sealed/{paper.pk}/file/").url
    visitor.log_in(central.clerk.username, PIN)
    assert visitor.get(f"/sealed/{central.sealed.get().pk}/file/").text.startswith("%PDF-")


def the_notices_stand_where_they_should(portal: Sandbox) -> None:
    """Completed, publicised with objections, under review, in draft; announcements and contracts likewise."""
    singles = [notices.single_of(wanted) for wanted in SINGLES]
    assert [one.outcome or one.state for one in singles] == ["completed", "objected", "office", "clerk"]
    assert singles[0] in SingleSourceNotice.objects.linkable(singles[0].unit)
    assert [one.state for one in singles[1].objections.order_by("pk")] == ["accepted", "received"]
    announced = [notices.announcement_of(wanted) for wanted in ANNOUNCED]
    assert [one.state for one in announced] == ["done", "filing", "clerk"]
    assert announced[2].book_number == books.book_of(path.MAIN_PLAN).number
    filed, waits = deals.papers()
    assert (filed.status, waits.state) == ("已备案", "filing")
    for paper in (*singles[:2], announced[0], filed):
        page = f"/notices/{paper.publication.remote_id}"
        assert paper.publication.remote_url.endswith(page)
        files = portal.get(f"{page}/files/1")
        assert (files.status, files.body) == (200, PROOF)


def every_decision_is_signed(said: str) -> None:
    """By the key of who took it; a book's own 提交 is signed with its 备案."""
    signed = Move.objects.exclude(signature=None)
    assert not Move.objects.filter(signature=None).exclude(verb="submit", document__kind="taskbook").exists()
    assert all(
        move.signature.certificate.user_id == move.by_id
        for move in signed.select_related("signature__certificate")
    )
    assert signed.values("signature").distinct().count() == DecisionSignature.objects.count() > 80
    assert f"已核验 {DecisionSignature.objects.count()} 个业务签名，全部有效" in said


def every_state_is_there() -> None:
    states = {(paper.kind, paper.state, paper.is_returned) for paper in Document.objects.all()}
    reviewing = {
        "budgetentry": ("unit", "division", "office", "done"), "intent": ("unit", "filing", "done"),
        "plan": ("unit", "office", "done"),
    }  # fmt: skip
    for kind, desks in reviewing.items():
        wanted = {(kind, desk, False) for desk in ("clerk", *desks, "void")} | {(kind, "clerk", True)}
        assert wanted <= states, kind


REFUSED = [
    (UNBOUND.username, PIN, "没有登记"),
    (keys.EXPIRED, PIN, "过期"),
    ("cgc01", "000000", "AGENT_PIN_INCORRECT"),
]


def test_the_flow_is_walked_and_every_state_is_there(agent, worker, portal, executors, live_server):
    said = demo_world()
    assert "业务流程已走通" in said
    assert PIN in said
    main = Intent.objects.get(items__project_name=path.MAIN.project)
    quota = BudgetEntry.objects.get(project_name=path.MAIN.project).quota
    assert (quota.issued_amount, quota.confirmed_amount) == (3_200_000, 2_500_000)
    assert main.case == quota.case
    assert main.title in portal.get(f"/notices/{main.publication.remote_id}").text

    every_state_is_there()
    every_decision_is_signed(said)
    assert set(Intent.objects.values_list("notice", flat=True)) == {Notice.OPEN, Notice.CHANGE}
    assert set(BudgetEntry.objects.values_list("entry_type", flat=True)) == {"pre", "unified", "other"}
    planned = Plan.objects.get(intent_item__intent=main)
    assert (planned.state, planned.case, planned.amount) == ("done", quota.case, 2_500_000)
    assert set(Plan.objects.values_list("plan_type", flat=True)) == set(PlanType)
    assert f"/plans/{planned.pk}/" in said
    assert all(first_break(paper) is None for paper in Document.objects.all())
    assert set(Move.objects.values_list("key", flat=True)) <= set(
        UserCertificate.objects.values_list("sha256", flat=True)
    )
    assert portal.stats()["notices"] == Publication.objects.count() == 7
    the_notices_stand_where_they_should(portal)
    assert Quota.objects.filter(external_id__isnull=False).count() == 16
    call_command("verify_ledger", stdout=StringIO())
    the_books_are_out(said, executors, Visitor(live_server.url, agent.url))

    moves, logins = Move.objects.count(), LoginLog.objects.count()
    assert "演示数据已存在" in demo_world()
    assert (moves, logins) == (Move.objects.count(), LoginLog.objects.count())

    for username, pin, why in REFUSED:
        with pytest.raises(Stopped, match=why):
            Visitor(live_server.url, agent.url).log_in(username, pin)


def test_a_path_that_cannot_be_walked_is_an_error(agent, portal, settings):
    settings.CAKEY_RELAY_URL = "http://127.0.0.1:9"
    with pytest.raises(CommandError, match="CA 助手没有应答"):
        demo_world()


def test_a_portal_that_takes_nothing_is_an_error(agent, portal, monkeypatch):
    monkeypatch.setattr(path, "PUBLISHED_WITHIN", 1)
    monkeypatch.setattr(path, "ENTRIES", [])
    with pytest.raises(CommandError, match="没有发布成功"):
        demo_world()


def test_production_and_a_foreign_token_store_are_refused(settings, monkeypatch):
    monkeypatch.delenv("SOFTHSM2_CONF", raising=False)
    with pytest.raises(CommandError, match="SOFTHSM2_CONF"):
        demo_world("--prepare")
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="演示环境"):
        demo_world("--prepare")
