"""What older rows of the books are worth where a server grew in one measure alone, in the words of both databases.

A row of the ledger used to have its worth only in a pool's first measure. No amount is changed here.
"""

from __future__ import annotations

# Of a server's measures the one that its allocation is counted in stands for all of them.
_LEADS = """UPDATE holding SET is_leading = true WHERE EXISTS (SELECT 1 FROM pool, allocation
    WHERE pool.id = holding.pool_id AND allocation.id = holding.allocation_id AND pool.unit = allocation.unit)"""
_OPENED = {
    "sqlite": "DROP TRIGGER pool_entry_no_update",
    "postgresql": "ALTER TABLE pool_entry DISABLE TRIGGER pool_entry_no_update",
}
_CLOSED = {
    "sqlite": "CREATE TRIGGER pool_entry_no_update BEFORE UPDATE ON pool_entry "
    "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
    "postgresql": "ALTER TABLE pool_entry ENABLE TRIGGER pool_entry_no_update",
}
_RESERVED = (
    "CASE WHEN e.movement IN ('reserved', 'reserve_in') THEN e.amount"
    " WHEN e.movement IN ('released', 'committed', 'reserve_out') THEN -e.amount ELSE 0 END"
)
_COMMITTED = (
    "CASE WHEN e.movement IN ('committed', 'promise_in') THEN e.amount"
    " WHEN e.movement IN ('freed', 'returned', 'lost', 'promise_out') THEN -e.amount ELSE 0 END"
)
_DELIVERED = (
    "CASE WHEN e.movement = 'delivered' THEN e.amount"
    " WHEN e.movement IN ('returned', 'lost') THEN -e.amount ELSE 0 END"
)
# As when a row is written: its share of the worth, as much as its last figure has grown, rounded down as a whole.
_WORTH = f"""UPDATE pool_entry SET value_cents = CASE
    WHEN w.movement = 'recovered' THEN w.whole * w.amount / w.most
    WHEN w.step < 0 THEN -w.side * (w.whole * w.after_ / w.most - w.whole * (w.after_ - w.step) / w.most)
    ELSE w.side * (w.whole * w.after_ / w.most - w.whole * (w.after_ - w.step) / w.most) END
    FROM (SELECT m.id, m.movement, m.amount, m.whole, m.most,
        CASE WHEN m.amount < 0 THEN -1 ELSE 1 END AS side,
        CASE WHEN m.delivered <> 0 THEN m.delivered WHEN m.committed <> 0 THEN m.committed
            ELSE m.reserved END AS step,
        CAST(CASE WHEN m.delivered <> 0 THEN sum(m.delivered) OVER mine
            WHEN m.committed <> 0 THEN sum(m.committed) OVER mine ELSE sum(m.reserved) OVER mine END AS bigint)
            AS after_
        FROM (SELECT e.id, e.allocation_id, e.pool_id, e.movement, e.amount,
            a.value_cents AS whole, a.amount AS most,
            {_RESERVED} AS reserved, {_COMMITTED} AS committed, {_DELIVERED} AS delivered
            FROM pool_entry e JOIN allocation a ON a.id = e.allocation_id JOIN pool p ON p.id = e.pool_id
            WHERE p.head_id IS NOT NULL AND p.unit = a.unit) m
        WINDOW mine AS (PARTITION BY m.allocation_id, m.pool_id ORDER BY m.id)) w
    WHERE w.id = pool_entry.id"""


def _sums(span: str, first: str) -> str:
    """Return what adds the worth to the sums of one length: the city's day of a row is told by how many came."""
    return f"""UPDATE support_sum SET value_cents = w.cents
    FROM (SELECT {first} AS first, r.pool_id, r.movement, r.district, sum(r.value_cents) AS cents
        FROM (SELECT e.pool_id, e.movement, e.value_cents, coalesce(a.district, '') AS district,
            row_number() OVER (PARTITION BY e.pool_id, e.movement ORDER BY e.id) AS n
            FROM pool_entry e JOIN pool p ON p.id = e.pool_id LEFT JOIN allocation a ON a.id = e.allocation_id
            WHERE p.head_id IS NOT NULL) r
        JOIN (SELECT pool_id, movement, day, entries,
            sum(entries) OVER (PARTITION BY pool_id, movement ORDER BY day) AS many FROM pool_day) d
        ON d.pool_id = r.pool_id AND d.movement = r.movement AND r.n <= d.many AND r.n > d.many - d.entries
        GROUP BY 1, 2, 3, 4) w
    WHERE support_sum.span = '{span}' AND support_sum.since = w.first AND support_sum.pool_id = w.pool_id
    AND support_sum.movement = w.movement AND support_sum.district = w.district"""


FILLS: tuple[str | dict[str, str], ...] = (
    _LEADS,
    _OPENED,
    _WORTH,
    _CLOSED,
    _sums("year", "date(substr(CAST(d.day AS text), 1, 4) || '-01-01')"),
    _sums("month", "date(substr(CAST(d.day AS text), 1, 7) || '-01')"),
    _sums("day", "d.day"),
)
