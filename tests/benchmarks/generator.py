"""Fills a database with a large city: copies of real cases with numbers, codes, kinds and places of their own.

The same number of rows gives the same rows, on SQLite and PostgreSQL. Everything a case has comes along:
proposal, commons, pact, texts, parties, promises, money, fences, papers, and its acts in the record's order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Column, Table, func, insert, select, text, update

from portal import crypto, db, models
from tests.benchmarks.cases import Case, Row, all_shared, take

# Of a hundred cases, so many are like this one; the list is walked again and again in mixed order.
SHARES = {
    "in_force": 24, "concluded": 8, "suspended": 2, "co_design": 3, "agreed": 2, "signing": 1,
}  # fmt: skip
KINDS = ("place",) * 12 + ("software",) * 5 + ("data_set",) * 3
PLACES = ("navile",) * 10 + ("savena",) * 4 + ("borgo-panigale-reno",) * 3 + ("porto-saragozza",) * 2
THINGS = ("Giardino", "Orto", "Portico", "Biblioteca", "Cortile", "Officina", "Mappa", "Archivio", "Sentiero")
STREETS = ("Via Larga", "Via Fioravanti", "Via Mascarella", "Via Libia", "Via Pratello", "Via Corticella")
# Numbers of one copy stand this far above those of the copy before.
STRIDE = 2_000
FIRST_PERSON, EACH_HOLDS = 1_000, 10
CHUNK = 500
# The texts of a pact weigh 200 KB; only the newest keep theirs, so that a large city fits the machine.
TEXTS, NEWEST_WITH_TEXT = frozenset({"pact_version", "suggestion"}), 200
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True)
class Size:
    """How large the city is: `proposals` sent, of which `pacts` became one."""

    proposals: int
    with_texts: bool = True

    @property
    def pacts(self) -> int:
        """Return how many pacts there are: one in ten, and a thousand where the city is small."""
        return max(self.proposals // 10, min(self.proposals, 1_000))

    @property
    def acts(self) -> int:
        """Return how many acts the record holds at least."""
        return 10 * self.proposals if self.proposals >= 10_000 else 0


def fill(source: db.Database, target: db.Database, size: Size, codes: dict[str, str]) -> None:
    """Fill an empty database from the small city in `source`; `codes` names its cases."""
    with source.engine.connect() as connection:
        cases = {
            name: take(connection, name, _proposal_code(connection, code)) for name, code in codes.items()
        }
        shared = list(all_shared(connection))
    with target.writer.begin() as connection:
        if target.is_sqlite:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        writer = Writer(connection)
        for table, rows in shared:
            writer.put(table.name, rows)
            if table.name == "person":
                writer.put("person", _people(rows[0], size))
        for number in range(size.proposals):
            is_new = size.with_texts and number >= size.proposals - NEWEST_WITH_TEXT
            _copy(writer, cases[_which(number, size)], number, left_out=frozenset() if is_new else TEXTS)
        _settle(writer, size, cases["submitted"])
    _after(target)


def _proposal_code(connection: Any, code: str) -> str:
    pact = models.metadata.tables["pact"]
    return connection.scalar(select(pact.c.proposal_code).where(pact.c.code == code)) or code


def _which(number: int, size: Size) -> str:
    """Return which case the copy with this number is of: pacts are spread evenly among the proposals."""
    every = size.proposals // size.pacts
    if number % every:
        return "submitted"
    place = number // every * 7919 % sum(SHARES.values())
    for name, share in SHARES.items():
        if place < share:
            return name
        place -= share
    raise AssertionError(place)


class Writer:
    """Collects rows of the same table and writes them in large pieces."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.is_sqlite = connection.dialect.name == "sqlite"
        self.waiting: dict[str, list[Row]] = {}
        self.count = 0
        self.acts = 0

    def put(self, table: str, rows: list[Row]) -> None:
        """Add rows; they are written when enough wait."""
        self.waiting.setdefault(table, []).extend(rows)
        self.count += len(rows)

    def write(self) -> None:
        """Write what waits, tables others refer to first."""
        for table in models.metadata.sorted_tables:
            rows = self.waiting.pop(table.name, [])
            if rows and self.is_sqlite:
                self.connection.execute(insert(table), rows)
            elif rows:
                self._stream(table, rows)

    def _stream(self, table: Table, rows: list[Row]) -> None:
        dialect = self.connection.dialect
        columns = list(table.columns)
        change = [column.type.dialect_impl(dialect).bind_processor(dialect) for column in columns]
        names = ", ".join(f'"{column.name}"' for column in columns)
        raw = self.connection.connection.driver_connection
        with raw.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
            for row in rows:
                values = (row.get(column.name, _otherwise(column)) for column in columns)
                pairs = zip(change, values, strict=True)
                copy.write_row([make(value) if make else value for make, value in pairs])


