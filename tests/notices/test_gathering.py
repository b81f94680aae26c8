"""One mail a case and day, digests neither empty nor twice, and nothing at night but what cannot wait."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from portal import clock, db
from portal.notices import gathering, jobs, queries
from portal.notices.actions import Recipient, Text, choose, mark_read, post, reader_of
from portal.notices.kinds import ENVELOPE, KIND_OF, Kind
from portal.notices.mails import as_mail
from portal.notices.models import Enclosure, Message, Reader
from portal.notices.times import Choice, is_quiet
from portal.words import W
from tests.conftest import Cast
from tests.worker.dying import dies_at

ROME = ZoneInfo("Europe/Rome")
MONDAY = datetime(2026, 11, 23, 10, tzinfo=ROME)
CASE, OTHER = "pact:BO-2026-041", "pact:BO-2026-042"
ROSA = Recipient(None, "rosa@example.org", "en")


@pytest.fixture(autouse=True)
def by_day() -> None:
    """Here the night is night."""


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Let it be this instant in the city."""
    clock.set_offset(instant - clock.real())
    yield
    clock.set_offset(timedelta(0))


def _say(
    event: str, key: str, about: str = CASE, *, to: Recipient = ROSA, deadline: datetime | None = None
) -> None:
    with db.writing():
        text = Text(
            W("A title"), [W("A sentence.")], "https://x.example/it", f"The garden of {about}", deadline
        )
        post(event, f"{event}:{key}", to, text, about=about)


def _mails() -> list[Message]:
    with db.reading() as session:
        return list(session.scalars(select(Message).where(Message.goes == "alone").order_by(Message.id)))


def _digest() -> None:
    with db.reading() as session:
        found = session.execute(queries.readers_with_news()).all()
    for who, *whose in found:
        jobs._digest(who, *whose)


def test_what_is_legal_goes_at_once_also_at_night(database: db.Database) -> None:
    with at(MONDAY.replace(hour=23)):
        _say("E02", "1")
        _say("E03", "2")
        assert [mail.event for mail in _mails()] == ["E02"]


def test_what_is_to_be_done_waits_for_the_morning_unless_it_would_be_too_late(database: db.Database) -> None:
    night = MONDAY.replace(hour=23)
    with at(night):
        _say("E03", "calm", deadline=night + timedelta(days=3))
        _say("E03", "soon", OTHER, deadline=night + timedelta(hours=20))
        gathering.gather_due()
        assert [mail.key for mail in _mails()] == ["E03:soon"]
    with at(MONDAY.replace(day=24, hour=7, minute=1)):
        gathering.gather_due()
        assert len(_mails()) == 2


def test_a_case_makes_one_mail_a_day_and_the_rest_comes_together_on_the_next(both: db.Database) -> None:
    with at(MONDAY):
        _say("E05", "1")
        gathering.gather_due()
        for number in ("2", "3"):
            _say("E05", number)
        _say("E05", "4", OTHER)
        gathering.gather_due()
        assert [mail.key for mail in _mails()] == ["E05:1", "E05:4"]
    with at(MONDAY + timedelta(hours=6)):
        assert gathering.gather_due() == 0
    with at(MONDAY + timedelta(days=1)):
        gathering.gather_due()
        (bundle,) = _mails()[2:]
        assert (bundle.event, bundle.title) == (ENVELOPE, "[BO-2026-041] 2 messages for you")
        gathering.gather_due()
    with db.reading() as session:
        together = session.scalars(queries.enclosed_in(bundle.id)).all()
    assert [one.key for one in together] == ["E05:3", "E05:2"]


def test_the_database_itself_refuses_a_second_mail_of_a_day(both: db.Database) -> None:
    with at(MONDAY):
        _say("E05", "1")
        _say("E05", "2")
        with pytest.raises(Exception, match=r"(?i)unique|duplicate"), db.writing() as session:
            for one in session.scalars(select(Message)):
                one.mail_day = clock.today()


def test_news_comes_on_monday_grouped_by_pact_newest_first(database: db.Database) -> None:
    with at(MONDAY):
        _say("E13", "1")
        _say("E13", "2", OTHER)
        _say("E17", "3")
        _digest()
        assert _mails() == []
    with at(MONDAY + timedelta(days=7)):
        _digest()
        (digest,) = _mails()
        with db.reading() as session:
            found = tuple(session.scalars(queries.enclosed_in(digest.id)))
    assert [one.key for one in found] == ["E17:3", "E13:2", "E13:1"]
    mail = as_mail(digest, "rosa@example.org", sender="p@city.example", city="Bologna", enclosed=found)
    plain = mail.get_body(("plain",)).get_content()
    assert mail["Subject"] == "News from 2 things you follow"
    assert plain.count("THE GARDEN") == 2
    assert plain.count("A sentence.") == 3
    assert "[BO" not in plain


