"""How the database is: reachable, writable, up to date, and unable to rewrite the record."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import text

from portal import db
from portal.cli import migrating
from portal.cli.doctor.findings import Finding, fault, good, warning
from portal.record.models import APPEND_ONLY, REFUSAL

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_SKEW_SECONDS = 1
# https://www.postgresql.org/support/versioning/
OLDEST_POSTGRESQL = 14
_NAMED = re.compile(r"CREATE TRIGGER (\w+)")
_RIGHTS = text(
    """SELECT current_user AS name,
        (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS is_superuser,
        (SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = 'act'::regclass) AS owns,
        has_table_privilege('act', 'UPDATE') OR has_table_privilege('act', 'DELETE')
          OR has_table_privilege('act', 'TRUNCATE') AS may_rewrite"""
)


def _one(question: str) -> str:
    with db.database().engine.connect() as connection:
        return str(connection.execute(text(question)).scalar_one())


def reachable() -> Iterator[Finding]:
    """Say which database answers, and whether it can be written."""
    yield from _sqlite() if db.database().is_sqlite else _postgresql()
    trouble = db.database().condition.trouble()
    if trouble:
        yield fault("database", f"nothing can be written ({trouble.value}): pages are read-only until then.")


def _sqlite() -> Iterator[Finding]:
    said = f"SQLite {_one('SELECT sqlite_version()')}"
    mode = _one("PRAGMA journal_mode")
    if mode == "wal":
        yield good("database", f"{said}, WAL")
    else:
        yield warning("database", f"{said}, journal {mode}: readers and writers wait for each other.")


def _postgresql() -> Iterator[Finding]:
    version, encoding = _one("SHOW server_version"), _one("SHOW server_encoding")
    sorts = _one("SELECT datcollate FROM pg_database WHERE datname = current_database()")
    said = f"PostgreSQL {version}, {encoding}, sorts by {sorts}"
    if encoding != "UTF8":
        yield fault("database", f"{said}: make the database again with ENCODING 'UTF8'.")
    elif int(_one("SHOW server_version_num")) // 10_000 < OLDEST_POSTGRESQL:
        yield warning(
            "database", f"{said}: this version gets no more repairs, plan {OLDEST_POSTGRESQL} or newer."
        )
    else:
        yield good("database", said)


def migrations() -> Iterator[Finding]:
    """Say whether a migration is missing."""
    if migrating.missing(db.database()):
        yield fault("migrations", "a migration is missing: portal db upgrade")
    else:
        yield good("migrations")


def triggers() -> Iterator[Finding]:
    """Say whether the database still refuses changes to the record."""
    kind = "sqlite" if db.database().is_sqlite else "postgresql"
    expected = {
        name
        for statement in db.triggers_ddl(kind, APPEND_ONLY, REFUSAL)
        for name in _NAMED.findall(statement)
    }
    question = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if kind == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
    )
    with db.database().engine.connect() as connection:
        there = set(connection.execute(text(question)).scalars())
    missing = sorted(expected - there)
    if missing:
        yield fault(
            "record triggers",
            f"{', '.join(missing)} missing or switched off: the record could be rewritten. Find out who did"
            " it, then check with `portal verify record`.",
        )
    else:
        yield good("record triggers", f"{len(expected)} are there")


def rights() -> Iterator[Finding]:
    """Say whether the role of the portal could step around the record's triggers."""
    if db.database().is_sqlite:
        return
    with db.database().engine.connect() as connection:
        role = connection.execute(_RIGHTS).one()
    means = "Let another role own the tables: docs/operating.md."
    if role.is_superuser:
        yield warning("rights", f"{role.name} is a superuser: it could rewrite the record. {means}")
    elif role.owns:
        yield warning("rights", f"{role.name} owns the tables: it could drop the record's triggers. {means}")
    elif role.may_rewrite:
        yield warning("rights", f"{role.name} may change the record's tables: REVOKE it. {means}")
    else:
        yield good("rights", f"{role.name} can only add to the record")


def clock() -> Iterator[Finding]:
    """Say whether the database's clock and this machine's agree."""
    skew = db.database_skew_seconds()
    if skew < MOST_SKEW_SECONDS:
        yield good("clock", "" if db.database().is_sqlite else f"{skew:.2f} s from the database's")
    else:
        yield fault("clock", f"the database's clock is {skew:.1f} seconds away: let both machines ask NTP.")
