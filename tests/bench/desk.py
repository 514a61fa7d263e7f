"""Thousands of submitted papers: one made by the real moves, the others like it, hash for hash."""

from decimal import Decimal

from django.utils import timezone

from budgets.models import BudgetEntry, BudgetEntryLine
from procurement.flow.log import Move, first_break
from procurement.flow.models import Document
from procurement.flow.snapshots import digest, snapshot
from tests.papers import category, entry

from .ground import execute
from .measure import check

BATCH = 1000  # rows of one INSERT: with bound parameters there may be 65,535 of those


def submitted(unit, clerk, count: int) -> list[int]:
    """Keys of `count` papers on the desk of the unit's reviewer, each with its submit in the log."""
    model = entry(unit, clerk).perform("submit", clerk)
    first = BudgetEntry.objects.get(pk=model.pk)
    papers = Document.objects.bulk_create(
        (
            Document(
                **{
                    field.attname: getattr(first, field.attname)
                    for field in Document._meta.concrete_fields
                    if field.name not in ("id", "number", "case")
                },
                number=f"YSB{number:09d}",
            )
            for number in range(count)
        ),
        batch_size=BATCH,
    )
    bodies(first, papers)
    logs(first, papers, clerk)
    alike(papers)
    return [paper.pk for paper in papers]


def bodies(first: BudgetEntry, papers: list[Document]) -> None:
    """The entry's own row, its line and its beneficiary."""
    names = [field.column for field in BudgetEntry._meta.local_fields if field.column != "document_ptr_id"]
    columns = ", ".join(names)
    execute(
        f"INSERT INTO budgets_budgetentry (document_ptr_id, {columns}) SELECT key, {columns} "
        "FROM budgets_budgetentry, unnest(%s::bigint[]) AS key WHERE document_ptr_id = %s",
        [paper.pk for paper in papers],
        first.pk,
    )
    amount, kind = Decimal("4800000.00"), category()
    BudgetEntryLine.objects.bulk_create((
        BudgetEntryLine(
            entry_id=paper.pk, category=kind, content="教学用台式计算机", unit_price=amount,
            quantity=Decimal(1), measure="批", total_price=amount,
        )
        for paper in papers), batch_size=BATCH
    )  # fmt: skip
    share = first.beneficiaries.model
    share.objects.bulk_create(
        (share(entry_id=paper.pk, organization=first.unit, amount=amount) for paper in papers),
        batch_size=BATCH,
    )


def logs(first: BudgetEntry, papers: list[Document], clerk) -> None:
    """Each paper's submit, chained over its own content."""
    content, moves = snapshot(first), []
    for paper in papers:
        own = content | {"id": paper.pk, "fields": content["fields"] | {"number": paper.number}}
        move = Move(
            document=paper, verb="submit", source="clerk", target="unit", by=clerk, post="clerk",
            organization_id=paper.unit_id, at=timezone.now(), snapshot=own,
        )  # fmt: skip
        move.chain("", digest(own))
        paper.head, paper.content_sha256 = move.sha256, move.content_sha256
        moves.append(move)
    Move.objects.bulk_create(moves, batch_size=BATCH)
    columns = [[paper.pk for paper in papers], [p.head for p in papers], [p.content_sha256 for p in papers]]
    execute(
        "UPDATE flow_document AS d SET head = new.head, content_sha256 = new.content FROM "
        "unnest(%s::bigint[], %s::text[], %s::text[]) AS new(id, head, content) WHERE d.id = new.id",
        *columns,
    )


def alike(papers: list[Document]) -> None:
    """A sample is what the real submit would have made of it."""
    for paper in papers[:: max(1, len(papers) // 5)]:
        own = BudgetEntry.objects.get(pk=paper.pk)
        check(digest(snapshot(own)) == own.content_sha256, f"paper {paper.pk} was not cloned faithfully")
        check(first_break(own) is None, f"the chain of paper {paper.pk} is broken from the start")
