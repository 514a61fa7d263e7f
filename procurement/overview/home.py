"""What the home page tells the post being acted in: to do, drafts, submissions, money, publications."""

from decimal import Decimal
from functools import reduce
from operator import or_

from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.utils import timezone

from accounts.models import Appointment, Post
from budgets.models import Quota, QuotaConfirmation
from notices.models import Publication
from procurement.flow.context import waiting
from procurement.flow.desks import REVIEWING, SEATS, Desk
from procurement.flow.menu import sections
from procurement.flow.models import Document
from procurement.flow.templatetags.paper import waited_days

from .kinds import label, listed, stages

SHOWN = 8
REVIEWERS = (Post.REVIEWER, Post.APPROVER)


def greeting() -> str:
    hour = timezone.localtime().hour
    return "上午好" if 4 <= hour < 12 else "下午好" if 12 <= hour < 18 else "晚上好"


def tone(oldest) -> str:
    """Grey, orange after two working days on a desk, red after three (ux.md §2a)."""
    days = waited_days(oldest) if oldest else 0
    return "r" if days > 3 else "o" if days > 2 else ""


# --- to do --------------------------------------------------------------------------------------------


def cards(request, quotas: dict) -> list[dict]:
    """One card per line of the menu that collects papers, with the count and the oldest."""
    known, rows, found = stages(), waiting(request), []
    if request.user.current.post == Post.CLERK:
        found += [quota_card(quotas), returned_card(rows), book_card(rows), award_card(rows), due_card(rows)]
    for _, icon, entries in sections(request.user.current.post):
        for entry in entries:
            for desks in groups(entry, known):
                here = [rows[entry.kind, desk] for desk in desks if (entry.kind, desk) in rows]
                title = card_title(known[entry.kind], desks) if entry.kind in known else entry.label
                found.append(card(title, icon, entry.url_name, here, entry_query(desks)))
    return found


def groups(entry, known: dict) -> list[set]:
    """Reviewing desks make one card, filing another; returned papers have the card of all kinds."""
    filing = {Desk.FILING} & set(known[entry.kind].model.desks) if entry.kind in known else set()
    return [part for part in (entry.desks & set(REVIEWING), entry.desks & filing) if part]


def entry_query(desks: set) -> str:
    return "?tab=done" if Desk.FILING in desks else ""


def card_title(stage, desks: set) -> str:
    kind = label(stage)
    return f"{kind}待{stage.model.verbs.get('file', '备案')}" if Desk.FILING in desks else f"{kind}待审核"


def card(title: str, icon: str, url_name: str, rows: list[dict], query: str = "") -> dict:
    oldest = min((row["oldest"] for row in rows), default=None)
    count = sum(row["n"] for row in rows)
    return {
        "label": title, "icon": icon, "count": count, "oldest": oldest, "tone": tone(oldest),
        "url_name": url_name, "query": query,
    }  # fmt: skip


def returned_card(rows: dict) -> dict:
    """Returned papers of all kinds; the card leads to the kind whose paper waits longest."""
    here = {kind: row for (kind, desk), row in rows.items() if desk == Desk.CLERK}
    kind = min(here, key=lambda name: here[name]["oldest"], default="budgetentry")
    return card("退回待修改", "arrow-back-up", f"{kind}-list", list(here.values()), "?tab=returned")


def book_card(rows: dict) -> dict:
    """Approved plans without a task book; the card leads to the menu where one waits longest."""
    here = {which: row for (kind, which), row in rows.items() if kind == "taskbook"}
    which = min(here, key=lambda name: here[name]["oldest"], default="mall")
    return card("任务书待备案", "checklist", f"taskbook-{which}", list(here.values()))


def award_card(rows: dict) -> dict:
    """Awards and orders without a contract; the card leads to the list of them."""
    here = [row for (kind, which), row in rows.items() if (kind, which) == ("contract", "award")]
    return card("合同待录入", "file-text", "contract-new", here, "?kind=entry")


def due_card(rows: dict) -> dict:
    """Contracts signed but not submitted when their statistics are due (domain.md §22, D15)."""
    here = [row for (kind, which), row in rows.items() if (kind, which) == ("contract", "due")]
    return card("合同期限提醒", "calendar-due", "contract-deadlines", here)


def quota_card(quotas: dict) -> dict:
    count = quotas.get("open") or 0
    return {
        "label": "指标待确认", "icon": "circle-check", "count": count, "oldest": None, "tone": "",
        "url_name": "quota-list", "query": "", "note": f"可确认 {wan(quotas.get('confirmable'))} 万元",
    }  # fmt: skip


def wan(amount) -> str:
    return f"{(amount or Decimal(0)) / 10000:,.2f}"


# --- papers -------------------------------------------------------------------------------------------


