"""The one page that decides who is told of which act.

Each act reaches this page once: the cursor moves in the transaction of the message.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError

from portal import db, faults
from portal.record import Act, Did
from portal.record import actions as record
from portal.schedule.actions import note_failure_here
from portal.schedule.queries import undecided
from portal.schedule.said import NOTHING, Said, said
from portal.subscriptions import (
    about_assessment,
    about_calls,
    about_groups,
    about_legal,
    about_meetings,
    about_merging,
    about_observations,
    about_pacts,
    about_payments,
    about_pools,
    about_proposals,
    about_raising,
    about_servers,
    about_spaces,
    about_texts,
    residences,
)
from portal.subscriptions.telling import News

if TYPE_CHECKING:
    from portal.schedule.actions import Run

log = logging.getLogger("portal.subscriptions")
SUBSCRIBER = "notices"


def react(run: Run, *, base_url: str) -> Said:
    """Tell everybody concerned of the acts since the last time, and again of those that could not be told."""
    total = 0
    while count := _next(run, base_url):
        total += count
        run.progress(total, total)
    with db.reading() as session:
        untold = list(session.scalars(undecided(run.job)))
    again = run.each([(one.item, partial(_again, one.item, base_url)) for one in untold])
    if not total:
        return again if untold else NOTHING
    return said("looked_at", count=total)


def _next(run: Run, base_url: str) -> int:
    with db.writing():
        fresh = record.next_for(SUBSCRIBER)
        for _, act in fresh:
            error = _react_to(act, base_url)
            if error is not None:
                # With the cursor or not at all: an act that was passed over unnoted would never be told.
                item = f"{act.id} {act.verb} {act.subject}"
                run.failures.append(item)
                note_failure_here(run.job, item, error)
        faults.reach("told")
    return len(fresh)


def _react_to(act: Act, base_url: str) -> Exception | None:
    # An act that nobody can be told of must not silence all that follow it: it is noted for staff instead.
    try:
        with db.session().begin_nested():
            _tell_of(act, base_url)
    except OperationalError:
        raise
    except Exception as error:
        log.exception("no reaction to act %s", act.id)
        return error
    return None


def _again(item: str, base_url: str) -> None:
    with db.writing() as session:
        _tell_of(session.get_one(Act, int(item.partition(" ")[0])), base_url)


def _tell_of(act: Act, base_url: str) -> None:
    reaction = REACTIONS.get(act.verb)
    if reaction is not None:
        reaction(News(act, base_url))


REACTIONS: dict[str, Callable[[News], None]] = {
    Did.CALL_EXTENDED: about_calls.moved,
    Did.CALL_DECIDED: about_calls.moved,
    Did.CALL_CANCELLED: about_calls.moved,
    Did.MEMBERSHIP_ASKED: about_groups.asked,
    Did.MEMBERSHIP_ANSWERED: about_groups.answered,
    Did.MEMBER_JOINED: about_groups.joined,
    Did.MEMBER_REMOVED: about_groups.removed,
    Did.MANDATE_GIVEN: about_groups.mandate_given,
    Did.MANDATE_ENDED: about_groups.mandate_ended,
    Did.ORGANISATION_HIDDEN: about_groups.hidden,
    Did.CO_AUTHOR_JOINED: about_groups.co_author_joined,
    Did.CO_AUTHOR_REMOVED: about_groups.co_author_removed,
    Did.PROPOSAL_SUBMITTED: about_proposals.sent,
    Did.MERGE_OFFERED: about_merging.offered,
    Did.MERGE_ANSWERED: about_merging.answered,
    Did.MERGE_TAKEN_BACK: about_merging.taken_back,
    Did.PROPOSAL_MERGED: about_merging.merged,
    Did.JOIN_ASKED: about_proposals.asked_to_join,
    Did.CASE_ASSIGNED: about_proposals.taken,
    Did.CASE_HANDED_BACK: about_assessment.handed_back,
    Did.CASE_NOTED: about_assessment.noted,
    Did.OPINION_ASKED: about_assessment.asked,
    Did.OPINION_GIVEN: about_assessment.given,
    Did.OPINION_GONE_ON: about_assessment.gone_on,
    Did.PRESCRIPTION_ANSWERED: about_assessment.prescription_answered,
    Did.OPINION_LINK_CLOSED: about_assessment.link_closed,
    Did.PROPOSAL_WITHDRAWN: about_proposals.withdrawn,
    Did.PROPOSAL_SUPPLEMENT_ASKED: about_proposals.asked,
    Did.PROPOSAL_EXTENDED: about_proposals.extended,
    Did.PROPOSAL_MAIL_RECEIVED: about_proposals.written_by_mail,
    Did.PROPOSAL_SUPPLIED: about_proposals.supplied,
    Did.PROPOSAL_REFUSAL_NOTICED: about_proposals.notice_given,
    Did.PROPOSAL_REFUSED: about_proposals.refused,
    Did.PROPOSAL_ACCEPTED: about_proposals.accepted,
    Did.PACT_SUGGESTED: about_texts.suggested,
    Did.PACT_VERSION_MADE: about_texts.version_made,
    Did.PACT_VERSION_SENT: about_texts.version_sent,
    Did.MEETING_CALLED: about_meetings.told,
    Did.MEETING_CHANGED: about_meetings.told,
    Did.MEETING_CANCELLED: about_meetings.told,
    Did.MEETING_MINUTED: about_meetings.minuted,
    **dict.fromkeys(about_legal.TITLES, about_legal.arranged),
    **dict.fromkeys(about_legal.SAID, about_legal.told),
    **dict.fromkeys(about_spaces.SAID, about_spaces.told),
    Did.PACT_REOPENED: about_pacts.reopened,
    Did.PACT_AGREED: about_pacts.agreed,
    Did.SUPPORT_PROPOSED: about_pacts.support_proposed,
    Did.PACT_SIGNING_OPENED: about_pacts.signing_opened,
    Did.OBSERVATIONS_OPENED: about_observations.opened,
    Did.OBSERVATIONS_EXTENDED: about_observations.extended,
    Did.OBSERVATION_RECEIVED: about_observations.received,
    Did.OBSERVATION_ANSWERED: about_observations.answered,
    Did.OBSERVATION_HIDDEN: about_observations.hidden,
    Did.OBSERVATION_CONTESTED: about_observations.contested,
    Did.OBSERVATION_DECIDED: about_observations.decided,
    Did.PAPER_ISSUED: about_pacts.paper_issued,
    Did.REPORT_SENT: about_pacts.report_sent,
    Did.REPORT_RETURNED: about_pacts.report_returned,
    Did.REPORT_VALIDATED: about_pacts.report_validated,
    Did.SUPPORT_DELIVERED: about_pacts.support_given,
    Did.SUPPORT_REFUSED: about_pacts.support_refused,
    Did.SUPPORT_OBJECTED: about_pacts.support_objected,
    Did.SUPPORT_ANSWERED: about_pacts.support_answered,
    Did.SUPPORT_RETURNED: about_pacts.support_ended,
    Did.SUPPORT_CLOSED: about_pacts.support_ended,
    Did.FENCE_MEASURED: about_pacts.fence_measured,
    Did.PACT_SUSPENDED: about_pacts.life_moved,
    Did.PACT_RESUMED: about_pacts.life_moved,
    Did.PACT_CONCLUDED: about_pacts.life_moved,
    Did.PACT_TERMINATED: about_pacts.life_moved,
    **about_servers.TOLD,
    **residences.TOLD,
    **about_payments.TOLD,
    **about_pools.TOLD,
    **about_raising.TOLD,
}
