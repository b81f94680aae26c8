"""The words and figures that the pages of a track show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal import db
from portal.people.said import ROLES
from portal.proposals.calls.said import text_in
from portal.proposals.incubation import funnel, hours, queries
from portal.proposals.incubation.lifecycle import State
from portal.support import said as support
from portal.support.amounts import Amount
from portal.support.lifecycle import PROMISED
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from portal.proposals.models import Call, Stage
    from portal.support.models import Allocation

STEPS = {
    "statute": W("Statute drafted"),
    "members": W("First members found"),
    "registered": W("Entered in the register of companies"),
    "other": W("Something else"),
    "training": W("Training"),
    "mentoring": W("Mentoring"),
    "legal": W("Legal help"),
}
OUTCOMES = {"goes_on": W("It goes on to the next stage"), "not_chosen": W("It does not go on")}
STATES = {
    State.APPLIED: W("Applied"),
    State.ON_TRACK: W("On the track"),
    State.NOT_CHOSEN: W("Not chosen"),
    State.WITHDRAWN: W("Withdrawn"),
    State.FOUNDED: W("Founded"),
}
TONES = {State.ON_TRACK: "blue", State.FOUNDED: "green"}


def standing(call: Call, language: str) -> dict[str, Any]:
    """Return the stages of a track and its funnel."""
    session = db.session()
    stages = session.scalars(queries.stages(call.id)).all()
    found = session.execute(queries.counts(call.id)).all()
    counts = [funnel.Counted(*row[:3]) for row in found]
    levels = funnel.levels([(one.number, one.places) for one in stages], counts)
    rows = [_level(level, stages, language) for level in levels]
    return {
        "stages": [(one, text_in(one.name, language), text_in(one.conditions, language)) for one in stages],
        "levels": rows,
        "rows": (asked := hours.rows_of(call)),
        "hours": _hours(stages, asked),
        "founded": funnel.founded(counts),
        "stated": _stated(call) if any(row.interests for row in found) else [],
        "roles_said": ROLES,
        "columns": [
            {"label": row["name"], "value": row["level"].came, "words": str(row["level"].came)}
            for row in rows
        ],
        "states": STATES,
        "tones": TONES,
        "steps_said": STEPS,
        "outcomes": OUTCOMES,
        "support_said": support,
        "amount": Amount,
        "promised": frozenset(PROMISED),
    }


def _stated(call: Call) -> Sequence[Any]:
    return db.session().execute(queries.interests_under(call.id)).all()


def _hours(stages: Sequence[Stage], rows: Mapping[str, Allocation]) -> list[tuple[int, str, Allocation]]:
    """Return what the city promises to each stage, by the stage's place in the list and the kind of help."""
    found = [
        (place, kind, rows.get(hours.key_of(one.number, kind)))
        for place, one in enumerate(stages)
        for kind in hours.POOLS
    ]
    return [(place, kind, row) for place, kind, row in found if row is not None]


HOURS_HEADS = tuple(f"hours of {kind} {what}" for kind in hours.POOLS for what in ("promised", "given"))


def hours_of(standing: Mapping[str, Any], stage: int) -> list[object]:
    """Return for a row of the file what is promised and given of each kind of help, as its heads say."""
    rows = standing["rows"]
    found = [rows.get(hours.key_of(stage, kind)) for kind in hours.POOLS]
    promised = [row if row is not None and row.state in PROMISED else None for row in found]
    return [cell for row in promised for cell in ((row.amount, row.delivered) if row else ("", ""))]


def _level(level: funnel.Level, stages: Sequence[Stage], language: str) -> dict[str, Any]:
    name = str(W("Applied"))
    if level.number:
        name = text_in(stages[level.number - 1].name, language).words
    return {"level": level, "name": name}
