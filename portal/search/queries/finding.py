"""What answers a search: the newest that match, those first whose title answers best.

However common a word is, no more than the newest MOST are looked at; the page says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Integer, Select, String, bindparam, column, literal_column, select, text

from portal import db
from portal.search.asking import Form, Wanted
from portal.search.matching import fts5, mark, title_hits, tsquery
from portal.search.models import INDEX, Entry
from portal.typed import whole

if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

    from portal.search.asking import Term

MOST, PAGE = 200, 20
# PostgreSQL's index knows no order: a word that fills MOST within the newest so many is answered by
# walking back through them; any rarer one has so few matches that all of them can be sorted.
WINDOW = 2_000
_FILTERS = ("kind", "district", "language", "sort")
_COLUMNS = (
    Entry.id,
    Entry.key,
    Entry.kind,
    Entry.language,
    Entry.district,
    Entry.sort,
    Entry.at,
    Entry.title,
    Entry.about,
    Entry.head,
)
_LIMIT = literal_column(str(MOST + 1), Integer)
_ASKED = bindparam("asked", type_=String)


class Place(NamedTuple):
    """Where something stands in the order of answers: the highest first."""

    hits: int
    at: datetime
    id: int

    def __str__(self) -> str:
        """Return the place as it stands in an address."""
        return f"{self.hits}-{self.at:%Y%m%dT%H%M%S%f}-{self.id}"

    @classmethod
    def read(cls, typed: str) -> Place | None:
        """Return the place of an address, None where it names none."""
        hits, _, rest = typed.partition("-")
        instant, _, number = rest.partition("-")
        try:
            at = datetime.strptime(instant, "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)
        except ValueError:
            return None
        points, row_id = whole(hits), whole(number)
        return None if points is None or row_id is None else cls(points, at, row_id)


@dataclass(frozen=True, slots=True)
class Row:
    """Something that was found, as the public may see it."""

    key: str
    kind: str
    language: str
    district: str
    sort: str
    at: datetime
    title: str
    about: str
    place: Place

    @property
    def code(self) -> str:
        """Return the second part of the key: a code, or the short name in an address."""
        return self.key.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Found:
    """The answers in their order; where `is_capped`, older ones were left out."""

    rows: tuple[Row, ...] = ()
    is_capped: bool = False

    def after(self, place: Place | None, size: int = PAGE) -> tuple[Row, ...]:
        """Return a page of answers: those that follow a place, or the first."""
        rows = self.rows if place is None else tuple(row for row in self.rows if row.place < place)
        return rows[:size]

    def following(self, place: Place | None, size: int = PAGE) -> Place | None:
        """Return the place after which the next page begins, None where this one is the last."""
        rows = self.after(place, size + 1)
        return rows[size - 1].place if len(rows) > size else None


def find(wanted: Wanted) -> Found:
    """Return what answers a search, at most MOST things; one question on SQLite, two on PostgreSQL.

    Nothing where no word was asked for. The same corpus gives the same answers on both databases.
    """
    terms = wanted.terms()
    if not terms:
        return Found()
    rows = _matching([*_filters(wanted), *terms])
    ranked = sorted((_row(row, terms) for row in rows[:MOST]), key=lambda row: row.place, reverse=True)
    return Found(tuple(ranked), is_capped=len(rows) > MOST)


def _filters(wanted: Wanted) -> list[Term]:
    chosen = [(name, getattr(wanted, name)) for name in _FILTERS]
    return [(Form(mark(name, value)),) for name, value in chosen if value]


def _row(row: Any, terms: tuple[Term, ...]) -> Row:
    shown = (row.key, row.kind, row.language, row.district, row.sort, row.at, row.title, row.about)
    return Row(*shown, place=Place(title_hits(terms, row.head), row.at, row.id))


def _matching(groups: list[Term]) -> list[Any]:
    session = db.session()
    if db.database().is_sqlite:
        return list(session.execute(_SQLITE, {"asked": fts5(groups)}))
    asked = {"asked": tsquery(groups)}
    newest = list(session.execute(_NEWEST, asked))
    return newest if len(newest) > MOST else list(session.execute(_ALL, asked))


def is_filled() -> bool:
    """Say whether the index holds anything."""
    return db.session().execute(select(Entry.id).limit(1)).first() is not None


def by_keys(keys: Collection[str]) -> Select[*tuple[Any, ...]]:
    """Select the rows of these subject keys."""
    return select(*_COLUMNS).where(Entry.key.in_(list(keys)))


# SQLite walks the index itself from the newest row back, and stops.
_found = (
    select(literal_column(f"{INDEX}.rowid", Integer).label("id"))
    .select_from(text(INDEX))
    .where(literal_column(INDEX).op("MATCH")(_ASKED))
    .order_by(literal_column(f"{INDEX}.rowid").desc())
    .limit(_LIMIT)
    .subquery("found")
)
_SQLITE = select(*_COLUMNS).join(_found, _found.c.id == Entry.id).order_by(Entry.id.desc())
_HERE = text(f"{INDEX} @@ CAST(:asked AS tsquery)")
_window = (
    select(*_COLUMNS, column(INDEX))
    .order_by(Entry.id.desc())
    .limit(literal_column(str(WINDOW), Integer))
    .subquery("newest")
)
_NEWEST = (
    select(*(_window.c[one.key] for one in _COLUMNS))
    .where(text(f"newest.{INDEX} @@ CAST(:asked AS tsquery)"))
    .order_by(_window.c.id.desc())
    .limit(_LIMIT)
)
# "+ 0" keeps the planner from walking back through everything in the hope of meeting a rare word soon.
_ALL = select(*_COLUMNS).where(_HERE).order_by((Entry.id + 0).desc()).limit(_LIMIT)
