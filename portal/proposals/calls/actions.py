"""The verbs of a call: drafted by one person, published by another, extended, decided or cancelled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from portal import clock, db, policy
from portal.errors import Invalid, Stale, WrongState
from portal.policy import Can
from portal.proposals.calls import findable, queries
from portal.proposals.calls.lifecycle import LIFE, Phase, Verb, phase
from portal.proposals.models import Call
from portal.record import Did, record
from portal.record.reading import instant_text
from portal.words import W

if TYPE_CHECKING:
    from portal.policy import Actor

LONGEST_TITLE, LONGEST_SUMMARY, LONGEST_TERMS = 150, 400, 6000
LONGEST_REASON = 4000
MOST_RATIO_BP = 100_000
TRIES = 20


@dataclass(frozen=True, slots=True)
class Notice:
    """What a call says; amounts in cents, the ratio in basis points, instants aware."""

    title: Mapping[str, str]
    summary: Mapping[str, str]
    terms: Mapping[str, str]
    track: str = "ordinary"
    themes: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    zones: list[str] = field(default_factory=list)
    leads: list[str] = field(default_factory=list)
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    pool_id: int | None = None
    budget_cents: int = 0
    match_ratio_bp: int = 0
    match_cap_cents: int = 0
    match_threshold_cents: int = 0
    match_person_cents: int = 0
    match_order: str = "first_come"
    source: str = ""


def draft(notice: Notice, *, by: Actor) -> Call:
    """Write a new call; nobody but staff sees it. Refuses with Invalid what no call may say."""
    policy.check(by, Can.CALL_DRAFT)
    _check(notice)
    assert by.person_id is not None  # noqa: S101 - the permission is a city role's
    call = Call(drafted_by_id=by.person_id, **asdict(notice))
    _number(call)
    record(Did.CALL_DRAFTED, call.key, by=by)
    return call


def change(call: Call, notice: Notice, *, by: Actor) -> None:
    """Write the draft anew; whoever changes it is its writer from then on, and cannot publish it."""
    policy.check(by, Can.CALL_DRAFT, call)
    LIFE.after(call.state, Verb.CHANGE)
    _check(notice)
    for name, value in asdict(notice).items():
        setattr(call, name, value)
    assert by.person_id is not None  # noqa: S101 - the permission is a city role's
    call.drafted_by_id = by.person_id
    record(Did.CALL_CHANGED, call.key, by=by)


def publish(call: Call, *, by: Actor) -> None:
    """Show the call to everybody; it opens and closes by itself. Refuses with Invalid what is not whole."""
    policy.check(by, Can.CALL_PUBLISH, call)
    target = LIFE.after(call.state, Verb.PUBLISH)
    lacking = missing(call, clock.now())
    if lacking:
        raise Invalid(lacking[0])
    call.state, call.published_at, call.published_by_id = target.value, clock.now(), by.person_id
    findable.enter(call)
    record(Did.CALL_PUBLISHED, call.key, by=by, **_dates(call))


def missing(call: Call, at: datetime) -> list[W]:
    """Return what the draft lacks before it can be published, as sentences."""
    pairs = (
        (call.opens_at and call.closes_at, W("Say from when to when the call is open.")),
        (
            not call.closes_at or call.closes_at > at,
            W("The last day of the call is over. Choose a later one."),
        ),
        (call.source, W("Name the decision of the city behind this call.")),
    )
    return [sentence for holds, sentence in pairs if not holds]


def extend(call: Call, closes_at: datetime, reason: str, *, by: Actor) -> None:
    """Close the call later than it said; everybody who writes or wrote under it is told.

    Refuses with WrongState once it is closed (what was missed stays missed), with Invalid an earlier end.
    """
    policy.check(by, Can.CALL_STEER, call)
    LIFE.after(call.state, Verb.EXTEND)
    if phase(call, clock.now()) is Phase.CLOSED:
        raise WrongState(W("This call is closed. What is closed is not opened again: publish a new call."))
    if call.closes_at is None or closes_at <= call.closes_at:
        raise Invalid(W("A call can only be made longer. Choose a later end."), field="extended_on")
    _say_why(reason, field="extended_reason")
    before = call.closes_at
    call.closes_at = closes_at
    record(Did.CALL_EXTENDED, call.key, by=by, closed_at=instant_text(before), reason=reason, **_dates(call))


def decide(call: Call, reason: str, *, by: Actor) -> None:
    """Say what came of the call, after it has closed."""
    policy.check(by, Can.CALL_STEER, call)
    target = LIFE.after(call.state, Verb.DECIDE)
    if phase(call, clock.now()) is not Phase.CLOSED:
        raise WrongState(W("A call is decided after it has closed."))
    _say_why(reason, field="decision_reason")
    call.state, call.ended_at, call.reason = target.value, clock.now(), reason
    record(Did.CALL_DECIDED, call.key, by=by, reason=reason)


def cancel(call: Call, reason: str, *, by: Actor) -> None:
    """Call the notice off; proposals under it go on outside it."""
    policy.check(by, Can.CALL_STEER, call)
    target = LIFE.after(call.state, Verb.CANCEL)
    _say_why(reason, field="cancel_reason")
    call.state, call.ended_at, call.reason = target.value, clock.now(), reason
    record(Did.CALL_CANCELLED, call.key, by=by, reason=reason, was_published=call.published_at is not None)


def _dates(call: Call) -> dict[str, str]:
    assert call.opens_at is not None  # noqa: S101 - a published call has both, says its CHECK
    assert call.closes_at is not None  # noqa: S101
    return {"opens_at": instant_text(call.opens_at), "closes_at": instant_text(call.closes_at)}


def _say_why(reason: str, *, field: str) -> None:
    if not reason:
        raise Invalid(W("Write the reason: everybody can read it."), field=field)
    if len(reason) > LONGEST_REASON:
        raise Invalid(W("Shorten this to %(most)s characters or fewer", most=LONGEST_REASON), field=field)


def _check(notice: Notice) -> None:
    for name, most in (("title", LONGEST_TITLE), ("summary", LONGEST_SUMMARY), ("terms", LONGEST_TERMS)):
        for language, text in getattr(notice, name).items():
            if len(text) > most:
                words = W("Shorten this to %(most)s characters or fewer", most=most)
                raise Invalid(words, field=f"{name}_{language}")
    if notice.opens_at and notice.closes_at and notice.closes_at <= notice.opens_at:
        raise Invalid(W("The last day must not be before the first"), field="closes_on")
    if notice.track == "matchfunding":
        _check_match(notice)


def _check_match(notice: Notice) -> None:
    if not 0 < notice.match_ratio_bp <= MOST_RATIO_BP:
        raise Invalid(W("Enter how many per cent the city adds, from 1 to 1000"), field="match_ratio")
    if notice.match_cap_cents <= 0:
        raise Invalid(W("Enter the highest amount that the city adds to one proposal"), field="match_cap")


def _number(call: Call) -> None:
    # Two drafts at once ask for the same number: the unique index lets one have it, the other the next.
    prefix = f"CALL-{clock.today().year}-"
    session = db.session()
    for _ in range(TRIES):
        last = session.scalar(queries.last_ref(prefix))
        call.ref = f"{prefix}{int(last.rpartition('-')[2]) + 1 if last else 1:03d}"
        try:
            with session.begin_nested():
                session.add(call)
                session.flush()
        except IntegrityError:
            continue
        return
    raise Stale(W("A colleague saved another call at the same moment. Save again."))
