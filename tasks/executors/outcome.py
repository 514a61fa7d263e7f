"""What becomes of a reported result: effective, a correction, superseded, or for a person to look at."""

from collections import defaultdict
from decimal import Decimal

from django.db.models import Max, Q, Sum

from procurement import clock
from procurement.flow.models import Conflict

from ..models.book import TaskBook
from ..models.events import ExecutorEvent, Verdict
from ..models.results import ExecutionResult, ResultLine, ResultSupplier, Source, Standing


def record(book: TaskBook, event: ExecutorEvent, content: dict) -> ExecutionResult:
    """Keep the result, in whatever standing; the event says why a person must look."""
    fields = {name: value for name, value in content.items() if name not in ("suppliers", "lines")}
    source = Source.MANUAL if event.entered_by_id else book.channel
    standing, why = judge(book, event, source, content)
    if standing == Standing.EFFECTIVE:
        others(book, source, content).filter(standing=Standing.EFFECTIVE).update(standing=Standing.SUPERSEDED)
    result = ExecutionResult.objects.create(
        book=book, event=event, source=source, standing=standing, **fields
    )
    ResultSupplier.objects.bulk_create(ResultSupplier(result=result, **row) for row in content["suppliers"])
    items = set(book.approved_plan.items.values_list("pk", flat=True))
    ResultLine.objects.bulk_create(bought(result, row, items) for row in content["lines"])
    if why:
        flag(event, why, standing)
    return result


def others(book, source, content):
    """Earlier reports of the same order or package."""
    return ExecutionResult.objects.filter(book=book, source=source, result_no=content["result_no"])


def judge(book, event, source, content) -> tuple[str, str]:
    """(standing, sentence): the event's own verdict first, then what was reported before, then the limits."""
    if event.verdict not in (Verdict.ACCEPTED, Verdict.LATE):
        return Standing.DISPUTED, event.sentence
    newest = others(book, source, content).aggregate(Max("revision"))["revision__max"] or 0
    if content["revision"] < newest:
        return Standing.SUPERSEDED, f"此前已收到第 {newest} 版，本版迟到，仅留存。"
    if content["revision"] == newest:
        return Standing.DISPUTED, f"第 {newest} 版已有另一份内容，以先到的为准，请核实。"
    if why := excess(book, source, content):
        return Standing.DISPUTED, why
    return Standing.EFFECTIVE, event.sentence


def excess(book, source, content) -> str:
    """More money or more goods than the book orders (政府采购法 art. 6: by the approved budget)."""
    same = Q(source=source, result_no=content["result_no"])
    counted = book.results.effective().exclude(same)
    spent = counted.aggregate(total=Sum("amount", default=Decimal(0)))["total"] + content["amount"]
    if spent > book.amount:
        return f"成交金额累计 {spent} 元，超过任务书金额 {book.amount} 元，请核实。"
    return too_many(book, counted, content["lines"])


def too_many(book, counted, lines: list[dict]) -> str:
    ordered = {item.pk: item for item in book.approved_plan.items.all()}
    done = defaultdict(Decimal)
    bought_before = ResultLine.objects.filter(result__in=counted, plan_item__in=ordered)
    done.update(bought_before.values_list("plan_item").annotate(Sum("quantity")))
    for row in lines:
        item = ordered.get(row["plan_item"])
        if row["plan_item"] is not None and item is None:
            return f"标的“{row['name']}”不在任务书的采购清单中，请核实。"
        if item is not None:
            done[item.pk] += row["quantity"]
            if done[item.pk] > item.quantity:
                return f"“{item.content}”累计成交数量超过采购数量 {item.quantity.normalize():f}，请核实。"
    return ""


def bought(result: ExecutionResult, row: dict, items: set[int]) -> ResultLine:
    """A row naming an item that is not the book's keeps its words only."""
    named = row["plan_item"] if row["plan_item"] in items else None
    return ResultLine(result=result, **(row | {"plan_item": None}), plan_item_id=named)


def flag(event: ExecutorEvent, why: str, standing: str) -> None:
    """The event says what became of its result."""
    disputed = standing == Standing.DISPUTED
    if disputed or standing == Standing.SUPERSEDED:
        event.verdict = Verdict.CONTRADICTION if disputed else Verdict.LATE
    event.sentence, event.needs_person = why[:300], disputed
    event.save(update_fields=["verdict", "sentence", "needs_person"])


def dismiss(event: ExecutorEvent, user, note: str) -> None:
    """A report that names no book of ours was looked into. In a transaction."""
    event = ExecutorEvent.objects.select_for_update().get(pk=event.pk)
    if not event.needs_person:
        raise Conflict("该回报已经核实，请刷新。")
    event.needs_person, event.sentence = False, f"{event.sentence}{user.name}核实：{note}"[:300]
    event.save(update_fields=["needs_person", "sentence"])


def settle(event: ExecutorEvent, user, *, accept: bool, note: str) -> None:
    """A person has looked: the result counts in place of the earlier one, or does not. In a transaction."""
    book = TaskBook.objects.select_for_update().get(pk=event.book_id)
    event = ExecutorEvent.objects.select_for_update().get(pk=event.pk)
    if not event.needs_person:
        raise Conflict("该反馈已经核实，请刷新。")
    result = ExecutionResult.objects.filter(event=event).first()
    if result is not None:
        result.standing = Standing.EFFECTIVE if accept else Standing.DISMISSED
        result.settled_by, result.settled_at, result.settled_note = user, clock.now(), note
        if accept:
            same = {"result_no": result.result_no}
            others(book, result.source, same).filter(standing=Standing.EFFECTIVE).update(
                standing=Standing.SUPERSEDED
            )
        result.save(update_fields=["standing", "settled_by", "settled_at", "settled_note"])
    event.needs_person, event.sentence = False, f"{event.sentence}{user.name}核实：{note}"[:300]
    event.save(update_fields=["needs_person", "sentence"])
