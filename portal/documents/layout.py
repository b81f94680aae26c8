"""What every paper shares: templates, look, the foot of each page, the code that leads to the check page."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Protocol

import segno
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from portal import charts, clock, crypto, words
from portal.documents.sheet import Sheet
from portal.money import euro
from portal.words import W

TEMPLATES = Path(__file__).parents[2] / "templates"
# A translated sentence cannot hold the counters of CSS, so control marks stand in for them.
_COUNTERS = {"\x01": "counter(page)", "\x02": "counter(pages)"}


@dataclass(frozen=True, slots=True)
class Foot:
    """What stands at the foot of every page; `mark` goes beside each page of a paper that binds nobody."""

    code: str
    edition: str
    content_hash: str
    check_url: str
    mark: str = ""


class Paper(Protocol):
    """A frozen context that can be put on paper: one kind, one language, one edition."""

    template: ClassVar[str]

    @property
    def language(self) -> str: ...
    @property
    def issued_at(self) -> datetime: ...
    @property
    def title_line(self) -> str: ...
    @property
    def identifier(self) -> str: ...
    @property
    def foot(self) -> Foot: ...
    def attached(self) -> Mapping[str, Any]: ...


def to_sheet(paper: Paper) -> Sheet:
    """Return the paper as HTML, CSS and its attached machine-readable JSON, ready to be drawn."""
    html = environment(paper.language).get_template(paper.template).render(paper=paper, foot=paper.foot)
    attachment = crypto.canonical(paper.attached())
    return Sheet(
        html=html,
        css=stylesheet(paper.foot.mark, paper.language),
        title=paper.title_line,
        language=paper.language,
        attachment_name=f"{_file_name(paper.identifier)}.json",
        attachment=attachment,
        created=paper.issued_at,
        identifier=bytes.fromhex(crypto.sha256_hex(paper.identifier.encode() + attachment))[:16],
        section_languages=getattr(paper, "section_languages", ()),
    )


def _file_name(identifier: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", identifier).strip("-")


@cache
def environment(language: str) -> Environment:
    """Return the template environment of one language; everything is escaped, a missing name is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update({"_": words.translator(language), "qr": qr, "language": language})
    made.filters.update(
        day=lambda value: day(value, language),
        moment=lambda value: moment(value, language),
        day_in=day,
        euro=lambda cents: euro(cents, words.spoken(language)),
        number=lambda value: format_decimal(value, locale=words.spoken(language)),
    )
    return made


def locale(language: str) -> str:
    """Return the habits of writing dates that go with a language: English as in Europe."""
    said = words.spoken(language)
    return "en_GB" if said == "en" else said


def day(value: date | None, language: str) -> str:
    """Return the calendar day in words, or nothing for no day."""
    return format_date(value, "long", locale=locale(language)) if value else ""


def moment(value: datetime | None, language: str) -> str:
    """Return the instant in the city's time zone, with the zone's name."""
    if value is None:
        return ""
    return format_datetime(clock.local(value), "d MMMM y, HH:mm zzz", locale=locale(language))


def qr(url: str, title: str) -> Markup:
    """Return the code for an address as SVG; level Q survives a quarter of it being scratched or stained."""
    out = io.BytesIO()
    segno.make(url, error="q", micro=False).save(
        out, kind="svg", xmldecl=False, title=title, light="#ffffff", border=4, omitsize=True
    )
    return Markup(out.getvalue().decode())  # noqa: S704 - written by segno, which escapes the title


@cache
def stylesheet(mark: str, language: str) -> str:
    """Return the papers' CSS with the words on every page; one text per language and mark, so parsed once."""
    common = (TEMPLATES / "papers" / "paper.css").read_text(encoding="utf-8")
    folio = words.translator(language)(
        W("Page %(number)s of %(total)s", number="\x01", total="\x02"),
    )
    rules = [f".folio::after {{ content: {_content(folio)} }}"]
    # As backgrounds the signs of the chart are decoration: a picture without words would break PDF/UA.
    rules += [f".swatch.{tone} {{ background-image: url({_picture(tone)}) }}" for tone in charts.TONES]
    if mark:
        rules.append(f"@page {{ @left-middle {{ content: {_quoted(mark)} }} }}")
    return common + "\n" + "\n".join(rules) + "\n"


def _picture(tone: str) -> str:
    drawn = charts.swatch(tone, palette="paper")
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.encode()).decode()


def _content(sentence: str) -> str:
    parts = re.split(f"([{''.join(_COUNTERS)}])", sentence)
    return " ".join(_COUNTERS.get(part) or _quoted(part) for part in parts if part)


def _quoted(text: str) -> str:
    """Return the text as a CSS string; every odd character is written by its number."""
    safe = (c if c.isalnum() or c == " " else f"\\{ord(c):06x}" for c in text)
    return '"' + "".join(safe) + '"'
