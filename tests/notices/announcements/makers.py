"""Announcements for tests: a complete content of every format, and what a clerk's browser posts."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from notices.announcements.formats import WRITTEN, Field
from notices.announcements.models import Announcement
from notices.announcements.stage import begin
from notices.models import Publication
from procurement.flow.models import Desk
from procurement.reference.models import CalendarDay

UNIT_FORMATS, OFFICE_FORMATS = (2, 3, 4, 5, 6, 7, 9), (11, 12, 13)
LONG_AHEAD = {"offer_from": 1, "offer_to": 15, "deadline": 40, "opening": 41, "review_day": 45}
VALUES = {
    "method": {2: "公开招标", 4: "竞争性磋商", 13: "查阅资料、现场检查"},
    "consortium": "否", "subject": "采购公告",
    "procedure": "招标", "affects": "是", "project_name": "教学用台式计算机采购项目",
    "project_no": "FSKY340001202600001号", "agency": "安徽省政府采购中心（示例）", "agency_phone": "",
}  # fmt: skip
KINDS = {
    "text": "示例内容", "long": "第一行说明\n第二行说明", "money": "4860000.00",
    "phone": "李老师 0551-62816021",
    "whole": "5",
}  # fmt: skip


def calendar(around: date | None = None) -> None:
    """Monday to Friday are worked, a year around today: the tests of pages do not hang on the date."""
    first = (around or timezone.localdate()) - timedelta(days=120)
    days = (first + timedelta(days=one) for one in range(480))
    CalendarDay.objects.bulk_create(
        [CalendarDay(date=one, is_workday=one.weekday() < 5) for one in days], ignore_conflicts=True
    )


def value(number: int, field: Field, today: date) -> str:
    if field.kind in ("day", "moment"):
        day = today + timedelta(days=LONG_AHEAD.get(field.key, 0))
        return f"{day}T09:30" if field.kind == "moment" else f"{day}"
    known = VALUES.get(field.key, KINDS.get(field.kind, ""))
    return known.get(number, "示例内容") if isinstance(known, dict) else known


def content(number: int, today: date | None = None, **changes) -> dict:
    """Everything filled in, every term kept if it is published today."""
    form, today = WRITTEN[number], today or timezone.localdate()
    made = {key: value(number, field, today) for key, field in form.fields.items()}
    for key, table in form.tables.items():
        row = {one.key: value(number, one, today) for one in table.columns}
        made[key] = [row, {**row, "name": "第二行"}]
    return made | changes


@transaction.atomic
def announcement(unit, clerk, number: int = 3, **fields) -> Announcement:
    """A complete announcement on the clerk's desk."""
    given = {"content": content(number), "publish_at": None} | fields
    paper = begin(unit, clerk, number, timezone.localdate().year, **given)
    paper.assign_number()
    paper.title = paper.title or paper.usual_title()
    paper.amount = paper.usual_amount()
    paper.save()
    return paper


def approved(unit, clerk, reviewer, number: int = 3, **fields) -> Announcement:
    paper = announcement(unit, clerk, number, **fields).perform("submit", clerk)
    paper = paper if paper.state == Desk.FILING else paper.perform("approve", reviewer, "同意")
    assert paper.state == Desk.FILING
    return paper


def published(unit, clerk, reviewer, number: int = 3, **fields) -> Announcement:
    """As it stands once the worker has been at the portal."""
    paper = approved(unit, clerk, reviewer, number, **fields).perform("file", clerk)
    Publication.objects.filter(document=paper).update(
        state="sent", sent_at=timezone.now(), remote_id="7", remote_url="http://portal.test/notices/7"
    )
    return Announcement.objects.get(pk=paper.pk)


def posted(number: int, action: str = "save", given: dict | None = None, **head) -> dict:
    """What the form posts."""
    form, given = WRITTEN[number], given or content(number)
    data = {"action": action, "title": "", "publish_at": ""} | head
    data |= {f"c_{key}": given.get(key, "") for key in form.fields}
    for key in form.tables:
        rows = given.get(key) or []
        data |= {
            f"{key}-TOTAL_FORMS": str(len(rows)), f"{key}-INITIAL_FORMS": "0",
            f"{key}-MIN_NUM_FORMS": "0", f"{key}-MAX_NUM_FORMS": "100",
        }  # fmt: skip
        for place, row in enumerate(rows):
            data |= {f"{key}-{place}-{name}": text for name, text in row.items()}
    return data