def _otherwise(column: Column[Any]) -> Any:
    """Return what an INSERT without this column would put there."""
    return getattr(column.default, "arg", None)


def _copy(writer: Writer, case: Case, number: int, *, left_out: frozenset[str]) -> None:
    renamed = _renaming(case, number)
    own = {name for name, rows in case.rows.items() if rows}
    for name, rows in case.rows.items():
        table = models.metadata.tables[name]
        if name == "leaf" or name in left_out:
            continue  # leaves follow from the acts
        made = [_row(table, row, number, (own, case.holder), renamed) for row in rows]
        writer.put(name, made)
        if name == "act":
            _order(writer, made)
    if number % CHUNK == CHUNK - 1:
        writer.write()


def _renaming(case: Case, number: int) -> Callable[[str], str]:
    """Return what puts the codes of this copy where the codes of the case stand."""
    new = [_code(old, number) for old in case.codes]

    def rename(value: str) -> str:
        for before, after in zip(case.codes, new, strict=True):
            value = value.replace(before, after)
        return value

    return rename


def _code(old: str, number: int) -> str:
    head = old.split("-", maxsplit=1)[0]
    return (
        f"{head}-{_base32(number, 4)}-{number % 100:02}"
        if head == "PR"
        else f"{head}-{2020 + number % 6}-{number:06}"
    )