def own_papers(user) -> tuple[list[dict], list[dict]]:
    """(my drafts and returned papers, my submissions under way), one query for both."""
    mine = Document.objects.for_list()
    unit = user.current.content_object_id
    drafts = mine.filter(unit=unit, clerk=user, state=Desk.CLERK).order_by("-desk_since")[:SHOWN]
    sent = mine.filter(unit=unit, submitted_by=user, state__in=[*REVIEWING, Desk.FILING])
    both = listed(drafts.union(sent.order_by("desk_since")[:SHOWN], all=True))
    for row in both:
        row["tone"] = tone(row["paper"].desk_since)
    lying = [row for row in both if row["paper"].state != Desk.CLERK]
    return [row for row in both if row["paper"].state == Desk.CLERK], with_holders(lying)


def with_holders(rows: list[dict]) -> list[dict]:
    """Each paper with the post, the organisation and the people it waits for; one query for all."""
    seats = {(SEATS[row["paper"].state].post, place_of(row["paper"]).pk) for row in rows}
    people: dict[tuple, list] = {}
    if seats:
        held = [Q(permission__codename=post, content_object=place) for post, place in seats]
        holding = Appointment.objects.valid().filter(reduce(or_, held), user__is_active=True)
        for appointment in holding.select_related("user"):
            people.setdefault((appointment.post, appointment.content_object_id), []).append(appointment.user)
    for row in rows:
        seat, place = SEATS[row["paper"].state], place_of(row["paper"])
        row |= {"post": seat.post.label, "place": place, "people": people.get((seat.post, place.pk), [])}
    return rows


def place_of(paper):
    return getattr(paper, SEATS[paper.state].place)


def queue(user) -> list[dict]:
    """A reviewer's own queue, the longest waiting first."""
    papers = Document.objects.waiting_at(user.current).for_list().oldest_first()[:SHOWN]
    return [row | {"tone": tone(row["paper"].desk_since)} for row in listed(papers)]


def counted(unit: int, year: int) -> dict[tuple[str, str], int]:
    """{(kind, desk): papers} of one unit in one year."""
    rows = Document.objects.filter(unit=unit).in_year(year).values("kind", "state")
    return {(row["kind"], row["state"]): row["n"] for row in rows.annotate(n=Count("pk")).order_by()}


# --- money and publications ---------------------------------------------------------------------------


def totals(unit: int, year: int) -> dict:
    """The sums of a unit's quotas and of what was confirmed of them; one query."""
    used = QuotaConfirmation.objects.active().filter(quota=OuterRef("pk")).order_by().values("quota")
    part = {
        f"of_{name}": Subquery(used.annotate(sum=Sum(f"{name}_amount")).values("sum"))
        for name in ("reserved", "committed", "carried")
    }
    quotas = Quota.objects.filter(unit=unit, fiscal_year=year, is_procurement=True).annotate(**part)
    sums = quotas.aggregate(
        issued=Sum("issued_amount") + Sum("adjusted_amount"), confirmed=Sum("confirmed_amount"),
        frozen=Sum("frozen_amount"), confirmable=Sum("available", filter=Q(available__gt=0)),
        open=Count("pk", filter=Q(available__gt=0)),
        **{name.removeprefix("of_"): Sum(name) for name in part},
    )  # fmt: skip
    return {name: Decimal(0) if value is None else value for name, value in sums.items()}


def key_figures(sums: dict) -> list[dict]:
    """What stands large above the bars, in 万元."""
    shown = [("可确认", "confirmable", "ok"), ("已确认", "confirmed", ""), ("冻结", "frozen", "")]
    return [
        {"label": text, "value": wan(sums[name]), "tone": tone}
        for text, name, tone in shown
        if sums[name] or name != "frozen"
    ]


def bars(sums: dict) -> list[dict]:
    """指标 → 已确认 → 占用 → 已签 → 可用, each bar where the one before it ends; widths in thousandths."""
    whole = sums["issued"] or Decimal(1)
    free = sums["confirmed"] - sums["reserved"] - sums["committed"] - sums["carried"]
    spent = sums["committed"] + sums["carried"]
    steps = [
        ("指标", Decimal(0), sums["issued"]),
        ("已确认", Decimal(0), sums["confirmed"]),
        ("占用", free + spent, sums["reserved"]),
        ("已签", free, spent),
        ("可用", Decimal(0), free),
    ]
    return [
        {
            "label": text,
            "amount": wan(amount),
            "start": permille(start, whole),
            "width": permille(amount, whole),
        }
        for text, start, amount in steps
    ]


def permille(part: Decimal, whole: Decimal) -> str:
    return str(max(0, min(1000, int(part * 1000 / whole))))


def publications(unit: int) -> list:
    """The unit's last notices and how far each has come."""
    return list(
        Publication.objects.filter(document__unit=unit).select_related("document").order_by("-pk")[:5]
    )
