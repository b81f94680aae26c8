"""Who stands on both sides of a track: what officials state themselves, and hours for one group alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import delete, update

from portal import clock, db, policy
from portal.errors import Invalid, WrongState
from portal.policy import Can, Rel, Role
from portal.proposals.fitting import fits
from portal.proposals.incubation import hours, queries
from portal.proposals.incubation.lifecycle import GOING
from portal.proposals.models import Call, StageDecision, Venture, VentureInterest
from portal.record import Did, record
from portal.support.models import Allocation
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import CursorResult

    from portal.policy import Actor

LONGEST_INTEREST = 1000
# The most particular first: as what somebody is named who holds several roles.
_AS = (Role.OFFICER, Role.TREASURER, Role.LEGAL, Role.INFRASTRUCTURE)
_SIDES = frozenset({Rel.SELF, Rel.OWN_ORGANISATION, Rel.CONFLICTED})


def state(venture: Venture, which: str, *, by: Actor) -> None:
    """State an interest in a venture: from then on one decides nothing about it, and it is not taken back.

    What one proposed of it and nobody approved yet waits no more. Refuses with Invalid an interest without
    words, with WrongState whoever stated one already, and once the group is on the track no more.
    """
    policy.check(by, Can.VENTURE_RECUSE, venture)
    hold(venture)
    if not which:
        raise Invalid(W("Say which interest you have, in a few words"), field="which")
    fits(which, LONGEST_INTEREST, field="which")
    if venture.state not in GOING:
        raise WrongState(W("This venture is on the track no more."))
    if by.person_id in venture.conflicted_ids:
        raise WrongState(W("You stated your interest in this group already, and that stands."))
    assert by.person_id is not None  # noqa: S101 - the permission is a city role's
    session = db.session()
    venture.conflicted_ids = [*venture.conflicted_ids, by.person_id]
    role = next(one for one in _AS if one in by.roles)
    facts = {"venture_id": venture.id, "person_id": by.person_id, "role": role.value}
    session.add(VentureInterest(which=which, stated_at=clock.now(), **facts))
    session.flush()
    call = session.get_one(Call, venture.call_id)
    took_back = _take_back(venture, by.person_id)
    record(Did.VENTURE_INTEREST_STATED, call.key, by=by, number=venture.number, took_back=took_back)
    concern(call)


def _take_back(venture: Venture, person_id: int) -> bool:
    mine = StageDecision.venture_id == venture.id, StageDecision.proposed_by_id == person_id
    waiting = delete(StageDecision).where(*mine, StageDecision.approved_by_id.is_(None))
    gone = cast("CursorResult[Any]", db.session().execute(waiting))
    return gone.rowcount > 0


def is_on_its_side(venture: Venture, actor: Actor) -> bool:
    """Say whether somebody stands on the side of a venture, and so decides nothing about it."""
    return bool(venture.relations(actor) & _SIDES)


def hold(venture: Venture) -> None:
    """Let whoever changes something of a track pass one by one, and see the venture as it is then."""
    db.session().execute(queries.hold(venture.call_id))
    db.session().refresh(venture)


def concern(call: Call) -> None:
    """Keep with the hours of each stage whose they are, where one group alone can still have them.

    Called last by whatever changes who is on a track, which holds the call. Whoever decides on these hours
    at the same moment has read an older version of the row, and looks again.
    """
    session = db.session()
    session.flush()
    going = session.execute(queries.going(call.id)).all()
    for key, row in hours.rows_of(call).items():
        people, group = whose([one for one in going if one.stage <= hours.stage_of(key)])
        if (row.conflicted_ids, row.conflicted_group_id) == (people, group):
            continue
        session.execute(
            update(Allocation)
            .where(Allocation.id == row.id)
            .values(conflicted_ids=people, conflicted_group_id=group, version_id=Allocation.version_id + 1)
            .execution_options(synchronize_session=False)
        )
        session.expire(row)


def whose(candidates: Sequence[Any]) -> tuple[list[int], int | None]:
    """Return the people and the group on whose side hours are: nobody's where several may have them."""
    if len(candidates) != 1:
        return [], None
    (one,) = candidates
    return sorted({one.person_id, *one.conflicted_ids}), one.group_id
