"""Days of a contract by law: signing, notice, filing, statistics (domain.md §22, D04–D06, D15)."""

from datetime import date, timedelta
from typing import NamedTuple

from django.utils import timezone

from procurement import clock
from procurement.flow.models import Desk
from procurement.reference.workdays import CalendarUnknown, add_workdays, roll_forward

SIGN_DAYS = 30  # 政府采购法第四十六条
NOTICE_WORKDAYS = 2  # 政府采购法实施条例第五十条
FILE_WORKDAYS = 7  # 政府采购法第四十七条
STATISTICS_WORKDAYS = 3  # 政府采购信息统计报表编报要求 (domain.md §20, D15)
SOON = 3  # days before the end in which it is time to hurry


class Deadline(NamedTuple):
    """What a list shows: the words, the colour of the tag ("" for none)."""

    text: str
    tone: str


def known(day: date | None, count) -> date | None:
    """None without a day, and where nobody has announced the working days yet."""
    try:
        return None if day is None else count(day)
    except CalendarUnknown:
        return None


def sign_by(award_notice_on: date | None) -> date | None:
    return known(award_notice_on, lambda day: roll_forward(day + timedelta(days=SIGN_DAYS)))


def notice_by(signed_on: date | None) -> date | None:
    return known(signed_on, lambda day: add_workdays(day, NOTICE_WORKDAYS))


def file_by(signed_on: date | None) -> date | None:
    return known(signed_on, lambda day: add_workdays(day, FILE_WORKDAYS))


def statistics_by(signed_on: date | None) -> date | None:
    return known(signed_on, lambda day: add_workdays(day, STATISTICS_WORKDAYS))


def set_days(contract) -> None:
    """The four last days follow from what the clerk typed; an old contract has none."""
    old = contract.sort == "history"
    contract.sign_by = None if old or contract.is_follower else sign_by(contract.award_notice_on)
    contract.notice_by = None if old else notice_by(contract.signed_on)
    contract.file_by = None if old else file_by(contract.signed_on)
    contract.statistics_by = None if old else statistics_by(contract.signed_on)


def is_late(contract, on: date) -> bool:
    """Filed on that day it is filed too late."""
    return contract.file_by is not None and on > contract.file_by


def signed_late(contract) -> bool:
    return bool(contract.sign_by and contract.signed_on and contract.signed_on > contract.sign_by)


def countdown(contract) -> Deadline:
    """备案期限 as the list shows it."""
    if contract.state == Desk.VOID:
        return Deadline("", "")
    if contract.state == Desk.DONE:
        late = contract.filed_at and is_late(contract, timezone.localdate(contract.filed_at))
        return Deadline("逾期备案", "o") if late else Deadline("按期备案", "")
    if contract.file_by is None:
        return Deadline("", "")
    left = (contract.file_by - clock.today()).days
    if left < 0:
        return Deadline(f"备案逾期 {-left} 天", "r")
    return Deadline(f"备案剩 {left} 天" if left else "今天备案到期", "o" if left <= SOON else "b")


def statistics(contract) -> Deadline | None:
    """报表统计信息 is told three working days after signing; with the contract's submission it is."""
    if contract.statistics_by is None:
        return None
    left = (contract.statistics_by - clock.today()).days
    if left < 0:
        return Deadline(f"填报逾期 {-left} 天", "r")
    return Deadline(f"填报剩 {left} 天" if left else "今天填报到期", "o")
