"""Where an event leads: one pure function, so that any order of arrival can be tried."""

from typing import NamedTuple

from ..models.choices import Execution
from ..models.events import Kind, Verdict

RANK = {Execution.WAITING: 0, Execution.RECEIVED: 1, Execution.EXECUTING: 2, Execution.COMPLETED: 3}
MEANS = {
    Kind.RECEIVED: Execution.RECEIVED,
    Kind.STARTED: Execution.EXECUTING,
    Kind.RESULT: Execution.EXECUTING,
    Kind.COMPLETED: Execution.COMPLETED,
}
WORK = {Kind.STARTED, Kind.RESULT, Kind.COMPLETED}


class Now(NamedTuple):
    """What is known of a book when an event arrives."""

    execution: str
    in_force: bool = True
    closed_at: int = 0  # sequence of the event that completed it


class Step(NamedTuple):
    """What is made of the event."""

    execution: str
    verdict: Verdict
    sentence: str = ""


def next_status(now: Now, kind: str, sequence: int) -> Step:
    """待接收 → 已接收 → 执行中 → 完成, or → 已退回 before work began; never back."""
    if not now.in_force:
        return unless_working(now, kind, "任务书已经撤销")
    if now.execution == Execution.RETURNED:
        return unless_working(now, kind, "执行机构此前已退回任务书")
    if kind == Kind.RETURNED:
        return returned(now)
    if RANK[MEANS[kind]] > RANK[now.execution]:
        return Step(MEANS[kind], Verdict.ACCEPTED)
    if kind == Kind.RESULT:
        return another_result(now, sequence)
    return Step(now.execution, Verdict.LATE, f"任务书已是“{Execution(now.execution).label}”，状态不变。")


def unless_working(now: Now, kind: str, why: str) -> Step:
    """A receipt or a return that crossed ours on the way is harmless; work on such a book is not."""
    if kind in WORK:
        return Step(now.execution, Verdict.CONTRADICTION, f"{why}，却收到“{Kind(kind).label}”，请核实。")
    return Step(now.execution, Verdict.LATE, f"{why}，状态不变。")


def returned(now: Now) -> Step:
    if now.execution in (Execution.WAITING, Execution.RECEIVED):
        return Step(Execution.RETURNED, Verdict.ACCEPTED)
    label = Execution(now.execution).label
    return Step(now.execution, Verdict.CONTRADICTION, f"任务书已是“{label}”，却收到退回，请核实。")


def another_result(now: Now, sequence: int) -> Step:
    """Several results are usual; after the end only those count that were reported before it."""
    if now.execution == Execution.EXECUTING:
        return Step(now.execution, Verdict.ACCEPTED)
    if sequence < now.closed_at:
        return Step(now.execution, Verdict.LATE, "结果在“执行完成”之前产生，到达较晚，照常采纳。")
    return Step(now.execution, Verdict.CONTRADICTION, "执行已报完成，却又收到新的结果，请核实。")
