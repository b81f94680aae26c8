"""Where the support flows, from kind to district: a picture with its table, and the table as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from portal.charts.flows import flow_chart, tones
from portal.front.money import flows, totals, wanted
from portal.front.views.money import choices, in_words, label, name_of
from portal.front.views.room import front
from portal.money import currency_code, plain
from portal.web import public, render
from portal.web.sheets import sheet
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.front.money.flows import Band
    from portal.front.money.totals import Cell
    from portal.front.money.wanted import Wanted


def _found() -> tuple[Wanted, list[Cell], list[Band]]:
    asked = wanted.read(request.args)
    found = totals.cells(asked.as_of)
    chosen = [one for one in found if asked.takes(one.year, one.kind, one.district, one.office)]
    return asked, found, flows.bands(chosen)


@front.get("/money/flow")
@public
def money_flow() -> ResponseReturnValue:
    """Draw what was promised as bands from kinds to districts, as thick as they are worth."""
    asked, found, bands = _found()
    drawn = flows.drawn(bands)
    return render(
        "front/money_flow.html",
        bands=bands,
        chart=flow_chart(
            drawn, title=str(W("What was promised, from each kind of support to each district"))
        ),
        tones=tones(drawn),
        kinds=flows.sums(bands, "kind"),
        districts=flows.sums(bands, "district"),
        choices=choices(found),
        **in_words(asked),
    )


@front.get("/money/flow.csv")
@public
def money_flow_file() -> ResponseReturnValue:
    """Give exactly the rows of the table."""
    asked, _, bands = _found()
    heads = [W("Kind"), W("District"), W("Promised"), W("Given"), W("Currency")]
    rows = (
        [label("kind", one.kind), label("district", one.district), plain(one.promised), plain(one.given)]
        for one in bands
    )
    return sheet(name_of("money-flow", asked), heads, ([*row, currency_code()] for row in rows))
