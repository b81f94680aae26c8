"""All support of the city: in sums, in rows, and down to a single decision, as pages and as files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import g, request, url_for

from portal.front.money import corrections, decisions, rows, totals, wanted
from portal.front.money.totals import By, Line
from portal.front.money.wanted import NONE, Wanted
from portal.front.views.room import front
from portal.money import plain
from portal.record.words import words_of
from portal.support import said
from portal.support.amounts import Amount, figure, named
from portal.support.checks import said as checks_said
from portal.typed import whole
from portal.web import public, render
from portal.web.chrome import district_name, profile
from portal.web.sheets import sheet, streamed
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flask.typing import ResponseReturnValue

    from portal.front.money.rows import Row
    from portal.front.money.totals import Cell

TABLES: tuple[tuple[By, W], ...] = (
    ("year", W("By year")),
    ("district", W("By district")),
    ("kind", W("By kind")),
    ("office", W("By office")),
)
WHOLE_CITY = W("The whole city")
NO_OFFICE = W("No office named")
NOT_MEASURED = W("not measured")
NOT_APPLICABLE = W("not applicable")


@front.get("/money")
@public
def money() -> ResponseReturnValue:
    """Show all support in sums."""
    asked = wanted.read(request.args)
    found = totals.cells(asked.as_of)
    chosen = [one for one in found if asked.takes(one.year, one.kind, one.district, one.office)]
    return render(
        "front/money.html",
        tables=TABLES,
        series=_series(chosen),
        corrected=corrections.of_funds(asked),
        choices=choices(found),
        **in_words(asked),
    )


@front.get("/money.csv")
@public
def money_file() -> ResponseReturnValue:
    """Give exactly the rows of the tables."""
    asked = wanted.read(request.args)
    chosen = [
        one for one in totals.cells(asked.as_of) if asked.takes(one.year, one.kind, one.district, one.office)
    ]
    heads = [
        W("Series"), W("Table"), W("Row"), W("In the funds"), W("Promised"), W("Given"), W("Came back"),
        W("Left"), W("Currency"), W("Unit"), W("Promised, in units"), W("Given, in units"),
    ]  # fmt: skip
    return sheet(name_of("money", asked), heads, _cells_of(chosen))


def _series(chosen: Sequence[Cell]) -> list[dict[str, Any]]:
    """Return money and what is given in kind, each with its tables and their last line."""
    both = (
        ("money", W("Money"), [one for one in chosen if one.is_money]),
        ("kind", W("In kind, valued in money"), [one for one in chosen if not one.is_money]),
    )
    return [
        {
            "id": name,
            "title": title,
            "lines": _lines_by(some),
            "together": totals.together(some),
        }
        for name, title, some in both
        if some
    ]


def _lines_by(some: Sequence[Cell]) -> dict[By, list[Line]]:
    """Return the lines of each table; where one office gives everything, a table of offices says nothing."""
    found = {by: totals.lines(some, by) for by, _ in TABLES}
    return found if len(found["office"]) > 1 else found | {"office": []}


def _cells_of(chosen: Sequence[Cell]) -> Iterator[list[object]]:
    for series in _series(chosen):
        for by, title in TABLES:
            for line in series["lines"][by]:
                yield [series["title"], title, label(by, line.key), *_figures(line), *_units(by, line)]


def _figures(line: Line) -> list[object]:
    one = line.cents
    if not line.valued:
        return [None, None, None, None, None, None]
    found = [one.there, one.promised, one.given, one.back, one.left]
    return [*(None if cents is None else plain(cents) for cents in found), profile().currency]


def _units(by: By, line: Line) -> list[object]:
    if by != "kind":
        return [None, None, None]
    return [named(line.unit), *(figure(one, line.unit) for one in (line.units.promised, line.units.given))]


def label(by: str, key: str) -> str:
    """Return what a line of a table is called."""
    if by == "district":
        return district_name(key) if key else str(WHOLE_CITY)
    if by == "kind":
        return str(said.KINDS[key])  # type: ignore[index] # kinds are their own texts
    return office_name(key) if by == "office" else key


def office_name(office: str) -> str:
    """Return an office's name in the language of the page; an unknown one is shown as it is."""
    names = {one.id: one.name for one in profile().offices}
    known = names.get(office)
    return (known[g.language] if known else office) or str(NO_OFFICE)


