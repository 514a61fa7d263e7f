"""Closed years: nothing new begins in them (domain.md §15b). Which are closed is told from above."""

from collections.abc import Callable

from .moves import Conflict

CLOSED: list[Callable[[int], bool]] = []  # year -> is it closed; budgets says


class Closed(Conflict):
    """Too late, by a year."""

    heading = "这个年度已经关账"


def is_closed(year: int) -> bool:
    return any(told(year) for told in CLOSED)


def sentence(year: int, what: str) -> str:
    """What to do instead."""
    return (
        f"{year} 年度已关账，不能再新增或提交{what}。请在页面右上角切换到 {year + 1} 年度后重新录入"
        f"（采购计划可用“复制去年计划”）；上年资金请先核对是否已结转到 {year + 1} 年。"
    )


def guard(year: int, what: str) -> None:
    """For the page before the form."""
    if is_closed(year):
        raise Closed(sentence(year, what))


def obstacle(paper) -> str | None:
    """Why this paper comes too late; one that follows a running plan, or was handed in in time, does not."""
    handed_in = paper.submitted_at is not None and paper.last_verb != "withdraw"
    if paper.outlives_year or handed_in or not is_closed(paper.fiscal_year):
        return None
    return sentence(paper.fiscal_year, str(paper._meta.verbose_name))
