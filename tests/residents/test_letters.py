"""A letter with a code: whoever opens it lives there; codes are hashed, tried a few times, and work once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select, update

from portal import city, clock, crypto, db
from portal.errors import Invalid, Refused, WrongState
from portal.notices.letters.jobs import secret_of
from portal.notices.letters.models import Letter
from portal.residents import actions, jobs
from portal.residents.actions.letters import MOST_TO_ADDRESS, MOST_TRIES
from portal.residents.models import CodeLetter, Residency
from tests.browser import Browser
from tests.conftest import CAST, Cast
from tests.people.letters import acts
from tests.residents.people import NINA, ROSA, TEO, rows, settle, verified

RULES = city.profile("bologna").residents
HERE = "/en/account/residence/letter"
HOME = actions.Home("Rosa Neri", "Via Larga 12", "40121", "Bologna")
TYPED = {
    "number": ROSA,
    "name": "Rosa Neri",
    "street": "Via Larga 12",
    "postcode": "40121",
    "town": "Bologna",
}


def ask(cast: Cast, name: str = "rosa", number: str = ROSA, home: actions.Home = HOME) -> str:
    """Ask for a letter and return the code that will be printed."""
    with db.writing():
        actions.ask_letter(
            cast.person(name), number, home, rules=RULES, link="https://x.example/", by=getattr(cast, name)
        )
    return printed()[-1]


def printed() -> list[str]:
    with db.reading() as session:
        return [secret_of(one) for one in session.scalars(select(Letter).order_by(Letter.id))]


def type_in(cast: Cast, code: str, name: str = "rosa") -> Any:
    person, by = cast.person(name), getattr(cast, name)
    actions.take_try(person)
    with db.writing():
        return actions.show_by_letter(person, code, rules=RULES, by=by)


def test_whoever_opens_the_letter_is_verified_and_the_code_works_once(cast: Cast) -> None:
    code = ask(cast)
    assert len(code.replace("-", "")) == 12
    assert set(code) <= {*crypto.CODE_ALPHABET, "-"}
    type_in(cast, f" {code.lower().replace('-', ' ')} ")
    assert verified(cast.person("rosa"))
    assert rows(Residency)[0].way == "letter"
    with pytest.raises(WrongState, match="No letter of yours is open"):
        type_in(cast, code)


def test_nothing_in_the_database_opens_it(cast: Cast) -> None:
    code = ask(cast)
    with db.reading() as session:
        dump = repr([session.execute(table.select()).all() for table in Residency.metadata.sorted_tables])
    for secret in (code, code.replace("-", ""), ROSA, crypto.token_hash(code.replace("-", ""))):
        assert secret not in dump
    (act,) = acts("residence:letter_asked")
    assert act.facts == {}


def test_a_wrong_code_counts_and_after_the_last_try_even_the_right_one_is_refused(cast: Cast) -> None:
    code = ask(cast)
    for _ in range(MOST_TRIES):
        with pytest.raises(Invalid, match="not the code"):
            type_in(cast, "2222-2222-2222")
    with pytest.raises(WrongState):
        type_in(cast, code)
    assert not verified(cast.person("rosa"))


def test_the_last_try_counts_when_it_is_right(cast: Cast) -> None:
    code = ask(cast)
    for _ in range(MOST_TRIES - 1):
        with pytest.raises(Invalid):
            type_in(cast, "2")
    type_in(cast, code)
    assert verified(cast.person("rosa"))


def test_a_code_is_its_persons_alone_and_the_newest_letter_counts(cast: Cast) -> None:
    first = ask(cast)
    ask(cast, "eve", TEO)
    with pytest.raises(Invalid):
        type_in(cast, first, "eve")
    second = ask(cast)
    with pytest.raises(Invalid):
        type_in(cast, first)
    type_in(cast, second)
    assert verified(cast.person("rosa"))


def test_a_code_ends(cast: Cast) -> None:
    code = ask(cast)
    with db.writing() as session:
        moved = {"asked_at": clock.real() - timedelta(days=61), "expires_at": clock.real()}
        session.execute(update(CodeLetter).values(moved))
    with pytest.raises(WrongState):
        type_in(cast, code)
    assert jobs.forget_old() == 1
    assert rows(CodeLetter) == []


def test_letters_are_counted_per_person_and_per_address(cast: Cast) -> None:
    for _ in range(RULES.letters_most):
        ask(cast)
    with pytest.raises(WrongState, match="enough letters"):
        ask(cast)
    nina = cast.person("nina").id
    with db.writing() as session:
        session.execute(update(CodeLetter).values(person_id=nina, state="void"))
        for _ in range(MOST_TO_ADDRESS - RULES.letters_most):
            row = rows(CodeLetter)[0]
            copied = {c.name: getattr(row, c.name) for c in CodeLetter.__table__.columns if c.name != "id"}
            session.add(CodeLetter(**{**copied, "person_id": nina, "state": "void"}))
    same = replace(HOME, street="via  larga, 12", name="Eve")
    with pytest.raises(WrongState, match="went to this address"):
        ask(cast, "eve", TEO, same)
    ask(cast, "eve", TEO, replace(HOME, street="Via Larga 14"))


@pytest.mark.parametrize(
    ("number", "home", "field"),
    [
        ("NRERSO80A42A944R", HOME, "number"),
        (ROSA, replace(HOME, postcode="20121"), "postcode"),
        (ROSA, replace(HOME, postcode="*"), "postcode"),
        (ROSA, replace(HOME, street="x" * 61), "postal"),
    ],
)
def test_an_address_elsewhere_gets_no_letter(cast: Cast, number: str, home: actions.Home, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        ask(cast, number=number, home=home)
    assert refused.value.field == field
    assert printed() == []


def test_a_document_of_another_account_waits_for_staff(cast: Cast) -> None:
    settle(cast.person("eve"), ROSA, by=cast.eve)
    type_in(cast, ask(cast))
    assert not verified(cast.person("rosa"))
    assert len(acts("residence:contested")) == 1


def test_two_who_type_the_code_at_once_use_it_once(both: db.Database, cast: Cast) -> None:
    code, start = ask(cast), Barrier(2)
    person, by = cast.person("rosa"), cast.rosa

    def take(_number: int) -> str:
        start.wait(5)
        try:
            actions.take_try(person)
            with db.writing():
                actions.show_by_letter(person, code, rules=RULES, by=by)
        except Refused as refused:
            return type(refused).__name__
        return "done"

    with ThreadPoolExecutor(2) as pool:
        done = sorted(pool.map(take, range(2)))
    assert done == ["WrongState", "done"]
    assert [row.state for row in rows(Residency)] == ["valid"]


def test_letters_asked_at_once_are_counted(both: db.Database, cast: Cast) -> None:
    cast.person("rosa")
    count, start = RULES.letters_most + 2, Barrier(RULES.letters_most + 2)
    person, by = cast.person("rosa"), cast.rosa

    def take(_number: int) -> str:
        start.wait(5)
        try:
            with db.writing():
                actions.ask_letter(person, ROSA, HOME, rules=RULES, link="", by=by)
        except Refused as refused:
            return type(refused).__name__
        return "done"

    with ThreadPoolExecutor(count) as pool:
        done = list(pool.map(take, range(count)))
    assert done.count("done") == RULES.letters_most
    with db.reading() as session:
        waiting = select(func.count()).where(CodeLetter.state == "open")
        assert session.scalar(waiting) == 1


@pytest.fixture
def rosa(client: Browser, cast: Cast) -> Browser:
    cast.person("rosa")
    client.sign_in(CAST["rosa"][1])
    client.get(HERE)
    return client


def test_a_letter_is_asked_for_and_its_code_typed_on_the_page(rosa: Browser, cast: Cast) -> None:
    rosa.post(HERE, TYPED)
    assert "next post" in rosa.page
    (letter,) = rows(Letter)
    assert (letter.addressee, letter.lines) == ("Rosa Neri", ["Via Larga 12", "40121 Bologna"])
    code = printed()[0]
    assert code not in rosa.page
    assert code.replace("-", "") not in letter.body + letter.title
    rosa.get(HERE)
    assert "You asked for a letter" in rosa.page
    assert rosa.post(f"{HERE}/code", {"code": "2222"}).status_code == 422
    assert "7 times" in rosa.page
    rosa.post(f"{HERE}/code", {"code": code.lower()})
    assert "verified resident now" in rosa.page
    assert verified(cast.person("rosa"))


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"number": ""}, "Enter the number"),
        ({"number": "NRERSO80A42A944R"}, "Compare it with your card"),
        ({"postcode": "20121"}, "not in the city"),
        ({"postcode": "💥"}, "no postcode"),
        ({"street": "\u200b"}, "Enter street and number"),
        ({"name": "x" * 500}, "longer than 60"),
    ],
)
def test_odd_addresses_are_refused_with_what_was_typed(
    rosa: Browser, values: dict[str, str], sentence: str
) -> None:
    assert rosa.post(HERE, {**TYPED, **values}).status_code == 422
    assert sentence in rosa.page
    assert printed() == []


def test_without_a_letter_there_is_no_code_to_type(rosa: Browser) -> None:
    assert "Code of the letter" not in rosa.page
    assert rosa.post(f"{HERE}/code", {"code": ""}).status_code == 422
    assert rosa.post(f"{HERE}/code", {"code": "2222"}).status_code == 409


def test_a_neighbours_letter_box_is_not_filled_from_one_network(rosa: Browser) -> None:
    answers = [
        rosa.post(HERE, {**TYPED, "street": f"Via Larga {number}"}, follow=False).status_code
        for number in range(6)
    ]
    assert answers == [303, 303, 303, 409, 409, 429]


def test_somebody_elses_open_letter_is_not_shown(rosa: Browser, cast: Cast) -> None:
    ask(cast, "nina", NINA)
    rosa.get(HERE)
    assert "You asked for a letter" not in rosa.page
