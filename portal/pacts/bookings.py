"""The job that cancels what pacts hold of spaces although they stopped: some did before that was a rule."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from portal import clock, db
from portal.pacts import queries
from portal.pacts.actions import lives
from portal.pacts.models import Pact
from portal.pacts.queries import stopped
from portal.policy import SYSTEM
from portal.schedule.said import NOTHING, Said

if TYPE_CHECKING:
    from portal.schedule.actions import Run


def cancel_left(run: Run) -> Said:
    """Do what a suspension and an end do to spaces, each pact by itself; once done it is not due again."""
    with db.reading() as session:
        due = session.execute(stopped.holding_spaces(clock.now())).all()
    return run.each([(code, partial(cancel, pact_id)) for pact_id, code in due]) if due else NOTHING


def cancel(pact_id: int) -> None:
    """Cancel what one pact holds, unless it goes on by now."""
    with db.writing() as session:
        pact = session.scalars(queries.whole().where(Pact.id == pact_id)).one()
        lives.stop_spaces(pact, by=SYSTEM)
