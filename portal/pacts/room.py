"""A pact as its room shows it, read as rows: what the page names, and nothing that only a verb needs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from portal import db
from portal.pacts import queries
from portal.pacts.lifecycle import State
from portal.pacts.prescriptions import answers_of, prescribed
from portal.pacts.ties import AParty, WithParties

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import Row

    from portal.pacts.prescriptions import Given, Prescribed
    from portal.pacts.standing import Side
    from portal.policy import Actor, Rel

    Counts = Mapping[tuple[str, str], int]

_FIRST = itemgetter(4)


@dataclass(frozen=True, slots=True)
class PartyRow(AParty):
    """A party, by whom the room asks for."""

    side: str
    person_id: int | None
    organisation_id: int | None


@dataclass(frozen=True, slots=True)
class Agreed:
    """A side's agreement to the newest version."""

    agreed_at: datetime


@dataclass(frozen=True, slots=True)
class Void:
    """The version that made an agreement void: by which side it was made, and whether of a suggestion."""

    number: int
    made_by_side: str
    was_suggested: bool


class Room(WithParties):
    """A pact with its newest version, its parties and what waits; `row` is all that its page names of it."""

    id: int
    code: str
    state: str
    title: str
    last_version: int
    starts_on: date | None
    ends_on: date | None
    signed_at: datetime | None
    sent_at: datetime | None
    profile_version: str
    content_hash: str

    def __init__(self, row: Row[Any], beside: Sequence[Row[Any]]) -> None:
        self.row = tuple(row)
        self.__dict__.update(row._asdict())
        self.parties: list[PartyRow] = []
        self.agreed: dict[str, Agreed] = {}
        self.counts: dict[tuple[str, str], int] = {}
        self._given: list[Given] = []
        self._voids: list[tuple[str, Void]] = []
        self._asked: tuple[Actor, frozenset[Rel]] | None = None
        # Counted in the order of their clauses; the room names them in the order in which they were made.
        waiting: list[Any] = []
        for one in beside:
            if one[0] == "waiting":
                waiting.append(one)
            else:
                self._take(one)
        for one in sorted(waiting, key=_FIRST):
            self.counts[one[2], one[1]] = one[3]

    def _take(self, one: Row[Any]) -> None:
        if one.sort == "party":
            self.parties.append(PartyRow(one.side, one.number, one.other))
        elif one.sort == "agreed" and one.number == self.last_version:
            self.agreed[one.side] = Agreed(one.at)
        elif one.sort == "void":
            self._voids.append((one.named, Void(one.number, one.side, bool(one.other))))
        elif one.sort == "prescribed" and (kept := json.loads(one.named)):
            self._given.append((one.number, one.side, kept, one.at))

    def prescribed(self) -> tuple[Prescribed, ...]:
        """Return what the offices prescribed, with how the text answers it."""
        if not self._given:
            return ()
        answers = answers_of(db.rows(queries.ANSWERED, {"pact_id": self.id}))
        return prescribed(sorted(self._given), answers)

    def void_of(self, side: Side) -> Void | None:
        """Return the version that made this side's agreement void, until it agrees again."""
        if side in self.agreed or self.state != State.CO_DESIGN:
            return None
        found = [void for whose, void in self._voids if side in whose]
        return max(found, key=lambda one: one.number, default=None)

    def relations(self, actor: Actor) -> frozenset[Rel]:
        """Return how the actor stands to this pact, worked out once a page."""
        if self._asked is None or self._asked[0] is not actor:
            self._asked = actor, super().relations(actor)
        return self._asked[1]


def room_at(code: str) -> Room | None:
    """Return the room of the pact with this code; whether somebody may enter it is still to be asked."""
    found = db.rows(queries.ROOM, {"code": code.strip().upper()})
    if not found:
        return None
    return Room(found[0], db.rows(queries.BESIDE, {"pact_id": found[0].id}))
