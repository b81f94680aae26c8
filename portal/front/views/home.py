"""The home page and the two public lists."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from flask import redirect, request

from portal import clock, db
from portal.commons.models import Kind
from portal.front import figures, maps, queries, showing
from portal.front.finding import Narrowed, narrowed
from portal.front.views.room import front
from portal.pacts import queries as pact_queries
from portal.proposals import lists
from portal.proposals import queries as proposal_queries
from portal.web import one_or_404, public, render
from portal.web.addresses import address
from portal.web.chrome import district_name, kind_words, profile, said
from portal.web.parts import per_language, public_mark
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

PACT_STATES = (
    "in_force",
    "co_design",
    "agreed",
    "signing",
    "signed",
    "suspended",
    "ended",
    "concluded",
    "terminated",
)


@front.get("/")
@public
def home() -> ResponseReturnValue:
    """Show what this is, how it stands, and where to begin."""
    counted = figures.figures()
    newest = db.rows(pact_queries.NEWEST, {"before": pact_queries.NO_BOUND})
    points = db.rows(queries.ON_MAP)
    return render(
        "front/home.html",
        figures=counted,
        fences=counted.fences,
        newest=newest,
        map=maps.overview(profile(), points),
        answer_term=profile().clock("examination").term,
        **choices_of(),
    )


@front.get("/pacts")
@public
def pacts() -> ResponseReturnValue:
    """List the pacts, the newest first, filtered by the address."""
    choices = _choices_of_pacts()
    chosen = chosen_of(choices)
    before = number_in(request.args.get("before", ""))
    mark = public_mark()
    words = narrowed(request.args.get("q", ""), "pact", chosen)
    return render(
        "front/pacts.html",
        # What is typed differs from one to the next: such a page is not worth keeping.
        mark=None if words.typed else mark,
        found=cache(lambda: _pacts_found(words, chosen, before)),
        before=before,
        chosen=chosen,
        words=words,
        **choices,
    )


def _pacts_found(words: Narrowed, chosen: dict[str, str], before: int) -> dict[str, Any]:
    """Return a page of the list, as everybody sees it."""
    wanted = {**_given(chosen), "before": before or pact_queries.NO_BOUND, "today": clock.today()}
    rows = db.only_rows(pact_queries.among(pact_queries.listed(**chosen), words.codes), wanted)
    given = words.with_filters(_given(chosen))
    return {
        "rows": rows[: queries.PAGE],
        "older": _older("front.pacts", rows, given),
        "newest": address("front.pacts", **given) if before else "",
    }


@front.get("/proposals")
@public
def proposals() -> ResponseReturnValue:
    """List the proposals that were sent, the newest first, filtered by the address."""
    choices = choices_of()
    chosen = chosen_of(choices)
    words = narrowed(request.args.get("q", ""), "proposal", chosen)
    before = _marker(request.args.get("before", ""))
    at, row_id = before or (proposal_queries.FAR_FUTURE, 0)
    wanted = {**_given(chosen), "before_at": at, "before_id": row_id}
    rows = db.only_rows(lists.among(lists.listed(**chosen), words.codes), wanted)
    given = words.with_filters(_given(chosen))
    last = rows[queries.PAGE - 1] if len(rows) > queries.PAGE else None
    following = f"{last.submitted_at:%Y%m%dT%H%M%S.%f}-{last.id}" if last else ""
    return render(
        "front/proposals.html",
        rows=rows[: queries.PAGE],
        older=address("front.proposals", before=following, **given) if following else "",
        newest=address("front.proposals", **given) if before else "",
        chosen=chosen,
        words=words,
        **choices,
    )


@front.get("/p/<int:number>")
@public
def plaque(number: int) -> ResponseReturnValue:
    """Lead from the number on a plaque to the pact; numbers are never used twice."""
    code = one_or_404(queries.by_number(min(number, queries.MOST)))
    return redirect(address("front.pact", code=code), 301)


@front.app_template_global("pact_state")
def pact_state(row: Any) -> str:
    """Return the public state of a listed pact: "in force" is derived, never stored."""
    return showing.public_state(row, has_paper=row.has_paper)


def chosen_of(choices: dict[str, list[tuple[str, str]]]) -> dict[str, str]:
    """Return what the address chooses of each filter; what is no choice counts as none."""
    found = {}
    for filters, offered in choices.items():
        name = filters.removesuffix("s")
        value = request.args.get(name, "")
        found[name] = value if value and value in dict(offered) else ""
    return found


def number_in(text: str) -> int:
    """Return the number in an address; 0 where it is none, and never one too large for the database."""
    return min(int(text), queries.MOST) if text.isascii() and text.isdigit() else 0


def _marker(text: str) -> tuple[datetime, int] | None:
    """Return the instant and id after which a page of proposals begins; None for the first page."""
    instant, _, row_id = text.partition("-")
    try:
        return datetime.strptime(instant, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC), number_in(row_id)
    except ValueError:
        return None


def _older(endpoint: str, rows: Any, given: dict[str, Any]) -> str:
    if len(rows) <= queries.PAGE:
        return ""
    return address(endpoint, before=rows[queries.PAGE - 1].id, **given)


def _given(chosen: dict[str, str]) -> dict[str, Any]:
    return {name: value for name, value in chosen.items() if value}


def _any() -> str:
    return str(W("All"))


@per_language
def _choices_of_pacts() -> dict[str, list[tuple[str, str]]]:
    states = [("", _any()), *((state, said("pact", state)) for state in PACT_STATES)]
    return {**choices_of(), "states": states}


@per_language
def choices_of() -> dict[str, list[tuple[str, str]]]:
    """Return what the filters of every list offer."""
    return {
        "kinds": [("", _any()), *((kind.value, kind_words(kind.value)) for kind in Kind)],
        "districts": [("", _any()), *((d.id, district_name(d.id)) for d in profile().districts)],
    }
