"""What is asked past the engine is answered as the engine would, on both databases, and is counted like the rest."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import bindparam, literal, select, text
from sqlalchemy.exc import DBAPIError

from portal import clock, db
from portal.db import questions
from portal.front import queries as front
from portal.observations import queries as observations
from portal.organisations.queries.standing import OF_PERSON
from portal.pacts import queries as pacts
from portal.people.models import Tally
from portal.support.surplus.queries import PROMISED_AND_FINANCED
from tests.counting import counting
from tests.pacts import journey

TALLIES = (
    select(Tally.key, Tally.window, Tally.count).where(Tally.key == bindparam("key")).order_by(Tally.key)
)
# Each asked three times: by the engine at first, then as it was written out.
OVERVIEW = {"key": "pact:X", "other_key": "proposal:X", "person": 0}
TIMES = 3


def _told(rows: Any) -> list[tuple[Any, ...]]:
    return [tuple((type(value), value) for value in row) for row in rows]


@pytest.fixture
def pact(both: db.Database, cast: Any) -> Any:
    return journey.signed(cast)


def test_rows_dates_texts_and_lists_are_what_the_engine_reads(pact: Any, cast: Any) -> None:
    own, subject = {"pact_id": pact.id}, {"subject": pact.key}
    asked = {
        pacts.ROOM: {"code": pact.code},
        pacts.BESIDE: own,
        pacts.ANSWERED: own,
        front.REPORTS: own,
        front.PROMISES: own,
        front.ISSUED_PAPERS: subject,
        PROMISED_AND_FINANCED: subject,
        OF_PERSON: {"person_id": cast.rosa.person_id, "at": clock.real()},
        pacts.NEWEST: {"before": pacts.NO_BOUND},
    }
    for statement, given in asked.items():
        with db.reading() as session:
            expected = session.connection().execute(statement, given).all()
            found = [db.rows(statement, given) for _ in range(TIMES)]
        alone = db.only_rows(statement, given)
        for rows in (*found, alone):
            assert _told(rows) == _told(expected)
            assert [row._fields for row in rows] == [row._fields for row in expected]
    assert _told(db.rows(pacts.ROOM, {"code": pact.code}))[0]
    (row,) = db.rows(pacts.ROOM, {"code": pact.code})
    assert isinstance(row.starts_on, date)
    assert row._asdict()["code"] == pact.code == row[1]


def test_a_unit_sees_what_it_wrote_and_others_do_not(both: db.Database) -> None:
    for _ in range(TIMES):
        assert db.rows(TALLIES, {"key": "new"}) == []
    with db.writing() as session:
        session.add(Tally(key="new", window=0, count=3))
        session.flush()
        assert [row.count for row in db.rows(TALLIES, {"key": "new"})] == [3]
        session.rollback()
        # The line was given back: the next question opens another.
        assert db.rows(TALLIES, {"key": "new"}) == []


def test_values_that_stand_in_the_question_and_lists_of_any_length_are_kept_apart(both: db.Database) -> None:
    with db.writing() as session:
        session.add_all(Tally(key=key, window=0, count=count) for count, key in enumerate("abc"))
    of = {key: select(Tally.count, literal(key).label("of")).where(Tally.key == key) for key in "abc"}
    some = select(Tally.count).where(Tally.key.in_(bindparam("keys", expanding=True))).order_by(Tally.count)
    for _ in range(TIMES):
        assert [tuple(db.rows(of[key])[0]) for key in "abc"] == [(0, "a"), (1, "b"), (2, "c")]
        assert [row.count for row in db.rows(some, {"keys": ["a", "c"]})] == [0, 2]
        assert [row.count for row in db.rows(some, {"keys": ["b"]})] == [1]


def test_what_fails_is_the_engines_error_and_the_next_unit_works(both: db.Database) -> None:
    for _ in range(TIMES):
        db.rows(TALLIES, {"key": "x"})
    for opened in (db.reading, db.writing):
        with pytest.raises(DBAPIError), opened():
            db.rows(TALLIES, {"key": object()})
        with opened():
            assert db.rows(TALLIES, {"key": "x"}) == []
    with pytest.raises(DBAPIError):
        db.rows(TALLIES, {"key": object()})
    with pytest.raises(KeyError):
        db.rows(TALLIES, {})


# A file does not hang up.
@pytest.mark.parametrize("both", ["postgres"], indirect=True)
def test_a_line_that_broke_is_left_and_another_one_answers(both: db.Database) -> None:
    for _ in range(TIMES):
        db.rows(TALLIES, {"key": "x"})
    with pytest.raises(DBAPIError), db.reading() as session:
        driver: Any = session.connection().connection.driver_connection
        driver.close()
        db.rows(TALLIES, {"key": "x"})
    with db.reading():
        assert db.rows(TALLIES, {"key": "x"}) == []


def test_each_question_is_counted_once_however_it_is_asked(both: db.Database) -> None:
    with counting() as asked, db.reading():
        for _ in range(TIMES):
            db.rows(observations.OVERVIEW, OVERVIEW)
    assert len(asked) == TIMES


@pytest.mark.parametrize("ended", [1, 2])
def test_a_question_whose_line_the_server_ended_is_asked_once_more_on_another(
    postgres: db.Database, monkeypatch: pytest.MonkeyPatch, ended: int
) -> None:
    asked, lines = questions.ask, list[int]()

    def ended_under_way(driver: Any, words: str, given: Any = ()) -> Any:
        lines.append(driver.info.backend_pid)
        if len(lines) <= ended:
            with postgres.engine.connect() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": lines[-1]})
        return asked(driver, words, given)

    monkeypatch.setattr(questions, "ask", ended_under_way)
    if ended == 1:
        assert tuple(postgres.first_row("SELECT 7")) == (7,)
    else:
        with pytest.raises(DBAPIError) as refused:
            postgres.first_row("SELECT 7")
        assert refused.value.connection_invalidated
    assert len(lines) == len(set(lines)) == 2, "no question is asked for ever"
