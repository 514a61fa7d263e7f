"""The pages of 异议答复."""

from dataclasses import replace

from django.http import Http404
from django.shortcuts import get_object_or_404

from notices.models import SingleSourceNotice  # by the app's door: its models load in one order
from procurement.flow.lists import Column
from procurement.flow.menu import Entry
from procurement.flow.models import Desk
from procurement.flow.moves import Conflict
from procurement.flow.stages import Stage

from . import wording
from .answers import ObjectionAnswer, argue_by
from .forms import AnswerForm
from .models import KIND, Objection


def awaiting_answer(unit):
    """Notices of a unit somebody objected to, whose answer is not under review yet."""
    return SingleSourceNotice.objects.filter(unit=unit, outcome=SingleSourceNotice.Outcome.OBJECTED)


class AnswerStage(Stage):
    """异议补充论证 by the unit, 异议答复审核 by the office."""

    model = ObjectionAnswer
    form = AnswerForm
    section = "单一来源公示"
    entry = "异议补充论证"
    review = "异议答复审核"
    related = ("notice", "notice__unit")
    attachments = {"argument": "补充论证意见（专家签字，不公开）", "other": "其他材料（不公开）"}
    columns = [
        Column("单位结论", lambda p: p.get_conclusion_display(), "tag"),
        Column("处理结果", lambda p: p.get_decision_display(), "tag", narrow=False),
    ]

    @classmethod
    def blank(cls, request) -> ObjectionAnswer:
        """An answer belongs to a notice with objections; ?notice= says to which."""
        text, unit = request.GET.get("notice", ""), request.user.current.content_object
        if not (text.isascii() and text.isdecimal() and len(text) < 19):
            raise Http404
        notice = get_object_or_404(SingleSourceNotice.objects.filter(unit=unit), pk=text, state=Desk.DONE)
        if hasattr(notice, "answer"):
            raise Conflict(f"这份公示已有异议答复 {notice.answer.number}（{notice.answer.status}）。")
        if notice.outcome != notice.Outcome.OBJECTED:
            raise Conflict(f"公示现在是“{notice.progress}”，没有需要答复的异议。")
        return ObjectionAnswer.begin(
            unit, request.user, year=notice.fiscal_year, notice=notice, case=notice.case,
            title=wording.title(notice),
        )  # fmt: skip

    @classmethod
    def menu_entries(cls) -> list[Entry]:
        """The badge of the clerk's line counts the notices that wait for an argument."""
        first, *others = super().menu_entries()
        return [replace(first, kind=KIND, desks=frozenset([Desk.UNIT])), *others]

    @classmethod
    def more(cls, request, paper) -> dict:
        more = {"sheet": Sheet(paper)}
        if paper.state == Desk.OFFICE:
            more["consequence"] = f"通过后在门户公布答复，结论：{paper.get_conclusion_display()}。"
        return more


class Sheet:
    """What the pages show besides; each part is read when a template asks."""

    def __init__(self, paper: ObjectionAnswer):
        self.paper = paper

    def objections(self) -> list[Objection]:
        if not hasattr(self, "_objections"):
            self._objections = list(self.paper.notice.objections.released())
        return self._objections

    def argue_by(self):
        return argue_by(self.paper.notice)
