"""Who has not signed yet is reminded three and seven days after the pact was ready."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from portal import clock, db
from portal.notices.actions import Recipient, Text
from portal.notices.telling import tell
from portal.pacts import queries
from portal.pacts.lifecycle import State
from portal.pacts.models import Pact
from portal.policy import Role
from portal.subscriptions.recipients import group, holding
from portal.words import W

DAYS_AFTER = (7, 3)


def due() -> Select[str]:
    """Select the pacts that wait for signatures."""
    return select(Pact.code).where(Pact.state == State.SIGNING.value)


def remind_of(code: str, base_url: str) -> None:
    """Remind whoever still has to sign; a pact opened anew begins anew."""
    with db.writing() as session:
        pact = session.scalars(queries.by_code(code).options(selectinload(Pact.signatures))).one()
        if pact.signing_opened_at is None:
            return
        days = (clock.today() - clock.local(pact.signing_opened_at).date()).days
        mark = next((after for after in DAYS_AFTER if days >= after), None)
        if mark is None:
            return
        opened = f"{pact.signing_opened_at:%Y%m%dT%H%M%S}"
        for to in _missing(pact):
            text = Text(
                W("Still to be signed"),
                [W("The pact “%(title)s” waits for your signature.", title=pact.title)],
                f"{base_url}/{to.language}/pacts/{pact.code}/signature",
                pact.title,
            )
            tell("E09", f"E09:{pact.code}:{opened}:after-{mark}:{to.mark}", to, text, about=pact.key)


def _missing(pact: Pact) -> list[Recipient]:
    signed = {one.party_id for one in pact.signatures}
    missing = [] if pact.party_of("community").id in signed else group(pact)
    if pact.party_of("city").id not in signed:
        missing += holding(Role.SIGNATORY, without=pact.assessor_id)
    return missing
