"""Pledges as rows of a file that a platform for collecting money writes: read strictly, or refused by row."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.errors import Invalid
from portal.money import parse_cents
from portal.proposals.forms.fields import read_day
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

MOST_ROWS = 1000
LONGEST_REFERENCE, LONGEST_NAME, LONGEST_EVIDENCE = 80, 120, 300
COLUMNS = ("day", "amount", "name", "address", "reference")
BY_HAND, BY_PLATFORM = "hand", "platform"


@dataclass(frozen=True, slots=True)
class Row:
    """One pledge as it was typed or read; an empty name is without name."""

    pledged_on: date
    amount_cents: int
    reference: str
    name: str = ""
    email: str = ""
    is_named: bool = False
    evidence: str = ""
    source: str = BY_HAND


def read(text: str) -> list[Row]:
    """Return the rows below the heads, all or none; refuses with Invalid, naming the row."""
    mark = ";" if text.partition("\n")[0].count(";") >= len(COLUMNS) - 1 else ","
    lines = [line for line in csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=mark) if any(line)]
    if len(lines) < 2:  # noqa: PLR2004 - heads and a row
        raise Invalid(W("Put in the heads and at least one row."), field="rows")
    if len(lines) > MOST_ROWS + 1:
        raise Invalid(W("Put in %(most)s rows or fewer at a time.", most=MOST_ROWS), field="rows")
    found = [_row(number, line) for number, line in enumerate(lines[1:], start=2)]
    seen: set[str] = set()
    for number, row in enumerate(found, start=2):
        if row.reference in seen:
            raise _wrong(number, W("This reference stands in the file twice."))
        seen.add(row.reference)
    return found


def _row(number: int, line: Sequence[str]) -> Row:
    if len(line) != len(COLUMNS):
        raise _wrong(number, W("There must be five columns: day, amount, name, address, reference."))
    day, amount, name, email, reference = (one.strip() for one in line)
    if not reference or len(reference) > LONGEST_REFERENCE or len(name) > LONGEST_NAME:
        raise _wrong(number, W("The reference is missing, or something is too long."))
    try:
        cents = parse_cents(amount)
        when = read_day(day)
    except Invalid as refused:
        raise _wrong(number, refused.words) from refused
    if cents <= 0:
        raise _wrong(number, W("Enter an amount above zero, like 1,200"))
    return Row(when, cents, reference, name, email, is_named=bool(name), source=BY_PLATFORM)


def _wrong(number: int, why: W) -> Invalid:
    return Invalid(W("Row %(row)s: %(why)s", row=number, why=why), field="rows")
