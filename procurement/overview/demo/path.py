"""Drives the real flow over HTTP: keys log in, forms are filled in, posts decide, the worker publishes."""

import os
import time
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Organization, Post, User
from budgets.models import BudgetEntry, Quota, QuotaConfirmation
from intents.models import Intent, Notice
from notices.models import Publication
from procurement.flow.models import Document
from procurement.reference.models import BudgetClass, FundNature

from .browser import Page, Stopped, Visitor
from .papers import ENTRIES, MAIN, MAIN_NOTICE, NOTICES, SOURCES, YEAR, Entry
from .papers import Notice as Wanted
from .people import PIN

PUBLISHED_WITHIN = 180  # seconds for worker and portal
PROOF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass
class Told:
    """What happened on the main path, line by line, and how long it took."""

    lines: list[tuple[str, str, str]] = field(default_factory=list)  # what, by whom, address
    began: float = field(default_factory=time.monotonic)
    fresh: bool = True

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began


class World:
    """The site, and everybody who has logged in so far."""

    def __init__(self, out):
        self.out = out
        self.site = os.environ.get("DEMO_SITE") or settings.CAKEY_ORIGINS[0]
        self.visitors: dict[str, Visitor] = {}

    def visitor(self, username: str) -> Visitor:
        """That person's browser, logged in with the real key."""
        if username not in self.visitors:
            visitor = Visitor(self.site, settings.CAKEY_RELAY_URL)
            visitor.log_in(username, PIN)
            visitor.submit(visitor.get("/"), "next", {"year": str(YEAR)})
            self.visitors[username] = visitor
        return self.visitors[username]

    def tick(self) -> None:
        self.out.write("·", ending="")
        self.out.flush()

    def address(self, path: str) -> str:
        return self.site + path


def run(out) -> Told:
    """The main path and the other papers; steps that were taken in an earlier run are not taken again."""
    told, world = Told(), World(out)
    told.fresh = not finished()
    if told.fresh:
        out.write("走通业务流程 ", ending="")
        out.flush()
        call_command("import_quotas", "--feed", "--year", str(YEAR), stdout=Quiet())
        entered(world, MAIN)
        noticed(world, MAIN_NOTICE)
        wait_for_portal()
        for wanted in ENTRIES:
            entered(world, wanted)
        for wanted in NOTICES:
            noticed(world, wanted)
        wait_for_portal()
        out.write("")
    tell(world, told)
    return told


class Quiet:
    """A place for the words of a command nobody needs to read here."""

    def write(self, text: str) -> None:
        """Forget it."""


def finished() -> bool:
    """Whether the last paper of the demo has taken its last step and stands on the portal."""
    last = notice_of(NOTICES[-1])
    return last is not None and last.moves.count() >= len(NOTICES[-1].steps) and not owed().exists()


def owed():
    """What the demo's own notices still owe; what visitors of the demo publish is their affair."""
    ours = filter(None, map(notice_of, (MAIN_NOTICE, *NOTICES)))
    return Publication.objects.filter(document__in=[paper.pk for paper in ours]).exclude(
        state=Publication.State.SENT
    )


# --- budget entries -----------------------------------------------------------------------------------


def entered(world: World, wanted: Entry) -> BudgetEntry:
    """The entry with this project name: typed in when it is missing, then moved on."""
    clerk = User.objects.get(username=wanted.cast["clerk"])
    mine = BudgetEntry.objects.filter(project_name=wanted.project, clerk=clerk).order_by("pk")
    if not mine.exists():
        visitor = world.visitor(clerk.username)
        page = visitor.get(f"/budgets/entries/new/?kind={wanted.kind}")
        files = [("file:fund_proof", "资金证明.pdf", "application/pdf", PROOF)]
        answer = visitor.submit(page, "project_name", entry_values(wanted), files)
        must(mine.exists(), answer, f"录入“{wanted.project}”")
        world.tick()
    paper = mine.first()
    walk(world, paper, wanted.cast, wanted.steps)
    return paper


