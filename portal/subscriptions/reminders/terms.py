"""Both sides are asked in time what shall become of a pact that ends."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Select, select

from portal import clock, db
from portal.notices.actions import Text
from portal.notices.telling import tell
from portal.pacts.lifecycle import State
from portal.pacts.models import Pact
from portal.subscriptions.recipients import group, in_words, nearest, pact_of, people
from portal.words import W

DAYS_BEFORE = (90, 30)


def due() -> Select[str]:
    """Select the pacts that end within ninety days."""
    last = clock.today() + timedelta(days=max(DAYS_BEFORE))
    ends = (Pact.ends_on >= clock.today(), Pact.ends_on <= last)
    return select(Pact.code).where(Pact.state == State.SIGNED.value, *ends)


def remind_of(code: str, base_url: str) -> None:
    """Ask the group and the officer: go on, or come to an end."""
    with db.writing():
        pact = pact_of(code)
        mark = nearest((pact.ends_on - clock.today()).days, DAYS_BEFORE) if pact.ends_on else None
        if mark is None or (pact.signed_at and _is_short(pact, mark)):
            return
        for to in [*group(pact), *people([pact.owner_id])]:
            body = [
                W(
                    "The pact “%(title)s” ends on %(day)s.",
                    title=pact.title,
                    day=in_words(pact.ends_on, to),
                ),
                W("Talk with the other side now: do you want to go on, change something, or end it?"),
            ]
            link = f"{base_url}/{to.language}/pacts/{pact.code}"
            text = Text(W("Your pact is about to end"), body, link, pact.title)
            tell("E16", f"E16:{pact.code}:{pact.ends_on}:before-{mark}:{to.mark}", to, text, about=pact.key)


def _is_short(pact: Pact, mark: int) -> bool:
    # Whoever has just signed for two months need not hear ninety days before that it ends.
    if pact.starts_on is None or pact.ends_on is None:
        return True
    return (pact.ends_on - pact.starts_on).days <= mark
