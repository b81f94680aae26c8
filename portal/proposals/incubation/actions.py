"""The verbs of a track: stages are set, groups apply, two persons decide, and a cooperative is founded."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from portal import clock, db, policy
from portal.errors import Invalid, Stale, WrongState
from portal.policy import Can, Rel
from portal.proposals.calls.lifecycle import Phase, phase
from portal.proposals.incubation import hours, interests, queries
from portal.proposals.incubation.lifecycle import GOING, LIFE, Verb
from portal.proposals.models import Call, Stage, StageDecision, Venture, VentureStep
from portal.record import Did, record
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from portal.city import Profile
    from portal.organisations.models import Organisation
    from portal.policy import Actor

MOST_STAGES, MOST_PLACES, MOST_HOURS, TRIES = 6, 1000, 200, 20
MOST_STAGE_HOURS = 10_000
LONGEST_NAME, LONGEST_SUMMARY, LONGEST_REASON, LONGEST_EVIDENCE = 120, 400, 2000, 300
NO_TRACK = W("This call has no track for new cooperatives.")
DECIDED_ALREADY = W("A colleague decided on this a moment ago. Look again.")
# What the group shows itself, and what the city enters.
MILESTONES, PRESENCES = ("statute", "members", "registered", "other"), tuple(hours.POOLS)


@dataclass(frozen=True, slots=True)
class Plan:
    """One stage as it is set; words by language."""

    name: Mapping[str, str]
    starts_on: date
    ends_on: date
    places: int
    conditions: Mapping[str, str] = field(default_factory=dict)
    # Hours of each kind of help that are asked of the pools, by "training", "mentoring", "legal".
    hours: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Idea:
    """What a group applies with; named in public only if it wants to be."""

    name: str
    summary: str
    is_named: bool = False
    # The group of the register for which somebody applies, of their own ones.
    group_id: int | None = None


@dataclass(frozen=True, slots=True)
class Deciding:
    """A venture and the decision on it that waits, as the thing that somebody is to approve."""

    venture: Venture
    decision: StageDecision

    def relations(self, actor: Actor) -> frozenset[Rel]:
        """Return how the actor stands to either of them."""
        return self.venture.relations(actor) | self.decision.relations(actor)


@dataclass(frozen=True, slots=True)
class Step:
    """Something done or attended, with what shows it."""

    kind: str
    on: date
    evidence: str
    hours: int = 0


def set_stages(call: Call, plans: Sequence[Plan], *, rules: Profile | None = None, by: Actor) -> None:
    """Set the stages of a track, and ask the pools for their hours, which are worth what the rules say.

    Refuses with WrongState once anybody was let into one.
    """
    policy.check(by, Can.TRACK_RUN, call)
    _check_track(call)
    session = db.session()
    session.execute(queries.hold(call.id))
    if any(one.taken for one in session.scalars(queries.stages(call.id))):
        raise WrongState(W("Somebody was let into a stage already, so the stages stay as they are."))
    _check_plans(plans)
    session.execute(delete(Stage).where(Stage.call_id == call.id))
    for number, plan in enumerate(plans, start=1):
        facts = {"name": dict(plan.name), "conditions": dict(plan.conditions), "places": plan.places}
        dates = {"starts_on": plan.starts_on, "ends_on": plan.ends_on}
        session.add(Stage(call_id=call.id, number=number, **facts, **dates))
    session.flush()
    hours.ask(call, plans, rules, by=by)
    interests.concern(call)
    record(Did.TRACK_SET, call.key, by=by, places=[one.places for one in plans])


def _check_plans(plans: Sequence[Plan]) -> None:
    if not 0 < len(plans) <= MOST_STAGES:
        raise Invalid(W("Set at least one stage, and %(most)s at most.", most=MOST_STAGES))
    for before, plan in zip((None, *plans), plans, strict=False):
        if not any(plan.name.values()):
            raise Invalid(W("Give each stage a name."))
        if not 0 < plan.places <= MOST_PLACES:
            raise Invalid(W("Say how many places each stage has, from 1 to %(most)s.", most=MOST_PLACES))
        if any(not 0 <= asked <= MOST_STAGE_HOURS for asked in plan.hours.values()):
            raise Invalid(W("A stage is given at most %(most)s hours of each kind.", most=MOST_STAGE_HOURS))
        if plan.ends_on < plan.starts_on or (before and plan.starts_on < before.starts_on):
            raise Invalid(W("Each stage ends after it starts, and starts after the one before."))


def apply(call: Call, idea: Idea, *, by: Actor) -> Venture:
    """Apply for a track while its call is open. Refuses with WrongState before and after.

    Refuses with Invalid an idea without words, and a group to which whoever applies does not belong.
    """
    policy.check(by, Can.VENTURE_APPLY)
    _check_track(call)
    if phase(call, clock.now()) is not Phase.OPEN:
        raise WrongState(W("You can apply while the call is open. It is not open now."))
    for name, most in (("name", LONGEST_NAME), ("summary", LONGEST_SUMMARY)):
        _needed(getattr(idea, name), most, field=name)
    if idea.group_id is not None and idea.group_id not in by.organisations:
        raise Invalid(W("Choose a group to which you belong"), field="group")
    assert by.person_id is not None  # noqa: S101 - the permission asks for an account
    db.session().execute(queries.hold(call.id))
    venture = Venture(
        call_id=call.id,
        name=idea.name,
        summary=idea.summary,
        is_named=idea.is_named,
        person_id=by.person_id,
        group_id=idea.group_id,
        applied_at=clock.now(),
        stage=0,
    )
    _number(venture)
    interests.concern(call)
    record(Did.VENTURE_APPLIED, call.key, by=by, number=venture.number)
    return venture


def _number(venture: Venture) -> None:
    # Two at once ask for the same number: the unique index lets one have it, the other the next.
    session = db.session()
    for _ in range(TRIES):
        venture.number = (session.scalar(queries.last_number(venture.call_id)) or 0) + 1
        try:
            with session.begin_nested():
                session.add(venture)
                session.flush()
        except IntegrityError:
            continue
        return
    raise Stale(DECIDED_ALREADY)


def withdraw(venture: Venture, *, by: Actor) -> None:
    """Leave the track; the place stays taken, since the stage went on with it."""
    policy.check(by, Can.VENTURE_OWN, venture)
    interests.hold(venture)
    _end(venture, Verb.WITHDRAW)
    record(Did.VENTURE_WITHDRAWN, _key(venture), by=by, number=venture.number, stage=venture.stage)


def propose(venture: Venture, outcome: str, reason: str, *, by: Actor) -> StageDecision:
    """Propose whether a venture goes on into the next stage; a second person approves.

    Refuses with Stale where a colleague proposed something at the same moment.
    """
    interests.hold(venture)
    policy.check(by, Can.VENTURE_DECIDE, venture)
    verb = Verb.GO_ON if outcome == "goes_on" else Verb.TURN_DOWN
    LIFE.after(venture.state, verb)
    _needed(reason, LONGEST_REASON, field="reason")
    if outcome not in {"goes_on", "not_chosen"}:
        raise Invalid(W("Choose from the list"), field="outcome")
    if verb is Verb.GO_ON and _next_stage(venture) is None:
        raise WrongState(W("There is no further stage."))
    assert by.person_id is not None  # noqa: S101 - the permission is a city role's
    decision = StageDecision(
        venture_id=venture.id,
        stage=venture.stage + 1,
        outcome=outcome,
        reason=reason,
        proposed_by_id=by.person_id,
        proposed_at=clock.now(),
    )
    try:
        with db.session().begin_nested():
            db.session().add(decision)
            db.session().flush()
    except IntegrityError as error:
        raise Stale(W("A decision on this venture waits for its second person already.")) from error
    record(Did.VENTURE_PROPOSED, _key(venture), by=by, number=venture.number, stage=decision.stage)
    return decision


def approve(venture: Venture, decision: StageDecision, *, by: Actor) -> None:
    """Approve a decision as the second person: the venture takes a place of the stage, or is told why not.

    With the first one the stage begins, and its hours are bound. Refuses with WrongState where no place is
    left, or where hours wait for their second person: one UPDATE decides every race.
    """
    interests.hold(venture)
    policy.check(by, Can.VENTURE_APPROVE, Deciding(venture, decision))
    if decision.approved_by_id is not None or decision.stage != venture.stage + 1:
        raise WrongState(DECIDED_ALREADY)
    decision.approved_by_id, decision.approved_at = by.person_id, clock.now()
    if decision.outcome == "goes_on":
        venture.state = LIFE.after(venture.state, Verb.GO_ON).value
        _take_place(venture)
        hours.bind(db.session().get_one(Call, venture.call_id), decision.stage, by=by)
        venture.stage = decision.stage
    else:
        venture.reason = decision.reason
        _end(venture, Verb.TURN_DOWN)
    interests.concern(db.session().get_one(Call, venture.call_id))
    facts = {"number": venture.number, "stage": decision.stage, "outcome": decision.outcome}
    record(Did.VENTURE_DECIDED, _key(venture), by=by, **facts)


def _take_place(venture: Venture) -> None:
    taken = (
        update(Stage)
        .where(Stage.call_id == venture.call_id, Stage.number == venture.stage + 1)
        .where(Stage.taken < Stage.places)
        .values(taken=Stage.taken + 1)
        .returning(Stage.id)
        .execution_options(synchronize_session=False)
    )
    if db.session().scalar(taken) is None:
        raise WrongState(W("No place is left in this stage."))


def enter_step(venture: Venture, step: Step, *, by: Actor) -> VentureStep:
    """Enter a milestone as the venture, or presence and hours of help as the city, out of the stage's own."""
    can = Can.VENTURE_OWN if step.kind in MILESTONES else Can.VENTURE_DECIDE
    policy.check(by, can, venture)
    if venture.state not in GOING:
        raise WrongState(W("This venture is on the track no more."))
    if step.kind not in (*MILESTONES, *PRESENCES):
        raise Invalid(W("Choose from the list"), field="kind")
    if step.on > clock.today():
        raise Invalid(W("Enter a day that is not in the future"), field="on")
    if not 0 <= step.hours <= MOST_HOURS:
        raise Invalid(W("Enter a whole number, like 12"), field="hours")
    _needed(step.evidence, LONGEST_EVIDENCE, field="evidence")
    given = hours.give(db.session().get_one(Call, venture.call_id), venture, step, by=by)
    entered = VentureStep(
        delivery_id=given.id if given else None,
        venture_id=venture.id,
        stage=venture.stage,
        kind=step.kind,
        on=step.on,
        hours=step.hours,
        evidence=step.evidence,
        entered_at=clock.now(),
        actor=by.pseudonym,
    )
    db.session().add(entered)
    db.session().flush()
    record(Did.VENTURE_STEPPED, _key(venture), by=by, number=venture.number, kind=step.kind, hours=step.hours)
    return entered


