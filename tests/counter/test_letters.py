"""A letter is written once, is in one batch, is posted once, and keeps no code after that."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from portal import clock, db
from portal.errors import Invalid, NotAllowed, WrongState
from portal.notices import letters
from portal.notices.actions import Recipient
from portal.notices.letters import jobs
from portal.notices.letters.actions import MOST_LETTERS, address_lines
from portal.notices.letters.models import Letter, LetterBatch
from portal.record import Act
from tests.counter.conftest import all_batches, all_letters, do, write


def _draw(number: int) -> object:
    return jobs.draw(number, lambda _batch, rows: (b"%PDF " + str(len(rows)).encode(), 1 + len(rows)))


def _gathered(by: Any) -> int:
    with db.writing():
        batch = letters.gather(by=by)
        assert batch is not None
        return batch.id


def _posted(by: Any, **changes: Any) -> int:
    write(**changes)
    number = _gathered(by)
    _draw(number)
    do(number, lambda batch: letters.mark_posted(batch, clock.today(), by=by))
    return number


def test_the_same_event_writes_one_letter(both: db.Database) -> None:
    write("one")
    write("one")
    write("two")
    assert [letter.key for letter in all_letters()] == ["one", "two"]
    assert all_letters()[0].title == "[PR-AAAA-AA] Abbiamo ricevuto la tua proposta"


def test_a_batch_takes_what_waits_and_a_second_one_finds_nothing(both: db.Database, cast: Any) -> None:
    carla = cast.carla
    for key in "abc":
        write(key)
    number = _gathered(carla)
    with db.writing():
        assert letters.gather(by=carla) is None
    assert [letter.batch_id for letter in all_letters()] == [number] * 3
    assert {letter.state for letter in all_letters()} == {"in_batch"}
    assert [batch.size for batch in all_batches()] == [3]


def test_two_clerks_at_once_never_take_the_same_letter(both: db.Database, cast: Any) -> None:
    carla = cast.carla
    for number in range(6):
        write(f"k{number}")
    ready, broken = threading.Barrier(4), []

    def work() -> None:
        try:
            ready.wait(10)
            with db.writing():
                letters.gather(by=carla)
        except BaseException as error:
            broken.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not broken
    assert sum(batch.size for batch in all_batches()) == 6
    of_batch = [letter.batch_id for letter in all_letters()]
    assert {batch.id: batch.size for batch in all_batches()} == {
        one: of_batch.count(one) for one in set(of_batch)
    }


def test_a_batch_is_never_too_large_to_draw(cast: Any) -> None:
    for number in range(MOST_LETTERS + 1):
        write(f"k{number}")
    _gathered(cast.carla)
    assert [batch.size for batch in all_batches()] == [MOST_LETTERS]
    assert [letter.state for letter in all_letters()].count("waiting") == 1


def test_the_database_lets_no_posted_letter_keep_its_code(both: db.Database, cast: Any) -> None:
    write(secret="7QK4-MM2P")
    number = _gathered(cast.carla)
    _draw(number)
    with pytest.raises(IntegrityError), db.writing() as session:
        session.execute(update(Letter).values(state="posted", posted_on=clock.today()))
    with pytest.raises(IntegrityError), db.writing() as session:
        session.execute(
            update(LetterBatch).values(
                state="posted", posted_on=clock.today(), posted_by_id=cast.carla.person_id
            )
        )


def test_a_code_is_nowhere_in_the_clear_and_gone_when_posted(both: db.Database, cast: Any) -> None:
    write(secret="7QK4-MM2P")
    (letter,) = all_letters()
    assert jobs.secret_of(letter) == "7QK4-MM2P"
    assert "7QK4" not in letter.sealed_secret + letter.body + letter.title
    number = _gathered(cast.carla)
    _draw(number)
    with db.reading() as session:
        kept = session.scalar(text("SELECT sealed_pdf FROM letter_batch"))
    assert b"%PDF" not in bytes(kept)
    do(number, lambda batch: letters.mark_posted(batch, clock.today(), by=cast.carla))
    (letter,), (batch,) = all_letters(), all_batches()
    assert (letter.sealed_secret, letter.had_secret, letter.state) == ("", True, "posted")
    assert batch.state == "posted"
    with db.reading() as session:
        assert session.scalar(text("SELECT sealed_pdf FROM letter_batch")) is None
        assert "7QK4" not in " ".join(str(act.facts) for act in session.scalars(select(Act)))


def test_posting_twice_is_posting_once_and_the_first_day_stays(cast: Any) -> None:
    number = _posted(cast.carla)
    yesterday = clock.today() - timedelta(days=1)
    do(number, lambda batch: letters.mark_posted(batch, yesterday, by=cast.carla))
    assert all_batches()[0].posted_on == clock.today()


def test_no_batch_is_posted_before_it_could_be_printed(cast: Any) -> None:
    write()
    number = _gathered(cast.carla)
    with pytest.raises(WrongState):
        do(number, lambda batch: letters.mark_posted(batch, clock.today(), by=cast.carla))


@pytest.mark.parametrize("days", [1, -61])
def test_a_day_of_posting_that_cannot_be_is_refused(cast: Any, days: int) -> None:
    write()
    number = _gathered(cast.carla)
    _draw(number)
    with pytest.raises(Invalid):
        do(
            number,
            lambda batch: letters.mark_posted(batch, clock.today() + timedelta(days=days), by=cast.carla),
        )


def test_a_batch_that_may_have_been_printed_is_not_taken_apart(both: db.Database, cast: Any) -> None:
    write()
    first = _gathered(cast.carla)
    do(first, lambda batch: letters.take_apart(batch, by=cast.carla))
    assert [(one.state, one.batch_id) for one in all_letters()] == [("waiting", None)]
    second = _gathered(cast.carla)
    _draw(second)
    with pytest.raises(WrongState):
        do(second, lambda batch: letters.take_apart(batch, by=cast.carla))
    assert [batch.state for batch in all_batches()] == ["apart", "drawn"]


def test_a_batch_taken_apart_while_it_is_drawn_is_not_kept(both: db.Database, cast: Any) -> None:
    write()
    number = _gathered(cast.carla)

    def draws(_batch: Any, _rows: Any) -> tuple[bytes, int]:
        do(number, lambda batch: letters.take_apart(batch, by=cast.carla))
        return b"%PDF", 2

    assert jobs.draw(number, draws) is jobs.HELD
    assert [batch.state for batch in all_batches()] == ["apart"]
    assert jobs.due() == []


def test_a_letter_that_came_back_is_written_again_once(both: db.Database, cast: Any) -> None:
    _posted(cast.carla)
    one = all_letters()[0].id
    do(one, lambda letter: letters.mark_returned(letter, clock.today(), "moved", by=cast.carla), Letter)
    again = {
        do(
            one,
            lambda letter: letters.write_again(letter, "Via Nuova 1\n40100 Bologna", by=cast.carla),
            Letter,
        ).id
        for _ in range(2)
    }
    assert len(again) == 1
    first, second = all_letters()
    assert (first.state, first.followed_by_id, first.returned_why) == ("returned", second.id, "moved")
    assert (second.state, second.postal, second.body) == ("waiting", "Via Nuova 1\n40100 Bologna", first.body)


def test_a_code_that_came_back_is_not_written_again(cast: Any) -> None:
    _posted(cast.carla, secret="7QK4-MM2P")
    one = all_letters()[0].id
    do(one, lambda letter: letters.mark_returned(letter, clock.today(), "", by=cast.carla), Letter)
    with pytest.raises(WrongState, match="code"):
        do(
            one,
            lambda letter: letters.write_again(letter, "Via Nuova 1\n40100 Bologna", by=cast.carla),
            Letter,
        )


def test_what_is_told_by_phone_is_never_printed(both: db.Database, cast: Any) -> None:
    write("p", Recipient(None, "", "it", name="Anna Verdi", phone="051 1", way="phone"))
    with db.writing():
        assert letters.gather(by=cast.carla) is None
    one = all_letters()[0].id
    for _ in range(2):
        do(one, lambda letter: letters.give(letter, clock.today(), by=cast.carla), Letter)
    assert all_letters()[0].state == "posted"


def test_paper_is_not_simply_ticked_off(cast: Any) -> None:
    write()
    with pytest.raises(WrongState):
        do(all_letters()[0].id, lambda one: letters.give(one, clock.today(), by=cast.carla), Letter)


@pytest.mark.parametrize("name", ["eve", "giulia", "aldo"])
def test_only_clerks_send_letters(cast: Any, name: str) -> None:
    write()
    with pytest.raises(NotAllowed), db.writing():
        letters.gather(by=getattr(cast, name))
    assert all_letters()[0].state == "waiting"


@pytest.mark.parametrize(
    "typed",
    ["", "Via Larga 1", "a\nb\nc\nd\ne\nf\ng", "x" * 61 + "\n40100 Bologna", "\n \n\t\n"],
)
def test_an_address_no_envelope_can_show_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        address_lines(typed)


def test_blanks_around_the_lines_of_an_address_go() -> None:
    assert address_lines("  Via   Larga 1 \n\n 40100  Bologna ") == ("Via Larga 1", "40100 Bologna")
