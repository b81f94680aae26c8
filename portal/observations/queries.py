"""Questions about periods and observations: what everybody may see first, then what staff look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    true,
    tuple_,
)

from portal import db
from portal.observations.lifecycle import State
from portal.observations.models import (
    WAITS_FOR_STAFF,
    Endorsement,
    EndorsementChange,
    EndorsementCount,
    Observation,
    Period,
    ReaderReport,
)
from portal.observations.phases import Phase

if TYPE_CHECKING:
    from datetime import datetime

PAGE, SHOWN_FIRST, MOST_IN_TABLE, MOST_IN_QUEUE = 20, 3, 500, 100
# Above every number of a row: where a list begins that shows the newest first.
NO_BOUND = 2**31
HIDDEN = (State.HIDDEN.value, State.CONTESTED.value, State.KEPT_HIDDEN.value)
_IS_SHOWN = Observation.state == State.PUBLISHED.value
# What everybody may read: a hidden text, a hidden name and all that is private never leave the database.
PUBLIC_COLUMNS = (
    Observation.id,
    Observation.code,
    Observation.subject_key,
    Observation.state,
    Observation.kind,
    Observation.language,
    case((_IS_SHOWN, Observation.text), else_="").label("text"),
    case((and_(_IS_SHOWN, Observation.shows_name == true()), Observation.name), else_="").label("name"),
    Observation.period_id,
    Observation.received_at,
    case((_IS_SHOWN, Observation.photo_hash), else_="").label("photo_hash"),
    case((_IS_SHOWN, Observation.photo_words), else_="").label("photo_words"),
    Observation.photo_width,
    Observation.photo_height,
    Observation.answer_due_at,
    Observation.answer,
    case((_IS_SHOWN, Observation.answer_text), else_="").label("answer_text"),
    Observation.answered_at,
    Observation.hidden_for,
    Observation.hidden_at,
    Observation.decided_at,
)


def phase_of(at: datetime) -> ColumnElement[str]:
    """Return the phase of a period at an instant: what phases.phase says, for the database."""
    return case(
        (Period.opens_at > at, Phase.AHEAD.value),
        (Period.closes_at > at, Phase.OPEN.value),
        else_=Phase.OVER.value,
    )


def is_open(at: datetime) -> ColumnElement[bool]:
    """Return the condition that a period is open at an instant."""
    return and_(Period.opens_at <= at, Period.closes_at > at)


def period_of(key: str, version: int | None = None) -> Select[Period]:
    """Select the newest period of a subject, or that of one version of it."""
    found = select(Period).where(Period.subject_key == key)
    if version is not None:
        found = found.where(Period.version == version)
    return found.order_by(Period.opens_at.desc(), Period.id.desc()).limit(1)


def newest_period(keys: tuple[str, ...]) -> Select[Period]:
    """Select the newest period of a subject or of what it came of."""
    found = select(Period).where(Period.subject_key.in_(keys))
    return found.order_by(Period.opens_at.desc(), Period.id.desc()).limit(1)


def open_now(at: datetime, *, after: tuple[datetime, int] | None = None) -> Select[Period]:
    """Select the periods that are open, those that close first at the top: a page and one row more.

    `after` is where the last page ended: the closing instant and the id of its last row.
    """
    found = select(Period).where(is_open(at))
    if after is not None:
        found = found.where(tuple_(Period.closes_at, Period.id) > tuple_(*after))
    return found.order_by(Period.closes_at, Period.id).limit(PAGE + 1)


_KEYS = (bindparam("key", type_=String()), bindparam("other_key", type_=String()))
_one = literal_column("1", Integer)
_here = Observation.subject_key.in_(_KEYS)
_newest_period = (
    select(Period.id)
    .where(Period.subject_key.in_(_KEYS))
    .order_by(Period.opens_at.desc(), Period.id.desc())
    .limit(_one)
    .scalar_subquery()
)
_first = (
    select(*PUBLIC_COLUMNS)
    .where(_here, _IS_SHOWN)
    .order_by(Observation.id.desc())
    .limit(literal_column(str(SHOWN_FIRST), Integer))
    .subquery("shown")
)
_root = select(_one.label("one")).subquery("root")


def _counted(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return select(func.count()).select_from(Observation).where(_here, *conditions).scalar_subquery()


def _endorsed(key: ColumnElement[str]) -> ColumnElement[int]:
    """Return the count and the few changes that the worker has not added yet: exact, and never a recount."""
    kept = select(EndorsementCount.total).where(EndorsementCount.subject_key == key).scalar_subquery()
    fresh = (
        select(func.sum(EndorsementChange.change))
        .where(EndorsementChange.subject_key == key)
        .scalar_subquery()
    )
    return func.coalesce(kept, 0) + func.coalesce(fresh, 0)


# All that a public page shows of observations and endorsements, in one question. Parameters: `key`, whose
# endorsements are counted, `other_key`, whose observations stand beside its own, and a `person`.
OVERVIEW = (
    select(
        Period.opens_at,
        Period.closes_at,
        Period.extended_why,
        _counted(_IS_SHOWN).label("shown_count"),
        _counted(db.among(Observation.state, HIDDEN)).label("hidden_count"),
        _endorsed(_KEYS[0]).label("endorsements"),
        select(func.count())
        .where(
            Endorsement.person_id == bindparam("person", type_=Integer()),
            Endorsement.subject_key == _KEYS[0],
        )
        .scalar_subquery()
        .label("endorsed_by_me"),
        *_first.c,
    )
    .select_from(_root.outerjoin(Period, Period.id == _newest_period).outerjoin(_first, true()))
    .order_by(_first.c.id.desc())
)

# A page of a subject's observations, the newest first; what was hidden leaves its trace.
LIST = (
    select(*PUBLIC_COLUMNS)
    .where(_here, Observation.state != State.RECEIVED.value)
    .where(Observation.id < bindparam("before", type_=Integer()))
    .order_by(Observation.id.desc())
    .limit(literal_column(str(PAGE + 1), Integer))
)


def by_code(code: str) -> Select[Observation]:
    """Select one observation whole, for its author and for staff; pages for everybody take public(code)."""
    return select(Observation).where(Observation.code == code)


def public(code: str) -> Select[Any]:
    """Select what everybody may read of one observation, whatever its state."""
    return select(*PUBLIC_COLUMNS).where(Observation.code == code)


def photo(observation_id: int) -> Select[Observation]:
    """Select an observation with a picture."""
    return select(Observation).where(Observation.id == observation_id, Observation.photo_hash != "")


def _unanswered() -> ColumnElement[bool]:
    # What is hidden needs no answer; what waits for a look must be looked at first.
    open_states = (State.RECEIVED.value, State.PUBLISHED.value, State.CONTESTED.value)
    return and_(Observation.answer == "", Observation.state.in_(open_states))


def unanswered(period_id: int) -> Select[int]:
    """Select how many observations of a period wait for an answer, or for a look, or for a second one."""
    return (
        select(func.count()).select_from(Observation).where(Observation.period_id == period_id, _unanswered())
    )


def unanswered_of(key: ColumnElement[str]) -> ColumnElement[int]:
    """Return the same for each row of a list, by its subject key."""
    return (
        select(func.count())
        .select_from(Observation)
        .where(Observation.subject_key == key, Observation.period_id.is_not(None), _unanswered())
        .scalar_subquery()
    )


def answered_count(period_id: int, until: datetime) -> Select[int]:
    """Select how many observations of a period were answered in public by an instant."""
    return (
        select(func.count())
        .select_from(Observation)
        .where(Observation.period_id == period_id, _IS_SHOWN)
        .where(Observation.answered_at <= until)
    )


def table(keys: tuple[str, ...]) -> Select[Observation]:
    """Select the observations on a case for the desk, those without an answer first."""
    return (
        select(Observation)
        .where(Observation.subject_key.in_(keys))
        .order_by(Observation.answer != "", Observation.id)
        .limit(MOST_IN_TABLE)
    )


# The moderation queue: what waits for a look, what is contested, what readers reported; the oldest first.
WAITING = select(Observation).where(WAITS_FOR_STAFF).order_by(Observation.id).limit(MOST_IN_QUEUE)
REPORTED = (
    select(Observation, func.count(ReaderReport.id).label("reports"))
    .join(ReaderReport, ReaderReport.observation_id == Observation.id)
    .where(ReaderReport.settled_at.is_(None), Observation.state == State.PUBLISHED.value)
    .group_by(Observation.id)
    .order_by(Observation.id)
    .limit(MOST_IN_QUEUE)
)
# Objections of a period whose makers the city has not seen yet.
UNIDENTIFIED = (
    select(Observation)
    .where(Observation.kind == "objection", Observation.period_id.is_not(None))
    # Once it is answered, it was weighed.
    .where(Observation.identity_checked_at.is_(None), Observation.answer == "")
    .where(or_(Observation.state == State.PUBLISHED.value, WAITS_FOR_STAFF))
    .order_by(Observation.id)
    .limit(MOST_IN_QUEUE)
)


def open_reports(observation_id: int) -> Select[ReaderReport]:
    """Select what readers reported of an observation and nobody has settled."""
    return select(ReaderReport).where(
        ReaderReport.observation_id == observation_id, ReaderReport.settled_at.is_(None)
    )


def endorsements(key: str) -> Select[int]:
    """Select how many endorse a subject now."""
    return select(_endorsed(bindparam("endorsed_key", key, type_=String())))
