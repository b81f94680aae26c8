"""Real cases, taken whole out of a small city that was built through the actions, to be multiplied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, or_, select

from portal import models

# What belongs to the city, not to one case.
SHARED = frozenset(
    {
        "person",
        "code_app",
        "recovery_code",
        "passkey",
        "role_grant",
        "organisation",
        "membership",
        "pool",
        "job",
        "job_run",
        "record_cursor",
    }
)
SUBJECTS = {"act": "subject", "paper": "subject", "fence": "subject", "allocation": "subject"}
Row = dict[str, Any]


@dataclass
class Case:
    """The rows of one case by table, in an order in which they can be inserted."""

    name: str
    codes: list[str]
    holder: int = 0
    rows: dict[str, list[Row]] = field(default_factory=dict)

    def ids(self, table: str) -> list[int]:
        """Return the numbers of its rows in a table."""
        return [row["id"] for row in self.rows.get(table, ()) if "id" in row]


def take(connection: Connection, name: str, proposal_code: str) -> Case:
    """Return everything that hangs on a proposal and on the pact that came of it."""
    tables = models.metadata.tables
    proposal, pact = tables["proposal"], tables["pact"]
    found = Case(name, [proposal_code])
    root = _rows(connection, proposal, proposal.c.code == proposal_code)
    became = _rows(connection, pact, pact.c.proposal_code == proposal_code)
    found.codes += [row["code"] for row in became]
    found.holder = root[0]["person_id"]
    found.rows["proposal"] = root
    if became:
        commons = tables["commons"]
        found.rows["commons"] = _rows(connection, commons, commons.c.id == became[0]["commons_id"])
    for table in models.metadata.sorted_tables:
        if table.name not in SHARED and table.name not in found.rows:
            found.rows[table.name] = list(_belonging(connection, table, found))
    return found


def _belonging(connection: Connection, table: Table, case: Case) -> Iterator[Row]:
    ways = [
        column.in_(case.ids(key.column.table.name))
        for column in table.columns
        for key in column.foreign_keys
        if case.ids(key.column.table.name) and key.column.name == "id"
    ]
    if table.name in SUBJECTS:
        subject = table.c[SUBJECTS[table.name]]
        ways += [subject.contains(code) for code in case.codes]
    if ways:
        yield from _rows(connection, table, or_(*ways))


def _rows(connection: Connection, table: Table, condition: Any) -> list[Row]:
    found = connection.execute(select(table).where(condition).order_by(*table.primary_key))
    return [dict(row) for row in found.mappings()]


def all_shared(connection: Connection) -> Iterable[tuple[Table, list[Row]]]:
    """Return the rows that belong to the whole city, table by table."""
    for table in models.metadata.sorted_tables:
        if table.name in SHARED:
            yield table, _rows(connection, table, True)
