"""异议答复: the unit argues again after the term, the office decides, the portal says it once."""

from django.core.exceptions import ValidationError
from django.db import models

from accounts.models import Organization
from notices.models import Publication  # stands above this package's line there
from notices.published import Published
from notices.single.models import SingleSourceNotice
from procurement import clock
from procurement.flow.models import Desk, Document
from procurement.flow.moves import Conflict, move
from procurement.reference import numbers
from procurement.reference.workdays import CalendarUnknown, add_workdays

from . import wording
from .models import Objection

DAYS = 5  # 74号令第四十条: 公示期满后5个工作日内，组织补充论证 (D03)


def argue_by(notice: SingleSourceNotice):
    """The last day of the supplementary argument; None while the term or the calendar is open."""
    if notice.publicity_end is None:
        return None
    try:
        return add_workdays(notice.publicity_end, DAYS)
    except CalendarUnknown:
        return None


class ObjectionAnswer(Published, Document):
    """The unit's supplementary argument on all objections to one notice, and the office's decision."""

    class Conclusion(models.TextChoices):
        OVERRULED = "overruled", "异议不成立，继续采用单一来源方式"
        UPHELD = "upheld", "异议成立，改用其他采购方式"

    desks = [Desk.OFFICE]
    outlives_year = True

    # one for ever: a second answer to the same notice cannot exist, so it is published once
    notice = models.OneToOneField(
        SingleSourceNotice, models.PROTECT, related_name="answer", verbose_name="单一来源公示"
    )
    argument = models.TextField("补充论证情况", max_length=3000)
    conclusion = models.CharField("论证结论", max_length=10, choices=Conclusion)
    reply = models.TextField("对异议的答复（公开）", max_length=3000)
    decision = models.CharField("处理结果", max_length=10, choices=Conclusion, blank=True, editable=False)
    remark = models.CharField("政府采购处意见", max_length=500, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "异议答复"
        default_permissions = ()

    @classmethod
    def new_number(cls, unit: Organization, year: int) -> str:
        return f"YY{year}{unit.region}{numbers.take('YY', year, region=unit.region):04d}"

    # --- the flow -------------------------------------------------------------------------------------

    def check_complete(self) -> None:
        """After the term, when the office has looked at every objection: one answer speaks to all."""
        notice = SingleSourceNotice.objects.locked(self.notice_id)
        if notice.outcome != notice.Outcome.OBJECTED:
            raise ValidationError(f"公示现在是“{notice.progress}”，没有需要答复的异议。")
        if not notice.term.is_over(clock.today()):
            raise ValidationError(f"公示期未满，期满后才能提交补充论证：{notice.term.sentence}。")
        if waiting := notice.objections.filter(state=Objection.State.RECEIVED).count():
            raise ValidationError(f"还有 {waiting} 件异议待政府采购处受理，受理后一并答复。")
        if len(self.argument.strip()) < 20:
            raise ValidationError({"argument": "补充论证情况至少 20 个字。"})

    def submitted(self, log) -> None:
        self.lead(SingleSourceNotice.Outcome.REARGUED)

    def reopened(self, log) -> None:
        self.lead(SingleSourceNotice.Outcome.OBJECTED)

    def void_obstacle(self) -> str | None:
        return "异议答复不能作废。"

    def voidable(self, user) -> str | None:
        return "异议必须答复，不能作废；内容有误请修改后重新提交。"

    def already_upheld(self, user) -> str | None:
        upheld = self.conclusion == self.Conclusion.UPHELD
        return "单位的结论已经是异议成立，请直接审核通过。" if upheld else None

    @move(
        "认定异议成立",
        source=[Desk.OFFICE],
        target=Desk.DONE,
        rules=["four_eyes", "already_upheld"],
        tone="danger",
    )
    def uphold(self):
        """The office decides against the unit's conclusion."""

    def finish(self, log) -> None:
        """The notice ends, its objections are closed and the answer is owed to the portal: all or nothing."""
        against = log.verb == "uphold"
        self.decision = self.Conclusion.UPHELD if against else self.conclusion
        self.remark = log.opinion if against else ""
        self.save(update_fields=["decision", "remark"])
        kinds = SingleSourceNotice.Outcome
        upheld = self.decision == self.Conclusion.UPHELD
        notice = self.lead(kinds.UPHELD if upheld else kinds.OVERRULED)
        released = list(notice.objections.released())
        notice.objections.filter(state=Objection.State.ACCEPTED).update(state=Objection.State.CLOSED)
        Publication.announce(
            self,
            title=self.title,
            html=wording.article(self, notice, released),
            data=wording.data(self, notice),
        )

    def lead(self, outcome: str) -> SingleSourceNotice:
        """The notice follows its answer, under its lock."""
        notice = SingleSourceNotice.objects.locked(self.notice_id)
        if notice.closed:  # plans may stand on it: what is closed stays closed
            raise Conflict(f"公示已经办结（{notice.get_outcome_display()}），结果不能再变。")
        notice.outcome = outcome
        notice.closed_at = clock.now() if notice.closed else None
        notice.save(update_fields=["outcome", "closed_at"])
        return notice