def found(venture: Venture, organisation: Organisation, *, by: Actor) -> None:
    """Say which cooperative in the register came of a venture; nobody says so of a group of their own."""
    interests.hold(venture)
    policy.check(by, Can.VENTURE_DECIDE, venture)
    policy.check(by, Can.VENTURE_DECIDE, organisation)
    venture.organisation_id = organisation.id
    _end(venture, Verb.FOUND)
    db.session().flush()
    record(Did.VENTURE_FOUNDED, _key(venture), by=by, number=venture.number, organisation=organisation.slug)


def _end(venture: Venture, verb: Verb) -> None:
    venture.state = LIFE.after(venture.state, verb).value
    venture.ended_at = clock.now()
    interests.concern(db.session().get_one(Call, venture.call_id))


def _next_stage(venture: Venture) -> Stage | None:
    return db.session().scalar(queries.stage(venture.call_id, venture.stage + 1))


def _key(venture: Venture) -> str:
    return db.session().get_one(Call, venture.call_id).key


def _check_track(call: Call) -> None:
    if call.track != "incubation":
        raise WrongState(NO_TRACK)


def _needed(words: str, most: int, *, field: str) -> None:
    if not words:
        raise Invalid(W("Say it in a few words."), field=field)
    if len(words) > most:
        raise Invalid(W("Shorten this to %(most)s characters or fewer", most=most), field=field)
