"""信息公告: one announcement in one of the national formats (M 3.7, domain.md §13)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import OuterRef, Q
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.models import Organization, OrgKind
from procurement import clock
from procurement.flow.models import Conflict, Delivery, Desk, Document
from procurement.reference import numbers

from ..enclosures import PUBLIC_MIMES, release
from ..models import Publication
from ..published import Published, PublishedQuerySet
from . import article, terms
from .formats import WRITTEN, Format, Writer
from .formats.parts import holds

FARTHEST = timedelta(days=180)  # ahead, for a publication by the clock
EVER = datetime(2000, 1, 1, tzinfo=UTC)


class AnnouncementQuerySet(PublishedQuerySet):
    """Reads of announcements."""

    def for_list(self):
        after = self.model.objects.filter(supersedes=OuterRef("pk"), state=Desk.DONE)
        return super().for_list().annotate(followed=models.Subquery(after.values("format")[:1]))


class Announcement(Published, Document):
    """What it says is one JSON object, drawn and checked by its format's declaration."""

    desks = [Desk.UNIT, Desk.FILING]
    outlives_year = True
    verbs = {"file": "发布"}
    explains = {"content": article.changes}

    format = models.PositiveSmallIntegerField(
        "公告类型", choices=[(one.number, one.name) for one in WRITTEN.values()]
    )
    content = models.JSONField("公告内容", default=dict, blank=True)
    book_number = models.CharField("任务书编号", max_length=40, blank=True, db_index=True)
    publish_at = models.DateTimeField("定时发布", null=True, blank=True)
    supersedes = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="successors", verbose_name="原公告"
    )

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "信息公告"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(format__in=list(WRITTEN)), name="a_format_people_write"),
        ]

    @classmethod
    def new_number(cls, unit: Organization, year: int) -> str:
        code = unit.budget_code or unit.region
        return f"GG{year}{code}{numbers.take('GG' + code, year):04d}"

    def validate_constraints(self, exclude=None) -> None:
        """Left to the INSERT: the format is never typed."""

    # --- reading --------------------------------------------------------------------------------------

    @property
    def form(self) -> Format:
        return WRITTEN[self.format]

    @property
    def by_office(self) -> bool:
        return self.unit.kind == OrgKind.OFFICE

    def publication_day(self) -> date:
        """The day it stands on the portal, or will if the clerk publishes now."""
        if self.state == Desk.DONE and self.publication:
            return timezone.localdate(max(self.publication.created_at, self.publish_at or EVER))
        return timezone.localdate(self.publish_at) if self.is_ahead else clock.today()

    @property
    def is_ahead(self) -> bool:
        return bool(self.publish_at and self.publish_at > clock.now())

    def sections(self) -> list[dict]:
        return article.sections(self)

    def remarks(self) -> list[terms.Remark]:
        return terms.examine(self.form, self.content, self.publication_day())

    @property
    def waits_for_its_time(self) -> bool:
        owed = self.publication
        untried = owed is not None and owed.state == Delivery.State.PENDING and not owed.attempts
        return untried and owed.next_at > timezone.now()

    @property
    def publication_status(self) -> str:
        """发布状态; empty before the last review."""
        if self.state == Desk.FILING:
            return "待发布"
        if self.state != Desk.DONE or self.publication is None:
            return ""
        if after := getattr(self, "followed", None):
            return "已终止" if after == 7 else "已更正"
        if self.waits_for_its_time:
            return f"定时 {timezone.localtime(self.publish_at):%m-%d %H:%M}"
        return {"待发布": "发布中"}.get(self.publication.status, self.publication.status)

    # --- a correction or a termination ----------------------------------------------------------------

    @cached_property
    def successor(self) -> "Announcement | None":
        """The paper that corrects or ends this one, whatever desk it lies on."""
        return self.successors.exclude(state=Desk.VOID).order_by("pk").first()

    def follow_obstacle(self, number: int, by: "Announcement | None" = None) -> str | None:
        """Why it may not be followed by that format (by that paper) now."""
        if not {6: self.form.correctable, 7: self.form.endable}.get(number):
            return f"{self.form.name}不能再{'更正' if number == 6 else '终止'}。"
        if self.publication is None or self.publication.state != Delivery.State.SENT:
            return "原公告尚未在门户发布成功，不能办理更正或终止。"
        other = self.successor
        if other is None or (by and other.pk == by.pk):
            return None
        return f"已有{other.form.name} {other.number}（{other.status}），请在该公告上继续办理。"

    def may_follow(self) -> None:
        """Under a lock of the older announcement, so that it gets one successor only."""
        if self.supersedes_id:
            older = Announcement.objects.locked(self.supersedes_id)
            if older.unit_id != self.unit_id:
                raise ValidationError("原公告不是本单位发布的。")
            if obstacle := older.follow_obstacle(self.format, self):
                raise ValidationError(obstacle)

    # --- the flow -------------------------------------------------------------------------------------

    def required_desks(self) -> list[Desk]:
        """The office publishes what it has decided; a unit's announcement is read once more (§3.3)."""
        reviewed = settings.ANNOUNCEMENT_UNIT_REVIEW and not self.by_office
        return [Desk.UNIT, Desk.FILING] if reviewed else [Desk.FILING]

    def check_complete(self) -> None:
        problems: dict[str, list[str]] = {}
        for name, wrong, text in self.requirements():
            if wrong:
                problems.setdefault(name, []).append(text)
        if problems:
            raise ValidationError(problems)
        self.may_follow()

    def requirements(self):
        """(field, is it wrong, what to do) of every rule that stops a submission."""
        yield "__all__", self.is_secret, "涉密采购不得公告。"
        wrong = self.form.writer != (Writer.OFFICE if self.by_office else Writer.UNIT)
        yield "__all__", wrong and not (self.by_office and self.supersedes_id), "这类公告不由本单位发布。"
        for key, field in self.form.fields.items():
            needed = field.needed or (field.needed_when and holds(field.needed_when, self.content))
            yield f"c_{key}", needed and not self.content.get(key), f"请填写{field.label}。"
        for key, table in self.form.tables.items():
            few = len(self.content.get(key) or []) < table.least
            yield "__all__", few, f"{table.label}至少填写 {table.least} 行。"
        for remark in self.remarks():
            yield f"c_{remark.key}", remark.hard, str(remark)
        odd = self.attachments.filter(category="public").exclude(mime__in=PUBLIC_MIMES)
        yield "__all__", odd.exists(), "随公告公开的附件只能是 PDF 或 OFD 文件，请删除其他格式的文件。"

    def void_obstacle(self) -> str | None:
        if self.state == Desk.FILING or self.waits_for_its_time:
            return None
        return "已发布的公告不能作废；内容有误请办理更正公告，采购活动不再进行请办理终止公告。"

    def reopened(self, log) -> None:
        """作废 before its time: what no worker ever claimed was never sent, and is owed no more."""
        if log.source == Desk.DONE:
            gone, _ = Delivery.objects.filter(document=self, fence=0, state=Delivery.State.PENDING).delete()
            if not gone:
                raise Conflict("公告正在发布，不能作废。")

    def finish(self, log) -> None:
        """发布 owes it to the portal, once, in the transaction of the click; never before `publish_at`."""
        self.may_follow()
        if hard := [str(remark) for remark in self.remarks() if remark.hard]:
            raise ValidationError(hard)
        older = self.supersedes and self.supersedes.publication
        Publication.announce(
            self,
            kind=self.form.portal_kind,
            title=self.title,
            html=article.html(self, self.publication_day()),
            data=article.data(self) | {"attachments": release(self, "public")},
            supersedes=older.key if older else None,
            at=self.publish_at if self.is_ahead else None,
        )

    # --- what is derived from the content ---------------------------------------------------------------

    def usual_title(self) -> str:
        name = self.content.get(self.form.named_after) or self.unit.name
        way = self.content.get("method", "") if self.format == 4 else ""
        return f"{name[:250]}{way}{self.form.ending}"

    def usual_amount(self) -> Decimal:
        key, _, column = self.form.money.partition(".")
        rows = self.content.get(key) or [] if column else [self.content]
        return sum((Decimal(row.get(column or key) or 0) for row in rows), Decimal(0))
