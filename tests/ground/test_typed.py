"""What people type is made clean once, at the edge."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.typed import clean_text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (None, ""),
        ("", ""),
        ("  two words ", "two words"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("one\u2028two\u2029three\x85four", "one\ntwo\nthree\nfour"),
        ("a\tb", "a\tb"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("\u200b\u200d\u2060", ""),
        ("bell\x07 nul\x00", "bell nul"),
        ("\u202eturned", "turned"),
        ("citta\u0300", "città"),
        ("e\u200c\u0301", "é"),
        ("lone \ud800 surrogate", "lone  surrogate"),
        ("private \ue000 use", "private  use"),
        ("日本 한국 Čeština", "日本 한국 Čeština"),
    ],
)
def test_invisible_and_broken_characters_go(typed: str | None, kept: str) -> None:
    assert clean_text(typed) == kept


@given(st.text(max_size=60))
def test_cleaning_twice_changes_nothing_more(typed: str) -> None:
    once = clean_text(typed)
    assert clean_text(once) == once
    assert unicodedata.is_normalized("NFC", once)
    once.encode()
