"""The pages of 单一来源公示."""

from django.utils.functional import cached_property

from accounts.models import Post
from notices.models import ObjectionAnswer
from notices.objections.answers import argue_by
from procurement import clock
from procurement.flow.context import fiscal_year
from procurement.flow.lists import Column
from procurement.flow.models import Desk
from procurement.flow.stages import Stage, address

from . import wording
from .forms import SingleSourceForm
from .hints import hints
from .models import OPEN, SIGNATURE, SingleSourceNotice, publicity_days
from .sources import chosen, contacts_of, known_of


class SingleSourceStage(Stage):
    """单一来源公示 and 单一来源公示审核; published by itself when the office passes it (M 3.4)."""

    model = SingleSourceNotice
    form = SingleSourceForm
    section = "单一来源公示"
    entry = "单一来源公示"
    review = "单一来源公示审核"
    related = ("confirmation__quota", "answer")
    attachments = {
        OPEN: "随公示公开的论证材料（PDF，须隐去联系方式）",
        "other": "其他材料（不公开）",
        SIGNATURE: "专业人员签字文件",
    }
    columns = [
        Column("拟定供应商", lambda p: p.supplier_name, narrow=False),
        Column("预算金额（元）", lambda p: p.amount, "money"),
        Column("公示状态", lambda p: p.progress, "tag"),
        Column("公示期", lambda p: p.span),
        Column("剩余", lambda p: p.countdown),
    ]

    @classmethod
    def review_posts(cls) -> frozenset:
        """With the unit's own review switched on, its reviewers find the list as well."""
        desks = cls.model().required_desks()
        return super().review_posts() | ({Post.REVIEWER} if "unit" in desks else frozenset())

    @classmethod
    def blank(cls, request) -> SingleSourceNotice:
        unit, by = request.user.current.content_object, request.user
        paper = SingleSourceNotice.begin(unit, by, year=fiscal_year(request), **known_of(chosen(request)))
        for name, value in contacts_of(unit, by, paper.office).items():
            setattr(paper, name, value)
        return paper

    @classmethod
    def more(cls, request, paper) -> dict:
        more = {"sheet": Sheet(paper, request.user)}
        if paper.state == Desk.OFFICE:
            more["consequence"] = f"通过后自动发布到省政府采购网，公示 {publicity_days()} 个工作日。"
        return more


class Sheet:
    """What the detail, form and print pages show besides; each part is read when a template asks."""

    def __init__(self, paper: SingleSourceNotice, user):
        self.paper, self.user = paper, user

    def experts(self) -> list:
        if not hasattr(self, "_experts"):
            found = self.paper.experts.select_related("signature") if self.paper.pk else []
            self._experts = list(found)
        return self._experts

    def objections(self) -> list:
        return list(self.paper.objections.order_by("pk"))

    def objection_address(self) -> str:
        return wording.objection_address(self.paper)

    @cached_property
    def answer(self) -> ObjectionAnswer | None:
        """The paper that answers its objections, whatever desk it lies on."""
        return getattr(self.paper, "answer", None) if self.paper.outcome else None

    @cached_property
    def argue_by(self):
        return argue_by(self.paper)

    def overdue(self) -> bool:
        """D03 is told, not enforced: a late argument is still better than none."""
        return bool(self.argue_by) and clock.today() > self.argue_by

    def may_answer(self) -> bool:
        """The unit's clerk, once the office has taken an objection up and nobody has begun."""
        objected = self.paper.outcome == SingleSourceNotice.Outcome.OBJECTED
        return objected and self.paper.seat_obstacle(self.user, "clerk") is None and self.answer is None

    def answer_url(self) -> str:
        return f"{address('objectionanswer-new')}?notice={self.paper.pk}"

    def hints(self) -> list:
        return list(hints(self.paper, self.experts())) if self.paper.pk else []

    def open_hints(self) -> list:
        """Hints matter until it is published."""
        return self.hints() if self.paper.state not in ("done", "void") else []
