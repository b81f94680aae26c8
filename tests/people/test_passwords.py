"""A password is refused for being short or guessed first, never for its signs, and the refusal says what to do."""

from __future__ import annotations

import pytest
import zxcvbn

from portal import crypto
from portal.people.passwords import COMMON, OWN_WORDS, PATTERN, TOO_LONG, TOO_SHORT, reasons_against

KNOWN = ("Rosa Neri", "rosa.neri@example.org", "Comune di Bologna", "Commons pacts", "patti@city.example")


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", TOO_SHORT),
        ("eleven sign", TOO_SHORT),
        ("x1 y2" * 41, TOO_LONG),
        ("password1234", COMMON),
        ("p@ssw0rd1234", COMMON),
        ("qwertyuiop12", COMMON),
        ("aaaaaaaaaaaaaaaa", PATTERN),
        ("abcdefghijklmn", PATTERN),
        ("\0" * 20, PATTERN),
        ("\ud800" * 20, PATTERN),
        (" " * 20, PATTERN),
        ("bolognacomune2026", OWN_WORDS),
        ("rosa neri 12345", OWN_WORDS),
        ("ROSA.NERI@EXAMPLE", OWN_WORDS),
        ("patti commons city", OWN_WORDS),
    ],
)
def test_what_is_guessed_first_is_refused_with_its_reason(password: str, reason: object) -> None:
    assert reasons_against(password, KNOWN) == (reason,)


@pytest.mark.parametrize(
    "password",
    [
        "lamp tide oven moss",
        "correct horse rosa staple",
        "ночь улица фонарь",
        "나는 밤에 산책을 한다고",
        "🐝 hums over 🌻 fields",
        "Zq7'; DROP TABLE--",
        "x!7kQ" * 40,
    ],
)
def test_any_signs_are_welcome_up_to_two_hundred(password: str) -> None:
    assert reasons_against(password, KNOWN) == ()


def test_another_city_refuses_its_own_words() -> None:
    assert reasons_against("seoulseoulmetro26", ("Seoul Metro",)) == (OWN_WORDS,)
    assert reasons_against("barcelona patrimoni", ("Barcelona", "Patrimoni Ciutadà")) == (OWN_WORDS,)


def test_the_words_of_one_person_are_not_kept_for_the_next() -> None:
    assert reasons_against("ghirigoro zanzibar", ("Ghirigoro Zanzibar",)) == (OWN_WORDS,)
    assert reasons_against("ghirigoro zanzibar", ()) == ()


def test_signs_that_look_like_letters_do_not_keep_the_portal_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    handed = []
    estimate = zxcvbn.zxcvbn
    monkeypatch.setattr(zxcvbn, "zxcvbn", lambda text: handed.append(text) or estimate(text))
    # Handed over whole this takes four seconds and more.
    assert reasons_against("4@8({[<369!1|0$5+7%2" * 10, KNOWN) == ()
    assert [len(text) for text in handed] == [24]


def test_a_hash_of_yesterdays_cost_is_known_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    old = crypto.hash_password("lamp tide oven moss")
    assert not crypto.needs_rehash(old)
    monkeypatch.setitem(crypto._cost, "time_cost", 2)
    crypto._hasher.cache_clear()
    try:
        assert crypto.needs_rehash(old)
        assert crypto.password_matches(old, "lamp tide oven moss")
    finally:
        monkeypatch.undo()
        crypto._hasher.cache_clear()
