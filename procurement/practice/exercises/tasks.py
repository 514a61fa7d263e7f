"""Chapters 3.6 and 3.7: task books and announcements."""

from functools import partial

from django.db.models import Q

from tasks.models import BookKind

from ..evidence import Evidence, decided, did, published, submitted, visited, went_over
from .exercise import Exercise
from .money import DECIDE, LATER, NOTHING_WAITS

clerk, unit = (partial(Exercise, (seat,)) for seat in ("clerk", "unit"))
MALL = "taskbook-mall"
NO_PLAN = "“待备案”里没有计划时，先按 3.5 报一份，并用审核岗的证书通过。"
OTHER_KINDS = [
    ("s3-6-2-1", BookKind.CENTRAL), ("s3-6-3-1", BookKind.DECENTRALIZED), ("s3-6-4-1", BookKind.RESEARCH),
    ("s3-6-5-1", BookKind.TERRITORIAL), ("s3-6-6-1", BookKind.OTHER),
]  # fmt: skip


def filed(kind: BookKind) -> Evidence:
    return did("taskbook", "file", about=Q(document__taskbook__kind_of_book=kind.value))


def other_kind(anchor: str, kind: BookKind) -> Exercise:
    menu = f"taskbook-{kind.value}"
    return clerk(anchor, menu, visited(menu) & filed(kind), tip=NO_PLAN)


BOOKS = [
    clerk("s3-6-1-1", MALL, visited(MALL), tip=NO_PLAN),
    clerk("s3-6-1-2", MALL, visited("plan-detail", desks=("done",)) & visited("taskbook-file"), tip=NO_PLAN),
    clerk("s3-6-1-3", MALL, visited("taskbook-file") & filed(BookKind.MALL), tip=NO_PLAN),
    clerk("s3-6-1-4", MALL, filed(BookKind.MALL) & visited("sealed-file"), "?tab=filed"),
    *(other_kind(anchor, kind) for anchor, kind in OTHER_KINDS),
]
DOOR, OWN = "announcement-portal", "announcement-list"
ANNOUNCEMENTS = [
    clerk("s3-7-1-1", DOOR, visited(DOOR) & visited("announcement-ticket")),
    clerk("s3-7-1-2", DOOR, visited("announcement-ticket") & went_over()),
    clerk("s3-7-1-3", DOOR, visited(DOOR)),
    clerk("s3-7-2-1", OWN, visited("announcement-new?kind")),
    clerk("s3-7-2-2", OWN, submitted("announcement")),
    unit(
        "s3-7-2-2", "announcement-review", decided("announcement", "unit"), tip=NOTHING_WAITS,
        own_title="单位审核岗审核公告", own_text=DECIDE,
    ),
    clerk("s3-7-2-3", OWN, did("announcement", "file"), "?tab=done", tip=LATER),
    clerk(
        "s3-7-2-4", OWN, published("announcement") & visited("announcement-detail", desks=("done",)),
        "?tab=done", tip="打开已发布的公告，页面上有门户地址。",
    ),
]  # fmt: skip
EXERCISES = BOOKS + ANNOUNCEMENTS
