"""The acts of the record about a case, each as one sentence; no person is named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from portal.record import Did
from portal.words import W

_SIDES = {"community": W("the community"), "city": W("the city")}
_WORDS: dict[str, W] = {
    Did.PROPOSAL_STARTED: W("A proposal was begun"),
    Did.PROPOSAL_SUBMITTED: W("The proposal was sent to the city"),
    Did.PROPOSAL_WITHDRAWN: W("The proposal was taken back"),
    Did.PROPOSAL_SUPPLEMENT_ASKED: W("The city asked for what was missing; its clock stood still"),
    Did.PROPOSAL_SUPPLIED: W("The group answered"),
    Did.PROPOSAL_EXTENDED: W("The city gave itself %(days)s more days to answer, with a reason"),
    Did.PROPOSAL_ACCEPTED: W("The proposal was accepted for co-design"),
    Did.PROPOSAL_REFUSAL_NOTICED: W("The city gave notice of the reasons against"),
    Did.PROPOSAL_REFUSED: W("The proposal was not accepted"),
    Did.PROPOSAL_MERGED: W("The proposal went on as a part of another: %(code)s"),
    Did.PROPOSAL_JOINED: W("Another proposal became a part of this one: %(code)s"),
    Did.MERGE_OFFERED: W("The city offered both groups to make one of their proposals"),
    Did.MERGE_ANSWERED: W("A group answered the offer to make one of two proposals"),
    Did.MERGE_TAKEN_BACK: W("The city took back its offer to make one of two proposals"),
    Did.CASE_ASSIGNED: W("An officer took the case"),
    Did.CASE_INTEREST_STATED: W("An official stated whether they have a conflict of interest"),
    Did.CASE_HANDED_BACK: W("The officer gave the case back because of a conflict of interest"),
    Did.CASE_ASSESSED: W("An assessment was finished"),
    Did.CASE_COMPARED: W("Competing proposals were set side by side, and one was preferred"),
    Did.DECISION_HELD: W("A decision was prepared and held back"),
    Did.DECISION_CHANGED: W("A decision that is held back was changed"),
    Did.DECISION_TAKEN_BACK: W("A decision that was held back was given up"),
    Did.DECISION_PUBLISHED: W("A decision that was held back was published"),
    Did.DECISION_STOPPED: W("A decision that was held back could not be published at its moment"),
    Did.OPINION_ASKED: W("An office was asked for its opinion"),
    Did.OPINION_GIVEN: W("An office gave its opinion"),
    Did.OPINION_GONE_ON: W("The city went on without an opinion, or against it, with a reason"),
    Did.OBSERVATIONS_OPENED: W("A period for observations was published"),
    Did.OBSERVATIONS_EXTENDED: W("The period for observations was made longer"),
    Did.OBSERVATION_ANSWERED: W("The city answered an observation"),
    Did.OBSERVATION_HIDDEN: W("An observation was hidden, with a reason"),
    Did.OBSERVATION_DECIDED: W("A second person decided on a hidden observation"),
    Did.PACT_OPENED: W("The pact was opened for co-design"),
    Did.PACT_SUGGESTED: W("A change was suggested"),
    Did.PACT_SUGGESTION_ANSWERED: W("A suggestion was declined"),
    Did.MEETING_CALLED: W("A meeting was called"),
    Did.MEETING_CHANGED: W("A meeting was moved or changed"),
    Did.MEETING_CANCELLED: W("A meeting was cancelled"),
    Did.MEETING_MINUTED: W("The minutes of a meeting were written"),
    Did.MEETING_CONFIRMED: W("The minutes of a meeting were confirmed by the other side"),
    Did.PACT_REMARKED: W("One side said something about a clause: %(side)s"),
    Did.PRESCRIPTION_ANSWERED: W("The city said how the text answers what an office prescribed"),
    Did.PACT_VERSION_SENT: W("The city sent version %(version)s to the group"),
    Did.PACT_VERSION_MADE: W("Version %(version)s of the text was made"),
    Did.PACT_AGREED_BY: W("One side agreed to version %(version)s: %(side)s"),
    Did.PACT_AGREED: W("Both sides agree to version %(version)s"),
    Did.PACT_SIGNING_OPENED: W("The pact was made ready to sign"),
    Did.PACT_SIGNED_BY: W("One party signed: %(side)s"),
    Did.PACT_SIGNED: W("The last party signed: the pact is signed"),
    Did.PACT_SUSPENDED: W("The pact was suspended"),
    Did.PACT_RESUMED: W("The pact was resumed"),
    Did.PACT_CONCLUDED: W("The pact was concluded"),
    Did.PACT_TERMINATED: W("The pact was ended early"),
    Did.SUPPORT_ASKED: W("Support was asked for"),
    Did.SUPPORT_PROPOSED: W("An official proposed to give support"),
    Did.SUPPORT_APPROVED: W("A second official approved the support"),
    Did.SUPPORT_SENT_BACK: W("The second official sent the support back"),
    Did.SUPPORT_RELEASED: W("Support that was kept aside went back"),
    Did.SUPPORT_COMMITTED: W("The support was promised with the signature"),
    Did.SUPPORT_DELIVERED: W("A part of the support was given"),
    Did.SERVER_OPENED: W("A server is being prepared"),
    Did.SERVER_REQUESTED: W("A server was requested from whoever runs the machines"),
    Did.SERVER_BEGUN: W("A server is being set up"),
    Did.SERVER_RUNNING: W("A server is running"),
    Did.SERVER_FAILED: W("A server could not be set up"),
    Did.SERVER_CALLED_OFF: W("A server was called off before it was set up"),
    Did.SERVER_CHANGE_DECIDED: W("A change of a server was decided"),
    Did.SERVER_WINDING_DOWN: W("A server is being wound down"),
    Did.SERVER_HANDED_OVER: W("What was on a server was handed over"),
    Did.SERVER_DELETED: W("A server was deleted"),
    Did.PAYMENTS_PLANNED: W("It was planned in which parts the promised sum is paid"),
    Did.COSTS_SENT: W("The group handed in statement of costs %(number)s"),
    Did.COSTS_DECIDED: W("The city decided on statement of costs %(number)s"),
    Did.PAYMENT_RELEASED: W("A payment was given to the bank"),
    Did.PAYMENT_PAID: W("The bank paid a part of the promised sum"),
    Did.MONEY_CAME_BACK: W("Money that was not spent came back"),
    Did.SPACE_BOOKED: W("A space was booked: %(hours)s h"),
    Did.SPACE_CANCELLED: W("A booking of a space was cancelled"),
    Did.SPACE_USED: W("A space was used as booked"),
    Did.SPACE_MISSED: W("A booked space stayed empty, and its hours count"),
    Did.SPACE_EXCUSED: W("The hours of a booked space went back"),
    Did.SUPPORT_REFUSED: W("An official refused a row of support"),
    Did.SUPPORT_PLANNED: W("The city promised days for the parts of the support"),
    Did.SUPPORT_ACCEPTED: W("The group confirmed what arrived"),
    Did.SUPPORT_OBJECTED: W("The group objected to what arrived"),
    Did.SUPPORT_ANSWERED: W("The city answered the objection"),
    Did.SUPPORT_RETURNED: W("A part of the support came back"),
    Did.SUPPORT_WRITTEN_OFF: W("Things on loan were written off"),
    Did.SUPPORT_CLOSED: W("The support was settled"),
    Did.FENCE_SET: W("A fence came into force"),
    Did.FENCE_MEASURED: W("A fence was measured"),
    Did.REPORT_SENT: W("Progress report %(number)s was sent"),
    Did.REPORT_RETURNED: W("Progress report %(number)s went back for changes"),
    Did.REPORT_VALIDATED: W("Progress report %(number)s was found in order and published"),
    Did.PAPER_ISSUED: W("A sealed document was issued"),
}
_REOPENED = W("The text was taken up again; agreements and signatures given before are void")
_ACCEPTED = W("A suggestion was accepted; it makes version %(version)s")
_COUNTERED = W("A suggestion was answered with other words")
_TAKEN_BACK = W("A suggestion was taken back")
_AGREEMENT_ISSUED = W("The sealed agreement was issued")
_REPORT_ISSUED = W("The sealed progress report was issued")


class ActLike(Protocol):
    """What this file reads of an act."""

    id: int
    at: datetime
    verb: str
    behalf: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One act as people read it."""

    act_id: int
    at: datetime
    words: W
    detail: str = ""
    version: int | None = None
    content_hash: str = ""
    behalf: str = ""


