"""What is typed finds what was meant, the same on both databases."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from portal import db, search
from portal.search import Card, asking, queries
from portal.search.queries import MOST, Place
from tests.conftest import _empty
from tests.counting import counting
from tests.search.conftest import FIRST, Put, found


@pytest.mark.usefixtures("both")
@pytest.mark.parametrize(
    ("typed", "title", "language"),
    [
        ("giardini", "Giardino di via Larga", "it"),
        ("GIARDINO", "I giardini del Pilastro", "it"),
        ("comunita", "Una comunità di vicini", "it"),
        ("città", "La citta dei bambini", "it"),
        ("orto", "Dell'orto comune", "it"),
        ("cooper*", "Cooperativa di quartiere", "it"),
        ("cooperativ*", "Cooperative di abitanti", "it"),
        ("jardines", "El jardín de la plaza", "es"),
        ("jardin", "El jardín de la plaza", "es"),
        ("collectiu", "Un col·lectiu de veïns", "ca"),
        ("veins", "Un col·lectiu de veïns", "ca"),
        ("gardens", "A garden for everybody", "en"),
        ("정원", "동네정원을 함께", "ko"),
        ("꽃", "꽃밭 가꾸기", "ko"),
        ("strasse", "Die Straße", "de"),
        ("2026", "Estate 2026", "it"),
        ("della biblioteca", "Biblioteca aperta", "it"),
    ],
)
def test_a_word_is_found_however_it_is_inflected_or_accented(
    put: Put, typed: str, title: str, language: str
) -> None:
    put(title, language=language)
    put("Palestra popolare")
    assert found(typed) == [title]


@pytest.mark.usefixtures("both")
def test_every_word_must_be_there_and_a_title_that_answers_comes_first(put: Put) -> None:
    put("Orto di via Libia", "Un orto accanto alla biblioteca")
    put("Biblioteca di via Libia")
    put("Cortile", "Un orto, una biblioteca, un cortile")
    put("Biblioteca con orto")
    assert found("biblioteca orto") == ["Biblioteca con orto", "Orto di via Libia", "Cortile"]


@pytest.mark.usefixtures("both")
def test_filters_narrow_what_is_found(put: Put) -> None:
    put("Giardino uno", kind="pact", district="porto-saragozza", sort="place")
    put("Giardino due", district="navile", sort="place")
    put("Garden three", "giardino", district="navile", language="en", sort="software")
    assert found("giardino", kind="pact") == ["Giardino uno"]
    assert found("giardino", district="porto-saragozza") == ["Giardino uno"]
    assert found("giardino", language="en") == ["Garden three"]
    assert found("giardino", sort="place") == ["Giardino due", "Giardino uno"]
    assert found("giardino", kind="commons") == []


@pytest.mark.usefixtures("both")
def test_what_was_changed_or_taken_out_is_found_no_more(put: Put) -> None:
    key = put("Giardino vecchio")
    put("Giardino nuovo", key=key)
    assert (found("giardino"), found("vecchio"), found("nuovo")) == (
        ["Giardino nuovo"],
        [],
        ["Giardino nuovo"],
    )
    with db.writing():
        search.drop(key)
        search.drop("proposal:never-there")
    assert found("giardino") == []


@pytest.mark.usefixtures("both")
def test_what_is_rolled_back_was_never_there(put: Put) -> None:
    def broken() -> None:
        with db.writing():
            search.put(Card("proposal:x", FIRST, "it", "Giardino segreto"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    assert found("giardino") == []


@pytest.mark.usefixtures("both")
def test_two_who_enter_the_same_thing_at_once_leave_one_row() -> None:
    ready, troubles = threading.Barrier(4), []

    def enter(number: int) -> None:
        try:
            ready.wait()
            with db.writing():
                search.put(Card("proposal:x", FIRST, "it", f"Giardino numero {'abcd'[number]}{number}"))
        except Exception as error:
            troubles.append(error)

    threads = [threading.Thread(target=enter, args=(number,)) for number in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not troubles
    assert len(found("giardino")) == 1
    # Of the three that were written over, the index kept nothing.
    assert sum(len(found(f"{'abcd'[number]}{number}")) for number in range(4)) == 1


@pytest.mark.parametrize(
    "typed",
    [
        '"',
        "'",
        'a" OR "b',
        "NEAR(a b)",
        "words:x",
        "x* AND *",
        "-orto",
        "(",
        "^orto",
        "a:*",
        "a' | 'b",
        "\\",
        "%",
        "·kind·pact",
    ],
)
@pytest.mark.usefixtures("both")
def test_signs_that_a_database_could_read_are_words_or_nothing(put: Put, typed: str) -> None:
    put("Palestra", kind="pact")
    assert found(typed) == []


@pytest.mark.usefixtures("both")
def test_only_particles_find_nothing(put: Put) -> None:
    put("Il giardino della via")
    assert found("il della e la") == []
    assert found("") == []
    assert found("*** ---") == []


@pytest.mark.usefixtures("both")
def test_of_a_common_word_only_the_newest_are_looked_at_and_pages_follow_each_other() -> None:
    with db.writing():
        for number in range(MOST + 30):
            at = FIRST + timedelta(minutes=number % 7)
            title = f"Giardino {number}" if number % 3 else f"Spazio {number}"
            search.put(Card(f"proposal:T-{number}", at, "it", title, "giardino"))
    wanted = asking.read({"q": "giardini"})
    seen, place = [], None
    with db.reading():
        answers = queries.find(wanted)
        while True:
            seen += [row.key for row in answers.after(place)]
            following = answers.following(place)
            if following is None:
                break
            place = Place.read(str(following))
            assert place == following
    assert answers.is_capped
    assert len(seen) == len(set(seen)) == MOST
    assert seen == [row.key for row in answers.rows]
    assert "proposal:T-29" not in seen


@pytest.mark.parametrize(
    "typed", ["", "x", "1-2-3", "1-20260301T090000000000-", "9" * 30, "1-20260301T090000000000-" + "9" * 30]
)
def test_a_place_that_is_none_is_the_first_page(typed: str) -> None:
    assert Place.read(typed) is None


def test_a_search_asks_little(both: db.Database, put: Put) -> None:
    put("Giardino")
    with counting() as asked:
        found("giardino")
    assert len(asked) <= (1 if both.is_sqlite else 2)


_LETTERS = "abèçñ이정꽃ßİı①²٣߉𐍈é1"
_WORDS = st.text(_LETTERS, min_size=1, max_size=4) | st.text(min_size=1, max_size=8).filter(
    lambda one: "\x00" not in one and one.isprintable()
)
_TEXT = st.lists(_WORDS, max_size=6).map(" ".join)
_CARDS = st.lists(st.tuples(_TEXT, _TEXT, st.sampled_from(["it", "es", "ca", "en", "ko"])), max_size=5)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(_CARDS, _TEXT)
def test_both_databases_find_the_same(
    sqlite: db.Database, postgres: db.Database, cards: list[tuple[str, str, str]], typed: str
) -> None:
    titles = [title for title, _, _ in cards]
    asked = [typed[:100], *titles, *(f"{title[:4]}*" for title in titles), *(about for _, about, _ in cards)]
    answers = [_answers(one, cards, asked) for one in (sqlite, postgres)]
    assert answers[0] == answers[1]
    # And each finds at least what was asked for in its own words.
    for number, title in enumerate(titles):
        if asking.terms_of(title):
            assert f"proposal:{number}" in answers[0][1 + number]


def _answers(database: db.Database, cards: list[tuple[str, str, str]], asked: list[str]) -> list[list[str]]:
    db.use(database)
    with db.writing() as session:
        session.execute(text("DELETE FROM search_entry"))
        for number, (title, about, language) in enumerate(cards):
            search.put(Card(f"proposal:{number}", FIRST + timedelta(hours=number), language, title, about))
    with db.reading():
        return [[row.key for row in queries.find(asking.Wanted(words=one)).rows] for one in asked]


def test_sqlites_own_index_agrees_with_the_rows(sqlite: db.Database, put: Put) -> None:
    db.use(sqlite)
    keys = [put(f"Giardino {number}") for number in range(20)]
    put("Orto", key=keys[3])
    with db.writing() as session:
        search.drop(keys[4])
        session.execute(text("INSERT INTO search_words(search_words) VALUES ('integrity-check')"))
        assert session.scalar(text("SELECT count(*) FROM search_entry")) == 19


def test_emptying_for_a_test_empties_the_index_too(postgres: db.Database, put: Put) -> None:
    db.use(postgres)
    put("Giardino")
    _empty(postgres)
    assert found("giardino") == []