def choices(found: Sequence[Cell]) -> dict[str, list[tuple[str, object]]]:
    """Return what the filters offer, in words."""
    chosen = totals.choices(found)
    ways = {name: [(str(one), label(name, str(one))) for one in some] for name, some in chosen.items()}
    ways["district"].append((NONE, str(WHOLE_CITY)))
    return {name: [("", W("All")), *some] for name, some in ways.items()}


def in_words(asked: Wanted) -> dict[str, Any]:
    """Return the filters, and what the templates of the money say things with."""
    return {
        "wanted": asked,
        "said": said,
        "label": label,
        "amount": Amount,
        "office_name": office_name,
        "NONE": NONE,
    }


def name_of(first: str, asked: Wanted) -> str:
    """Return the name of a file, which says how its rows were chosen."""
    parts = [str(one) for one in asked.args().values() if one]
    return "-".join([first, *(one for one in parts if one.isascii() and one.replace("-", "").isalnum())])


@front.get("/money/rows")
@public
def money_rows() -> ResponseReturnValue:
    """List what each pact has of each fund, the newest first."""
    asked = wanted.read(request.args)
    before = whole(request.args.get("before"))
    found = rows.listed(asked, before, rows.PAGE + 1)
    cells = totals.cells(asked.as_of)
    chosen = [one for one in cells if asked.takes(one.year, one.kind, one.district, one.office)]
    more = len(found) > rows.PAGE
    return render(
        "front/money_rows.html",
        rows=found[: rows.PAGE],
        series=[] if asked.pact else _series(chosen),
        choices=choices(cells),
        older=url_for("front.money_rows", before=found[rows.PAGE - 1].fact.id, **asked.args())
        if more
        else "",
        newest=url_for("front.money_rows", **asked.args()) if before is not None else "",
        **in_words(asked),
    )


@front.get("/money/rows.csv")
@public
def money_rows_file() -> ResponseReturnValue:
    """Give all rows of the list, not only those of one page."""
    asked = wanted.read(request.args)
    heads = [
        W("Number"), W("Pact"), W("Title"), W("Group"), W("District"), W("Year"), W("Kind"), W("For"),
        W("Fund"), W("Office"), W("Unit"), W("Promised"), W("Given"), W("Came back"),
        W("Worth of the promise"), W("Worth of what was given"), W("Currency"), W("Begun"),
        W("Last movement"),
    ]  # fmt: skip
    return streamed(name_of("money-rows", asked), heads, _lines(asked))


def _lines(asked: Wanted) -> Iterator[list[object]]:
    """Put together what every row says before the answer begins; the rows are read while it is sent."""
    currency = profile().currency
    names = {name: {one: label(name, one) for one in some} for name, some in _known().items()}
    return (_line(one, currency, names) for one in rows.every(asked))


def _known() -> dict[str, list[str]]:
    city = profile()
    return {
        "district": ["", *(one.id for one in city.districts)],
        "office": ["", *(one.id for one in city.offices)],
        "kind": [str(one) for one in said.KINDS],
    }


def _line(one: Row, currency: str, names: dict[str, dict[str, str]]) -> list[object]:
    fact = one.fact
    district, office = (
        names[by].get(key, key) for by, key in (("district", fact.district), ("office", fact.office))
    )
    units = [figure(many, fact.unit) for many in (one.units.promised, one.units.given, one.units.back)]
    worth = [plain(one.cents.promised), plain(one.cents.given)] if one.valued else [None, None]
    return [
        fact.allocation_id, one.code, fact.title, fact.group, district, fact.year,
        names["kind"].get(fact.kind, fact.kind), fact.what, fact.pool, office,
        named(fact.unit), *units,
        *worth, currency, one.first_on, one.last_on,
    ]  # fmt: skip


@front.get("/money/decisions/<int:number>")
@public
def money_decision(number: int) -> ResponseReturnValue:
    """Show one decision: what, why, in which roles, what arrived, and every row of the ledger."""
    if number > 2**31 - 1:
        number = 0
    found = decisions.decision(number)
    return render(
        "front/money_decision.html",
        found=found,
        one=found.allocation,
        words_of=words_of,
        fits=(checks_said.FITS, checks_said.TONES),
        **in_words(Wanted()),
    )
