"""Read a census as cities export it: CSV, streamed row by row, with every fault named by its line alone."""

from __future__ import annotations

import codecs
import csv
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from portal.errors import Invalid
from portal.residents.documents import RULES
from portal.typed import YEARS
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from portal.city import Residents

# What offices call the columns, in capitals and blanks of any kind.
NUMBER = frozenset(
    {
        "number",
        "document",
        "document_number",
        "tax_code",
        "codice_fiscale",
        "codicefiscale",
        "cf",
        "dni",
        "nie",
    }
)
BORN = frozenset(
    {"birth_date", "date_of_birth", "born_on", "data_nascita", "data_di_nascita", "fecha_nacimiento"}
)
POSTCODE = frozenset({"postcode", "postal_code", "zip", "cap", "codigo_postal", "codi_postal"})
MARKS = ";,\t|"
CHUNK = 1 << 20
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_POSTCODE = re.compile(r"[0-9A-Z]{3,10}")

NO_COLUMN = W("The first line names no column for %(what)s. Call it, for example, “%(example)s”.")
UNREADABLE = W("The file is no readable CSV from line %(line)s on.")
EMPTY = W("The file holds no rows.")
NO_DAY = W("this is no day of birth")
NO_POSTCODE = W("this is no postcode")
SHORT = W("the row is too short")


@dataclass(frozen=True, slots=True)
class Row:
    """One person: what they must know of themselves, in its one form."""

    number: str
    born_on: date
    postcode: str

    @property
    def answer(self) -> str:
        """Return everything that is asked, as it is hashed."""
        return f"{self.number}|{self.born_on.isoformat()}|{self.postcode}"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a line; never what stands there."""

    line: int
    words: W


def read(path: Path, rules: Residents) -> Iterator[Row | Fault]:
    """Yield each row of the file, or its fault; holds one row in memory at a time.

    Takes UTF-8 with or without a mark, UTF-16 and Latin-1; commas, semicolons, tabs or bars. Refuses with
    Invalid a file whose first line names no columns, or which is no CSV.
    """
    with path.open(encoding=_encoding(path), newline="") as file:
        first = file.readline()
        mark = max(MARKS, key=first.count)
        heads = next(csv.reader([first], delimiter=mark), [])
        places = _places(heads, asks_postcode=rules.asks_postcode)
        lines = csv.reader(file, delimiter=mark)
        try:
            for cells in lines:
                if any(cell.strip() for cell in cells):
                    yield _row(cells, places, lines.line_num + 1, rules)
        except csv.Error as error:
            raise Invalid(W(UNREADABLE.id, line=lines.line_num + 1)) from error


def _encoding(path: Path) -> str:
    """Return how the file is written; read once in pieces, because one odd sign may stand anywhere."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        start = file.read(2)
        if start in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
            return "utf-16"
        file.seek(0)
        try:
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "latin-1"
    return "utf-8-sig"


def _places(heads: list[str], *, asks_postcode: bool) -> tuple[int, int, int | None]:
    names = [re.sub(r"[^a-z0-9]+", "_", head.lower()).strip("_") for head in heads]
    number = _place(names, NUMBER, W("the document's number"), "codice_fiscale")
    born = _place(names, BORN, W("the day of birth"), "data_nascita")
    return number, born, _place(names, POSTCODE, W("the postcode"), "cap") if asks_postcode else None


def _place(names: list[str], known: frozenset[str], what: W, example: str) -> int:
    for place, name in enumerate(names):
        if name in known:
            return place
    raise Invalid(W(NO_COLUMN.id, what=what, example=example))


def _row(cells: list[str], places: tuple[int, int, int | None], line: int, rules: Residents) -> Row | Fault:
    number, born, postcode = places
    try:
        return Row(
            RULES[rules.document](cells[number]),
            day(cells[born]),
            postal(cells[postcode]) if postcode is not None else "",
        )
    except IndexError:
        return Fault(line, SHORT)
    except Invalid as refused:
        return Fault(line, refused.words)


def day(text: str) -> date:
    """Return a day as offices write it, 1980-01-31 or 31/01/1980; refuses with Invalid."""
    text = text.strip()
    try:
        found = _DAY.fullmatch(text)
        born_on = (
            date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(text[:10])
        )
    except ValueError:
        raise Invalid(NO_DAY, field="born_on") from None
    # An instant behind the day is how some databases export it: 1980-01-31 00:00:00.
    if born_on.year not in YEARS or (not found and text[10:].strip(" T0:.")):
        raise Invalid(NO_DAY, field="born_on")
    return born_on


def postal(typed: str) -> str:
    """Return a postcode in capitals without blanks; refuses with Invalid."""
    code = re.sub(r"[\s-]", "", typed).upper()
    if not _POSTCODE.fullmatch(code):
        raise Invalid(NO_POSTCODE, field="postcode")
    return code
