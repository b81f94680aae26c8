"""Amounts are read strictly and printed the way people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.errors import Invalid
from portal.money import MOST_CENTS, euro, parse_cents

READ = {
    "0": 0,
    "5": 500,
    "1200": 120_000,
    "1.200": 120_000,
    "1,200": 120_000,
    "1'200": 120_000,
    "1 200": 120_000,
    "1\u00a0200": 120_000,
    "1.200,50": 120_050,
    "1,200.50": 120_050,
    "1200.5": 120_050,
    "1200,5": 120_050,
    "0,01": 1,
    "€ 1.200": 120_000,
    "1.200 €": 120_000,
    "1200 euro": 120_000,
    "1200 Euro": 120_000,
    " 12 ": 1200,
    "1.234.567,89": 123_456_789,
    "999999999999,99": MOST_CENTS - 1,
}
REFUSED = [
    "", " ", "-1", "-0", "+1", "Infinity", "inf", "NaN", "1e400", "1e3", "0.001", "0,001", "1_000", "0x10", "١٢٠٠",
    "１２", "1,20,0", "1.200.50", "1,200,50", "1.200.000,000", "1.2345", "12.34.56", "12,345.678", "1 200.300", ".5",
    "5.", "1..2", "€", "$5", "5 dollars", "5\n6", "1/2", "1.000.000.000.000,01", "9" * 13, "1" + ".000" * 5,
    "1" + ".000" * 2000, "9" * 10_000,
]  # fmt: skip


@pytest.mark.parametrize(("text", "cents"), READ.items())
def test_what_people_type_is_read(text: str, cents: int) -> None:
    assert parse_cents(text) == cents


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: ascii(text)[:20])
def test_everything_else_is_refused_with_a_sentence_beside_its_field(text: str) -> None:
    with pytest.raises(Invalid, match="Enter an amount") as refused:
        parse_cents(text, field="amount")
    assert refused.value.field == "amount"


@pytest.mark.parametrize("language", ["it", "en"])
@given(cents=st.integers(0, MOST_CENTS - 1))
def test_what_is_printed_can_be_typed(language: str, cents: int) -> None:
    assert parse_cents(euro(cents, language)) == cents


@given(text=st.text(max_size=40))
def test_no_text_makes_anything_but_cents_or_a_refusal(text: str) -> None:
    try:
        cents = parse_cents(text)
    except Invalid:
        return
    assert 0 <= cents <= MOST_CENTS
    assert any(sign in "0123456789" for sign in text)


def test_amounts_are_printed_in_the_language() -> None:
    assert euro(120_000, "it") == "€\u00a01.200"
    assert euro(120_050, "it") == "€\u00a01.200,50"
    assert euro(120_050, "en") == "€\u00a01,200.50"
    assert euro(0, "en") == "€\u00a00"
