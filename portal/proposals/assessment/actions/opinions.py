"""Ask an office for its opinion, give one by account or by a mailed link, go on without one or against it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from portal import city, clock, crypto, db, policy
from portal.errors import Invalid, NotAllowed, NotFound, Stale, WrongState
from portal.policy import Can
from portal.proposals.assessment import queries
from portal.proposals.assessment.actions.judging import advises, check_stated
from portal.proposals.assessment.prescriptions import Prescription, clauses_for
from portal.proposals.assessment.rules import Outcome
from portal.proposals.fitting import fits
from portal.proposals.models import Opinion
from portal.proposals.profiles import profile_of
from portal.proposals.shapes import LONGEST_TEXT
from portal.record import Did, record
from portal.words import W

if TYPE_CHECKING:
    from datetime import date

    from portal.policy import Actor
    from portal.proposals.models import Proposal

# A link outlives its last day a little: a late opinion is better than none.
AFTER_THE_DAY = timedelta(days=14)
MOST_PRESCRIPTIONS, LONGEST_PRESCRIPTION, LONGEST_QUESTION = 20, 500, 2000
_UNDECIDED = frozenset({"submitted", "supplement_asked", "refusal_noticed", "accepted"})
_ASK = W("Write what you want to know")
_ASKED = W("This office is asked already. Wait for its answer, or go on without it after its last day.")
_OVER = W("This question was answered already, or it is not open any more.")
LINK_OVER = W("This link is over, was answered, or was replaced by a newer one. Ask the office that sent it.")
_REASON = W("Give the reasons of the opinion")
_PRESCRIBE = W("Write what must be observed")
AT_CLAUSE = W("Write what must be observed in the clause you chose, or choose no clause")
_MOST = W("Write %(most)s prescriptions at most", most=MOST_PRESCRIPTIONS)
_NO_CLAUSE = W("Choose a clause from the list")
_NOT_CONDITIONAL = W(
    "You wrote prescriptions. Choose “In favour, with prescriptions”, or empty what you wrote there."
)
_NOT_YOURS = W("This question is for another office.")
_WHY = W("Say why the city goes on")
_EARLY = W("Wait for the answer until %(day)s, the last day for it.")
_NOTHING = W("There is nothing to go on without or against: the opinion is in, and it is in favour.")
_DECIDED = W("The case is decided, so nobody is asked any more.")


@dataclass(frozen=True, slots=True)
class Answer:
    """What an office says; `file_hash` names a PDF that is kept already."""

    outcome: str
    reason: str
    prescriptions: tuple[Prescription, ...] = field(default=())
    file_hash: str = ""


def ask(
    proposal: Proposal, office: str, question: str, *, address: str = "", by: Actor
) -> tuple[Opinion, str]:
    """Ask an office of the profile until the last day of its clock; return the question and a link's secret.

    With an address somebody outside answers through the link, otherwise the secret is empty. Refuses with
    Invalid, WrongState (decided), Stale (asked at the same moment).
    """
    policy.check(by, Can.OPINION_ASK, proposal)
    if proposal.state not in _UNDECIDED:
        raise WrongState(_DECIDED)
    found = next((one for one in profile_of(proposal).offices_for_opinions() if one.id == office), None)
    if found is None:
        raise Invalid(W("Choose an office"), field="office")
    if not question:
        raise Invalid(_ASK, field="question")
    fits(question, LONGEST_QUESTION, field="question")
    due_on = city.deadline(clock.today(), profile_of(proposal).clock("opinion"))
    made = Opinion(
        proposal_id=proposal.id,
        office=office,
        kind=found.opinion,
        question=question,
        state="asked",
        asked_at=clock.now(),
        asked_by_id=by.person_id,
        due_on=due_on,
        address=address.strip().lower(),
    )
    token = _link(made) if address else ""
    _add(made)
    facts = {"opinion": made.id, "office": office, "due_on": str(due_on), "by_link": bool(address)}
    record(Did.OPINION_ASKED, proposal.case_key, by=by, **facts)
    return made, token


def _add(made: Opinion) -> None:
    try:
        with db.session().begin_nested():
            db.session().add(made)
            db.session().flush()
    except IntegrityError as error:
        raise Stale(_ASKED) from error


def _link(opinion: Opinion) -> str:
    token = crypto.new_token()
    opinion.token_hash = crypto.token_hash(token)
    opinion.expires_at = _end_of(opinion.due_on) + AFTER_THE_DAY
    return token


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=clock.zone()).astimezone(UTC)


def send_anew(proposal: Proposal, opinion: Opinion, address: str, *, by: Actor) -> str:
    """Return the secret of a new link to this address; the older one leads nowhere from now on."""
    policy.check(by, Can.OPINION_ASK, proposal)
    _check_open(opinion)
    opinion.address = address.strip().lower()
    token = _link(opinion)
    opinion.expires_at = max(opinion.expires_at or clock.now(), clock.now() + AFTER_THE_DAY)
    db.session().flush()
    record(Did.OPINION_ASKED, proposal.case_key, by=by, opinion=opinion.id, again=True, by_link=True)
    return token


def close_link(proposal: Proposal, opinion: Opinion, *, by: Actor) -> None:
    """Let the link lead nowhere; the question stays open for those with an account."""
    policy.check(by, Can.OPINION_ASK, proposal)
    _check_open(opinion)
    opinion.token_hash, opinion.expires_at, opinion.address = None, None, ""
    record(Did.OPINION_LINK_CLOSED, proposal.case_key, by=by, opinion=opinion.id)


def give(proposal: Proposal, opinion: Opinion, answer: Answer, *, by: Actor) -> None:
    """Give the opinion for an office, after stating one's interest. Refuses with Invalid, WrongState."""
    policy.check(by, Can.OPINION_GIVE, proposal)
    if not advises(by, opinion.kind):
        raise NotAllowed(_NOT_YOURS)
    check_stated(proposal, by)
    _take(proposal, opinion, answer)
    opinion.given_by_id = by.person_id
    record(
        Did.OPINION_GIVEN, proposal.case_key, by=by, opinion=opinion.id, office=opinion.office,
        outcome=opinion.outcome,
    )  # fmt: skip


