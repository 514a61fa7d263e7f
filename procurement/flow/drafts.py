"""What a clerk typed and has not saved yet: kept beside the paper, never in it."""

from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.db import models, transaction
from django.http import QueryDict
from django.utils import timezone

from accounts.models import User

KEPT = timedelta(days=30)
OFFERED = 3
MOST = 50  # unsaved forms of one person; the oldest give way
TOKEN = "draft"  # noqa: S105 - the name of a field and of a parameter


class DraftQuerySet(models.QuerySet):
    """Reads of drafts; everybody has only his own."""

    def living(self, user) -> "DraftQuerySet":
        return self.filter(user=user, data__isnull=False)

    def of_form(self, user, kind: str, paper_pk: int | None) -> "DraftQuerySet":
        """What this person left in the form of that paper, or in the form of a new one; newest first."""
        where = {"document_id": paper_pk} if paper_pk else {"document__isnull": True}
        return self.living(user).filter(kind=kind, **where).order_by("-saved_at")

    def outdated(self) -> "DraftQuerySet":
        return self.filter(saved_at__lt=timezone.now() - KEPT)


class Draft(models.Model):
    """The fields of one opened form as last typed.

    `token` names the opening of the form. Saving the paper empties the row but leaves it standing, so
    that an autosave still on its way finds its opening closed and cannot bring the old text back.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    token = models.UUIDField()
    kind = models.CharField(max_length=30)
    document = models.ForeignKey("flow.Document", models.CASCADE, null=True, related_name="+")
    query = models.CharField(max_length=500, blank=True)  # what a new paper starts from: ?kind=…&c=…
    version = models.PositiveIntegerField(default=1)  # of the paper, when the form was opened
    seq = models.PositiveIntegerField(default=0)  # autosaves may overtake one another
    data = models.JSONField(null=True)  # field -> values; None: saved or given up
    saved_at = models.DateTimeField(default=timezone.now)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "未保存的内容"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "token"], name="draft_of_one_opening")]
        indexes = [models.Index(fields=["saved_at"], name="drafts_by_age")]

    def __str__(self):
        return f"{self.kind} {self.document_id or self.query} {self.saved_at:%Y-%m-%d %H:%M}"

    @classmethod
    def keep(cls, user, token: UUID, seq: int, **fields) -> "Draft":
        """Write what was typed unless the row is newer or closed; returns the row as it stands then.

        The insert waits for a save of the same opening, so whichever comes first, closed stays closed.
        """
        cls.write(user, token, seq, **fields, saved_at=timezone.now())
        surplus = cls.objects.living(user).order_by("-saved_at").values("pk")[MOST:]
        cls.objects.filter(pk__in=surplus).delete()
        return cls.objects.filter(user=user, token=token).first() or cls(user=user, token=token)

    @classmethod
    @transaction.atomic
    def write(cls, user, token: UUID, seq: int, **fields) -> None:
        """The paper's row is locked before the draft's, as a save locks them: the other way round they
        would wait for each other (the draft's foreign key needs the paper). A deleted paper keeps none."""
        if paper := fields.get("document_id"):
            papers = cls._meta.get_field("document").related_model.objects.select_for_update(no_key=True)
            if papers.filter(pk=paper).values_list("pk").first() is None:
                return
        cls.objects.bulk_create([cls(user=user, token=token, seq=seq, **fields)], ignore_conflicts=True)
        cls.objects.living(user).filter(token=token, seq__lt=seq).update(seq=seq, **fields)

    @classmethod
    def close(cls, user, token: UUID | None, paper) -> None:
        """The paper was saved: this opening is over, what its owner left in others is outdated."""
        cls.objects.filter(user=user, document_id=paper.pk).exclude(token=token).delete()
        if token is not None:
            row = cls(user=user, token=token, kind=paper.kind, document_id=paper.pk)
            cls.objects.bulk_create(
                [row],
                update_conflicts=True,
                unique_fields=["user", "token"],
                update_fields=["data", "document", "saved_at"],
            )

    def posted(self) -> QueryDict:
        """As the browser would have posted it."""
        data = QueryDict(mutable=True)
        for name, values in (self.data or {}).items():
            data.setlist(name, values)
        return data

    def address(self, stage, *, restored: bool) -> str:
        """The page of its form, showing the draft or not."""
        page = stage.url("edit", self.document_id) if self.document_id else stage.url("new")
        query = [self.query] if self.query else []
        query += [urlencode({TOKEN: self.token})] if restored else []
        return f"{page}?{'&'.join(query)}" if query else page


def token_of(text) -> UUID | None:
    """A token out of a form or an address; what is none is nothing."""
    try:
        return UUID(text) if isinstance(text, str) and len(text) <= 40 else None
    except ValueError:
        return None


def offers(stage, user, paper=None) -> list[dict]:
    """发现 hh:mm 自动保存的内容: of this paper's form, or of new ones; at most three, newest first."""
    saved = paper is not None and paper.pk
    rows = Draft.objects.of_form(user, stage.slug(), saved or None).defer("data")[:OFFERED]
    return [
        {
            "draft": row,
            "url": row.address(stage, restored=True),
            "kind": "" if saved else stage.kinds.get(QueryDict(row.query).get("kind", ""), ""),
            "stale": bool(saved) and row.version != paper.version,
        }
        for row in rows
    ]
