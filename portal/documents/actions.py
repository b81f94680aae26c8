"""Claims a paper for one worker and writes down each of its steps; the fence number shuts out the others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, select, update
from sqlalchemy.dialects import postgresql, sqlite

from portal import clock, db, policy
from portal.documents import queries
from portal.documents.lifecycle import LIFE, State, Verb
from portal.documents.models import Key, Paper
from portal.errors import Stale
from portal.policy import Actor, Can
from portal.record import Did, record
from portal.words import W

# Longer than drawing, sealing and a time stamp can take together.
LEASE = timedelta(minutes=10)


@dataclass(frozen=True)
class Claim:
    """The right to work on one paper until the lease ends; `unsigned_hash` is what an earlier worker left."""

    paper_id: int
    fence: int
    key: Key
    unsigned_hash: str


@dataclass(frozen=True)
class Drawn:
    """The evidence that a paper was drawn."""

    content_hash: str
    json_hash: str
    unsigned_hash: str
    pages: int


@dataclass(frozen=True)
class Sealed:
    """The evidence that a paper was sealed; `at` is an aware instant."""

    file_hash: str
    byte_size: int
    at: datetime


def claim(key: Key, *, by: Actor) -> Claim | None:
    """Claim the paper, or return None where it is issued already or another worker is at it.

    The first claim inserts the row (unique key), a later one takes over an ended lease: both are decided by
    the database, so two workers never hold one paper.
    """
    policy.check(by, Can.JOBS_RUN)
    if _insert(key):
        return _claim_of(key, by_fence=1)
    paper = db.session().scalars(queries.by_key(key)).one()
    if paper.is_issued or _is_leased(paper):
        return None
    taken = _change(paper.id, paper.fence, fence=paper.fence + 1, leased_until=clock.real() + LEASE)
    return _claim_of(key, by_fence=paper.fence + 1) if taken else None


def note_drawn(claim: Claim, drawn: Drawn, *, by: Actor) -> None:
    """Write down that the paper is drawn and stored, so that whoever goes on need not draw it again.

    Refuses with Stale where another worker has taken over, WrongState where it is drawn already.
    """
    policy.check(by, Can.JOBS_RUN)
    state = LIFE.after(_current(claim).state, Verb.RENDER)
    _must_change(
        claim,
        state=state.value,
        content_hash=drawn.content_hash,
        json_hash=drawn.json_hash,
        unsigned_hash=drawn.unsigned_hash,
        pages=drawn.pages,
        rendered_at=clock.now(),
    )


def finish(claim: Claim, sealed: Sealed, *, by: Actor) -> Paper:
    """Issue the paper: write down its sealed file, supersede the version before it, remember the act.

    Refuses with Stale where another worker has taken over, WrongState where it is issued already.
    """
    policy.check(by, Can.JOBS_RUN)
    state = LIFE.after(_current(claim).state, Verb.SEAL)
    _must_change(
        claim,
        state=state.value,
        file_hash=sealed.file_hash,
        byte_size=sealed.byte_size,
        sealed_at=sealed.at,
        leased_until=None,
    )
    paper = _current(claim)
    _supersede_older(paper)
    record(Did.PAPER_ISSUED, paper.subject, by=by, **_facts(paper))
    return paper


def release(claim: Claim, *, by: Actor) -> None:
    """Give the paper back after a failure, so that the next run need not wait for the lease to end."""
    policy.check(by, Can.JOBS_RUN)
    _change(claim.paper_id, claim.fence, leased_until=None)


def _insert(key: Key) -> bool:
    dialect: Any = sqlite if db.database().is_sqlite else postgresql
    row = {
        "kind": key.kind,
        "subject": key.subject,
        "version": key.version,
        "language": key.language,
        "edition": key.edition.value,
        "code": key.code,
        "state": State.DUE.value,
        "created_at": clock.now(),
        "fence": 1,
        "leased_until": clock.real() + LEASE,
    }
    # Whichever of its two unique indexes meets the other worker's row first. With another paper's code there
    # is no row of this key afterwards, and looking for it fails loudly.
    insert = dialect.insert(Paper).values(row).on_conflict_do_nothing()
    return db.session().execute(insert.returning(Paper.id)).scalar_one_or_none() is not None


def _claim_of(key: Key, *, by_fence: int) -> Claim:
    paper = db.session().scalars(queries.by_key(key).execution_options(populate_existing=True)).one()
    return Claim(paper.id, by_fence, key, paper.unsigned_hash)


def _is_leased(paper: Paper) -> bool:
    return paper.leased_until is not None and paper.leased_until > clock.real()


def _current(claim: Claim) -> Paper:
    found = select(Paper).where(Paper.id == claim.paper_id).execution_options(populate_existing=True)
    paper = db.session().scalars(found).one()
    if paper.fence != claim.fence:
        raise Stale(W("Another worker has taken over this paper."))
    return paper


def _must_change(claim: Claim, **values: object) -> None:
    if not _change(claim.paper_id, claim.fence, **values):
        raise Stale(W("Another worker has taken over this paper."))


def _change(paper_id: int, with_fence: int, **values: object) -> bool:
    statement = update(Paper).where(Paper.id == paper_id, Paper.fence == with_fence).values(**values)
    result = db.session().execute(statement, execution_options={"synchronize_session": False})
    return isinstance(result, CursorResult) and result.rowcount == 1


# Of these the versions stand beside each other: a second progress report does not replace the first.
SERIES = frozenset({"progress_report"})


def _supersede_older(paper: Paper) -> None:
    if paper.kind in SERIES:
        return
    older = select(Paper).where(
        Paper.kind == paper.kind,
        Paper.subject == paper.subject,
        Paper.language == paper.language,
        Paper.edition == paper.edition,
        Paper.version < paper.version,
        Paper.state == State.SEALED.value,
    )
    for each in db.session().scalars(older):
        each.state = LIFE.after(each.state, Verb.SUPERSEDE).value
        each.superseded_at = clock.now()


def _facts(paper: Paper) -> dict[str, str | int]:
    return {
        "code": paper.code,
        "content_hash": paper.content_hash,
        "edition": paper.edition,
        "file_hash": paper.file_hash,
        "json_hash": paper.json_hash,
        "kind": paper.kind,
        "language": paper.language,
        "unsigned_hash": paper.unsigned_hash,
        "version": paper.version,
    }
