"""The one statement that joins a provisional quota to its formal one."""

from django.db import connection

from ..models.confirmations import QuotaConfirmation
from ..models.quotas import Quota

# A confirmation keeps its identity, so plans, intents and contracts go on without noticing; the ledger says
# that it left the one quota and came to the other. What is left of the provisional quota is written off.
MOVE = """
    WITH going AS (
        SELECT id, amount, seq, reserved_amount, committed_amount, row_number() OVER (ORDER BY seq) AS rank
        FROM budgets_quotaconfirmation WHERE quota_id = %(old)s AND status = 'active'
    ), sums AS (
        SELECT coalesce(sum(amount), 0) AS amount, count(*) AS n FROM going
    ), formal AS (
        UPDATE budgets_quota AS q SET confirmed_amount = q.confirmed_amount + sums.amount,
            confirmed_count = q.confirmed_count + sums.n, last_seq = q.last_seq + sums.n
        FROM sums WHERE q.id = %(new)s RETURNING q.last_seq - sums.n AS last_seq
    ), moved AS (
        UPDATE budgets_quotaconfirmation AS c SET quota_id = %(new)s, seq = formal.last_seq + going.rank
        FROM going, formal WHERE c.id = going.id RETURNING c.id, c.seq
    ), written_off AS (
        INSERT INTO budgets_quotaadjustment (quota_id, kind, amount, doc_no, reason, by_id, at)
        SELECT id, 'adjust', frozen_amount - issued_amount - adjusted_amount, '', %(reason)s, %(by)s, %(at)s
        FROM budgets_quota WHERE id = %(old)s AND issued_amount + adjusted_amount <> frozen_amount
    ), provisional AS (
        UPDATE budgets_quota AS q SET confirmed_amount = q.confirmed_amount - sums.amount,
            confirmed_count = q.confirmed_count - sums.n, adjusted_amount = q.frozen_amount - q.issued_amount,
            overdrawn = false, provisional = false, last_seq = (
                SELECT coalesce(max(seq), 0) FROM budgets_quotaconfirmation
                WHERE quota_id = %(old)s AND status <> 'active')
        FROM sums WHERE q.id = %(old)s
    ), noted AS (
        INSERT INTO budgets_ledgerentry (confirmation_id, kind, amount, document_id, move_id, by_id, at)
        SELECT id, 'convert', side * amount, %(paper)s, %(move)s, %(by)s, %(at)s
        FROM going CROSS JOIN (VALUES (1, -1), (2, 1)) AS sides (place, side) ORDER BY going.rank, place
    )
    INSERT INTO budgets_conversionline (conversion_id, confirmation_id, seq_before, seq_after, amount,
        reserved_amount, committed_amount)
    SELECT %(paper)s, going.id, going.seq, moved.seq, going.amount, going.reserved_amount,
        going.committed_amount
    FROM going JOIN moved ON moved.id = going.id ORDER BY going.rank
"""


def lock(paper) -> None:
    """Confirmations before quotas, each in the order of the keys, as everywhere."""
    going = QuotaConfirmation.objects.filter(quota=paper.provisional_id).order_by("pk")
    list(going.select_for_update().values_list("pk", flat=True))
    both = Quota.objects.filter(pk__in=[paper.provisional_id, paper.formal_id]).order_by("pk")
    rows = {quota.pk: quota for quota in both.select_for_update(of=("self",))}
    paper.provisional, paper.formal = rows[paper.provisional_id], rows[paper.formal_id]


def move(paper, log) -> None:
    values = {
        "old": paper.provisional_id, "new": paper.formal_id, "paper": paper.pk, "move": log.pk,
        "by": log.by_id, "at": log.at,
        "reason": f"预采购转正，并入指标 {paper.formal.quota_no}（{paper.number}）",
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(MOVE, values)
