"""What others proposed already is shown before one proposes the same."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal import db, search
from portal.search import Card
from tests.counting import counting
from tests.search.conftest import FIRST, Put, alike


@pytest.mark.usefixtures("both")
def test_what_shares_the_words_that_matter_is_alike(put: Put) -> None:
    put("Giardini condivisi di via Fioravanti", "Fiori e panchine curati dal vicinato")
    put("Archivio digitale dei portici", "Fotografie libere")
    put("Orto di via Libia", "Verdura per tutti")
    assert alike("Un giardino condiviso in via Fioravanti", "Curiamo le panchine e i fiori") == [
        "Giardini condivisi di via Fioravanti"
    ]


@pytest.mark.usefixtures("both")
def test_the_likest_comes_first_and_no_more_than_asked_for(put: Put) -> None:
    put("Cura del parco della Zucca", "Alberi")
    put("Cura del parco")
    put("Un parco per i cani", "Con molta cura")
    assert alike("La cura del parco della Zucca")[0] == "Cura del parco della Zucca"
    assert len(alike("La cura del parco della Zucca")) == 3
    assert alike("La cura del parco della Zucca", limit=1) == ["Cura del parco della Zucca"]


@pytest.mark.usefixtures("both")
def test_ones_own_and_other_kinds_are_left_out(put: Put) -> None:
    own = put("Giardino condiviso del Pilastro")
    put("Giardino condiviso del Pilastro, il patto", kind="pact")
    put("Giardino condiviso del Pilastro, il luogo", kind="commons")
    assert alike("Giardino condiviso del Pilastro", without=[own]) == [
        "Giardino condiviso del Pilastro, il patto"
    ]
    assert alike("Giardino condiviso del Pilastro", kinds=["commons"]) == [
        "Giardino condiviso del Pilastro, il luogo"
    ]
    assert alike("Giardino condiviso del Pilastro", kinds=[]) == []


@pytest.mark.usefixtures("both")
@pytest.mark.parametrize("typed", ["", "il la e di", "***", "\x00", "x" * 5000, "\ud800"])
def test_a_text_that_says_nothing_is_like_nothing(put: Put, typed: str) -> None:
    put("Giardino")
    assert alike(typed) == []


@pytest.mark.usefixtures("both")
def test_words_are_cut_by_the_language_they_are_in(put: Put) -> None:
    put("Shared gardens near the station", language="en")
    put("동네 정원 가꾸기", language="ko")
    assert alike("A shared garden at the stations", language="en") == ["Shared gardens near the station"]
    assert alike("우리 동네 정원", language="ko") == ["동네 정원 가꾸기"]


def test_it_asks_twice_whatever_the_size_of_the_city(both: db.Database) -> None:
    with db.writing():
        for number in range(300):
            search.put(
                Card(
                    f"proposal:T-{number}",
                    FIRST + timedelta(hours=number),
                    "it",
                    f"Giardino condiviso {number}",
                )
            )
    with counting() as asked:
        first = alike(
            "Giardino condiviso 7 per tutti",
            "Fiori, panchine, alberi, sentieri, acqua, luce, ombra, sole, vento",
        )
    assert len(asked) == 2
    assert first[0] == "Giardino condiviso 7"
