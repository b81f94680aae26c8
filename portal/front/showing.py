"""What the public pages show of a pact and a proposal, put together from the features' own answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flask import url_for

from portal import clock, db
from portal.documents.models import Edition
from portal.front import queries as asked
from portal.money import euro
from portal.pacts import calendar, queries
from portal.pacts.standing import profile_of
from portal.proposals import life_line as proposal_life
from portal.web.chrome import day, language_name, profile, said, tone_of
from portal.words import W, current_language

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from portal.documents.models import Paper
    from portal.pacts.models import Pact
    from portal.proposals.models import Proposal

PER = {
    "once": W("once"),
    "week": W("a week"),
    "month": W("a month"),
    "quarter": W("a quarter"),
    "year": W("a year"),
}
PAPER_WORDS = {
    "agreement": W("Sealed agreement"),
    "progress_report": W("Progress report"),
    "receipt": W("Receipt"),
    "decision": W("Decision"),
}
SIDES = {"community": W("The community"), "city": W("The city")}


def newest_text(pact: Pact) -> dict[str, Any] | None:
    """Return the text that counts: the agreed one, else the newest; None while it is between the sides."""
    if not queries.is_text_public(pact):
        return None
    wanted = {"pact_id": pact.id, "number": pact.agreed_version or pact.last_version}
    canonical = db.session().execute(asked.TEXT, wanted).scalar_one_or_none()
    return None if canonical is None else json.loads(canonical)


def is_sealed(papers: Sequence[Any]) -> bool:
    """Say whether the original of the agreement is among these papers: without it nothing is in force."""
    return any(one.kind == queries.AGREEMENT and one.edition == Edition.ORIGINAL for one in papers)


def public_state(pact: Any, *, has_paper: bool) -> str:
    """Return the public state of a pact or of its row in a list: "in force" and "ended" are derived."""
    on = clock.today()
    return calendar.public_state(pact.state, pact.starts_on, pact.ends_on, has_paper=has_paper, on=on)


def life_line(pact: Pact, reports: Sequence[Any], on: date, period: Any = None) -> list[dict[str, Any]]:
    """Return the stations for the life line macro; `period` is that of the observations."""
    dates = calendar.Dates(
        proposed_on=_on(pact.proposed_at),
        observed_on=_on(getattr(period, "opens_at", None)),
        opened_on=_on(pact.opened_at),
        agreed_on=_on(pact.agreed_at),
        signing_on=_on(pact.signing_opened_at),
        signed_on=_on(pact.signed_at),
        starts_on=pact.starts_on,
        ends_on=pact.ends_on,
        ended_on=_on(pact.ended_at),
    )
    left_out = _left_out(pact, has_period=dates.observed_on is not None)
    names = {stage.id: stage.name for stage in profile().stages if stage.id not in left_out}
    stations = calendar.life_line(pact.state, dates, on=on, stages=names)
    return [
        {
            "label": names[station.id][current_language()],
            "when": day(station.on),
            "note": _note(station.id, reports),
            "state": station.state,
        }
        for station in stations
    ]


def _left_out(pact: Pact, *, has_period: bool) -> set[str]:
    # The public page begins with what was sent; a period that never was and never will be is not shown.
    rules = profile_of(pact).pact_class(pact.pact_class)
    is_ahead = rules.observation_days > 0 and rules.observation_on == "version"
    return {"idea"} if has_period or is_ahead else {"idea", "observations"}


def _on(instant: Any) -> date | None:
    return None if instant is None else clock.local(instant).date()


def _note(stage: str, reports: Sequence[Any]) -> str:
    if stage != "active" or not reports:
        return ""
    return str(W("progress report %(number)s public", number=max(report.number for report in reports)))


def commitments(promises: Sequence[Any], text: dict[str, Any] | None) -> list[dict[str, str]]:
    """Return who promised what, and what became of it in the newest report."""
    if promises:
        return [_promise(promise) for promise in promises]
    return [
        {
            "what": row["what"],
            "by": str(SIDES[row["side"]]),
            "how_often": often(row["quantity"], row["unit"], row["per"]),
            "state": str(W("Not begun")),
            "state_tone": "plain",
        }
        for row in (text or {"commitments": []})["commitments"]
    ]


def _promise(promise: Any) -> dict[str, str]:
    state = promise.state or "open"
    return {
        "what": promise.what,
        "by": str(SIDES[promise.side]),
        "how_often": often(promise.quantity, promise.unit, promise.per),
        "state": said("commitment", state),
        "state_tone": tone_of(state),
    }


def often(quantity: int, unit: str, per: str) -> str:
    """Return how much and how often, in words."""
    if per == "once":
        return str(PER["once"]) if quantity == 1 else f"{quantity} {unit}"
    return f"{quantity} {unit} {PER[per]}" if per in PER else f"{quantity} {unit}"


def ask_words(ask: Any) -> str:
    """Return what is asked of the city, with its amount."""
    kind = next(
        (one.name[current_language()] for one in profile().support_kinds if one.id == ask.kind), ask.kind
    )
    if ask.kind == "funding":
        return f"{kind}: {euro(ask.amount)}"
    if ask.kind == "legal":
        return str(W("%(kind)s: %(hours)s hours", kind=kind, hours=ask.amount))
    return kind


def documents(pact: Pact, papers: Sequence[Any]) -> list[dict[str, Any]]:
    """Return the public papers for the document list macro."""
    return [
        {"title": _title(paper), "href": _href(pact, paper), "kind": "PDF", "bytes": paper.byte_size}
        for paper in papers
    ]


def _title(paper: Paper) -> str:
    name = str(PAPER_WORDS.get(paper.kind, paper.kind))
    number = f" {paper.version}" if paper.kind == queries.PROGRESS_REPORT else ""
    return f"{name}{number}, {language_name(paper.language)}"


def _href(pact: Pact, paper: Paper) -> str:
    if paper.kind == queries.PROGRESS_REPORT:
        return url_for(
            "pacts.report_paper", code=pact.code, number=paper.version, edition_language=paper.language
        )
    return url_for("pacts.agreement_paper", code=pact.code, edition_language=paper.language)


def proposal_line(proposal: Proposal, period: Any = None) -> list[dict[str, Any]]:
    """Return a proposal's stations for the life line macro; `period` is its period for observations."""
    return [
        {
            "label": station.name,
            "when": day(station.at),
            "note": str(station.note),
            "state": station.state,
        }
        for station in proposal_life.life_line(proposal, profile(), current_language(), period)
        if station.id != "idea"
    ]
