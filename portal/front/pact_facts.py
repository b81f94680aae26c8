"""What a pact's public page is made of: while none of these rows changes, it need not be written again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portal import clock, db
from portal.fences import queries as fences
from portal.front import queries
from portal.observations import showing as observations
from portal.support.surplus.queries import PROMISED_AND_FINANCED

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence
    from datetime import date

    from portal.commons.models import Photo
    from portal.pacts.models import Pact

    Rows = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """The pact, and the rows of every feature that says something on its page.

    Its text is not among them: it is large, never changes, and is known by the hash that the pact names.
    """

    pact: Pact
    photo: Photo | None
    helped: str | None
    on: date
    reports: Rows
    papers: Rows
    spoken: Rows
    promises: Rows
    money: Rows
    fences: Rows
    measures: Rows

    def mark(self) -> Hashable:
        """Return a value that is another as soon as anything of this is another."""
        things = (self.pact, *self.pact.parties, *((self.photo,) if self.photo else ()))
        rows = (self.reports, self.papers, self.spoken, self.promises, self.money, self.measures)
        return (
            self.on,
            self.helped,
            tuple(_columns(one) for one in things),
            tuple(_values(some) for some in rows),
            # Their words are kept by language, and a dictionary has no hash.
            repr(_values(self.fences)),
        )


def _columns(thing: Any) -> Hashable:
    state = vars(thing)
    return tuple([state.get(column.key) for column in thing.__table__.columns])


def _values(rows: Iterable[Any]) -> tuple[Any, ...]:
    return tuple([tuple(row) for row in rows])


def gathered(pact: Pact, photo: Photo | None, helped: str | None) -> Facts:
    """Ask for what stands on the page of a pact, once each."""
    own, subject = {"pact_id": pact.id}, {"subject": pact.key}
    drawn, measures = fences.measured(pact.key)
    return Facts(
        pact,
        photo,
        helped,
        clock.today(),
        reports=db.rows(queries.REPORTS, own),
        papers=db.rows(queries.ISSUED_PAPERS, subject),
        spoken=observations.spoken(pact.key, f"proposal:{pact.proposal_code}"),
        promises=db.rows(queries.PROMISES, own),
        money=db.rows(PROMISED_AND_FINANCED, subject),
        fences=drawn,
        measures=measures,
    )
