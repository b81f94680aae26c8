"""Put into one mail what would have been several: a case's of one day, and the news of a week or a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import clock, db, words
from portal.notices import queries, times
from portal.notices.kinds import ENVELOPE, Kind
from portal.notices.mails import about
from portal.notices.models import Enclosure, Message
from portal.notices.times import Choice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.notices.models import Reader


def gather_due() -> int:
    """Let go what was held and is due, each case's in one mail; return how many mails that made."""
    with db.reading() as session:
        groups = session.execute(queries.due_groups(clock.now())).all()
    return sum(_gather(who, case, kind) for who, case, kind in groups)


def _gather(who: str, case: str, kind: str) -> bool:
    with db.writing() as session:
        now = clock.now()
        found = session.scalars(queries.due_of(who, case, kind, now)).all()
        if not found:
            return False
        today = clock.today()
        is_counted = kind == Kind.ACT.value and bool(case)
        if is_counted and session.scalar(queries.had_mail(who, case, today)) is not None:
            for one in found:
                one.due_at = times.next_morning(now, clock.zone())
            return False
        if not case:
            for one in found:
                one.goes = "alone"
            return True
        mail = found[0] if len(found) == 1 else _envelope(found, f"bundle:{who}:{case}:{found[0].id}")
        mail.goes = "alone"
        mail.mail_day = today if is_counted else None
        return True


def digest_due(who: str, reader: Reader) -> bool:
    """Make the reader's digest where its period is over and holds something; once for each period.

    A digest whose morning was missed is made on the next one, and takes along what came meanwhile.
    """
    now, zone = clock.now(), clock.zone()
    choice = Choice(reader.choice)
    if choice not in {Choice.WEEKLY, Choice.DAILY} or times.is_quiet(now, zone):
        return False
    slot = times.newest_slot(choice, now, zone)
    key = f"digest:{who}:{times.period(choice, slot, zone)}"
    session = db.session()
    if session.scalar(queries.by_key(key)) is not None:
        return False
    found = session.scalars(queries.news_for_digest(who)).all()
    if not any(one.created_at < slot for one in found):
        return False
    _envelope(found, key).goes = "alone"
    return True


def _envelope(found: Sequence[Message], key: str) -> Message:
    first = found[0]
    is_news = first.kind == Kind.NEWS.value
    number = len({about(one) for one in found}) if is_news else len(found)
    case = "" if key.startswith("digest:") else first.subject_key
    said = _title(number, first.language, is_news=is_news)
    envelope = Message(
        key=key,
        event=ENVELOPE,
        subject_key=case,
        person_id=first.person_id,
        address=first.address,
        language=first.language,
        title=f"[{case.rpartition(':')[2]}] {said}" if case else said,
        body="",
        created_at=clock.now(),
        state="waiting",
        kind=first.kind,
        who=first.who,
        goes="alone",
    )
    session = db.session()
    session.add(envelope)
    session.flush()
    for one in found:
        one.goes = "enclosed"
        session.add(Enclosure(message_id=one.id, envelope_id=envelope.id))
    return envelope


def _title(number: int, language: str, *, is_news: bool) -> str:
    if is_news:
        return words.say_number(
            "News from what you follow", "News from %(num)s things you follow", number, language
        )
    return words.say_number("%(num)s message for you", "%(num)s messages for you", number, language)