def entry_values(wanted: Entry) -> dict[str, str]:
    values = {
        "action": "save", "fund_source": SOURCES[wanted.kind], "project_name": wanted.project,
        "fund_nature": pk_of(FundNature, code="6" if wanted.kind == "other" else "1"),
        "function_subject": pk_of(BudgetClass, kind="function", code="2050205"),
        "gov_econ": pk_of(BudgetClass, kind="gov", code="50306"),
        "dept_econ": pk_of(BudgetClass, kind="dept", code="31003"),
        "remark": "演示数据，单位与项目均为虚构。", "lines-TOTAL_FORMS": str(len(wanted.lines)),
    }  # fmt: skip
    if wanted.kind == "pre":
        due = timezone.localdate() + timedelta(days=60)
        values |= {"basis_doc_no": wanted.basis, "expected_issue_date": f"{due:%Y-%m-%d}"}
        values["fiscal_year"] = str(YEAR)
    for number, (category, content, quantity, measure, price) in enumerate(wanted.lines):
        line = {
            "category": category, "content": content, "quantity": quantity, "measure": measure,
            "unit_price": price, "entry_mode": "by_unit",
        }  # fmt: skip
        values |= {f"lines-{number}-{name}": text for name, text in line.items()}
    return values | shares(wanted)


def shares(wanted: Entry) -> dict[str, str]:
    """受益单位 of a unified budget."""
    if not wanted.beneficiaries:
        return {}
    values = {"beneficiaries-TOTAL_FORMS": str(len(wanted.beneficiaries))}
    for number, (name, amount) in enumerate(wanted.beneficiaries):
        values[f"beneficiaries-{number}-organization"] = pk_of(Organization, name=name)
        values[f"beneficiaries-{number}-amount"] = amount
    return values


def pk_of(model, **where) -> str:
    return str(model.objects.get(**where).pk)


# --- confirmations and intents ------------------------------------------------------------------------


def notice_of(wanted: Wanted) -> Intent | None:
    kind = Notice.CHANGE if wanted.follow else Notice.OPEN
    mine = Intent.objects.filter(clerk__username=wanted.cast["clerk"], notice=kind)
    return mine.filter(items__project_name=wanted.quota).order_by("pk").first()


def noticed(world: World, wanted: Wanted) -> Intent:
    """The intent about this quota: confirmed and typed in when it is missing, then moved on."""
    if notice_of(wanted) is None:
        visitor = world.visitor(wanted.cast["clerk"])
        page = change_page(visitor, wanted) if wanted.follow else fresh_page(world, visitor, wanted)
        answer = visitor.submit(page, "items-TOTAL_FORMS", notice_values(wanted))
        must(notice_of(wanted) is not None, answer, f"填写意向“{wanted.quota}”")
        world.tick()
    paper = notice_of(wanted)
    walk(world, paper, wanted.cast, wanted.steps)
    return paper


def fresh_page(world: World, visitor: Visitor, wanted: Wanted) -> Page:
    """新增 from the confirmed money, which is confirmed first."""
    confirmation = confirmed(world, visitor, wanted)
    return visitor.get(f"/intents/new/?c={confirmation.pk}&next=1")


def change_page(visitor: Visitor, wanted: Wanted) -> Page:
    """办理变更公告 of the published notice about the same quota; the portal must have it by now."""
    wait_for_portal()
    older = Intent.objects.filter(items__project_name=wanted.quota, notice=Notice.OPEN).earliest("pk")
    return visitor.get(f"/intents/new/?change={older.pk}")


