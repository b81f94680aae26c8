"""The job that publishes held decisions at their moment: once, or not at all and staff see why."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from portal import clock, db
from portal.errors import Refused, Stale
from portal.pacts.actions import deciding
from portal.pacts.queries import deciding as queries
from portal.proposals.models import Proposal
from portal.proposals.queries import with_parts
from portal.schedule import actions as schedule
from portal.schedule.said import NOTHING, Said
from portal.words import W

if TYPE_CHECKING:
    from portal.schedule.actions import Run

# Every official reads the list of what failed, also one who stands on the group's side: the case says why.
_SEE_CASE = W(
    "The prepared decision was not published: a rule stands against it. The page of the case says why."
)


def publish_held(run: Run) -> Said:
    """Publish decisions whose moment has come; what a rule stands against rests until a person decides."""
    with db.reading() as session:
        due = session.execute(queries.due(clock.now())).all()
    return run.each([(code, partial(_one, proposal_id)) for proposal_id, code in due]) if due else NOTHING


def _one(proposal_id: int) -> object:
    try:
        with db.writing():
            return deciding.publish_decision(_whole(proposal_id)) or schedule.HELD
    except (Stale, StaleDataError, IntegrityError):
        # Somebody was faster: another worker, or a person. The next run sees what has become of it.
        return schedule.HELD
    except Refused as refusal:
        with db.writing():
            if not deciding.note_stopped(_whole(proposal_id), refusal.words):
                return schedule.HELD
        raise schedule.Hopeless(_SEE_CASE) from refusal


def _whole(proposal_id: int) -> Proposal:
    chosen = with_parts(select(Proposal).where(Proposal.id == proposal_id))
    return db.session().scalars(chosen).one()
