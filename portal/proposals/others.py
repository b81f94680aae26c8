"""Others like one's own: what lies near on the map, and what says the same in words; never one's own."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

from portal import db
from portal.proposals import codes, queries
from portal.proposals.models import Proposal
from portal.search import queries as search

MOST = 5
# Further away it is another corner of the quarter.
NEAR_METRES = 400
_METRES_A_DEGREE = 111_320
MICRO = 1_000_000


@dataclass(frozen=True, slots=True)
class Other:
    """A proposal or pact like one's own; `metres` where it lies near, None where its words are alike."""

    key: str
    code: str
    title: str
    about: str
    language: str
    metres: int | None = None

    @property
    def is_pact(self) -> bool:
        """Say whether it is a pact already."""
        return not codes.is_code(self.code)


def found(proposal: Proposal, own: Collection[str], became: dict[str, str]) -> list[Other]:
    """Return up to five others, the nearest first, then the likest in words.

    `own` are the subject keys that are the person's; `became` says which proposal's code became which pact.
    """
    without = {*own, proposal.key}
    near = [one for one in _near(proposal) if one.key not in without]
    like = search.similar(
        proposal.title,
        proposal.summary,
        language=proposal.language,
        kinds=("proposal", "pact"),
        without=without,
        limit=2 * MOST,
    )
    alike = [Other(one.key, one.code, one.title, one.about, one.language) for one in like]
    return _once([*near, *alike], became)[:MOST]


def _once(rows: Iterable[Other], became: dict[str, str]) -> list[Other]:
    """Leave each thing once: a proposal that became a pact is shown as the pact."""
    kept: dict[str, Other] = {}
    for one in rows:
        pact = became.get(one.code)
        shown = one if pact is None else replace(one, key=f"pact:{pact}", code=pact)
        kept.setdefault(shown.key, shown)
    return list(kept.values())


def _near(proposal: Proposal) -> list[Other]:
    if proposal.latitude_e6 is None or proposal.longitude_e6 is None:
        return []
    here = proposal.latitude_e6, proposal.longitude_e6
    high = NEAR_METRES * MICRO // _METRES_A_DEGREE
    wide = round(high / max(math.cos(math.radians(here[0] / MICRO)), 0.1))
    box = {"south": here[0] - high, "north": here[0] + high, "west": here[1] - wide, "east": here[1] + wide}
    rows = db.session().execute(queries.PUBLIC_NEAR, box).all()
    near = [(_metres(here, row), row) for row in rows]
    return [
        Other(f"proposal:{row.code}", row.code, row.title, row.summary, row.language, metres)
        for metres, row in sorted(near, key=lambda one: (one[0], one[1].code))
        if metres <= NEAR_METRES
    ]


def _metres(here: tuple[int, int], row: Any) -> int:
    squeeze = math.cos(math.radians(here[0] / MICRO))
    high = (row.latitude_e6 - here[0]) / MICRO * _METRES_A_DEGREE
    wide = (row.longitude_e6 - here[1]) / MICRO * _METRES_A_DEGREE * squeeze
    return round(math.hypot(high, wide))
