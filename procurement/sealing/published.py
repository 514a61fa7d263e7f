"""Everything the portal has published has a sealed paper, drawn from the very body that was sent.

The outbox knows nothing of papers: whoever is to the right asks what has been published and has none. Its
number is the notice's key and its code the one that went out with the body, so that the portal's own page
already leads to the check of a paper that follows seconds later.
"""

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils.dateparse import parse_datetime

from notices.enclosures import named
from notices.models import Publication
from notices.workbench.article import clean
from notices.workbench.queries import kinds
from procurement.clock import now
from procurement.flow.codes import new_code
from procurement.flow.templatetags.paper import clock

from .models import SealedPaper
from .registry import Template

SLUG = "notice"
BATCH = 100
RECENT = timedelta(days=2)  # what a worker that was down for a week missed, the nightly run finds


def owed(since):
    """What has been published and has no paper."""
    made = SealedPaper.objects.filter(template=SLUG, number=OuterRef("key"))
    sent = Publication.objects.filter(state=Publication.State.SENT).exclude(Exists(made))
    return sent.filter(sent_at__gte=since) if since else sent


def papers(documents):
    """The papers of these documents' notices."""
    return SealedPaper.objects.filter(document__in=documents, template=SLUG)


def order(*, everything: bool = False) -> int:
    """Order the papers that are owed, oldest first; how many."""
    since = None if everything else now() - RECENT
    made = 0
    for row in owed(since).select_related("document").order_by("sent_at")[:BATCH]:
        try:
            with transaction.atomic():
                place(row)
        except IntegrityError:  # another worker was quicker
            continue
        made += 1
    return made


def place(row: Publication) -> SealedPaper:
    """The order of one, in the caller's transaction; the paper of what it replaces stands no longer."""
    told = row.body["data"].get("paper") or {}
    if older := row.body.get("supersedes"):
        for paper in SealedPaper.objects.filter(template=SLUG, number=older)[:1]:
            paper.withdraw()
    return SealedPaper.order(
        row.document, SLUG, title=row.body["title"], number=row.key, snapshot=snapshot(row),
        verify_code=told.get("code", new_code()).replace("-", ""),
    )  # fmt: skip


def snapshot(row: Publication) -> dict[str, Any]:
    """All the paper shows: what was sent, and what the portal answered."""
    return {
        "document": row.document.number, "body": row.body, "body_sha256": row.body_sha256,
        "kind": dict(kinds()).get(row.document.kind, "公告"),
        "portal_id": row.remote_id, "portal_url": row.remote_url, "published_at": row.sent_at.isoformat(),
    }  # fmt: skip


def context(snapshot: dict) -> dict[str, Any]:
    """For templates/notices/paper.html."""
    body = snapshot["body"]
    return {
        **snapshot, "article": clean(body["html"]), "unit": body["unit"], "files": named(body),
        "published": clock(parse_datetime(snapshot["published_at"])),
    }  # fmt: skip


def brief(snapshot: dict) -> list[tuple[str, str]]:
    """For whoever holds number and code."""
    return [
        ("采购单位", snapshot["body"]["unit"]["name"]), ("单据编号", snapshot["document"]),
        ("门户发布时间", clock(parse_datetime(snapshot["published_at"]))),
        ("门户地址", snapshot["portal_url"]), ("发布内容校验值", snapshot["body_sha256"]),
        *((f"附件 {file['name']}", file["sha256"]) for file in named(snapshot["body"])),
    ]  # fmt: skip


TEMPLATE = Template(SLUG, "公告", "notices/paper.html", context, brief)
