"""Support of pacts that were suspended before support knew of it: the sixth migration stops it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.errors import WrongState
from portal.pacts import actions as pacts
from portal.support import actions
from portal.support.models import Allocation
from tests.migrations.older import brought_up_to_date
from tests.pacts import journey

# The last migration before a suspension stopped support.
BEFORE = "0005"
NOON = datetime(2026, 2, 2, 11, 0, tzinfo=UTC)
REASON, SOURCE = "Works below the square", "Art. 12"


def at(days: int) -> None:
    clock.set_offset(NOON + timedelta(days=days) - clock.real())


def lived(cast: Any) -> dict[str, str]:
    """Suspend a pact once, one twice, and let one go on again; return their codes."""
    at(0)
    codes = {name: journey.signed(cast, title=f"Patto {name}").code for name in ("once", "twice", "again")}
    for days, verb, names in (
        (30, pacts.suspend, ("twice", "again")),
        (40, pacts.resume, ("twice", "again")),
        (50, pacts.suspend, ("once", "twice")),
    ):
        at(days)
        nuria = cast.fresh("nuria")
        for name in names:
            with db.writing() as session:
                pact = session.scalars(journey.queries.by_code(codes[name])).one()
                verb(pact, REASON, SOURCE, by=nuria)
    return codes


def languages() -> dict[str, str]:
    """Return in which language each promise is written, by its key."""
    with db.reading() as session:
        return {f"{one.subject}:{one.row_key}": one.language for one in session.scalars(select(Allocation))}


def suspended() -> dict[str, Any]:
    """Return since when each promise is stopped, by its key."""
    with db.reading() as session:
        return {
            f"{one.subject}:{one.row_key}": one.suspended_on for one in session.scalars(select(Allocation))
        }


@pytest.mark.usefixtures("database")
def test_what_was_suspended_before_is_stopped_since_its_day(cast: Any, empty: db.Database) -> None:
    codes = lived(cast)
    known, written = suspended(), languages()
    with brought_up_to_date(empty, BEFORE):
        assert suspended() == known
        assert languages() == written
        assert set(written.values()) == {"it"}
        for name, is_stopped in (("once", True), ("twice", True), ("again", False)):
            with db.reading() as session:
                mine = select(Allocation).where(Allocation.subject == f"pact:{codes[name]}")
                one = session.scalars(mine).first()
                assert one is not None
                assert (one.suspended_on is not None) == is_stopped, name
                if is_stopped:
                    with pytest.raises(WrongState, match="24/03/2026"):
                        actions.check_running(one)
