"""How far a book has come, as the steps at the top of its page."""

from .executors.status import RANK
from .models import Execution, TaskBook
from .models.book import OWN

WORK = ["接收", "执行", "完成"]


def steps(book: TaskBook) -> list[dict]:
    """备案, then what its executor does; a revoked or returned book says where it stopped."""
    filed = step("备案", "done", book.submitted_by)
    if book.revoked_at:
        return [filed, step("撤销", "done")]
    if not book.execution:
        return [filed]
    if book.execution == Execution.RETURNED:
        return [filed, step("接收", "current", "已退回"), *(step(label, "todo") for label in WORK[1:])]
    rank = RANK[book.execution]
    here = rank if book.execution == Execution.EXECUTING else rank + 1
    found = [
        step(label, "done" if place < here else "current" if place == here else "todo")
        for place, label in enumerate(WORK, 1)
    ]
    return [filed, *(found[1:] if book.channel in OWN else found)]


def step(label: str, state: str, who="") -> dict:
    return {"label": label, "state": state, "who": who}
