"""The pages of 采购意向公开."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from procurement import clock
from procurement.flow.context import fiscal_year
from procurement.flow.lists import Column
from procurement.flow.moves import Conflict
from procurement.flow.stages import Stage
from procurement.reference.models import Category

from .forms import IntentForm
from .hints import hints
from .models import Intent, Notice
from .sources import chosen, rows_of_confirmations, rows_of_notice

OFFERED = 300
FOLLOW = {Notice.CHANGE: "办理变更公告", Notice.CANCEL: "办理撤销公告"}


def published_at(paper):
    return paper.publication and paper.publication.sent_at


class IntentStage(Stage):
    """采购意向公开录入 and 采购意向公开审核; 发布 is a button in 已办结 (M 3.3)."""

    model = Intent
    form = IntentForm
    section = "采购意向管理"
    entry = "采购意向公开录入"
    review = "采购意向公开审核"
    related = ("supersedes",)
    attachments = {"other": "其他材料"}
    columns = [
        Column("项目数", lambda p: (p.summary or {}).get("n", 0), narrow=False),
        Column("预算金额（元）", lambda p: p.amount, "money"),
        Column("预计采购时间", lambda p: p.span),
        Column("发布状态", lambda p: p.publication_status, "tag"),
        Column("发布时间", published_at, "time", narrow=False),
    ]

    @classmethod
    def blank(cls, request) -> Intent:
        for notice in (Notice.CHANGE, Notice.CANCEL):
            if notice in request.GET:
                return cls.follow(request, notice, request.GET[notice])
        unit, by = request.user.current.content_object, request.user
        return Intent.begin(unit, by, year=fiscal_year(request), contact=by.name, phone=by.phone)

    @classmethod
    def follow(cls, request, notice: Notice, pk: str) -> Intent:
        """A change or cancellation of a published notice, itself a new paper."""
        if not (pk.isdecimal() and len(pk) < 19):
            raise Http404
        own = Intent.objects.visible_to(request.user).filter(unit=request.user.current.content_object_id)
        older = get_object_or_404(own, pk=pk)
        if obstacle := older.supersede_obstacle():
            raise Conflict(obstacle)
        return Intent.begin(
            older.unit, request.user, year=older.fiscal_year, notice=notice, supersedes=older,
            contact=older.contact, phone=older.phone,
        )  # fmt: skip

    @classmethod
    def build_form(cls, request, paper, data=None, files=None) -> IntentForm:
        start = [] if paper.pk or data is not None else cls.start(request, paper)
        return cls.form(data, files, instance=paper, by=request.user, start=start)

    @classmethod
    def start(cls, request, paper) -> list[dict]:
        """The first rows: of the notice that is changed, else of the confirmations ticked."""
        if paper.supersedes_id:
            return rows_of_notice(paper.supersedes)
        return rows_of_confirmations(chosen(request))

    @classmethod
    def form_title(cls, paper) -> str:
        kind = "公告" if paper.notice != Notice.OPEN else ""
        return f"{'修改' if paper.pk else '新增'}采购{paper.get_notice_display()}{kind}"

    @classmethod
    def more(cls, request, paper) -> dict:
        return {"sheet": Sheet(paper, request.user)}


class Sheet:
    """What the detail, form and print pages show besides; each part is read when a template asks."""

    def __init__(self, paper: Intent, user):
        self.paper, self.user = paper, user

    def items(self) -> list:
        return self.paper.lines

    def hints(self) -> list:
        return hints(self.paper.lines, clock.today())

    def open_hints(self) -> list:
        """Hints matter until it is published."""
        return self.hints() if self.paper.state not in ("done", "void") else []

    def categories(self):
        """What the field offers while typing; every other category is found by its code or name."""
        offered = Category.objects.in_force(clock.today()).selectable()
        return offered.order_by("-central", "code")[:OFFERED]

    def successor(self) -> Intent | None:
        return self.paper.successor if self.paper.state == "done" else None

    def follow_ups(self) -> list[tuple[str, str]]:
        """Buttons of a published notice: (label, address)."""
        own = self.paper.seat_obstacle(self.user, "clerk") is None
        if self.paper.state != "done" or not own or self.paper.supersede_obstacle():
            return []
        new = IntentStage.url("new")
        return [(label, f"{new}?{notice}={self.paper.pk}") for notice, label in FOLLOW.items()]
