"""An official paper: rendered from a stored snapshot, signed by the server's key, verifiable by anyone."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from procurement.flow.codes import CODE_LENGTH, new_code, spaced
from procurement.flow.snapshots import digest

from . import queue, registry


class SealedPaperQuerySet(models.QuerySet):
    """Reads of sealed papers."""

    def same_paper(self, paper: "SealedPaper") -> "SealedPaperQuerySet":
        """All revisions of one number."""
        return self.filter(template=paper.template, number=paper.number)

    def newest(self) -> "SealedPaperQuerySet":
        """The last revision of each number."""
        return self.order_by("template", "number", "-revision").distinct("template", "number")

    def due(self, state: str) -> "SealedPaperQuerySet":
        """What a worker may take: in that state, its time has come, on nobody's lease."""
        free = Q(lease_until=None) | Q(lease_until__lt=Now())
        return self.filter(free, state=state, next_at__lte=Now()).order_by("next_at", "pk")


class SealedPaper(models.Model):
    """One revision of one paper; the snapshot holds all it shows, the file is what was signed."""

    class State(models.TextChoices):
        ORDERED = "ordered", "待生成"
        RENDERED = "rendered", "待签章"
        SEALED = "sealed", "已签章"
        FAILED = "failed", "失败"
        WITHDRAWN = "withdrawn", "已撤销"

    document = models.ForeignKey("flow.Document", models.PROTECT, related_name="sealed", verbose_name="单据")
    template = models.CharField("文种", max_length=40)
    number = models.CharField("编号", max_length=40)
    revision = models.PositiveSmallIntegerField("签章次数", default=1)
    title = models.CharField("标题", max_length=300)
    snapshot = models.JSONField("内容")
    snapshot_sha256 = models.CharField("内容校验值", max_length=64)
    verify_code = models.CharField("校验码", max_length=CODE_LENGTH, unique=True, default=new_code)
    verify_url = models.CharField("查验地址", max_length=300)
    ordered_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="重新签章人"
    )
    ordered_at = models.DateTimeField("下单时间", default=timezone.now)

    state = models.CharField("状态", max_length=10, choices=State, default=State.ORDERED)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    error = models.CharField("失败原因", max_length=300, blank=True)
    next_at = models.DateTimeField("下次办理", db_default=Now())
    lease_until = models.DateTimeField("占用到", null=True)
    fence = models.PositiveIntegerField(default=0)

    renderer = models.CharField("排版程序", max_length=120, blank=True)
    pdf_sha256 = models.CharField(
        "排版校验值", max_length=64, blank=True
    )  # before the signature: reproducible
    file = models.FileField("签章文件", max_length=200, blank=True)
    size = models.PositiveIntegerField("大小", default=0)
    file_sha256 = models.CharField("文件校验值", max_length=64, blank=True, db_index=True)
    signature_sha256 = models.CharField("签名校验值", max_length=64, blank=True, db_index=True)
    sealed_at = models.DateTimeField("签章时间", null=True)
    withdrawn_at = models.DateTimeField("撤销时间", null=True)

    objects = SealedPaperQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "签章文件"
        default_permissions = ("view",)
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["state", "next_at"],
                name="papers_to_seal",
                condition=Q(state__in=["ordered", "rendered"]),
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["template", "number", "revision"], name="one_paper_per_revision"),
            models.CheckConstraint(
                condition=~Q(state="sealed")
                | (
                    Q(sealed_at__isnull=False, size__gt=0)
                    & ~Q(file="")
                    & ~Q(file_sha256="")
                    & ~Q(pdf_sha256="")
                ),
                name="sealed_has_its_file",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", withdrawn_at__isnull=False)
                | (~Q(state="withdrawn") & Q(withdrawn_at__isnull=True)),
                name="withdrawn_has_its_time",
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.title}"

    # --- ordering, in the caller's transaction ----------------------------------------------------------

    @classmethod
    def order(
        cls, document, template: str, *, title: str, number: str, snapshot: dict, **more
    ) -> "SealedPaper":
        """Ask for the paper inside the caller's transaction; the worker is woken once that commits."""
        return cls.place(
            document=document, template=template, title=title, number=number, snapshot=snapshot, **more
        )

    @classmethod
    def place(cls, **fields) -> "SealedPaper":
        if not transaction.get_connection().in_atomic_block:
            raise transaction.TransactionManagementError("a paper is ordered by the decision's transaction")
        paper = cls(**fields)
        paper.snapshot_sha256 = digest(paper.snapshot)
        paper.verify_url = queue.verify_url(reverse("verify"), paper.number, paper.verify_code)
        paper.save(force_insert=True)
        queue.wake_after_commit(queue.RENDERING)
        return paper

    def reseal(self, by: User) -> "SealedPaper":
        """重新签章: a new revision of the same number and content, with a code of its own."""
        rows = SealedPaper.objects.select_for_update().same_paper(self).order_by("-revision")
        last = rows.first()
        if why := last.reseal_obstacle():
            raise ValidationError(why)
        kept = {
            name: getattr(last, name) for name in ("document_id", "template", "title", "number", "snapshot")
        }
        return self.place(**kept, revision=last.revision + 1, ordered_by=by)

    def reseal_obstacle(self) -> str | None:
        """Why the last revision cannot be followed by another; None when it can."""
        if self.state == self.State.WITHDRAWN:
            return "文件已撤销，不能重新签章。"
        return "上一份签章文件还在生成，请稍后再试。" if self.under_way else None

    def withdraw(self) -> None:
        """No revision of this number is valid any more, from the caller's commit on."""
        SealedPaper.objects.same_paper(self).exclude(state=self.State.WITHDRAWN).update(
            state=self.State.WITHDRAWN, withdrawn_at=Now(), lease_until=None
        )

    def try_again(self) -> bool:
        """By hand, after a failure: the tries begin anew. False when it had not failed."""
        back = self.State.RENDERED if self.pdf_sha256 else self.State.ORDERED
        failed = SealedPaper.objects.filter(pk=self.pk, state=self.State.FAILED)
        done = failed.update(state=back, attempts=0, next_at=Now(), lease_until=None)
        queue.wake_after_commit(queue.SIGNING if self.pdf_sha256 else queue.RENDERING)
        return bool(done)

    # --- reading ----------------------------------------------------------------------------------------

    @property
    def under_way(self) -> bool:
        return self.state in (self.State.ORDERED, self.State.RENDERED)

    @property
    def begun(self) -> str:
        """What was done when it was ordered, as its progress names the first step."""
        return registry.find(self.template).begun

    @property
    def code(self) -> str:
        """The verify code as it is printed: ABCD-EFGH-JKMN."""
        return spaced(self.verify_code)

    @property
    def check_path(self) -> str:
        """The public page about it, on this site."""
        return f"{reverse('verify')}?{self.verify_url.partition('?')[2]}"

    @property
    def mark(self) -> str:
        """What stands in the PDF's own information, to know a copy of ours by."""
        return f"GPSEAL{self.verify_code}"  # letters and digits only: PDF escapes the rest

    @property
    def file_name(self) -> str:
        return f"{self.number}.pdf" if self.revision == 1 else f"{self.number}-{self.revision}.pdf"


class SealedDownload(models.Model):
    """Who took which sealed paper, when."""

    paper = models.ForeignKey(SealedPaper, models.PROTECT, related_name="downloads", verbose_name="签章文件")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="下载人")
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "签章文件下载记录"
        default_permissions = ("view",)

    def __str__(self):
        return f"{self.paper} {self.by}"


class VerifyAttempt(models.Model):
    """A check that found nothing, by address: what the rate limit of the public page counts."""

    address = models.GenericIPAddressField("地址", null=True)
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "查验失败记录"
        default_permissions = ("view",)
        indexes = [models.Index(fields=["address", "at"], name="verify_attempts")]

    def __str__(self):
        return f"{self.address} {self.at:%Y-%m-%d %H:%M}"
