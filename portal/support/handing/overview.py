"""The officials' list of all support: by state, kind and office, late or not; on a page and as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request, url_for

from portal import clock, db
from portal.policy import Can
from portal.support import said
from portal.support.amounts import Amount, figure, named
from portal.support.handing.desk import support_desk
from portal.support.handing.listing import Wanted, allocations, offices
from portal.support.ledger import Kind
from portal.support.lifecycle import State
from portal.support.models import Allocation
from portal.typed import whole
from portal.web import me, needs, render
from portal.web.sheets import sheet
from portal.words import W, say

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

__all__ = ["support_desk"]
ROWS_A_PAGE = 50
MOST_IN_A_FILE = 10_000
HEADS = (
    W("Pact"), W("Title"), W("Kind"), W("For"), W("State"), W("Amount"), W("Given so far"), W("Came back"),
    W("Unit"), W("Begins"), W("Fund"),
)  # fmt: skip


@support_desk.get("/desk/support")
@needs(Can.POOL_READ)
def support() -> ResponseReturnValue:
    """List allocations, the newest first; the filters stand in the address."""
    wanted, before = _wanted(), whole(request.args.get("before"))
    found = list(
        db.session().scalars(allocations(wanted, clock.today(), before=before, most=ROWS_A_PAGE + 1))
    )
    rows = found[:ROWS_A_PAGE]
    chosen = _chosen(wanted)
    return render(
        "support/list.html",
        rows=rows,
        wanted=wanted,
        offices=db.session().scalars(offices()).all(),
        kinds={kind.value: words for kind, words in said.KINDS.items()},
        states={state.value: words for state, words in said.STATES.items()},
        first=url_for("support_desk.support", **chosen) if before is not None else "",
        older=url_for("support_desk.support", **chosen, before=rows[-1].id) if len(found) > len(rows) else "",
        file=url_for("support_desk.support_file", **chosen),
        amount=Amount,
        said=said,
    )


@support_desk.get("/desk/support.csv")
@needs(Can.POOL_READ)
def support_file() -> ResponseReturnValue:
    """Return what the list shows as a table for a spreadsheet."""
    found = db.session().scalars(allocations(_wanted(), clock.today(), most=MOST_IN_A_FILE))
    return sheet("support", [say(head) for head in HEADS], (_cells(one) for one in found))


def _cells(one: Allocation) -> list[Any]:
    return [
        one.code,
        one.title,
        str(said.KINDS[Kind(one.kind)]),
        one.what,
        str(said.STATES[State(one.state)]),
        *(figure(many, one.unit) for many in (one.amount, one.delivered, one.returned)),
        named(one.unit),
        one.starts_on.isoformat(),
        f"{one.pool.name} {one.pool.year}" if one.pool else "",
    ]


def _wanted() -> Wanted:
    """Read the filters; what is no state or kind is no filter."""
    state, kind = request.args.get("state", ""), request.args.get("kind", "")
    return Wanted(
        state=state if state in set(State) else "",
        kind=kind if kind in set(Kind) else "",
        office=request.args.get("office", "")[:60],
        late=request.args.get("late") == "yes",
        second_for=me().person_id if request.args.get("second") == "yes" else None,
    )


def _chosen(wanted: Wanted) -> dict[str, Any]:
    found = {"state": wanted.state, "kind": wanted.kind, "office": wanted.office}
    only = {"late": wanted.late, "second": wanted.second_for is not None}
    found |= {name: "yes" for name, chosen in only.items() if chosen}
    return {name: value for name, value in found.items() if value}
