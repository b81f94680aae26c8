"""Issues one paper that is due: claimed, drawn, sealed, written down; a crash after any step is mended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from portal import clock, crypto, db, faults
from portal.documents import actions
from portal.documents.models import Edition, Key, Paper
from portal.documents.refusals import NotStored, StoreFailed
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from portal.documents.actions import Claim
    from portal.documents.sheet import Sheet
    from portal.documents.store import Store
    from portal.policy import Actor


class Draws(Protocol):
    """What turns a sheet into a PDF; the Renderer does."""

    def render(self, sheet: Sheet) -> bytes:
        """Return the finished PDF."""


class Seals(Protocol):
    """What seals a PDF; the Sealer does."""

    def check(self) -> None:
        """Refuse unless papers could be sealed now."""

    def seal(self, pdf: bytes, at: datetime) -> bytes:
        """Return the sealed PDF."""


@dataclass(frozen=True)
class Due:
    """A paper that is due, as a feature's jobs.py names it.

    `build` makes the sheet inside a reading unit of work. `content_hash` is what the pages show and people
    verify by (the hash of a pact version's text); without one it is the hash of the attached JSON. `then` is
    done in the transaction that issues the paper.
    """

    kind: str
    subject: str
    version: int
    language: str
    edition: Edition
    build: Callable[[], Sheet]
    content_hash: str = ""
    then: Callable[[], None] | None = None

    @property
    def key(self) -> Key:
        """Return which paper this is; `key.code` is the code to print on it."""
        return Key(self.kind, self.subject, self.version, self.language, Edition(self.edition))


def issue(due: Due, renderer: Draws, sealer: Seals, store: Store, *, by: Actor) -> Paper | None:
    """Issue the paper and return it, or None where it is issued already or another worker is at it.

    Whatever is raised (FontsMissing, RenderFailed, NoCertificate, SealFailed, StoreFailed) leaves the paper
    due: the next run takes it up where this one stopped, also when this one was killed.
    """
    with db.writing():
        claim = actions.claim(due.key, by=by)
    if claim is None:
        return None
    faults.reach("claimed")
    try:
        return _work(due, claim, (renderer, sealer, store), by=by)
    except Exception:
        with db.writing():
            actions.release(claim, by=by)
        raise


def _work(due: Due, claim: Claim, tools: tuple[Draws, Seals, Store], *, by: Actor) -> Paper:
    renderer, sealer, store = tools
    sealer.check()
    unsigned = _drawn_before(due, claim, renderer, store) or _draw(due, claim, (renderer, store), by=by)
    at = clock.now()
    sealed = sealer.seal(unsigned, at)
    faults.reach("sealed")
    file_hash = store.put(sealed)
    faults.reach("stored")
    with db.writing():
        paper = actions.finish(claim, actions.Sealed(file_hash, len(sealed), at), by=by)
        if due.then is not None:
            due.then()
        faults.reach("before-finish")
        return paper


def _drawn_before(due: Due, claim: Claim, renderer: Draws, store: Store) -> bytes:
    """Return what an earlier worker drew; lost bytes are drawn again, and must be the very same."""
    if not claim.unsigned_hash:
        return b""
    try:
        return store.read(claim.unsigned_hash)
    except NotStored:
        with db.reading():
            sheet = due.build()
        pdf = renderer.render(sheet)
        if store.put(pdf) != claim.unsigned_hash:
            raise StoreFailed(W("A drawn paper is lost, and drawing it again gave another one.")) from None
        return pdf


def _draw(due: Due, claim: Claim, tools: tuple[Draws, Store], *, by: Actor) -> bytes:
    from portal.documents.finish import page_count  # it reads PDF, which only who issues papers does

    renderer, store = tools
    with db.reading():
        sheet = due.build()
    pdf = renderer.render(sheet)
    faults.reach("drawn")
    json_hash = crypto.sha256_hex(sheet.attachment)
    drawn = actions.Drawn(due.content_hash or json_hash, json_hash, store.put(pdf), page_count(pdf))
    with db.writing():
        actions.note_drawn(claim, drawn, by=by)
    faults.reach("noted")
    return pdf
