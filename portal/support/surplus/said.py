"""What the pages of the commons fund show: what came in, from whom, and what it financed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal import db
from portal.charts.flows import Flow, flow_chart, tones
from portal.support.surplus import queries
from portal.support.surplus.tracing import Inflow, Part, Use, trace
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

THE_CITY = W("The city itself")
NOT_NAMED = W("A group that is not public")
MOST_FLOWS = 60


def fund() -> dict[str, Any]:
    """Return the fund as everybody sees it."""
    declared, came, financed = _traced()
    flows = [Flow(row["from"], row["code"], row["cents"]) for row in financed]
    return {
        "declared": declared,
        "financed": financed,
        "came_cents": sum(cents for _, _, cents in came),
        "from_surplus_cents": sum(cents for group, _, cents in came if group),
        "went_cents": sum(row["cents"] for row in financed),
        "chart": _chart(flows),
        "tone_by": tones(flows),
        "corrections": _corrections(),
    }


def financed(allocations: Collection[int]) -> list[dict[str, Any]]:
    """Return which surplus financed these promises; nothing is asked where there are none."""
    if not allocations:
        return []
    return [row for row in every_part() if row["allocation"] in allocations and row["year"]]


def financed_of(promised: Iterable[Any]) -> list[dict[str, Any]]:
    """Return which surplus financed what a pact was promised, from the texts asked along with it."""
    ours = {row.id: row for row in promised if row.went}
    if not ours:
        return []
    row = next(iter(ours.values()))
    names = {int(group): (slug, name) for group, slug, name in queries.read(row.declared)}
    came = [
        ((int(group), int(year)) if group else None, int(cents))
        for _, group, year, cents in queries.read(row.came)
    ]
    went = [
        (int(allocation) if allocation else None, int(cents))
        for _, allocation, cents in queries.read(row.went)
    ]
    parts = trace((Inflow(*one) for one in came), (Use(*one) for one in went))
    nothing = dict.fromkeys(ours, ("", ""))
    return [_part(one, names, nothing) for one in parts if one.allocation in ours and one.origin]


def every_part() -> list[dict[str, Any]]:
    """Return what the fund gave, each part with whose money it was."""
    return _traced()[2]


def _traced() -> tuple[Sequence[Any], Sequence[Any], list[dict[str, Any]]]:
    """Return what is declared, what came in, and what that financed."""
    session = db.session()
    declared = session.execute(queries.declared()).all()
    names = {one.organisation_id: (slug, name) for one, slug, name in declared}
    came = session.execute(queries.inflows()).all()
    went = session.execute(queries.uses()).all()
    parts = trace(
        (Inflow((group, year) if group else None, cents) for group, year, cents in came),
        (Use(allocation, cents) for allocation, cents, _, _ in went),
    )
    things = {allocation: (subject, title) for allocation, _, subject, title in went}
    return declared, came, [_part(one, names, things) for one in parts if one.allocation is not None]


def _corrections() -> list[dict[str, Any]]:
    """Return how arrivals were put right: from whom, the figure before and after, when and why."""
    present: dict[int, int] = {}
    found = []
    for one in db.session().execute(queries.corrections()):
        was = present.get(one.corrects_id, one.amount_cents)
        present[one.corrects_id] = was + one.amount
        whose = {"from": f"{one.name or NOT_NAMED} {one.year}", "slug": one.slug or ""}
        found.append(whose | {"was": was, "now": was + one.amount, "at": one.at, "why": one.reason})
    return found


def _chart(flows: Sequence[Flow]) -> Any:
    if not flows:
        return ""
    return flow_chart(flows[:MOST_FLOWS], title=str(W("Commons born from commons")))


def _part(
    part: Part, names: dict[int, tuple[str, str]], things: Mapping[Any, tuple[str, str]]
) -> dict[str, Any]:
    subject, title = things[part.allocation]
    group, year = part.origin or (0, 0)
    slug, name = names.get(group, ("", ""))
    if not name:
        name = str(NOT_NAMED if group else THE_CITY)
    return {
        "from": f"{name} {year or ''}".strip(),
        "name": name,
        "year": year,
        "slug": slug,
        "code": subject.removeprefix("pact:"),
        "title": title,
        "cents": part.cents,
        "allocation": part.allocation,
    }