def _base32(number: int, length: int) -> str:
    return "".join(ALPHABET[number // 32**place % 32] for place in reversed(range(length)))


def _row(
    table: Table, row: Row, number: int, case: tuple[set[str], int], rename: Callable[[str], str]
) -> Row:
    made, (own, holder) = dict(row), case
    for column in table.columns:
        value = made[column.name]
        if isinstance(value, str):
            made[column.name] = rename(value)
        elif isinstance(value, bytes) and table.name == "act":
            made[column.name] = rename(value.decode()).encode()
        elif value is not None and _is_own_number(column, own):
            made[column.name] = (number + 1) * STRIDE + value
        elif value is not None and value == holder and _is_of_person(column):
            made[column.name] = FIRST_PERSON + number // EACH_HOLDS
    change = CHANGES.get(table.name)
    return change(made, number) if change else made


def _is_own_number(column: Any, own: set[str]) -> bool:
    if column.primary_key and column.name == "id":
        return True
    return any(key.column.table.name in own for key in column.foreign_keys)


def _is_of_person(column: Any) -> bool:
    return any(key.column.table.name == "person" for key in column.foreign_keys)


def _people(model: Row, size: Size) -> list[Row]:
    """Return the people who propose."""
    return [
        {
            **model,
            "id": FIRST_PERSON + number,
            "pseudonym": f"p-{number:016}",
            "name": f"{_mixed(number, THINGS)} {number}",
            "email": f"p{number}@example.org",
        }
        for number in range(size.proposals // EACH_HOLDS + 1)
    ]


def _mixed(number: int, choices: tuple[str, ...]) -> str:
    return choices[number * 31 % len(choices)]


def _thing(row: Row, number: int) -> Row:
    title = f"{_mixed(number, THINGS)} di {_mixed(number // 9, STREETS)} {number % 180 + 1}"
    kind = _mixed(number, KINDS)
    found = {**row, "kind": kind, "title": title, "district": _mixed(number // 20, PLACES)}
    return {**found, "slug": f"c-{number}"} if "slug" in row else found


def _proposal(row: Row, number: int) -> Row:
    # The newest is number zero's last neighbour: some minutes lie between one and the next.
    sent = row["submitted_at"] and row["submitted_at"] - timedelta(days=400) + timedelta(minutes=3 * number)
    due = row["answer_due_on"] and row["answer_due_on"] + timedelta(days=number % 90 - 45)
    hashed = hashlib.sha256(b"%d" % number).hexdigest()
    is_open = number % 20 == 1 or row["state"] != "submitted"
    found = {**_thing(row, number), "submitted_at": sent, "answer_due_on": due, "link_hash": hashed}
    # Most of those that became no pact were taken back or never went on.
    return found if is_open else {**found, "state": "withdrawn"}


def _pact(row: Row, number: int) -> Row:
    return {**_thing(row, number), "number": number + 1}


def _paper(row: Row, number: int) -> Row:
    return {**row, "code": _base32(number, 7) + _base32(row["id"] % STRIDE, 3)}


CHANGES = {"proposal": _proposal, "pact": _pact, "commons": _thing, "paper": _paper}


def _order(writer: Writer, acts: list[Row]) -> None:
    leaves = [
        {"position": writer.acts + place, "act_id": act["id"], "hash": crypto.leaf_hash(act["canonical"])}
        for place, act in enumerate(acts)
    ]
    writer.put("leaf", leaves)
    writer.acts += len(acts)


def _settle(writer: Writer, size: Size, case: Case) -> None:
    """Add messages, and acts until the record is as long as it should be; write what still waits."""
    writer.put("message", [_message(number) for number in range(size.proposals // EACH_HOLDS)])
    model = case.rows["act"][0]
    first = (size.proposals + 2) * STRIDE
    missing = max(size.acts - writer.acts, 0)
    for start in range(0, missing, 10_000):
        acts = [{**model, "id": first + n} for n in range(start, min(start + 10_000, missing))]
        for act in acts:
            act["subject"] = f"person:p-{act['id']:016}"
            act["verb"] = "person:signed_in"
        writer.put("act", acts)
        _order(writer, acts)
        writer.write()
    writer.write()


def _message(number: int) -> Row:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
    return {
        "id": number + 1,
        "key": f"bench:{number}",
        "event": "E1",
        "subject_key": "",
        "person_id": FIRST_PERSON + number % 100,
        "address": "",
        "language": "it",
        "title": "La tua proposta è arrivata",
        "body": "Rispondiamo entro sessanta giorni.",
        "link": "",
        "created_at": at,
        "state": "sent",
        "fence": 0,
        "attempts": 1,
        "lease_until": None,
        "sent_at": at,
        "last_error": "",
    }


def _after(target: db.Database) -> None:
    """Let the pools say what their ledger adds up to, numbers go on, and the planner know the tables."""
    pool, entry = models.metadata.tables["pool"], models.metadata.tables["pool_entry"]
    with target.writer.begin() as connection:
        sums = select(entry.c.pool_id, entry.c.movement, func.sum(entry.c.amount)).group_by(
            entry.c.pool_id, entry.c.movement
        )
        found: dict[int, dict[str, int]] = {}
        for pool_id, movement, amount in connection.execute(sums):
            found.setdefault(pool_id, {})[movement] = int(amount)
        for pool_id, moved in found.items():
            figures = _figures(moved)
            connection.execute(update(pool).where(pool.c.id == pool_id).values(**figures))
            connection.execute(insert(entry), [_opened(pool_id, figures["capacity"])])
        if not target.is_sqlite:
            for name in _numbered():
                connection.execute(
                    text(
                        f"SELECT setval(pg_get_serial_sequence('\"{name}\"', 'id'), max(id)) FROM \"{name}\""
                    )
                )
    with target.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if target.is_sqlite else "VACUUM ANALYZE")


def _figures(moved: dict[str, int]) -> dict[str, int]:
    committed = moved.get("committed", 0)
    reserved = moved.get("reserved", 0) - moved.get("released", 0) - committed
    return {
        "capacity": reserved + committed,
        "reserved": reserved,
        "committed": committed,
        "delivered": moved.get("delivered", 0),
    }


def _opened(pool_id: int, amount: int) -> Row:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return {
        "id": pool_id,
        "pool_id": pool_id,
        "movement": "opened",
        "amount": amount,
        "at": at,
        "actor": "system",
    }


def _numbered() -> Iterator[str]:
    for table in models.metadata.sorted_tables:
        if "id" in table.c and table.c.id.primary_key:
            yield table.name
