"""Write an observation: no account is needed; what looks odd waits for a person, nothing is thrown away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from portal import city, clock, db, policy
from portal.errors import Invalid, WrongState
from portal.observations import codes, phases, queries, suspicion
from portal.observations.lifecycle import State
from portal.observations.models import Observation
from portal.observations.phases import Phase
from portal.observations.shapes import (
    LONGEST_DESCRIPTION,
    LONGEST_EMAIL,
    LONGEST_NAME,
    LONGEST_TEXT,
    Kind,
)
from portal.people.models import Person
from portal.policy import SYSTEM, Can
from portal.record import Did, record
from portal.words import W

if TYPE_CHECKING:
    from portal.commons.photos import Picture
    from portal.documents.store import Store
    from portal.observations.models import Period
    from portal.observations.subjects import Subject
    from portal.policy import Actor

_SAY_IT = W("Write what you want to say")
_CHOOSE = W("Choose what it is")
_DESCRIBE = W("Describe the photo in a few words so that people who cannot see it know what is there")
_WHO = W("Give your name: the city must know who objects. You can keep it hidden from everybody else.")
_SHORTER = W("This is too long. Say it in fewer words.")
_CLOSED = W("Nothing can be said about this any more. Ask the city's help desk.")


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture that was drawn anew and put into the store, and what is to be seen on it."""

    file_hash: str
    small_hash: str
    width: int
    height: int
    words: str


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody says, in which language, and who they are where they tell it."""

    kind: str
    text: str
    language: str
    name: str = ""
    shows_name: bool = False
    email: str = ""
    photo: Shot | None = None


def keep_photo(picture: Picture, words: str, store: Store) -> Shot:
    """Put a cleaned picture into the store, before any statement; Invalid where nothing describes it."""
    if not words:
        raise Invalid(_DESCRIBE, field="photo_words")
    return Shot(store.put(picture.large), store.put(picture.small), picture.width, picture.height, words)


def write(subject: Subject, told: Told, signs: suspicion.Signs, *, by: Actor) -> Observation:
    """Take in an observation; in an open period it has formal effect, and the city must answer it.

    Refuses with Invalid (nothing said, an objection in a period without a name), WrongState (a thing that
    takes none any more).
    """
    policy.check(by, Can.OBSERVATION_WRITE, subject.thing)
    if subject.is_closed:
        raise WrongState(_CLOSED)
    period = _open_period(subject)
    _check(told, is_formal=period is not None)
    signs = suspicion.Signs(told.photo is not None, signs.filled_the_trap, signs.seconds, _joined_at(by))
    held = suspicion.why_held((told.text, told.name), signs, clock.now())
    made = _made(subject, told, period, by)
    made.held_for = list(held)
    db.session().add(made)
    db.session().flush()
    record(
        Did.OBSERVATION_RECEIVED,
        subject.key,
        by=by,
        observation=made.code,
        kind=made.kind,
        formal=made.is_formal,
        held=list(held),
    )
    if not held:
        _show(made)
    return made


def _open_period(subject: Subject) -> Period | None:
    period = db.session().scalars(queries.period_of(subject.key)).first()
    if period is None or phases.phase(period.opens_at, period.closes_at, clock.now()) is not Phase.OPEN:
        return None
    return period


def _check(told: Told, *, is_formal: bool) -> None:
    if told.kind not in set(Kind):
        raise Invalid(_CHOOSE, field="kind")
    if not told.text:
        raise Invalid(_SAY_IT, field="text")
    lengths = {"text": LONGEST_TEXT, "name": LONGEST_NAME, "email": LONGEST_EMAIL}
    for field, most in lengths.items():
        if len(getattr(told, field)) > most:
            raise Invalid(_SHORTER, field=field)
    if told.photo is not None and not 0 < len(told.photo.words) <= LONGEST_DESCRIPTION:
        raise Invalid(_DESCRIBE, field="photo_words")
    if told.kind == Kind.OBJECTION and is_formal and not told.name:
        raise Invalid(_WHO, field="name")


def _joined_at(by: Actor) -> datetime | None:
    person = db.session().get(Person, by.person_id) if by.person_id is not None else None
    return person.joined_at if person else None


def _made(subject: Subject, told: Told, period: Period | None, by: Actor) -> Observation:
    shot = told.photo
    return Observation(
        code=codes.new_code(),
        subject_key=subject.key,
        period_id=period.id if period else None,
        state=State.RECEIVED.value,
        kind=told.kind,
        language=told.language,
        text=told.text,
        person_id=by.person_id,
        name=told.name,
        shows_name=told.shows_name and bool(told.name),
        email="" if by.person_id is not None else told.email,
        photo_hash=shot.file_hash if shot else "",
        photo_small_hash=shot.small_hash if shot else "",
        photo_width=shot.width if shot else 0,
        photo_height=shot.height if shot else 0,
        photo_words=shot.words if shot else "",
        received_at=clock.now(),
        answer_due_at=_answer_due(subject, period),
        answer="",
        answer_text="",
        hidden_for="",
        hidden_why="",
        contest="",
        decided_why="",
        identity_how="",
    )


def _answer_due(subject: Subject, period: Period | None) -> datetime:
    """Return the end of the last day for an answer, counted from the period's last day where there is one."""
    today = clock.today()
    last = clock.local(period.closes_at).date() - phases.ONE_DAY if period else today
    due = city.deadline(last, subject.profile.clock("observation_answer"))
    return phases.midnight(due + timedelta(days=1), clock.zone())


def _show(made: Observation) -> None:
    # The rules let it appear, nobody decided so.
    made.state = State.PUBLISHED.value
    made.published_at = clock.now()
    record(Did.OBSERVATION_PUBLISHED, made.subject_key, by=SYSTEM, observation=made.code, kind=made.kind)
