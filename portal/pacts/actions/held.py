"""The pact held still: its row locked and read again, so that two acts on it happen one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal import clock, crypto, db
from portal.pacts import comparing, findable, queries
from portal.pacts.lifecycle import LIFE, Verb
from portal.pacts.models import PactVersion
from portal.pacts.terms import terms_of
from portal.record import Did, record

if TYPE_CHECKING:
    from portal.pacts.models import Pact
    from portal.pacts.standing import Side
    from portal.policy import Actor


def hold(pact: Pact) -> Pact:
    """Return the same pact, locked until the unit of work ends, as the last writer left it.

    Without the lock two parties who agree at the same moment would each miss the other.
    """
    select = queries.whole().where(queries.Pact.id == pact.id).with_for_update(of=queries.Pact)
    return db.session().scalars(select.execution_options(populate_existing=True)).one()


def newest(pact: Pact) -> PactVersion:
    """Return the newest version of the text."""
    return db.session().scalars(queries.version(pact.id, pact.last_version)).one()


def write(pact: Pact, text: dict[str, Any], *, side: Side, note: str, by: Actor) -> PactVersion:
    """Write the text as the next version; whatever was agreed before is void from here on."""
    pact.state = LIFE.after(pact.state, Verb.MAKE_VERSION).value
    before = newest(pact) if pact.last_version else None
    voided = sorted({one.side for one in pact.agreements})
    pact.agreements.clear()
    canonical = crypto.canonical(text)
    made = PactVersion(
        pact_id=pact.id,
        number=pact.last_version + 1,
        canonical=canonical,
        content_hash=crypto.sha256_hex(canonical),  # as fingerprint.content_hash says, of the same bytes
        made_at=clock.now(),
        made_by_side=side,
        note=note,
        changed=comparing.changed_ids(before.text, text) if before else [],
        voided=" ".join(voided),
    )
    db.session().add(made)
    pact.last_version = made.number
    _copy_headlines(pact, text)
    findable.enter(pact, text)
    record(
        Did.PACT_VERSION_MADE,
        pact.key,
        by=by,
        version=made.number,
        content_hash=made.content_hash,
        side=side,
        agreements_void=len(voided),
    )
    return made


def _copy_headlines(pact: Pact, text: dict[str, Any]) -> None:
    # The lists read these columns; the text stays the only source of what is agreed.
    terms = terms_of(text)
    pact.title, pact.summary = text["title"], text["summary"]
    pact.starts_on, pact.ends_on = terms.starts_on, terms.ends_on
