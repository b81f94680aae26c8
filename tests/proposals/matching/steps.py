"""What the tests of matchfunding do over and over: a call, its projects, pledges and what arrived of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from portal import clock, db
from portal.proposals import actions as proposals
from portal.proposals.matching import actions
from portal.proposals.matching.actions import Seen
from portal.proposals.matching.rows import Row
from portal.proposals.models import Call, Pledge
from tests.proposals.calls.steps import MATCHED, dated, published
from tests.proposals.steps import PROFILE, do, load, write_whole

EURO = 100


def call_with(cast: Any, **terms: Any) -> str:
    """Publish a call with matchfunding that closes in ten days."""
    return published(cast, dated(replace(MATCHED, **terms), closes=10))


def project(cast: Any, ref: str, by: Any = None) -> str:
    """Send a proposal under the call, and return its code."""
    by = by or cast.rosa
    with db.writing() as session:
        call = session.scalars(select(Call).where(Call.ref == ref)).one()
        begun = proposals.start(by=by, profile=PROFILE, language="en", call=call).proposal
        write_whole(begun, by)
        code = begun.code
    do(code, lambda one: proposals.submit(one, by=by))
    return code


def row(cents: int = 1_000 * EURO, reference: str = "T-1", **more: Any) -> Row:
    return Row(clock.today(), cents, reference, **more)


def pledge(code: str, *rows: Row, by: Any) -> list[int]:
    """Enter pledges and return their numbers."""
    return do(code, lambda one: [made.id for made in actions.enter(one, rows or [row()], by=by)])


def confirm(code: str, ids: list[int], *, by: Any, cents: int | None = None) -> None:
    """See pledges arrive, whole or this much of each."""
    with db.writing() as session:
        found = [session.get_one(Pledge, one) for one in ids]
        checks = [(one, one.amount_cents if cents is None else cents) for one in found]
        actions.confirm(load(code), checks, Seen(clock.today(), "Bank statement 12"), by=by)