@pytest.mark.parametrize("point", ["digest-made"])
def test_a_worker_that_dies_midway_makes_the_digest_once(both: db.Database, point: str) -> None:
    with at(MONDAY):
        _say("E13", "1")
    with at(MONDAY + timedelta(days=7)):
        assert dies_at(point, _digest)
        assert _mails() == []
        _digest()
        _digest()
        assert len(_mails()) == 1


def test_off_keeps_news_on_the_page_of_an_account_and_nowhere_else(database: db.Database, cast: Cast) -> None:
    eve = Recipient(cast.person("eve").id, "", "en")
    with at(MONDAY), db.writing():
        for to in (eve, ROSA):
            choose(reader_of(to.person_id, to.address, "en"), Choice.OFF)
    _say("E13", "1", to=eve)
    _say("E13", "1b")
    _say("E02", "2", to=eve)
    with db.reading() as session:
        rows = session.scalars(queries.newest_of(eve.person_id or 0, 9)).all()
        assert session.scalars(select(Message).where(Message.address != "")).all() == []
    assert [(one.event, one.goes) for one in rows] == [("E02", "alone"), ("E13", "page")]


def test_a_new_choice_takes_along_what_waits(database: db.Database) -> None:
    with at(MONDAY):
        _say("E13", "1")
        with db.writing():
            choose(reader_of(None, ROSA.address, "en"), Choice.AT_ONCE)
        gathering.gather_due()
        assert [mail.key for mail in _mails()] == ["E13:1"]


def test_messages_are_read_by_their_own_reader_only(database: db.Database, cast: Cast) -> None:
    rosa, eve = (cast.person(name).id for name in ("rosa", "eve"))
    for person_id in (rosa, eve):
        _say("E02", f"to-{person_id}", to=Recipient(person_id, "", "en"))
    with db.writing():
        mark_read(rosa, 10**6)
    with db.reading() as session:
        assert [session.scalar(queries.unread_of(one)) for one in (rosa, eve)] == [0, 1]


def test_every_event_has_one_kind() -> None:
    assert set(KIND_OF.values()) == set(Kind)
    assert KIND_OF["E10"] is Kind.LEGAL
    assert ENVELOPE not in KIND_OF


# From before the spring change of clocks until after it, and the same in autumn.
SPRING, AUTUMN = (datetime(2026, month, 20, 12, tzinfo=UTC) for month in (3, 10))
steps = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from(["news", "run", "weekly", "daily"])),
    min_size=1,
    max_size=14,
)


@pytest.mark.parametrize("begin", [SPRING, AUTUMN])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_digests_are_never_empty_never_twice_never_at_night_and_lose_nothing(
    database: db.Database, begin: datetime, steps: list[tuple[int, str]]
) -> None:
    """News come, the worker runs or sleeps over its slots, the reader changes the rhythm."""
    now = begin
    with db.writing() as session:
        for table in (Enclosure, Message, Reader):
            session.execute(delete(table))
    for number, (hours, what) in enumerate(steps):
        now += timedelta(hours=hours, minutes=7)
        with at(now):
            if what == "news":
                _say("E13", str(number))
            elif what == "run":
                before = len(_mails())
                _digest()
                assert not (is_quiet(now, ROME) and len(_mails()) > before)
            else:
                with db.writing():
                    choose(reader_of(None, ROSA.address, "en"), Choice(what))
    with at(now + timedelta(days=9)):
        _digest()
    with at((now + timedelta(days=9)).replace(hour=12)):
        _digest()
    _check_digests(len([what for _, what in steps if what == "news"]))


def _check_digests(told: int) -> None:
    with db.reading() as session:
        digests = session.scalars(select(Message).where(Message.event == ENVELOPE)).all()
        pairs = session.execute(select(Enclosure.envelope_id, Enclosure.message_id)).all()
    assert len({one.key for one in digests}) == len(digests)
    assert {envelope for envelope, _ in pairs} == {one.id for one in digests}
    assert len(pairs) == len({message for _, message in pairs}) == told
