"""The part of the case page that says who stands in, and to whom the case can be handed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal import clock, db, policy
from portal.pacts.desk.table import officers
from portal.pacts.models import Absence
from portal.pacts.queries import table
from portal.policy import Can
from portal.web import me

if TYPE_CHECKING:
    from portal.pacts.desk.opened import Opened


def handing_on(opened: Opened) -> dict[str, Any] | None:
    """Show the deputy of whoever has the case, and the colleagues who could have it."""
    owner_id = (opened.pact or opened.proposal).owner_id
    away = db.session().execute(table.absences(clock.today()).where(Absence.person_id == owner_id)).first()
    may = policy.allows(me(), Can.CASE_HAND, opened.proposal) and _is_open(opened)
    receivers = [one for one in officers() if one.id != owner_id] if may else []
    return {"deputy": away, "receivers": receivers} if away or receivers else None


def _is_open(opened: Opened) -> bool:
    if opened.pact is not None:
        return opened.pact.ended_at is None
    return opened.proposal.state in {"submitted", "supplement_asked", "refusal_noticed"}
