"""Feeds of what is new: pacts, proposals, a district, fences that broke; as the lists say it, no more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

from flask import Response, current_app, g, request, url_for

from portal import clock, db
from portal.errors import NotFound
from portal.fences import queries as fence_queries
from portal.fences.monitors import State
from portal.front import queries
from portal.front.standing import while_public_stands
from portal.front.views.feeds import ATOM, feeds
from portal.front.views.home import choices_of, pact_state
from portal.pacts import queries as pact_queries
from portal.proposals import lists
from portal.proposals import queries as proposal_queries
from portal.web import public, render
from portal.web.access import NO_SUCH_PAGE
from portal.web.chrome import district_name, said
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask.typing import ResponseReturnValue


@dataclass(frozen=True)
class Entry:
    """One entry: `path` without a language is its lasting name, `href` where it can be read."""

    path: str
    href: str
    title: str
    at: datetime
    summary: str


@feeds.get("/feeds/pacts.atom")
@public
@while_public_stands
def pacts_feed() -> ResponseReturnValue:
    chosen = _chosen()
    return _feed(W("Pacts"), "front.pacts", _pacts(chosen), chosen)


@feeds.get("/feeds/proposals.atom")
@public
@while_public_stands
def proposals_feed() -> ResponseReturnValue:
    """Give the proposals, filtered as their list is: a saved search."""
    chosen = _chosen()
    return _feed(W("Proposals"), "front.proposals", _proposals(chosen), chosen)


@feeds.get("/feeds/districts/<district>.atom")
@public
@while_public_stands
def district_feed(district: str) -> ResponseReturnValue:
    if district not in dict(choices_of()["districts"]):
        raise NotFound(NO_SUCH_PAGE)
    chosen = {"district": district}
    entries = [*_pacts(chosen), *_proposals(chosen)]
    return _feed(W("New in %(district)s", district=district_name(district)), "front.pacts", entries, chosen)


@feeds.get("/feeds/fences-breached.atom")
@public
@while_public_stands
def breached_feed() -> ResponseReturnValue:
    """Give the fences that are breached today, by the measure that says so."""
    standing = fence_queries.standing(clock.today())
    broken = [one for one in standing if one.status.state == State.BREACHED and one.status.measured_on]
    codes = {one.fence.subject.rpartition(":")[2] for one in broken}
    titles = {row.code: row.title for row in db.session().execute(queries.titles(codes))}
    entries = []
    for one in broken:
        code = one.fence.subject.rpartition(":")[2]
        name = one.fence.title.get(g.language) or next(iter(one.fence.title.values()))
        path = f"/fences/{code}/{one.fence.row_key}/{one.status.measured_on}"
        href = url_for("front.pact", code=code)
        at = datetime.combine(one.status.measured_on or clock.today(), time(), tzinfo=UTC)
        entries.append(Entry(path, href, f"{titles[code]}: {name}", at, str(one.status.because)))
    return _feed(W("Fences that are breached"), "front.fences", entries, {})


def _chosen() -> dict[str, str]:
    """Return the filters of the address; a slip is not there, so that nobody subscribes to it."""
    offered = choices_of()
    chosen = {name: value for name, value in request.args.items() if value}
    if any(value not in dict(offered.get(f"{name}s", [])) for name, value in chosen.items()):
        raise NotFound(NO_SUCH_PAGE)
    return chosen


def _pacts(chosen: dict[str, str]) -> list[Entry]:
    wanted = {**chosen, "before": pact_queries.NO_BOUND, "today": clock.today()}
    rows = db.session().execute(pact_queries.listed(**chosen), wanted).all()
    stages = db.session().execute(queries.moved_at(row.code for row in rows))
    moved: dict[str, datetime] = {code: at for code, at in stages}  # noqa: C416 - the types need it
    return [
        Entry(
            f"/pacts/{row.code}",
            url_for("front.pact", code=row.code),
            row.title,
            moved[row.code],
            f"{said('pact', pact_state(row))}. {row.summary}",
        )
        for row in rows
    ]


def _proposals(chosen: dict[str, str]) -> list[Entry]:
    wanted = {**chosen, "before_at": proposal_queries.FAR_FUTURE, "before_id": 0}
    rows = db.session().execute(lists.listed(**chosen), wanted).all()
    return [
        Entry(
            f"/proposals/{row.code}",
            url_for("front.proposal", code=row.code),
            row.title,
            row.decided_at or row.submitted_at,
            f"{said('proposal', row.state)}. {row.summary}",
        )
        for row in rows
    ]


def _feed(title: W, endpoint: str, entries: Iterable[Entry], chosen: dict[str, Any]) -> Response:
    rows = sorted(entries, key=lambda one: one.at, reverse=True)
    # The filters in one order: the same search is the same feed.
    query = "&".join(f"{name}={value}" for name, value in sorted(request.args.items()) if value)
    path = request.path + (f"?{query}" if query else "")
    text = render(
        "feeds/entries.xml",
        rows=rows,
        title=title,
        base=str(current_app.config["PORTAL"].base_url),
        path=path,
        about=url_for(endpoint, **(chosen if endpoint != "front.fences" else {})),
    )
    answer = Response(text, content_type=f"{ATOM}; charset=utf-8")
    answer.vary.add("Accept-Language")
    return answer
