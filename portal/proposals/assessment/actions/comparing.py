"""Set competing proposals side by side and say in public why one of them is preferred."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import clock, db, policy
from portal.errors import Invalid
from portal.policy import Can
from portal.proposals.assessment.actions.judging import check_stated
from portal.proposals.fitting import fits
from portal.proposals.models import Comparison
from portal.proposals.shapes import LONGEST_TEXT
from portal.record import Did, record
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.policy import Actor
    from portal.proposals.models import Proposal

_TWO = W("There is nothing to compare it with: name another proposal.")


def prefer(compared: Sequence[Proposal], preferred: str, reason: str, *, by: Actor) -> None:
    """Keep which of the compared proposals is preferred and why; published with the decision on each.

    Whoever may not assess one of them compares none of them. Refuses with Invalid, WrongState, NotAllowed.
    """
    for one in compared:
        policy.check(by, Can.CASE_ASSESS, one)
        check_stated(one, by)
    codes = [one.code for one in compared]
    if len(codes) < 2:  # noqa: PLR2004 - two make a comparison
        raise Invalid(_TWO)
    if preferred not in codes:
        raise Invalid(W("Choose the one that is preferred"), field="preferred")
    if not reason:
        raise Invalid(W("Give the reason that everybody will read"), field="reason")
    fits(reason, LONGEST_TEXT, field="reason")
    at = clock.now()
    for one in compared:
        db.session().add(
            Comparison(
                proposal_id=one.id,
                codes=codes,
                preferred=preferred,
                reason=reason,
                compared_at=at,
                by_id=by.person_id,
            )
        )
        record(Did.CASE_COMPARED, one.case_key, by=by, codes=codes, preferred=preferred)
