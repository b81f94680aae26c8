"""The city's clock on a proposal: what stopped it, what lengthened it, where it stands."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from portal import city, clock
from portal.proposals.lifecycle import State
from portal.proposals.profiles import profile_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.city import Profile
    from portal.proposals.models import Proposal

CLOCK = "examination"
# What the city owes no answer to any more.
_NO_ANSWER = frozenset({State.WITHDRAWN, State.LAPSED, State.MERGED})


def count(proposal: Proposal, *, on: date | None = None) -> city.Count | None:
    """Return where the examination stands, today where no day is named; None where there is none to give.

    A decided proposal is counted as it stood on the day of its decision.
    """
    if proposal.submitted_at is None or proposal.state in _NO_ANSWER:
        return None
    decided = _day(proposal.decided_at) if proposal.decided_at else None
    return city.count(
        _day(proposal.submitted_at),
        profile_of(proposal).clock(CLOCK),
        on=decided or on or clock.today(),
        stops=_stops(proposal),
        extension=_extension(proposal),
    )


def last_day(proposal: Proposal) -> date | None:
    """Return the last day for the city's answer; None while nobody can say it."""
    found = count(proposal)
    return found.last_day if found else None


def promised_day(sent_at: datetime, profile: Profile) -> date:
    """Return the last day as it was promised on the day of sending, before anything moved it."""
    return city.deadline(_day(sent_at), profile.clock(CLOCK))


def reply_day(proposal: Proposal) -> date | None:
    """Return the last day for a reply to the notice of refusal, None where there is no notice."""
    if proposal.noticed_at is None:
        return None
    return city.deadline(_day(proposal.noticed_at), profile_of(proposal).clock("refusal_reply"))


def _stops(proposal: Proposal) -> Iterator[city.Stop]:
    stopped_by = profile_of(proposal).clock(CLOCK).stopped_by
    if "supplement" in stopped_by:
        for one in proposal.supplements:
            yield city.Stop(
                "supplement", _day(one.asked_at), _day(one.supplied_at) if one.supplied_at else None
            )
    if "refusal_notice" in stopped_by and proposal.noticed_at is not None:
        until = _day(proposal.replied_at) if proposal.replied_at else reply_day(proposal)
        yield city.Stop("refusal_notice", _day(proposal.noticed_at), until)


def _extension(proposal: Proposal) -> city.Extension | None:
    if proposal.extended_at is None:
        return None
    return city.Extension(proposal.extension_days, _day(proposal.extended_at), proposal.extension_reason)


def _day(instant: datetime) -> date:
    return clock.local(instant).date()
