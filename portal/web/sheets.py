"""Rows as a CSV file that a spreadsheet opens as text: no cell of it is ever a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain, islice

from flask import Response

# With one of these a spreadsheet takes a cell for a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_cell(value: object) -> str:
    """Return the value as text; what could be a formula begins with an apostrophe."""
    if isinstance(value, int | Decimal):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)  # below zero it is no formula
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def sheet(name: str, heads: Sequence[object], rows: Iterable[Sequence[object]]) -> Response:
    """Return the table as a file of this name, with the mark that tells spreadsheets it is UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([safe_cell(head) for head in heads])
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    answer = Response("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def streamed(name: str, heads: Sequence[object], rows: Iterable[Sequence[object]]) -> Response:
    """Return a long table as a file of this name, written while it is sent."""
    first = _written([heads], mark="\ufeff")
    parts = (_written(some) for some in _by_hundreds(rows))
    answer = Response(chain([first], parts), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _by_hundreds(rows: Iterable[Sequence[object]]) -> Iterator[list[Sequence[object]]]:
    left = iter(rows)
    while some := list(islice(left, 100)):
        yield some


def _written(rows: Iterable[Sequence[object]], mark: str = "") -> str:
    text = io.StringIO()
    csv.writer(text).writerows([safe_cell(cell) for cell in row] for row in rows)
    return mark + text.getvalue()
