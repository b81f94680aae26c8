"""The search: one box over proposals, pacts, commons and organisations, with its filters in the address."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import redirect, request, url_for

from portal.errors import Invalid
from portal.front import finding
from portal.front.views.home import choices_of
from portal.front.views.room import front
from portal.search import asking, queries
from portal.search.asking import Kind, Wanted
from portal.search.queries import Found, Place
from portal.web import invalid, public, render
from portal.web.chrome import district_name, kind_words, language_name
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

# What was typed beyond this is not given back: nobody types it.
MOST_KEPT = 500


@front.get("/search")
@public
def search() -> ResponseReturnValue:
    """Show what answers, lead straight to what a code names, or say why nothing can be looked for."""
    districts = choices_of()["districts"]
    try:
        wanted = asking.read(request.args, districts=[key for key, _ in districts if key])
    except Invalid as refusal:
        typed = " ".join(request.args.get("q", "").split())[:MOST_KEPT]
        return invalid("front/search.html", typed=typed, refusal=str(refusal.words), **_box(Wanted()))
    way = finding.way_of_code(wanted.words)
    if way:
        return redirect(way, 302)
    place = Place.read(request.args.get("before", ""))
    found = queries.find(wanted)
    return render(
        "front/search.html",
        typed=wanted.words,
        refusal="",
        rows=finding.shown(found.after(place)),
        found=found,
        marked=lambda text: finding.marked(text, terms),
        terms=(terms := wanted.terms()),
        **_box(wanted),
        **_around(wanted, found, place),
    )


def _box(wanted: Wanted) -> dict[str, Any]:
    kinds = [("", str(W("All"))), *((kind.value, str(finding.KIND_WORDS[kind])) for kind in Kind)]
    return {"wanted": wanted, "kinds": kinds, "districts": choices_of()["districts"]}


def _around(wanted: Wanted, found: Found, place: Place | None) -> dict[str, Any]:
    """Return the ways from this page: further, back to the first, and without each filter."""
    following = found.following(place)
    given: dict[str, Any] = {**wanted.as_given()}
    chips = [(words, _way(wanted.without(name))) for name, words in _filters(wanted)]
    # A wrong letter is looked for where no filter could be the reason: a page asks four questions at most.
    guess = "" if chips or found.rows else queries.meant(wanted.words)
    return {
        "guess": guess,
        "guess_href": _way(Wanted(guess)),
        "by_kind": [] if wanted.kind or found.is_capped else _by_kind(wanted, found),
        "chips": chips,
        "older": url_for("front.search", **given, before=str(following)) if following else "",
        "newest": _way(wanted) if place else "",
        "everywhere": _everywhere(wanted) if chips and not found.rows else 0,
        "everywhere_href": _way(Wanted(wanted.words)),
    }


def _by_kind(wanted: Wanted, found: Found) -> list[tuple[str, int, str]]:
    """Return each kind among the answers, in words, how many there are, and the way to them alone."""
    counts = Counter(row.kind for row in found.rows)
    return [
        (str(finding.KIND_WORDS[kind]), counts[kind], _way(replace(wanted, kind=kind.value)))
        for kind in Kind
        if 0 < counts[kind] < len(found.rows)
    ]


def _everywhere(wanted: Wanted) -> int:
    return len(queries.find(Wanted(wanted.words)).rows)


def _way(wanted: Wanted) -> str:
    given: dict[str, Any] = {**wanted.as_given()}
    return url_for("front.search", **given)


def _filters(wanted: Wanted) -> list[tuple[str, str]]:
    """Return the name of each filter in use, with what it is set to in words."""
    chosen = [
        ("kind", str(finding.KIND_WORDS[wanted.kind]) if wanted.kind else ""),
        ("sort", kind_words(wanted.sort) if wanted.sort else ""),
        ("district", district_name(wanted.district) if wanted.district else ""),
        ("language", language_name(wanted.language) if wanted.language else ""),
    ]
    return [(name, words) for name, words in chosen if words]
