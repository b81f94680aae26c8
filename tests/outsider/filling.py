"""A whole draft, written through the actions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from portal import city, clock
from portal.proposals import actions
from portal.proposals.models import Proposal
from portal.proposals.shapes import Group, Need, Promise, Term, What, Where
from tests.pacts import journey


def fill(proposal: Proposal, by: Any, *, group: Group, kind: str = "place", title: str, **told: Any) -> None:
    """Write every section of a draft for this group, inside a writing unit."""
    actions.save_what(proposal, What(kind, title, told.get("summary", "Prendersene cura insieme.")), by=by)
    where = journey.WHERE[kind] if kind != "place" else Where(address="Via Larga 12")
    actions.save_where(proposal, where, by=by)
    actions.save_particulars(proposal, journey.PARTICULARS[kind], by=by)
    actions.save_group(proposal, group, by=by)
    actions.add_commitment(proposal, Promise("Aprire il cancello", 5, "giorni", "week", "Registro"), by=by)
    starts_on = clock.today() + timedelta(days=30)
    actions.save_term(proposal, Term(starts_on, starts_on + timedelta(days=729)), by=by)
    actions.choose_asks(proposal, ["funding"], by=by)
    actions.detail_ask(proposal, "funding", Need("Attrezzi", 100_000), by=by)
    actions.choose_fences(proposal, [one.id for one in city.profile("bologna").fences_for(kind)][:2], by=by)
    actions.save_touched(proposal, "I vicini", by=by)
