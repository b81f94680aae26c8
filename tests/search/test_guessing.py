"""A wrong letter is put right with words of things that are here, and by one question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import db
from portal.search import queries
from portal.search.queries.guessing import beginnings
from tests.browser import Browser
from tests.counting import counting
from tests.search.conftest import Put


def meant(typed: str) -> str:
    with db.reading():
        return queries.meant(typed)


@pytest.mark.usefixtures("both")
def test_what_is_nearly_a_word_of_something_here_is_put_right(put: Put) -> None:
    put("Giardino di via Larga", "Un orto e una città di api")
    put("Biblioteca aperta")
    guesses = {
        "giardnio": "giardino",
        "gairdino": "giardino",
        "gardino": "giardino",
        "bibliotecca aperta": "biblioteca aperta",
        "Bibilioteca": "biblioteca",
        "giardinno larga": "giardino larga",
    }
    assert {typed: meant(typed) for typed in guesses} == guesses
    # What is right, what is far, what no one thing holds together, what is too short, and other scripts.
    for typed in ("giardino", "zzzzqqq", "gardino biblioteca", "ort", "정원", "", "* ' \" ) OR", "x" * 200):
        assert meant(typed) == ""


def test_the_page_offers_it_by_few_questions_and_counts_by_kind(client: Browser, put: Put) -> None:
    put("Giardino di via Larga")
    with counting() as asked:
        client.get("/en/search?q=gardino")
    assert len(asked) <= 4
    assert "Did you mean" in client.page
    assert "/en/search?q=giardino" in client.parsed.links
    client.get("/en/search?q=gardino&kind=pact")
    assert "Did you mean" not in client.page


@given(st.text(max_size=60))
def test_a_beginning_is_never_empty_nor_long(word: str) -> None:
    assert all(3 <= len(one) <= 4 for one in beginnings(word))
    assert len(beginnings(word)) <= 200
