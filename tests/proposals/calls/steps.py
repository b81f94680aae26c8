"""What the tests of calls do over and over: write a call, publish it, answer it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal import clock, db
from portal.proposals.calls import actions
from portal.proposals.calls.actions import Notice
from portal.proposals.models import Call

GREEN = Notice(
    title={"it": "Cortili da curare", "en": "Courtyards to look after"},
    summary={"it": "Cerchiamo gruppi per i cortili.", "en": "We look for groups for courtyards."},
    terms={"it": "Prima condizione.\n\nSeconda condizione.", "en": ""},
    themes=["green"],
    kinds=["place"],
    source="Determinazione 12/2026",
)
MATCHED = replace(
    GREEN,
    track="matchfunding",
    budget_cents=3_000_000,
    match_ratio_bp=10_000,
    match_cap_cents=500_000,
    match_threshold_cents=100_000,
)


def dated(notice: Notice = GREEN, *, opens: int = -1, closes: int = 30) -> Notice:
    """Return the notice with its dates, in days from now."""
    now = clock.now()
    return replace(notice, opens_at=now + timedelta(days=opens), closes_at=now + timedelta(days=closes))


def drafted(cast: Any, notice: Notice | None = None) -> str:
    """Let Giulia write a call, and return its number."""
    with db.writing():
        return actions.draft(notice or dated(), by=cast.giulia).ref


def published(cast: Any, notice: Notice | None = None) -> str:
    """Let Giulia write a call and Marco publish it."""
    ref = drafted(cast, notice)
    do(ref, lambda call: actions.publish(call, by=cast.fresh("marco")))
    return ref


def do(ref: str, verb: Any) -> Any:
    """Do something with a call in a unit of work of its own."""
    with db.writing() as session:
        return verb(session.scalars(select(Call).where(Call.ref == ref)).one())
