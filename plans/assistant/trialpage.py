"""The answer of 规则试验室: a page that grows while the plans are examined, or a workbook."""

from collections.abc import Iterator

from django.template.loader import render_to_string
from django.utils import timezone

from procurement.flow.export import workbook

from .laboratory import Flip, Trial

MARK = "<!--trial-->"  # where the page is cut open for the rows
MOST = 1000  # rows a page shows; the workbook has them all
COLUMNS = [
    "计划编号", "计划名称", "采购单位", "计划金额（元）", "提交日期", "规则", "规则名称", "现在", "试算后",
    "去向变化",
]  # fmt: skip


def grown(page: str, trial: Trial, **links) -> Iterator[str]:
    """The page in pieces: its head at once, then the flips batch by batch, the totals, its foot."""
    head, _, foot = page.partition(MARK)
    yield head
    told = 0
    for flips in trial:
        seen = {"flips": flips[: MOST - told], "trial": trial}
        told += len(seen["flips"])
        yield render_to_string("admin/plans/ruletrial/batch.html", seen)
    hidden = sum(trial.turns.values()) - told
    yield render_to_string("admin/plans/ruletrial/total.html", {"trial": trial, "hidden": hidden, **links})
    yield foot


def sheet(trial: Trial) -> bytes:
    return workbook("规则试算", COLUMNS, (row(flip) for flips in trial for flip in flips))


def row(flip: Flip) -> list:
    plan = flip.plan
    day = f"{timezone.localdate(plan.submitted_at):%Y-%m-%d}"
    place = [plan.number, plan.title, plan.unit.label, plan.amount, day]
    return [*place, flip.code, flip.title, flip.was, flip.would, flip.office]
