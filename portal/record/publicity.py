"""Which acts everybody may read: those named here, for a reason. Of the others the fingerprint is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.record.did import Did
from portal.words import W

# A proposal is public from the day it is sent, a pact from its co-design on; with them go the case, the
# support, the fences, the reports and the sealed papers. The record says of itself when it was restored.
# A new kind of act is private until somebody decides here that it is not.
PUBLIC = frozenset(
    did.value
    for did in (
        Did.PROPOSAL_SUBMITTED,
        Did.PROPOSAL_WITHDRAWN,
        Did.PROPOSAL_SUPPLEMENT_ASKED,
        Did.PROPOSAL_SUPPLIED,
        Did.PROPOSAL_EXTENDED,
        Did.PROPOSAL_ACCEPTED,
        Did.PROPOSAL_REFUSAL_NOTICED,
        Did.PROPOSAL_REFUSED,
        # They name codes only; what was offered before, and who said what, stays between the two groups.
        Did.PROPOSAL_MERGED,
        Did.PROPOSAL_JOINED,
        Did.CALL_PUBLISHED,
        Did.CALL_EXTENDED,
        Did.CALL_DECIDED,
        Did.CALL_CANCELLED,
        # Sums only; who pledged stands in no act.
        Did.PLEDGE_ENTERED,
        Did.PLEDGE_WITHDRAWN,
        Did.PLEDGE_CHECKED,
        Did.MATCH_SETTLED,
        Did.MATCH_GAVE_BACK,
        Did.TRACK_SET,
        Did.VENTURE_DECIDED,
        Did.VENTURE_FOUNDED,
        # That an official decides nothing about a group; which interest it is, officials alone read.
        Did.VENTURE_INTEREST_STATED,
        Did.CASE_ASSIGNED,
        # What the city does with observations; who wrote, contested or endorsed is nobody's business.
        Did.OBSERVATIONS_OPENED,
        Did.OBSERVATIONS_EXTENDED,
        Did.OBSERVATION_PUBLISHED,
        Did.OBSERVATION_ANSWERED,
        Did.OBSERVATION_HIDDEN,
        Did.OBSERVATION_DECIDED,
        Did.COMMONS_LISTED,
        Did.PHOTO_ADDED,
        Did.PACT_OPENED,
        Did.PACT_SUGGESTED,
        Did.PACT_SUGGESTION_ANSWERED,
        Did.PACT_REMARKED,
        Did.PACT_VERSION_MADE,
        Did.PACT_VERSION_SENT,
        Did.PRESCRIPTION_ANSWERED,
        Did.MEETING_CALLED,
        Did.MEETING_CHANGED,
        Did.MEETING_CANCELLED,
        Did.MEETING_MINUTED,
        Did.MEETING_CONFIRMED,
        Did.PACT_AGREED_BY,
        Did.PACT_AGREED,
        Did.PACT_REOPENED,
        Did.PACT_SIGNING_OPENED,
        Did.PACT_SIGNED_BY,
        Did.PACT_SIGNED,
        Did.PACT_SUSPENDED,
        Did.PACT_RESUMED,
        Did.PACT_CONCLUDED,
        Did.PACT_TERMINATED,
        Did.POOL_OPENED,
        Did.SURPLUS_DECLARED,
        Did.SURPLUS_ARRIVED,
        Did.SURPLUS_MOVED,
        Did.POOL_CHANGED,
        Did.POOL_CLOSED,
        Did.SUPPORT_ASKED,
        Did.SUPPORT_PROPOSED,
        Did.SUPPORT_APPROVED,
        Did.SUPPORT_SENT_BACK,
        Did.SUPPORT_RELEASED,
        Did.SUPPORT_COMMITTED,
        Did.SUPPORT_DELIVERED,
        # What becomes of a server; who runs it, what it is used for and what was written stays inside.
        Did.SERVER_OPENED,
        Did.SERVER_REQUESTED,
        Did.SERVER_BEGUN,
        Did.SERVER_RUNNING,
        Did.SERVER_FAILED,
        Did.SERVER_CALLED_OFF,
        Did.SERVER_CHANGE_DECIDED,
        Did.SERVER_WINDING_DOWN,
        Did.SERVER_HANDED_OVER,
        Did.SERVER_DELETED,
        # Sums and days of public money; never an account, nor who was paid.
        Did.PAYMENTS_PLANNED,
        Did.COSTS_SENT,
        Did.COSTS_DECIDED,
        Did.PAYMENT_RELEASED,
        Did.PAYMENT_PAID,
        Did.MONEY_CAME_BACK,
        # Which pact has which space of the city when; who of its group booked it stands in no act.
        Did.SPACE_ADDED,
        Did.SPACE_CHANGED,
        Did.SPACE_CLOSED,
        Did.SPACE_REOPENED,
        Did.SPACE_BOOKED,
        Did.SPACE_CANCELLED,
        Did.SPACE_USED,
        Did.SPACE_MISSED,
        Did.SPACE_EXCUSED,
        Did.SUPPORT_REFUSED,
        Did.SUPPORT_PLANNED,
        Did.SUPPORT_ACCEPTED,
        Did.SUPPORT_OBJECTED,
        Did.SUPPORT_ANSWERED,
        Did.SUPPORT_RETURNED,
        Did.SUPPORT_WRITTEN_OFF,
        Did.SUPPORT_CLOSED,
        Did.FENCE_SET,
        Did.FENCE_MEASURED,
        Did.REPORT_SENT,
        Did.REPORT_RETURNED,
        Did.REPORT_VALIDATED,
        Did.PAPER_ISSUED,
        Did.RECORD_RESTORED,
        Did.RECORD_CONTINUED,
    )
)
# Why the others are not, by the first part of their names.
PRIVATE = {
    # Who applied, and what was proposed of whom, is theirs and the city's until it is decided.
    "venture": W("It concerns a group that wants to found a cooperative."),
    "person": W("It concerns a person's account."),
    "factor": W("It concerns a person's account."),
    # The name of a role beside a pseudonym would say whose all the other acts of that pseudonym are.
    "role": W("It concerns a person's role."),
    "residence": W("It concerns where a person lives."),
    "absence": W("It concerns the city's own work."),
    "census": W("It concerns the city's own work."),
    "call": W("It concerns a call that is not published."),
    # The same pseudonym stands at other acts: it would tell who has a hidden name.
    "observation": W("It concerns whoever made an observation."),
    "endorsement": W("It concerns what a person thinks."),
    "organisation": W("It concerns a group's entry in the register."),
    "member": W("It concerns who belongs to a group."),
    "mandate": W("It concerns who may bind a group."),
    "co_author": W("It concerns who writes a proposal."),
    "case": W("It concerns the city's own work."),
    "opinion": W("It concerns the city's own work on a case that may not be decided yet."),
    "denied": W("Somebody tried what they may not do."),
    "join": W("It is between two groups."),
    "merge": W("It is between two groups."),
    "legal": W("It is between a group and the legal office."),
    "job": W("It concerns the city's own work."),
    "counter": W("It concerns somebody who was helped at the counter."),
    "letter": W("It concerns letters to people."),
    "costs": W("It concerns costs of a group that the city has not decided on."),
    "payee": W("It concerns the account of a group."),
    "payment": W("It concerns a payment that was not carried out."),
    "batch": W("It concerns the city's own work."),
    "letters": W("It concerns letters to people."),
}
NOT_SENT = W("It concerns a draft that nobody has sent.")
NOT_YOURS = W("It concerns a paper for one person alone.")
NOT_DECIDED = W("The city has not made acts of this kind public.")
# A proposal taken back is public where it had been sent; a draft that was never sent is not.
SENT = Did.PROPOSAL_WITHDRAWN.value
# So is a call that was called off: its draft was the desk's alone.
CALLED_OFF = Did.CALL_CANCELLED.value
ISSUED = Did.PAPER_ISSUED.value
# A receipt is between the city and who proposed; these are for everybody.
PUBLIC_PAPERS = frozenset({"agreement", "progress_report"})


def why_private(verb: str, facts: Mapping[str, Any]) -> W | None:
    """Return why the act is not public, or None where everybody may read it; what is unknown is private."""
    if verb == Did.PROPOSAL_STARTED or (verb == SENT and not facts.get("was_sent")):
        return NOT_SENT
    if verb == CALLED_OFF and not facts.get("was_published"):
        return PRIVATE["call"]
    if verb == ISSUED and facts.get("kind") not in PUBLIC_PAPERS:
        return NOT_YOURS
    return None if verb in PUBLIC else PRIVATE.get(verb.partition(":")[0], NOT_DECIDED)
