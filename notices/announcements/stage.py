"""The pages of 信息公告录入 and 信息公告审核."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from procurement.flow.context import fiscal_year
from procurement.flow.lists import Column
from procurement.flow.moves import Conflict, Refused
from procurement.flow.stages import Stage

from . import origins
from .formats import WRITTEN, Writer
from .forms import AnnouncementForm
from .models import Announcement

FOLLOW = {origins.CORRECTION: "办理更正公告", origins.TERMINATION: "办理终止公告"}


def published_at(paper):
    return paper.publication and paper.publication.sent_at


class AnnouncementStage(Stage):
    """Announcements people write; 发布 is a button in 已办结."""

    model = Announcement
    form = AnnouncementForm
    section = "信息公告发布"
    entry = "信息公告录入"
    review = "信息公告审核"
    related = ("supersedes",)
    attachments = {"public": "随公告公开的附件（PDF、OFD）", "other": "内部材料（不公开）"}
    columns = [
        Column("公告类型", lambda p: p.form.name),
        Column("发布状态", lambda p: p.publication_status, "tag"),
        Column("发布时间", published_at, "time", narrow=False),
    ]

    @classmethod
    def blank(cls, request) -> Announcement:
        number = whole(request.GET.get("kind", ""))
        if number not in WRITTEN:
            raise Http404
        if "of" in request.GET:
            return cls.follow(request, number, whole(request.GET["of"]))
        unit = request.user.current.content_object
        paper = begin(unit, request.user, number, fiscal_year(request))
        if WRITTEN[number].writer != (Writer.OFFICE if paper.by_office else Writer.UNIT):
            raise Refused(f"{WRITTEN[number].name}不由{unit.label}发布。")
        return from_book(paper, request) if request.GET.get("book") else paper

    @classmethod
    def follow(cls, request, number: int, pk: int) -> Announcement:
        """A correction or termination of a published announcement, itself a new paper."""
        own = Announcement.objects.visible_to(request.user).filter(
            unit=request.user.current.content_object_id
        )
        older = get_object_or_404(own.select_related("unit"), pk=pk)
        if number not in FOLLOW:
            raise Http404
        if obstacle := older.follow_obstacle(number):
            raise Conflict(obstacle)
        return begin(
            older.unit, request.user, number, older.fiscal_year, supersedes=older, case=older.case,
            book_number=older.book_number, content=origins.follow(older, number),
        )  # fmt: skip

    @classmethod
    def form_title(cls, paper) -> str:
        return f"{'修改' if paper.pk else '新增'}{paper.form.name}"

    @classmethod
    def more(cls, request, paper) -> dict:
        return {"sheet": Sheet(paper, request.user)}


def begin(unit, by, number: int, year: int, **fields) -> Announcement:
    """The office is its own division; everything else is as for any paper."""
    content = origins.own_contacts(unit, by)
    known = {key: text for key, text in content.items() if key in WRITTEN[number].fields}
    fields["content"] = known | fields.get("content", {})
    return Announcement.begin(unit, by, year=year, division=unit.division or unit, format=number, **fields)


def from_book(paper: Announcement, request) -> Announcement:
    """Prefilled from the unit's own task book; the address names it, the figures come from our books."""
    number, result = (request.GET.get(name, "").replace("\x00", "")[:80] for name in ("book", "result"))
    origin = origins.find(paper.unit, number, paper.format, result)
    if origin is None:
        raise Http404
    if origin.secret:
        raise Refused("涉密采购不得公告。")
    known = {key: value for key, value in origin.content.items() if value}
    paper.content, paper.book_number = paper.content | known, origin.number
    paper.case, paper.fiscal_year = origin.case, origin.year
    return paper


def whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


class Sheet:
    """What the pages of one announcement show besides; each part is read when a template asks."""

    def __init__(self, paper: Announcement, user):
        self.paper, self.user = paper, user

    @cached_property
    def open_remarks(self) -> list:
        """The legal periods matter until it is published."""
        return self.paper.remarks() if self.paper.state not in ("done", "void") else []

    def hints(self) -> list:
        return [{"text": one.text, "basis": one.basis} for one in self.open_remarks if not one.hard]

    def successor(self) -> Announcement | None:
        return self.paper.successor if self.paper.state == "done" else None

    def follow_ups(self) -> list[tuple[str, str]]:
        """Buttons of a published announcement: (label, address)."""
        own = self.paper.seat_obstacle(self.user, "clerk") is None
        if self.paper.state != "done" or not own:
            return []
        new = AnnouncementStage.url("new")
        return [
            (label, f"{new}?kind={number}&of={self.paper.pk}")
            for number, label in FOLLOW.items()
            if self.paper.follow_obstacle(number) is None
        ]