def confirmed(world: World, visitor: Visitor, wanted: Wanted) -> QuotaConfirmation:
    clerk = User.objects.get(username=wanted.cast["clerk"])
    units = clerk.posts.organizations(Post.CLERK)
    quota = Quota.objects.filter(project_name=wanted.quota, unit__in=units).earliest("pk")
    made = quota.confirmations.filter(amount=Decimal(wanted.confirm))
    if not made.exists():
        page = visitor.get(f"/budgets/quotas/{quota.pk}/confirm/")
        answer = visitor.submit(page, "amount", {"amount": wanted.confirm})
        must(made.exists(), answer, f"确认指标“{wanted.quota}” {wanted.confirm} 元")
        world.tick()
    return made.first()


def notice_values(wanted: Wanted) -> dict[str, str]:
    values = {
        "action": "save", "items-0-category": wanted.category, "items-0-demand_summary": wanted.demand,
        "items-0-expected_month": wanted.month, "items-0-sme_reserved": "part" if wanted.share else "whole",
        "items-0-sme_share": wanted.share,
    }  # fmt: skip
    return values | ({"change_reason": wanted.follow[1]} if wanted.follow else {})


# --- moves --------------------------------------------------------------------------------------------


def walk(world: World, paper: Document, cast: dict[str, str], steps: list) -> None:
    """Take the steps that are not in the log yet, each by the person whose step it is."""
    prefix = {"budgetentry": "/budgets/entries", "intent": "/intents"}[paper.kind]
    for number in range(paper.moves.count(), len(steps)):
        step = steps[number]
        visitor = world.visitor(cast[step.who])
        address = f"{prefix}/{paper.pk}/moves/"
        page = visitor.get(f"{address}?verb={step.verb}")
        answer = visitor.post(address, page.form("version").filled({"verb": step.verb, **step.values}))
        must(paper.moves.count() == number + 1, answer, f"{paper.number} {step.verb}")
        world.tick()


def must(happened: bool, answer: Page, what: str) -> None:
    if not happened:
        raise Stopped(f"{what}：{answer.complaint()}")


def wait_for_portal() -> None:
    """Until nothing is owed any more; the worker is another process."""
    deadline = time.monotonic() + PUBLISHED_WITHIN
    while (first := owed().order_by("pk").first()) is not None:
        if first.state == Publication.State.MANUAL or time.monotonic() > deadline:
            raise Stopped(f"{first.key} 没有发布成功：{first.last_error or '任务进程没有处理'}")
        time.sleep(0.2)


# --- what is told -------------------------------------------------------------------------------------


def tell(world: World, told: Told) -> None:
    """The main path read back from the database."""
    notice = notice_of(MAIN_NOTICE)
    confirmation = notice.items.earliest("pk").confirmation
    quota, publication = confirmation.quota, notice.publication
    entry = BudgetEntry.objects.get(pk=quota.entry_id)
    for paper, address in ((entry, "/budgets/entries"), (notice, "/intents")):
        for move in paper.moves.select_related("by"):
            label = f"{paper._meta.verbose_name} {paper.verb_label(move.verb)}"
            told.lines.append((label, move.by.name, world.address(f"{address}/{paper.pk}/")))
        if paper is entry:
            amount = f"指标 {quota.quota_no} 确认 {confirmation.amount:,.2f} 元"
            told.lines.append(
                (amount, confirmation.confirmed_by.name, world.address(f"/budgets/quotas/{quota.pk}/"))
            )
    told.lines.append(("门户已发布", "任务进程", shown_on_portal(world, publication)))


def shown_on_portal(world: World, publication: Publication) -> str:
    """The notice's public address today, after looking at it there; Stopped when it is not to be seen."""
    portal, path = urlsplit(settings.PORTAL_URL), urlsplit(publication.remote_url).path
    page = Visitor(settings.PORTAL_URL, "").get(path)
    if page.status != 200 or publication.document.title not in page.text:
        raise Stopped(f"门户上看不到公告“{publication.document.title}”（{page.status}）")
    # the port may have changed since; a browser elsewhere reaches the portal under the site's name
    return f"{portal.scheme}://{urlsplit(world.site).hostname}:{portal.port}{path}"
