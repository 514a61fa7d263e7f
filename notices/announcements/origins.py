"""Where an announcement starts from: an earlier one it follows, or a task book known by its number only.

Task books stand to the right of this app; whoever keeps them registers here how one is found.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from django.utils import timezone

from accounts.models import Organization
from procurement import clock

from .formats import WRITTEN

CORRECTION, TERMINATION = 6, 7
PROCEDURES = {2: "资格预审", 3: "招标"}
SUBJECTS = {5: "采购结果", 9: "其他", 11: "其他", 12: "其他", 13: "其他"}


@dataclass(frozen=True)
class Origin:
    """What a task book tells an announcement about it; every figure is shown in the form to be checked."""

    number: str
    case: UUID
    year: int
    secret: bool
    content: dict = field(default_factory=dict)


Finder = Callable[[Organization, str, int, str], Origin | None]  # unit, number, format, result
FINDERS: list[Finder] = []


def find(unit: Organization, number: str, form: int, result: str) -> Origin | None:
    """The unit's own book of that number."""
    for finder in FINDERS:
        if (origin := finder(unit, number, form, result)) is not None:
            return origin
    return None


def own_contacts(unit: Organization, by) -> dict[str, str]:
    """What the unit knows of itself."""
    return {
        "purchaser_name": unit.name, "purchaser_address": unit.address, "purchaser_phone": unit.phone,
        "contact": by.name, "contact_phone": by.phone,
    }  # fmt: skip


def follow(older, number: int) -> dict:
    """The content a correction or termination of an announcement begins with."""
    published = older.publication.sent_at
    first = older.content.get("first_day") or f"{timezone.localdate(published)}"
    known = {
        "first_day": first,
        "changed_day": f"{clock.today()}",
        "subject": SUBJECTS.get(older.format, older.content.get("subject", "采购公告")),
        "procedure": PROCEDURES.get(older.format, older.content.get("method", "")),
        "project_no": "",
        "project_name": older.content.get(older.form.named_after, ""),
    }
    wanted = WRITTEN[number].fields.keys() - {"other"}
    told = {key: text for key, text in older.content.items() if isinstance(text, str)}
    return {key: text for key, text in (known | told).items() if key in wanted}
