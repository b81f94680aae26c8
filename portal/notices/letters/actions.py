"""The verbs of letters: write one, print many together, post them, note what came back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from portal import clock, crypto, db, policy, words
from portal.errors import Invalid, WrongState
from portal.notices.letters import queries
from portal.notices.letters.lifecycle import BATCH_LIFE, LIFE, BatchState, BatchVerb, State, Verb
from portal.notices.letters.models import Letter, LetterBatch, Way
from portal.policy import Can
from portal.record import Did, record
from portal.words import W

if TYPE_CHECKING:
    from portal.notices.actions import Recipient, Text
    from portal.policy import Actor

SECRET = "letter"  # noqa: S105 - what the sealed text is for
# One file stays quick to draw and to print; what is left waits for the next batch.
MOST_LETTERS = 100
MOST_LINES, LONGEST_LINE, LONGEST_WHY = 6, 60, 200
OLDEST_POSTING = timedelta(days=60)
_TO_COME = W("This day is still to come. Enter the day on which it happened.")
_LONG_AGO = W("This day is too long ago. Check the date.")
_NO_LINES = W("Write the address in two to six lines of up to 60 characters: street, postcode and town.")


def write(event: str, key: str, to: Recipient, text: Text, *, about: str = "", secret: str = "") -> None:
    """Leave a letter in the open transaction; the same key again changes nothing.

    `secret` is a short code that the letter shows in large type: it is kept sealed, and destroyed when the
    letter is posted. `to` needs a name and, where it goes by post, the lines of an address.
    """
    title, case = words.say(text.title, to.language), about.rpartition(":")[2]
    row: dict[str, Any] = {
        "key": key[:160],
        "event": event,
        "subject_key": about,
        "language": to.language,
        "addressee": to.name[:120],
        "postal": "\n".join(to.postal),
        "phone": to.phone,
        "way": Way(to.way or Way.LETTER).value,
        "title": f"[{case}] {title}" if case else title,
        "body": "\n\n".join(words.say(sentence, to.language) for sentence in text.sentences),
        "link": text.link,
        "sealed_secret": crypto.seal(secret, SECRET) if secret else "",
        "had_secret": bool(secret),
        "created_at": clock.now(),
        "state": State.WAITING.value,
        "returned_why": "",
    }
    db.session().execute(db.insert(Letter).values(row).on_conflict_do_nothing())


def address_lines(typed: str) -> tuple[str, ...]:
    """Return the lines of a typed address; refuses with Invalid what no envelope can show."""
    lines = tuple(line for line in (" ".join(one.split()) for one in typed.split("\n")) if line)
    if not 1 < len(lines) <= MOST_LINES or any(len(line) > LONGEST_LINE for line in lines):
        raise Invalid(_NO_LINES, field="postal")
    return lines


def gather(*, by: Actor) -> LetterBatch | None:
    """Put the letters that wait for paper into a new batch; None where none waits.

    Two clerks at once never take one letter: each changes only what is still waiting.
    """
    policy.check(by, Can.LETTERS_SEND)
    session = db.session()
    ids = list(session.scalars(queries.to_print(MOST_LETTERS)))
    if not ids:
        return None
    batch = LetterBatch(made_at=clock.now(), made_by_id=by.person_id, state=BatchState.DUE.value)
    session.add(batch)
    session.flush()
    waiting = update(Letter).where(Letter.id.in_(ids), Letter.state == State.WAITING.value)
    batch.size = _changed(
        waiting.values(state=LIFE.after(State.WAITING, Verb.GATHER).value, batch_id=batch.id)
    )
    record(Did.LETTERS_GATHERED, _key(batch), by=by, letters=batch.size)
    return batch


def take_apart(batch: LetterBatch, *, by: Actor) -> None:
    """Let the letters of a batch wait again; refuses with WrongState once there was a file to print."""
    policy.check(by, Can.LETTERS_SEND)
    _move(batch, BatchVerb.TAKE_APART, leased_until=None)
    free = {"state": LIFE.after(State.IN_BATCH, Verb.RELEASE).value, "batch_id": None}
    db.session().execute(update(Letter).where(Letter.batch_id == batch.id).values(free))
    record(Did.LETTERS_APART, _key(batch), by=by, letters=batch.size)


def mark_posted(batch: LetterBatch, on: date, *, by: Actor) -> None:
    """Note that the batch went to the post on this day; its file and every secret in it are destroyed.

    Marking it twice changes nothing. Refuses with Invalid a day to come, or one more than 60 days ago.
    """
    policy.check(by, Can.LETTERS_SEND)
    if batch.state == BatchState.POSTED:
        return
    _check_day(on, field="posted_on")
    _move(batch, BatchVerb.POST, posted_on=on, posted_by_id=by.person_id, sealed_pdf=None)
    posted = {"state": LIFE.after(State.IN_BATCH, Verb.POST).value, "posted_on": on, "sealed_secret": ""}
    db.session().execute(update(Letter).where(Letter.batch_id == batch.id).values(posted))
    record(Did.LETTERS_POSTED, _key(batch), by=by, letters=batch.size, on=str(on))


def give(letter: Letter, on: date, *, by: Actor) -> None:
    """Note that its words were told by phone or handed over at the counter; twice changes nothing."""
    policy.check(by, Can.LETTERS_SEND)
    if letter.way == Way.LETTER:
        raise WrongState(W("This letter goes by post: put it into a batch."))
    if letter.state == State.POSTED:
        return
    _check_day(on, field="posted_on")
    target = LIFE.after(letter.state, Verb.GIVE).value
    _hit(letter, State.WAITING, state=target, posted_on=on, sealed_secret="")
    record(Did.LETTER_GIVEN, f"letter:{letter.id}", by=by, way=letter.way)


def mark_returned(letter: Letter, on: date, why: str, *, by: Actor) -> None:
    """Note that the post brought the letter back, so that somebody finds the right address."""
    policy.check(by, Can.LETTERS_SEND)
    if letter.state == State.RETURNED:
        return
    target = LIFE.after(letter.state, Verb.RETURN).value
    _check_day(on, field="returned_on")
    if letter.posted_on is not None and on < letter.posted_on:
        raise Invalid(W("It cannot come back before it was posted."), field="returned_on")
    if len(why) > LONGEST_WHY:
        raise Invalid(W("Shorten this to %(most)s characters or fewer", most=LONGEST_WHY), field="why")
    _hit(letter, State.POSTED, state=target, returned_on=on, returned_why=why)
    record(Did.LETTER_RETURNED, f"letter:{letter.id}", by=by)


def write_again(letter: Letter, typed: str, *, by: Actor) -> Letter:
    """Write a letter that came back once more, to another address; a second time gives the same letter.

    Refuses with WrongState where it held a code: that was destroyed, and only a new one helps.
    """
    policy.check(by, Can.LETTERS_SEND)
    session = db.session()
    session.refresh(letter, with_for_update=True)
    if letter.followed_by_id is not None:
        return session.get_one(Letter, letter.followed_by_id)
    if letter.state != State.RETURNED:
        raise WrongState(W("Only a letter that came back is written again."))
    if letter.had_secret:
        raise WrongState(W("The code in this letter was destroyed. Ask for a new one where it came from."))
    copied = {name: getattr(letter, name) for name in _COPIED}
    again = Letter(
        **copied,
        key=f"{letter.key[:140]}:after{letter.id}",
        postal="\n".join(address_lines(typed)),
        created_at=clock.now(),
        sealed_secret="",
        returned_why="",
    )
    session.add(again)
    session.flush()
    letter.followed_by_id = again.id
    record(Did.LETTER_REPEATED, f"letter:{letter.id}", by=by, letter=again.id)
    return again


_COPIED = ("event", "subject_key", "language", "addressee", "phone", "way", "title", "body", "link")


def _key(batch: LetterBatch) -> str:
    return f"letters:{batch.id}"


def _check_day(on: date, *, field: str) -> None:
    if on > clock.today():
        raise Invalid(_TO_COME, field=field)
    if on < clock.today() - OLDEST_POSTING:
        raise Invalid(_LONG_AGO, field=field)


def _move(batch: LetterBatch, verb: BatchVerb, **values: Any) -> None:
    target = BATCH_LIFE.after(batch.state, verb)
    here = update(LetterBatch).where(LetterBatch.id == batch.id, LetterBatch.state == batch.state)
    if not _changed(here.values(state=target.value, **values)):
        raise WrongState(W("Somebody else was faster. Look at the page again."))


def _hit(letter: Letter, standing: State, **values: Any) -> None:
    here = update(Letter).where(Letter.id == letter.id, Letter.state == standing.value)
    if not _changed(here.values(**values)):
        raise WrongState(W("Somebody else was faster. Look at the page again."))


def _changed(change: Any) -> int:
    return int(db.session().execute(change).rowcount)  # type: ignore[attr-defined]
