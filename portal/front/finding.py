"""What the search page and the lists show of what was found: its public state, its address, its words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import current_app, url_for
from markupsafe import Markup, escape

from portal import db
from portal.front import codes, queries, showing
from portal.pacts.papers.said import PARTIES
from portal.search import asking, stems
from portal.search import queries as search
from portal.search.asking import LANGUAGES, Wanted
from portal.support.findable import YEAR_OF_FUNDS
from portal.web.chrome import kind_words, said
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from portal.search.asking import Term
    from portal.search.queries import Row

KIND_WORDS = {
    "proposal": W("Proposals"),
    "pact": W("Pacts"),
    "commons": W("Commons"),
    "organisation": W("Organisations"),
    "call": W("Calls"),
    "money": W("Money and support"),
}
ONE_OF = {
    "proposal": W("Proposal"),
    "pact": W("Pact"),
    "commons": W("Commons"),
    "organisation": W("Organisation"),
    "call": W("Call"),
    "money": W("Money and support"),
}
MONEY_WORDS = {"year": W("Year of funds"), "fund": W("Fund"), "decision": W("Decision to support")}
_PAGES = {"proposal": "front.proposal", "pact": "front.pact"}
_PIECE = re.compile(r"\w+|\W+")


@dataclass(frozen=True, slots=True)
class Shown:
    """Something that was found, ready for the page; `tone` is the state whose colour it has.

    Its title is in the language that its row names, and in that of the page where it names none.
    """

    row: Row
    href: str
    what: str
    state: str
    tone: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a list is narrowed to: the codes that answer the words, None where nothing was typed."""

    typed: str = ""
    codes: tuple[str, ...] | None = None
    is_capped: bool = False

    def with_filters(self, given: dict[str, Any]) -> dict[str, Any]:
        """Return the values of an address with the words before the filters."""
        return {"q": self.typed, **given} if self.typed else given


def narrowed(typed: str, kind: str, chosen: dict[str, str]) -> Narrowed:
    """Return what the words of a list's box leave of it; refuses with Invalid what is too long."""
    plain = asking.tidy(typed)
    if not plain:
        return Narrowed()
    wanted = Wanted(plain, kind, chosen.get("district", ""), sort=chosen.get("kind", ""))
    found = search.find(wanted)
    return Narrowed(plain, tuple(row.code for row in found.rows), found.is_capped)


def way_of_code(typed: str) -> str:
    """Return the address of what a typed code names; "" where it is none, or names nothing public."""
    code = codes.read(typed)
    if code is None:
        return ""
    there = db.session().scalar(queries.of_code(code.kind, code.text))
    if there is None:
        return ""
    return url_for("front.proposal" if code.kind == "proposal" else "front.pact", code=there)


def shown(rows: Sequence[Row]) -> list[Shown]:
    """Return the rows with their state of today; what is no longer public is left out."""
    states = {**_proposal_states(rows), **_pact_states(rows)}
    return [_shown(row, states) for row in rows if row.kind not in _PAGES or row.key in states]


def _shown(row: Row, states: dict[str, str]) -> Shown:
    what = str(ONE_OF[row.kind])
    if row.kind in _PAGES:
        state = states[row.key]
        return Shown(row, url_for(_PAGES[row.kind], code=row.code), what, said(row.kind, state), state)
    if row.kind == "commons":
        return Shown(row, url_for("front.one_commons", slug=row.code), what, kind_words(row.sort), "")
    if row.kind == "call":
        return Shown(row, url_for("calls.one", ref=row.code), what, "", "")
    if row.kind == "money":
        what = str(MONEY_WORDS.get(row.sort, what))
        return Shown(row, _way_to_money(row.code), what, "", "", title=_title_of_money(row))
    return Shown(row, _way_to_group(row), what, str(PARTIES.get(row.sort, "")), "")


def _title_of_money(row: Row) -> str:
    """Return what a year of funds is called on this page; a fund and a decision keep their own names."""
    return str(W(YEAR_OF_FUNDS.id, year=row.code.removeprefix("year-"))) if row.sort == "year" else row.title


def _way_to_money(code: str) -> str:
    """Return the page of a year of funds, a fund or a decision, by the second part of its key."""
    what, _, name = code.partition("-")
    if what == "decision":
        return url_for("front.money_decision", number=int(name))
    if what == "year":
        return url_for("front.money", year=int(name))
    year, _, slug = name.partition("-")
    return url_for("front.money_pool", year=int(year), slug=slug)


def _way_to_group(row: Row) -> str:
    if "front.organisation" in current_app.view_functions:
        return url_for("front.organisation", slug=row.code)
    # Where groups have no page, what they do speaks for them.
    some = " ".join(row.title.split()[: asking.MOST_WORDS])
    return url_for("front.search", q=some, kind="pact")


def _codes(rows: Iterable[Row], kind: str) -> list[str]:
    return [row.code for row in rows if row.kind == kind]


def _proposal_states(rows: Sequence[Row]) -> dict[str, str]:
    wanted = _codes(rows, "proposal")
    found: Iterable[Any] = db.session().execute(queries.proposal_states(wanted)) if wanted else ()
    return {f"proposal:{row.code}": row.state for row in found}


def _pact_states(rows: Sequence[Row]) -> dict[str, str]:
    wanted = _codes(rows, "pact")
    found: Iterable[Any] = db.session().execute(queries.pact_states(wanted)) if wanted else ()
    return {f"pact:{row.code}": showing.public_state(row, has_paper=row.has_paper) for row in found}


def marked(text: str, terms: Sequence[Term]) -> Markup:
    """Return the text with the words that were looked for marked."""
    return Markup("").join(
        Markup("<mark>{}</mark>").format(piece) if _is_meant(piece, terms) else escape(piece)
        for piece in _PIECE.findall(text)
    )


def _is_meant(piece: str, terms: Sequence[Term]) -> bool:
    words = stems.words_in(piece)
    return bool(words) and any(_is_in(word, term) for word in words for term in terms)


def _is_in(word: str, term: Term) -> bool:
    first = term[0]
    if stems.is_paired(word):
        return first.text in stems.folded(word)
    if first.is_beginning:
        return stems.folded(word).startswith(first.text)
    if stems.is_common(word):
        return False
    looked_for = {form.text for form in term}
    return not looked_for.isdisjoint(stems.forms(word, LANGUAGES))
