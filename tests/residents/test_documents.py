"""Numbers of documents are one and the same however they are typed; a mistyped tax code says so."""

from __future__ import annotations

import string
from contextlib import suppress
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.errors import Invalid
from portal.residents.documents import check_letter, plain_number, tax_code, with_letters
from portal.residents.terms import end_of, months_later
from tests.residents.people import ROSA

SIGNS = string.ascii_uppercase + string.digits
NUMBERS = st.text(SIGNS, min_size=5, max_size=40).filter(lambda text: any(map(str.isdigit, text)))
BETWEEN = st.sampled_from(["", " ", "-", ".", "/", "\u00a0", "\u200b", "  "])


@given(NUMBERS, st.lists(BETWEEN, min_size=40, max_size=40), st.booleans())
def test_blanks_case_and_marks_make_no_other_number(number: str, between: list[str], lower: bool) -> None:
    typed = "".join(a + b for a, b in zip(number, between, strict=False))
    assert plain_number(typed.lower() if lower else typed) == number
    # As East Asian keyboards write digits and letters.
    assert plain_number("".join(chr(ord(sign) + 0xFEE0) for sign in number)) == number


@given(NUMBERS)
def test_a_number_in_its_one_form_stays_as_it_is(number: str) -> None:
    assert plain_number(plain_number(number)) == number


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_refused_with_a_sentence(typed: str) -> None:
    with suppress(Invalid):
        assert set(plain_number(typed)) <= set(SIGNS)


@pytest.mark.parametrize("typed", ["", "   ", "1234", "ABCDEFG", "1" * 41, "АВ12345", "١٢٣٤٥٦", "AB12345é"])
def test_what_cannot_be_a_number_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        plain_number(typed)


def test_a_tax_code_is_taken_as_it_is_typed() -> None:
    assert tax_code("nre rso 80a41 a944r") == ROSA == tax_code(ROSA)
    assert tax_code("RSSMRA80A01H501U")  # the example everybody knows


@given(st.integers(0, 15), st.sampled_from(SIGNS))
def test_one_wrong_sign_is_noticed(place: int, sign: str) -> None:
    typed = ROSA[:place] + sign + ROSA[place + 1 :]
    # The odd values are a permutation, and so are the even ones: one sign changed changes the sum.
    if typed != ROSA and len({_value(place, sign), _value(place, ROSA[place])}) == 2:
        with pytest.raises(Invalid):
            tax_code(typed)


def _value(place: int, sign: str) -> str:
    return check_letter(sign + "A" * 14) if place % 2 == 0 else check_letter("A" + sign + "A" * 13)


@given(st.sets(st.sampled_from([6, 7, 9, 10, 12, 13, 14])))
def test_digits_that_became_letters_make_another_valid_code(places: set[int]) -> None:
    first = "".join(with_letters(s) if i in places else s for i, s in enumerate(ROSA[:15]))
    assert tax_code(first + check_letter(first)) == first + check_letter(first)
    assert (first == ROSA[:15]) == (not places)  # the city gave it to tell two people apart


@pytest.mark.parametrize("typed", ["NRERSO80A41A944", "NRERSO80Z41A944R", "1234567890123456", "AX1234567"])
def test_another_shape_is_no_tax_code(typed: str) -> None:
    with pytest.raises(Invalid, match="16 letters"):
        tax_code(typed)


def test_a_mistyped_tax_code_says_so() -> None:
    with pytest.raises(Invalid, match="Compare it with your card"):
        tax_code("NRERSO80A42A944R")


@given(st.dates(date(1901, 1, 1), date(2150, 12, 31)), st.integers(1, 120))
def test_months_are_the_calendars(day: date, months: int) -> None:
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and months_later(later, 0).day >= 28)


def test_a_status_holds_to_the_end_of_its_last_day() -> None:
    zone = ZoneInfo("Europe/Rome")
    assert months_later(date(2024, 2, 29), 24) == date(2026, 2, 28)
    shown = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # the first of July in the city
    assert end_of(shown, 24, zone) == datetime(2028, 7, 2, tzinfo=zone)
