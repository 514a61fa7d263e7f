"""Is this paper ours, and does it stand? Asked by number and code, or with the file itself.

An uploaded file is hashed and searched for two marks, never parsed: nothing in it can reach anything.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass

from django.db import models

from procurement.flow.codes import ALPHABET, CODE_LENGTH

from . import registry
from .models import SealedPaper
from .pades import signatures

MARK = re.compile(rb"GPSEAL([%b]{%d})" % (ALPHABET.encode(), CODE_LENGTH))
MOST_MARKS = 20
State = SealedPaper.State


class Answer(models.TextChoices):
    """What can be said of a paper: the heading of the answer."""

    VALID = "valid", "文件真实有效"
    SUPERSEDED = "superseded", "文件真实，但已被重新签章的文件取代"
    WITHDRAWN = "withdrawn", "文件真实，但已撤销，不再有效"
    UNDER_WAY = "under_way", "编号与校验码相符，文件正在生成签章"
    CHANGED = "changed", "文件内容与签章时不一致"
    UNKNOWN = "unknown", "查无此文件"


TONES = {
    Answer.VALID: ("g", "circle-check"), Answer.SUPERSEDED: ("o", "alert-triangle"),
    Answer.WITHDRAWN: ("r", "alert-circle"), Answer.UNDER_WAY: ("b", "clock"),
    Answer.CHANGED: ("r", "alert-circle"), Answer.UNKNOWN: ("r", "help-circle"),
}  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """The answer and the paper it is about, if there is one."""

    answer: Answer
    paper: SealedPaper | None = None
    newer: SealedPaper | None = None
    by_file: bool = False

    @property
    def tone(self) -> str:
        return TONES[self.answer][0]

    @property
    def icon(self) -> str:
        return TONES[self.answer][1]

    @property
    def kind(self) -> str:
        return registry.find(self.paper.template).label

    @property
    def brief(self) -> list[tuple[str, str]]:
        """What the paper says in short; nothing of a secret one, nothing beside a changed copy."""
        if self.paper.document.is_secret or self.answer == Answer.CHANGED:
            return []
        return registry.find(self.paper.template).brief(self.paper.snapshot)


def plain(text: str) -> str:
    """As typed by people: full-width, lower case, with spaces."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def by_code(number: str, code: str) -> Finding:
    """The paper of that number and code."""
    wanted = plain(code).replace("-", "").replace("—", "")
    paper = found(verify_code=wanted) if wanted.isascii() else None
    if paper is None or paper.number.upper() != plain(number):
        return Finding(Answer.UNKNOWN)
    return standing(paper)


def by_file(content: bytes) -> Finding:
    """Whole and unchanged, or a copy that carries our signature or our mark but other bytes, or neither."""
    if paper := found(file_sha256=hashlib.sha256(content).hexdigest()):
        return standing(paper, by_file=True)
    if paper := found(signature_sha256__in=signatures(content)) or marked(content):
        return Finding(Answer.CHANGED, paper, by_file=True)
    return Finding(Answer.UNKNOWN, by_file=True)


def marked(content: bytes) -> SealedPaper | None:
    codes = {code.decode() for code, _ in zip(MARK.findall(content), range(MOST_MARKS), strict=False)}
    return found(verify_code__in=codes) if codes else None


def found(**fields) -> SealedPaper | None:
    return SealedPaper.objects.select_related("document").filter(**fields).order_by("-pk").first()


def standing(paper: SealedPaper, *, by_file: bool = False) -> Finding:
    """What holds of a genuine paper now."""
    if paper.state == State.WITHDRAWN:
        return Finding(Answer.WITHDRAWN, paper, by_file=by_file)
    if paper.state != State.SEALED:
        return Finding(Answer.UNDER_WAY, paper, by_file=by_file)
    later = SealedPaper.objects.same_paper(paper).filter(revision__gt=paper.revision, state=State.SEALED)
    newer = later.order_by("-revision").first()
    answer = Answer.SUPERSEDED if newer else Answer.VALID
    return Finding(answer, paper, newer, by_file)
