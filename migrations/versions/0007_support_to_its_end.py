"""Hours of rooms that are closed, mentoring that is drawn, and what else support keeps to its end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

GUARDS = {"sqlite": (), "postgresql": ()}
FILLS = ()


def change_venture_step() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in (
            "CREATE TABLE made_anew_venture_step ( id INTEGER NOT NULL, venture_id INTEGER NOT NULL, stage INTEGER NOT NULL, kind VARCHAR(10) NOT NULL, \"on\" DATE NOT NULL, hours INTEGER NOT NULL, evidence VARCHAR(300) NOT NULL, delivery_id INTEGER, entered_at DATETIME NOT NULL, actor VARCHAR(40) NOT NULL, CONSTRAINT pk_venture_step PRIMARY KEY (id), CONSTRAINT ck_venture_step_known_kind CHECK (kind IN ('training', 'mentoring', 'legal', 'statute', 'members', 'registered', 'other')), CONSTRAINT ck_venture_step_not_negative CHECK (hours >= 0), CONSTRAINT ck_venture_step_says_what_shows_it CHECK (evidence <> ''), CONSTRAINT fk_venture_step_venture_id_venture FOREIGN KEY(venture_id) REFERENCES venture (id), CONSTRAINT uq_venture_step_delivery_id UNIQUE (delivery_id), CONSTRAINT fk_venture_step_delivery_id_delivery FOREIGN KEY(delivery_id) REFERENCES delivery (id) )",
            'INSERT INTO made_anew_venture_step (id, venture_id, stage, kind, "on", hours, evidence, delivery_id, entered_at, actor) SELECT id, venture_id, stage, kind, "on", hours, evidence, delivery_id, entered_at, actor FROM "venture_step"',
            'DROP TABLE "venture_step"',
            "ALTER TABLE made_anew_venture_step RENAME TO venture_step",
            "CREATE INDEX ix_venture_step_venture ON venture_step (venture_id, id)",
        ):
            op.execute(statement)
        return
    op.drop_constraint(op.f("ck_venture_step_known_kind"), "venture_step", type_="check")
    op.create_check_constraint(
        op.f("ck_venture_step_known_kind"),
        "venture_step",
        "kind IN ('training', 'mentoring', 'legal', 'statute', 'members', 'registered', 'other')",
    )


CHANGES = (change_venture_step,)


def upgrade() -> None:
    for change in CHANGES:
        change()
    name = op.get_bind().dialect.name
    for statement in (*GUARDS[name], *FILLS):
        op.execute(statement if isinstance(statement, str) else statement[name])
