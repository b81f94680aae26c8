"""Open a matter, write in it, give a document, close it with what came of it, open it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import clock, db, policy
from portal.errors import Invalid
from portal.policy import Can
from portal.record import Did
from portal.support.legal import queries
from portal.support.legal.actions.held import Room, help_for, other, remember, side_of
from portal.support.legal.lifecycle import MATTER, MatterVerb, Outcome, Topic
from portal.support.legal.models import LegalFile, LegalMatter, LegalMessage
from portal.words import W

if TYPE_CHECKING:
    from portal.documents.store import Store
    from portal.organisations.evidence import Document
    from portal.policy import Actor

MOST_WORDS = 10_000
MOST_FILES = 30
_NO_WORDS = W("Write down what you want to say.")
_TOO_LONG = W("Shorten this to %(most)s characters or fewer", most=MOST_WORDS)
_NO_TOPIC = W("Choose what your question is about")
_NO_OUTCOME = W("Choose what came of it")
_NO_TITLE = W("Say in a few words what the document is")
_MOST_FILES = W("This matter holds %(most)s documents already. Open a new one.", most=MOST_FILES)


def ask(room: Room, topic: str, question: str, *, by: Actor) -> LegalMatter:
    """Open a matter with the group's question; refuses with WrongState where no help was promised."""
    policy.check(by, Can.LEGAL_ASK, room)
    if topic not in set(Topic):
        raise Invalid(_NO_TOPIC, field="topic")
    words = _words(question, "question")
    help_ = help_for(room.key)
    now = clock.now()
    made = LegalMatter(
        help_id=help_.id,
        subject=room.key,
        number=(db.session().scalar(queries.last_number(room.key)) or 0) + 1,
        topic=topic,
        opened_at=now,
        moved_at=now,
    )
    db.session().add(made)
    db.session().flush()
    _say(made, "question", words, by=by)
    remember(Did.LEGAL_OPENED, room, made, by=by, topic=topic)
    return made


def write(room: Room, matter: LegalMatter, words: str, *, by: Actor) -> None:
    """Write to the other side: the group asks or answers, the official advises; then the other is to move."""
    side = side_of(room, by)
    policy.check(by, Can.LEGAL_ASK if side == "community" else Can.LEGAL_ADVISE, room)
    matter.state = MATTER.after(matter.state, MatterVerb.WRITE).value
    _say(matter, "question" if side == "community" else "advice", _words(words, "words"), by=by)
    matter.waits_on, matter.moved_at = other(side), clock.now()
    db.session().flush()
    remember(Did.LEGAL_WRITTEN, room, matter, by=by)


def note(room: Room, matter: LegalMatter, words: str, *, by: Actor) -> None:
    """Write down something for the legal office alone; the group never sees it."""
    policy.check(by, Can.LEGAL_ADVISE, room)
    _say(matter, "note", _words(words, "note"), by=by)
    remember(Did.LEGAL_NOTED, room, matter, by=by)


def give_file(
    room: Room, matter: LegalMatter, title: str, document: Document, *, store: Store, by: Actor
) -> LegalFile:
    """Give the other side a document, which was read and found to be one; it is kept by its hash."""
    policy.check(by, Can.LEGAL_ARRANGE, room)
    matter.state = MATTER.after(matter.state, MatterVerb.WRITE).value
    if not title.strip():
        raise Invalid(_NO_TITLE, field="title")
    if len(matter.files) >= MOST_FILES:
        raise Invalid(_MOST_FILES, field="document")
    side = side_of(room, by)
    given = LegalFile(
        side=side,
        title=title.strip(),
        media_type=document.media_type,
        file_hash=store.put(document.content),
        size=len(document.content),
        person_id=by.person_id,
        at=clock.now(),
    )
    matter.files.append(given)
    matter.waits_on, matter.moved_at = other(side), clock.now()
    db.session().flush()
    remember(Did.LEGAL_FILE_GIVEN, room, matter, by=by, hash=given.file_hash)
    return given


def close(room: Room, matter: LegalMatter, outcome: str, *, by: Actor) -> None:
    """Close a matter with what came of it; everybody reads topic, hours and outcome, and nothing else."""
    policy.check(by, Can.LEGAL_ADVISE, room)
    if outcome not in set(Outcome):
        raise Invalid(_NO_OUTCOME, field="outcome")
    matter.state = MATTER.after(matter.state, MatterVerb.CLOSE).value
    matter.outcome, matter.closed_at = outcome, clock.now()
    matter.waits_on, matter.moved_at = "", clock.now()
    db.session().flush()
    remember(Did.LEGAL_CLOSED, room, matter, by=by, outcome=outcome)


def reopen(room: Room, matter: LegalMatter, *, by: Actor) -> None:
    """Open a closed matter again: the other side is to move."""
    policy.check(by, Can.LEGAL_ARRANGE, room)
    matter.state = MATTER.after(matter.state, MatterVerb.REOPEN).value
    matter.outcome, matter.closed_at = "", None
    matter.waits_on, matter.moved_at = other(side_of(room, by)), clock.now()
    db.session().flush()
    remember(Did.LEGAL_REOPENED, room, matter, by=by)


def _words(typed: str, field: str) -> str:
    words = typed.strip()
    if not words:
        raise Invalid(_NO_WORDS, field=field)
    if len(words) > MOST_WORDS:
        raise Invalid(_TOO_LONG, field=field)
    return words


def _say(matter: LegalMatter, kind: str, words: str, *, by: Actor) -> None:
    said = LegalMessage(matter_id=matter.id, kind=kind, words=words, person_id=by.person_id, at=clock.now())
    db.session().add(said)
