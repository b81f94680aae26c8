"""What the books of support keep besides, so that every sum can be followed to its end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

GUARDS = {
    "sqlite": (
        "CREATE TRIGGER surplus_arrival_no_update BEFORE UPDATE ON surplus_arrival BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
        "CREATE TRIGGER surplus_arrival_no_delete BEFORE DELETE ON surplus_arrival BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
        "CREATE TRIGGER search_words_added AFTER INSERT ON search_entry BEGIN INSERT INTO search_words(rowid, words) VALUES (new.id, new.words); END",
        "CREATE TRIGGER search_words_dropped AFTER DELETE ON search_entry BEGIN INSERT INTO search_words(search_words, rowid, words) VALUES ('delete', old.id, old.words); END",
        "CREATE TRIGGER search_words_changed AFTER UPDATE ON search_entry BEGIN INSERT INTO search_words(search_words, rowid, words) VALUES ('delete', old.id, old.words); INSERT INTO search_words(rowid, words) VALUES (new.id, new.words); END",
    ),
    "postgresql": (),
}
FILLS = (
    "DELETE FROM search_entry",
    "UPDATE holding SET is_leading = true WHERE EXISTS (SELECT 1 FROM pool, allocation\n    WHERE pool.id = holding.pool_id AND allocation.id = holding.allocation_id AND pool.unit = allocation.unit)",
    {
        "sqlite": "DROP TRIGGER pool_entry_no_update",
        "postgresql": "ALTER TABLE pool_entry DISABLE TRIGGER pool_entry_no_update",
    },
    "UPDATE pool_entry SET value_cents = CASE\n    WHEN w.movement = 'recovered' THEN w.whole * w.amount / w.most\n    WHEN w.step < 0 THEN -w.side * (w.whole * w.after_ / w.most - w.whole * (w.after_ - w.step) / w.most)\n    ELSE w.side * (w.whole * w.after_ / w.most - w.whole * (w.after_ - w.step) / w.most) END\n    FROM (SELECT m.id, m.movement, m.amount, m.whole, m.most,\n        CASE WHEN m.amount < 0 THEN -1 ELSE 1 END AS side,\n        CASE WHEN m.delivered <> 0 THEN m.delivered WHEN m.committed <> 0 THEN m.committed\n            ELSE m.reserved END AS step,\n        CAST(CASE WHEN m.delivered <> 0 THEN sum(m.delivered) OVER mine\n            WHEN m.committed <> 0 THEN sum(m.committed) OVER mine ELSE sum(m.reserved) OVER mine END AS bigint)\n            AS after_\n        FROM (SELECT e.id, e.allocation_id, e.pool_id, e.movement, e.amount,\n            a.value_cents AS whole, a.amount AS most,\n            CASE WHEN e.movement IN ('reserved', 'reserve_in') THEN e.amount WHEN e.movement IN ('released', 'committed', 'reserve_out') THEN -e.amount ELSE 0 END AS reserved, CASE WHEN e.movement IN ('committed', 'promise_in') THEN e.amount WHEN e.movement IN ('freed', 'returned', 'lost', 'promise_out') THEN -e.amount ELSE 0 END AS committed, CASE WHEN e.movement = 'delivered' THEN e.amount WHEN e.movement IN ('returned', 'lost') THEN -e.amount ELSE 0 END AS delivered\n            FROM pool_entry e JOIN allocation a ON a.id = e.allocation_id JOIN pool p ON p.id = e.pool_id\n            WHERE p.head_id IS NOT NULL AND p.unit = a.unit) m\n        WINDOW mine AS (PARTITION BY m.allocation_id, m.pool_id ORDER BY m.id)) w\n    WHERE w.id = pool_entry.id",
    {
        "sqlite": "CREATE TRIGGER pool_entry_no_update BEFORE UPDATE ON pool_entry BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
        "postgresql": "ALTER TABLE pool_entry ENABLE TRIGGER pool_entry_no_update",
    },
    "UPDATE support_sum SET value_cents = w.cents\n    FROM (SELECT date(substr(CAST(d.day AS text), 1, 4) || '-01-01') AS first, r.pool_id, r.movement, r.district, sum(r.value_cents) AS cents\n        FROM (SELECT e.pool_id, e.movement, e.value_cents, coalesce(a.district, '') AS district,\n            row_number() OVER (PARTITION BY e.pool_id, e.movement ORDER BY e.id) AS n\n            FROM pool_entry e JOIN pool p ON p.id = e.pool_id LEFT JOIN allocation a ON a.id = e.allocation_id\n            WHERE p.head_id IS NOT NULL) r\n        JOIN (SELECT pool_id, movement, day, entries,\n            sum(entries) OVER (PARTITION BY pool_id, movement ORDER BY day) AS many FROM pool_day) d\n        ON d.pool_id = r.pool_id AND d.movement = r.movement AND r.n <= d.many AND r.n > d.many - d.entries\n        GROUP BY 1, 2, 3, 4) w\n    WHERE support_sum.span = 'year' AND support_sum.since = w.first AND support_sum.pool_id = w.pool_id\n    AND support_sum.movement = w.movement AND support_sum.district = w.district",
    "UPDATE support_sum SET value_cents = w.cents\n    FROM (SELECT date(substr(CAST(d.day AS text), 1, 7) || '-01') AS first, r.pool_id, r.movement, r.district, sum(r.value_cents) AS cents\n        FROM (SELECT e.pool_id, e.movement, e.value_cents, coalesce(a.district, '') AS district,\n            row_number() OVER (PARTITION BY e.pool_id, e.movement ORDER BY e.id) AS n\n            FROM pool_entry e JOIN pool p ON p.id = e.pool_id LEFT JOIN allocation a ON a.id = e.allocation_id\n            WHERE p.head_id IS NOT NULL) r\n        JOIN (SELECT pool_id, movement, day, entries,\n            sum(entries) OVER (PARTITION BY pool_id, movement ORDER BY day) AS many FROM pool_day) d\n        ON d.pool_id = r.pool_id AND d.movement = r.movement AND r.n <= d.many AND r.n > d.many - d.entries\n        GROUP BY 1, 2, 3, 4) w\n    WHERE support_sum.span = 'month' AND support_sum.since = w.first AND support_sum.pool_id = w.pool_id\n    AND support_sum.movement = w.movement AND support_sum.district = w.district",
    "UPDATE support_sum SET value_cents = w.cents\n    FROM (SELECT d.day AS first, r.pool_id, r.movement, r.district, sum(r.value_cents) AS cents\n        FROM (SELECT e.pool_id, e.movement, e.value_cents, coalesce(a.district, '') AS district,\n            row_number() OVER (PARTITION BY e.pool_id, e.movement ORDER BY e.id) AS n\n            FROM pool_entry e JOIN pool p ON p.id = e.pool_id LEFT JOIN allocation a ON a.id = e.allocation_id\n            WHERE p.head_id IS NOT NULL) r\n        JOIN (SELECT pool_id, movement, day, entries,\n            sum(entries) OVER (PARTITION BY pool_id, movement ORDER BY day) AS many FROM pool_day) d\n        ON d.pool_id = r.pool_id AND d.movement = r.movement AND r.n <= d.many AND r.n > d.many - d.entries\n        GROUP BY 1, 2, 3, 4) w\n    WHERE support_sum.span = 'day' AND support_sum.since = w.first AND support_sum.pool_id = w.pool_id\n    AND support_sum.movement = w.movement AND support_sum.district = w.district",
    "UPDATE allocation SET suspended_on = (SELECT date(max(act.at)) FROM act\n    WHERE act.subject = allocation.subject AND act.verb = 'pact:suspended')\n    WHERE state IN ('committed', 'delivered')\n    AND subject IN (SELECT 'pact:' || code FROM pact WHERE state = 'suspended')",
)


def change_allocation() -> None:
    op.add_column("allocation", sa.Column("suspended_on", sa.Date(), nullable=True))


def change_holding() -> None:
    op.add_column(
        "holding", sa.Column("is_leading", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.drop_index(op.f("ix_holding_pool"), table_name="holding")
    op.create_index("ix_holding_pool", "holding", ["pool_id", "is_leading", "district", "id"], unique=False)


def change_surplus_arrival() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in (
            "CREATE TABLE made_anew_surplus_arrival ( id INTEGER NOT NULL, surplus_id INTEGER NOT NULL, amount_cents INTEGER NOT NULL, arrived_on DATE NOT NULL, bank_reference VARCHAR(80) NOT NULL, number INTEGER DEFAULT '1' NOT NULL, replaces_id INTEGER, entry_id INTEGER NOT NULL, first_entry_id INTEGER, confirmed_by_id INTEGER NOT NULL, at DATETIME NOT NULL, CONSTRAINT pk_surplus_arrival PRIMARY KEY (id), CONSTRAINT ck_surplus_arrival_positive CHECK (amount_cents > 0), CONSTRAINT ck_surplus_arrival_names_the_bank_row CHECK (bank_reference <> ''), CONSTRAINT ck_surplus_arrival_later_replaces_one CHECK ((number = 1) = (replaces_id IS NULL)), CONSTRAINT ck_surplus_arrival_later_keeps_its_place CHECK ((number = 1) = (first_entry_id IS NULL)), CONSTRAINT uq_surplus_arrival_bank_reference_number UNIQUE (bank_reference, number), CONSTRAINT uq_surplus_arrival_replaces_id UNIQUE (replaces_id), CONSTRAINT uq_surplus_arrival_entry_id UNIQUE (entry_id), CONSTRAINT fk_surplus_arrival_surplus_id_surplus FOREIGN KEY(surplus_id) REFERENCES surplus (id), CONSTRAINT fk_surplus_arrival_replaces_id_surplus_arrival FOREIGN KEY(replaces_id) REFERENCES surplus_arrival (id), CONSTRAINT fk_surplus_arrival_entry_id_pool_entry FOREIGN KEY(entry_id) REFERENCES pool_entry (id), CONSTRAINT fk_surplus_arrival_first_entry_id_pool_entry FOREIGN KEY(first_entry_id) REFERENCES pool_entry (id), CONSTRAINT fk_surplus_arrival_confirmed_by_id_person FOREIGN KEY(confirmed_by_id) REFERENCES person (id) )",
            "INSERT INTO made_anew_surplus_arrival (id, surplus_id, amount_cents, arrived_on, bank_reference, number, replaces_id, entry_id, first_entry_id, confirmed_by_id, at) SELECT id, surplus_id, amount_cents, arrived_on, bank_reference, '1', NULL, entry_id, NULL, confirmed_by_id, at FROM \"surplus_arrival\"",
            'DROP TABLE "surplus_arrival"',
            "ALTER TABLE made_anew_surplus_arrival RENAME TO surplus_arrival",
            "CREATE INDEX ix_surplus_arrival_surplus ON surplus_arrival (surplus_id)",
        ):
            op.execute(statement)
        return
    op.add_column("surplus_arrival", sa.Column("number", WHOLE, server_default="1", nullable=False))
    op.add_column("surplus_arrival", sa.Column("replaces_id", WHOLE, nullable=True))
    op.add_column("surplus_arrival", sa.Column("first_entry_id", WHOLE, nullable=True))
    op.drop_constraint(op.f("uq_surplus_arrival_bank_reference"), "surplus_arrival", type_="unique")
    op.create_unique_constraint(
        op.f("uq_surplus_arrival_bank_reference_number"), "surplus_arrival", ["bank_reference", "number"]
    )
    op.create_unique_constraint(op.f("uq_surplus_arrival_replaces_id"), "surplus_arrival", ["replaces_id"])
    op.create_foreign_key(
        op.f("fk_surplus_arrival_first_entry_id_pool_entry"),
        "surplus_arrival",
        "pool_entry",
        ["first_entry_id"],
        ["id"],
    )
    op.create_foreign_key(
        op.f("fk_surplus_arrival_replaces_id_surplus_arrival"),
        "surplus_arrival",
        "surplus_arrival",
        ["replaces_id"],
        ["id"],
    )
    op.create_check_constraint(
        op.f("ck_surplus_arrival_later_keeps_its_place"),
        "surplus_arrival",
        "(number = 1) = (first_entry_id IS NULL)",
    )
    op.create_check_constraint(
        op.f("ck_surplus_arrival_later_replaces_one"),
        "surplus_arrival",
        "(number = 1) = (replaces_id IS NULL)",
    )


def change_search_entry() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in (
            "CREATE TABLE made_anew_search_entry ( id INTEGER NOT NULL, \"key\" VARCHAR(120) NOT NULL, kind VARCHAR(20) NOT NULL, language VARCHAR(5) NOT NULL, district VARCHAR(60) NOT NULL, sort VARCHAR(30) NOT NULL, at DATETIME NOT NULL, title VARCHAR(160) NOT NULL, about VARCHAR(400) NOT NULL, head TEXT NOT NULL, words TEXT NOT NULL, CONSTRAINT pk_search_entry PRIMARY KEY (id), CONSTRAINT ck_search_entry_known_kind CHECK (kind IN ('proposal', 'pact', 'commons', 'organisation', 'call', 'money')), CONSTRAINT ck_search_entry_has_words CHECK (words <> ''), CONSTRAINT uq_search_entry_key UNIQUE (\"key\") )",
            'INSERT INTO made_anew_search_entry (id, "key", kind, language, district, sort, at, title, about, head, words) SELECT id, "key", kind, language, district, sort, at, title, about, head, words FROM "search_entry"',
            'DROP TABLE "search_entry"',
            "ALTER TABLE made_anew_search_entry RENAME TO search_entry",
        ):
            op.execute(statement)
        return
    op.drop_constraint(op.f("ck_search_entry_known_kind"), "search_entry", type_="check")
    op.create_check_constraint(
        op.f("ck_search_entry_known_kind"),
        "search_entry",
        "kind IN ('proposal', 'pact', 'commons', 'organisation', 'call', 'money')",
    )


CHANGES = (
    change_allocation,
    change_holding,
    change_surplus_arrival,
    change_search_entry,
)


def upgrade() -> None:
    for change in CHANGES:
        change()
    name = op.get_bind().dialect.name
    for statement in (*GUARDS[name], *FILLS):
        op.execute(statement if isinstance(statement, str) else statement[name])
