"""Proof that every balance equals the sum of what moved it."""

from collections.abc import Iterator

from django.db import connection

# each check: what is compared, and a query that names the rows where the two differ (bad rows only)
CHECKS = {
    "指标的下达、调整、冻结数与财政流水": """
        SELECT q.quota_no, format('账面 %s/%s/%s，流水 %s/%s/%s', q.issued_amount, q.adjusted_amount,
            q.frozen_amount, s.issued, s.adjusted, s.frozen)
        FROM budgets_quota q CROSS JOIN LATERAL (
            SELECT coalesce(sum(amount) FILTER (WHERE kind = 'issue'), 0) AS issued,
                coalesce(sum(amount) FILTER (WHERE kind = 'adjust'), 0) AS adjusted,
                coalesce(sum(amount) FILTER (WHERE kind = 'freeze'), 0) AS frozen
            FROM budgets_quotaadjustment a WHERE a.quota_id = q.id) s
        WHERE (q.issued_amount, q.adjusted_amount, q.frozen_amount) <> (s.issued, s.adjusted, s.frozen)
        ORDER BY q.id""",
    "指标的已确认金额与确认流水": """
        SELECT q.quota_no, format('账面 %s（%s 次），流水 %s，有效确认 %s（%s 次）', q.confirmed_amount,
            q.confirmed_count, s.moved, s.active, s.n)
        FROM budgets_quota q CROSS JOIN LATERAL (
            SELECT coalesce(sum(c.amount) FILTER (WHERE c.status = 'active'), 0) AS active,
                count(*) FILTER (WHERE c.status = 'active') AS n, coalesce(max(c.seq), 0) AS last,
                coalesce(sum((SELECT sum(e.amount) FROM budgets_ledgerentry e WHERE e.confirmation_id = c.id
                    AND e.kind IN ('confirm', 'unconfirm', 'surrender', 'carry_in', 'convert'))), 0) AS moved
            FROM budgets_quotaconfirmation c WHERE c.quota_id = q.id) s
        WHERE (q.confirmed_amount, q.confirmed_amount, q.confirmed_count, q.last_seq)
            <> (s.moved, s.active, s.n, s.last) OR q.overdrawn <> (q.available < 0)
        ORDER BY q.id""",
    "采购指标的占用、合同、结转与资金流水": """
        SELECT q.quota_no || ' 第 ' || c.seq || ' 次', format('账面 %s/%s/%s，流水 %s/%s/%s',
            c.reserved_amount, c.committed_amount, c.carried_amount, s.reserved, s.committed, s.carried)
        FROM budgets_quotaconfirmation c JOIN budgets_quota q ON q.id = c.quota_id CROSS JOIN LATERAL (
            SELECT coalesce(sum(amount) FILTER (WHERE kind IN ('reserve', 'release')), 0)
                - coalesce(sum(amount) FILTER (WHERE kind IN ('commit', 'uncommit')), 0) AS reserved,
                coalesce(sum(amount) FILTER (WHERE kind IN ('commit', 'uncommit')), 0) AS committed,
                coalesce(sum(amount) FILTER (WHERE kind = 'carry_out'), 0) AS carried
            FROM budgets_ledgerentry e WHERE e.confirmation_id = c.id) s
        WHERE (c.reserved_amount, c.committed_amount, c.carried_amount)
            <> (s.reserved, s.committed, s.carried)
        ORDER BY c.id""",
    "单据占用与资金流水": """
        SELECT coalesce(d.number, '?'), format('账面 %s/%s，流水 %s/%s', h.reserved_amount,
            h.committed_amount, s.reserved, s.committed)
        FROM budgets_holding h FULL JOIN (
            SELECT holder_id, confirmation_id,
                coalesce(sum(amount) FILTER (WHERE kind IN ('reserve', 'release')), 0)
                - coalesce(sum(amount) FILTER (WHERE kind IN ('commit', 'uncommit')), 0) AS reserved,
                coalesce(sum(amount) FILTER (WHERE kind IN ('commit', 'uncommit')), 0) AS committed
            FROM budgets_ledgerentry WHERE holder_id IS NOT NULL GROUP BY 1, 2) s
        ON s.holder_id = h.document_id AND s.confirmation_id = h.confirmation_id
        LEFT JOIN flow_document d ON d.id = coalesce(h.document_id, s.holder_id)
        WHERE (h.reserved_amount, h.committed_amount) IS DISTINCT FROM (s.reserved, s.committed)
        ORDER BY 1""",
}


def problems() -> Iterator[str]:
    """One sentence for every balance that is not the sum of its movements."""
    for label, query in CHECKS.items():
        with connection.cursor() as cursor:
            cursor.execute(query)
            for name, detail in cursor.fetchall():
                yield f"{label}不符：{name}，{detail}"
