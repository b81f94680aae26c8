"""All support in sums: by year, kind, district and office, money and what is given in kind side by side."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import BigInteger, ColumnElement, and_, bindparam, case, cast, func, literal, or_, select

from portal import db
from portal.support.ledger import UNITS, Balance, Kind, Movement, balance, effect
from portal.support.models import Pool, Span, SupportSum

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

By = Literal["year", "district", "kind", "office"]
IN_MONEY = frozenset({Kind.FUNDING.value, Kind.INSURANCE.value})
"""What the city pays; everything else is given in kind, fees that it does not charge included."""

_CELLS = (
    select(
        Pool.year,
        Pool.kind,
        Pool.office,
        SupportSum.district,
        SupportSum.movement,
        # A server's measures are not added up: its first one counts, and the worth of all of them.
        cast(func.sum(case((Pool.head_id.is_(None), SupportSum.amount), else_=0)), BigInteger),
        cast(func.sum(SupportSum.value_cents), BigInteger),
    )
    .join(Pool, Pool.id == SupportSum.pool_id)
    .group_by(Pool.year, Pool.kind, Pool.office, SupportSum.district, SupportSum.movement)
)


def of_span(span: Span) -> ColumnElement[bool]:
    """Return the condition that a sum is one of whole years, months or days.

    As a word of the statement: one plan for all three would read the sums of the days for those of a year.
    """
    return SupportSum.span == literal(span.value, literal_execute=True)


NOW = _CELLS.where(of_span(Span.YEAR))
ON = _CELLS.where(
    or_(
        and_(of_span(Span.YEAR), SupportSum.since < bindparam("year")),
        and_(
            of_span(Span.MONTH), SupportSum.since >= bindparam("year"), SupportSum.since < bindparam("month")
        ),
        and_(of_span(Span.DAY), SupportSum.since >= bindparam("month"), SupportSum.since <= bindparam("day")),
    )
)


# Parameter: of_year. What was promised out of the funds of one year and not taken back, in cents.
PROMISED_IN = (
    select(
        func.coalesce(
            func.sum(
                SupportSum.value_cents
                * case(
                    {
                        one.value: moved["reserved"] + moved["committed"]
                        for one in Movement
                        if (moved := effect(one, 1))
                    },
                    value=SupportSum.movement,
                    else_=0,
                )
            ),
            0,
        )
    )
    .join(Pool, Pool.id == SupportSum.pool_id)
    .where(of_span(Span.YEAR), Pool.year == bindparam("of_year"))
)


@dataclass(frozen=True, slots=True)
class Cell:
    """What one movement adds up to in one year, kind, office and district."""

    year: int
    kind: str
    office: str
    district: str
    movement: str
    amount: int
    cents: int

    @property
    def unit(self) -> str:
        """Return the first unit of its kind, in which the amount is."""
        return UNITS[Kind(self.kind)][0]

    @property
    def is_money(self) -> bool:
        """Say whether it is money that the city pays."""
        return self.kind in IN_MONEY


@dataclass(frozen=True, slots=True)
class Figures:
    """What was promised and given, in one unit; `there` is what the funds have, where that can be said."""

    there: int | None
    promised: int
    given: int
    back: int
    left: int | None

    @property
    def is_nothing(self) -> bool:
        """Say whether nothing was ever promised here."""
        return not (self.promised or self.given or self.back)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: the figures in cents, for one kind also in its own unit.

    Nothing is `valued` where something was promised in kind that nobody put a price on.
    """

    key: str
    cents: Figures
    units: Figures
    unit: str
    valued: bool
    by_kind: tuple[tuple[str, int, int], ...]


def cells(as_of: date | None) -> list[Cell]:
    """Return all sums as they stand now, or as they stood at the end of a day."""
    if as_of is None:
        found = db.rows(NOW)
    else:
        bounds = {"year": Span.YEAR.first_of(as_of), "month": Span.MONTH.first_of(as_of), "day": as_of}
        found = db.rows(ON, bounds)
    return [Cell(*row) for row in found]


def lines(found: Iterable[Cell], by: By) -> list[Line]:
    """Return one line for each year, district, kind or office, the newest year first."""
    groups: dict[str, list[Cell]] = defaultdict(list)
    for cell in found:
        groups[str(getattr(cell, by))].append(cell)
    ordered = sorted(groups, reverse=by == "year")
    made = [_line(key, groups[key], by) for key in ordered]
    return [
        one
        for one in made
        if not (one.units.is_nothing and one.cents.is_nothing)
        or one.cents.there
        or (by == "kind" and one.units.there)
    ]


def together(found: Sequence[Cell]) -> Line:
    """Return the line below all others."""
    return _line("", found, "year")


def _line(key: str, found: Sequence[Cell], by: By) -> Line:
    money = [one for one in found if one.is_money]
    is_money = len(money) == len(found)
    # The city's funds are not divided by district, so nothing can be said of what is left in one.
    has_funds = by != "district"
    cents = _figures([(one.movement, one.cents) for one in found], known=is_money and has_funds)
    units = _figures([(one.movement, one.amount) for one in found], known=has_funds)
    return Line(
        key,
        cents,
        units,
        found[0].unit if found else "cent",
        valued=cents.promised > 0 or units.promised == 0,
        by_kind=tuple(_by_kind(found)),
    )


def _figures(rows: list[tuple[str, int]], *, known: bool) -> Figures:
    sums: Balance = balance(rows)
    back = sum(amount for movement, amount in rows if movement == Movement.RETURNED)
    promised = sums.reserved + sums.committed
    return Figures(
        sums.capacity if known else None, promised, sums.delivered, back, sums.left if known else None
    )


def _by_kind(found: Sequence[Cell]) -> Iterable[tuple[str, int, int]]:
    rows: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for one in found:
        rows[one.kind].append((one.movement, one.cents))
    for kind in Kind:
        sums = balance(rows.get(kind.value, ()))
        if sums.reserved + sums.committed:
            yield kind.value, sums.reserved + sums.committed, sums.delivered


def choices(found: Iterable[Cell]) -> dict[str, list[Any]]:
    """Return what can be chosen: the years, kinds, districts and offices of which there is anything."""
    all_of = list(found)
    return {
        "year": sorted({one.year for one in all_of}, reverse=True),
        "kind": [kind.value for kind in Kind if any(one.kind == kind for one in all_of)],
        "district": sorted({one.district for one in all_of if one.district}),
        "office": sorted({one.office for one in all_of if one.office}),
    }
