"""Drives the real flow over HTTP: keys log in, forms are filled in, posts decide, the worker publishes."""

import time
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command

from accounts.models import Organization, User
from budgets.models import BudgetEntry
from intents.models import Intent, Notice
from notices.models import Publication
from procurement import clock
from procurement.reference.models import BudgetClass, FundNature

from . import books, deals, notices, plans
from .browser import Page, Stopped, Visitor
from .papers import ENTRIES, MAIN, MAIN_NOTICE, NOTICES, SOURCES, YEAR, Entry
from .papers import Notice as Wanted
from .plan_papers import MAIN_PLAN, MORE_BOOKS, PLANS
from .world import PROOF, Told, World, confirmed, must, pk_of, walk

PUBLISHED_WITHIN = 180  # seconds for worker and portal


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
        for planned in (MAIN_PLAN, *PLANS, *MORE_BOOKS):
            plans.planned(world, planned)
            books.filed(world, planned)
        notices.entered(world)
        for wanted in deals.DEALS:
            deals.agreed(world, wanted)
        wait_for_portal()
        notices.answered(world)
        books.received(world)
        out.write("")
    tell(world, told)
    return told


class Quiet:
    """A place for the words of a command nobody needs to read here."""

    def write(self, text: str) -> None:
        """Forget it."""


def finished() -> bool:
    """Whether the demo's last papers have taken their last step, and all that goes outside has arrived."""
    last = [(notice_of(NOTICES[-1]), NOTICES[-1].steps), (plans.plan_of(PLANS[-1]), PLANS[-1].steps)]
    done = all(paper is not None and paper.moves.count() >= len(steps) for paper, steps in last)
    return done and not owed().exists() and books.finished() and notices.finished() and deals.finished()


def owed():
    """What the demo's own notices still owe; what visitors of the demo publish is their affair."""
    ours = [*filter(None, map(notice_of, (MAIN_NOTICE, *NOTICES))), *notices.papers(), *deals.papers()]
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
        answer = visitor.submit(page, "project_name", entry_values(wanted), files, follow=False)
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
        due = clock.today() + timedelta(days=60)
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
        answer = visitor.submit(page, "items-TOTAL_FORMS", notice_values(wanted), follow=False)
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


def notice_values(wanted: Wanted) -> dict[str, str]:
    values = {
        "action": "save", "items-0-category": wanted.category, "items-0-demand_summary": wanted.demand,
        "items-0-expected_month": wanted.month, "items-0-sme_reserved": "part" if wanted.share else "whole",
        "items-0-sme_share": wanted.share,
    }  # fmt: skip
    return values | ({"change_reason": wanted.follow[1]} if wanted.follow else {})


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
    plans.tell(world, told, MAIN_PLAN)
    books.tell(world, told)
    notices.tell(world, told)
    deals.tell(world, told)


def shown_on_portal(world: World, publication: Publication) -> str:
    """The notice's public address today, after looking at it there; Stopped when it is not to be seen."""
    portal, path = urlsplit(settings.PORTAL_URL), urlsplit(publication.remote_url).path
    page = Visitor(settings.PORTAL_URL, "").get(path)
    if page.status != 200 or publication.document.title not in page.text:
        raise Stopped(f"门户上看不到公告“{publication.document.title}”（{page.status}）")
    # the port may have changed since; a browser elsewhere reaches the portal under the site's name
    return f"{portal.scheme}://{urlsplit(world.site).hostname}:{portal.port}{path}"