def find_by_link(token: str) -> Opinion:
    """Return the question that this link is good for; refuses with NotFound. Changes nothing."""
    found = db.session().scalar(queries.opinion_by_link(crypto.token_hash(token)))
    if found is None or found.state != "asked" or (found.expires_at or clock.now()) <= clock.now():
        raise NotFound(LINK_OVER)
    return found


def give_by_link(proposal: Proposal, token: str, answer: Answer, name: str, *, by: Actor) -> Opinion:
    """Give the opinion through the mailed link, once; its address hears how the city answers the opinion."""
    policy.check(by, Can.OPINION_BY_LINK)
    opinion = find_by_link(token)
    if not name:
        raise Invalid(W("Write your name and office"), field="name")
    fits(name, 120, field="name")
    _take(proposal, opinion, answer)
    opinion.answered_as = name
    record(
        Did.OPINION_GIVEN, proposal.case_key, by=by, opinion=opinion.id, office=opinion.office,
        outcome=opinion.outcome, by_link=True,
    )  # fmt: skip
    return opinion


def decline_by_link(proposal: Proposal, token: str, *, by: Actor) -> None:
    """Take the word of somebody outside that they have a conflict: the link is over, the question stays."""
    policy.check(by, Can.OPINION_BY_LINK)
    opinion = find_by_link(token)
    opinion.token_hash, opinion.expires_at = None, None
    record(Did.OPINION_LINK_CLOSED, proposal.case_key, by=by, opinion=opinion.id, has_conflict=True)


def _take(proposal: Proposal, opinion: Opinion, answer: Answer) -> None:
    _check_open(opinion)
    if answer.outcome not in set(Outcome):
        raise Invalid(W("Choose what your office says"), field="outcome")
    if not answer.reason:
        raise Invalid(_REASON, field="reason")
    fits(answer.reason, LONGEST_TEXT, field="reason")
    opinion.prescriptions = _prescriptions(proposal, answer)
    opinion.outcome, opinion.reason, opinion.file_hash = answer.outcome, answer.reason, answer.file_hash
    opinion.state, opinion.given_at = "given", clock.now()
    opinion.token_hash, opinion.expires_at = None, None
    db.session().flush()


def _prescriptions(proposal: Proposal, answer: Answer) -> list[dict[str, str]]:
    written = [one for one in answer.prescriptions if one.words or one.clause]
    if answer.outcome != Outcome.PRESCRIPTIONS:
        if written:
            raise Invalid(_NOT_CONDITIONAL, field="prescriptions")
        return []
    if not written:
        raise Invalid(_PRESCRIBE, field="prescriptions")
    if len(written) > MOST_PRESCRIPTIONS:
        raise Invalid(_MOST, field="prescriptions")
    known = {one.id for one in clauses_for(profile_of(proposal), proposal.kind)}
    for one in written:
        if one.clause and one.clause not in known:
            raise Invalid(_NO_CLAUSE, field="prescriptions")
        if not one.words:
            raise Invalid(AT_CLAUSE, field="prescriptions")
        fits(one.words, LONGEST_PRESCRIPTION, field="prescriptions")
    return [one.kept() for one in written]


def go_on(proposal: Proposal, opinion: Opinion, why: str, *, by: Actor) -> None:
    """Go on without an opinion whose last day has passed, or against one, with the reason.

    Law 241/1990, article 16: an opinion that does not come in its time does not hold up the case.
    """
    policy.check(by, Can.OPINION_ASK, proposal)
    if not why:
        raise Invalid(_WHY, field="went_on_because")
    fits(why, LONGEST_TEXT, field="went_on_because")
    if opinion.state == "asked":
        if clock.today() <= opinion.due_on:
            raise WrongState(W(_EARLY.id, day=f"{opinion.due_on:%d/%m/%Y}"))
        opinion.state = "passed_over"
        opinion.token_hash, opinion.expires_at, opinion.address = None, None, ""
    elif opinion.outcome != Outcome.CONTRARY:
        raise WrongState(_NOTHING)
    opinion.went_on_because = why
    record(Did.OPINION_GONE_ON, proposal.case_key, by=by, opinion=opinion.id, office=opinion.office)


def _check_open(opinion: Opinion) -> None:
    if opinion.state != "asked":
        raise WrongState(_OVER)
