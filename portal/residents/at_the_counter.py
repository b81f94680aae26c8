"""Who stands at a clerk's counter now: the account whose exact address was typed, for half an hour."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from portal import clock

if TYPE_CHECKING:
    from flask.sessions import SessionMixin

# As long as any help at the counter.
STAYS = timedelta(minutes=30)
_NAME = "resident_here"


def remember(session: SessionMixin, pseudonym: str) -> None:
    """Note, in this browser alone, that this person came to the counter; whoever came before has gone."""
    session[_NAME] = [pseudonym, (clock.real() + STAYS).isoformat()]


def is_here(session: SessionMixin, pseudonym: str) -> bool:
    """Say whether this person came to the counter within the last half hour."""
    here, until = session.get(_NAME, ("", ""))
    return here == pseudonym and clock.real() < datetime.fromisoformat(until)