def lines(acts: Iterable[ActLike], names: Mapping[str, str] | None = None) -> list[Line]:
    """Return the acts as sentences, in the order given; acts without words of their own are left out.

    `names` are those of the organisations for which people acted, by their subject keys.
    """
    found = [(act, _line(act)) for act in acts]
    known = names or {}
    return [replace(line, behalf=known.get(act.behalf, "")) for act, line in found if line is not None]


def _line(act: ActLike) -> Line | None:
    words = _special(act) or _WORDS.get(act.verb)
    if words is None:
        return None
    facts = act.facts
    side = facts.get("side") or facts.get("party") or ""
    parameters = {
        "version": facts.get("version") or "",
        "number": facts.get("number") or "",
        "side": _SIDES.get(str(side), ""),
        "days": facts.get("days") or "",
        "code": facts.get("into") or facts.get("joined") or "",
    }
    version = facts.get("version") if act.verb.startswith("pact:") else None
    return Line(
        act.id,
        act.at,
        W(words.id, **parameters),
        detail=_detail(facts),
        version=version if isinstance(version, int) else None,
        content_hash=str(facts.get("content_hash", "")),
    )


def _special(act: ActLike) -> W | None:
    facts = act.facts
    if act.verb == Did.PACT_REOPENED:
        return _REOPENED
    if act.verb == Did.PACT_SUGGESTION_ANSWERED:
        if facts.get("withdrawn"):
            return _TAKEN_BACK
        if facts.get("countered_by"):
            return _COUNTERED
        return _ACCEPTED if facts.get("accepted") else None
    if act.verb == Did.PAPER_ISSUED:
        return {"agreement": _AGREEMENT_ISSUED, "progress_report": _REPORT_ISSUED}.get(str(facts.get("kind")))
    return None


def _detail(facts: Mapping[str, Any]) -> str:
    reason, source = str(facts.get("reason", "")), str(facts.get("source", ""))
    return f"{reason} ({source})" if reason and source else reason
