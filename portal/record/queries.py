"""Questions about the record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from portal.record.models import IS_SHOWN, Act, Checkpoint, Leaf
from portal.record.publicity import CALLED_OFF, ISSUED, PUBLIC, PUBLIC_PAPERS, SENT


def about(*subjects: str, limit: int = 200) -> Select[Act]:
    """Select what the record says about these subjects, the oldest first."""
    return select(Act).where(Act.subject.in_(subjects)).order_by(Act.id).limit(limit)


def of_verb(subject: str, verb: str) -> Select[Act]:
    """Select the acts of one kind about one subject, the oldest first."""
    return select(Act).where(Act.subject == subject, Act.verb == verb).order_by(Act.id)


# An act gets its number before its transaction ends, so that one with a lower number may appear later; never
# by that many, since no transaction lasts that long.
LATE = 10_000


_NEWEST_BUT_LATE = select(func.coalesce(func.max(Leaf.act_id), 0) - LATE).scalar_subquery()
# (number, bytes) of the acts that wait for their place, among the newest.
WAITING = (
    select(Act.id, Act.canonical)
    .outerjoin(Leaf, Leaf.act_id == Act.id)
    .where(Act.id > _NEWEST_BUT_LATE, Leaf.position.is_(None))
    .order_by(Act.id)
)
HOW_MANY_WAIT = select(func.count()).select_from(WAITING.order_by(None).subquery())
# The first act that stands among older ones and never got a place; reads all acts.
WITHOUT_PLACE = (
    select(Act.id)
    .where(Act.id <= _NEWEST_BUT_LATE, ~exists().where(Leaf.act_id == Act.id))
    .order_by(Act.id)
    .limit(1)
)


# The newest place and the newest checkpoint: nothing else changes what the record's pages say to a visitor.
STANDING = select(
    select(func.max(Leaf.position)).scalar_subquery(), select(func.max(Checkpoint.size)).scalar_subquery()
)


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for in the record; empty takes all. `since` and `until` are instants, half-open."""

    kind: str = ""
    about: str = ""
    since: datetime | None = None
    until: datetime | None = None
    is_whole: bool = False


def entries(wanted: Wanted, *, before: int | None = None, most: int) -> Select[int, Act]:
    """Select (position, act), the newest first; `before` is the act below which to go on.

    Without `is_whole` only what is public. Acts are found by their number, which a reader can page through
    with an index; within a page they stand in the record's own order.
    """
    found = select(Leaf.position, Act).join(Leaf, Leaf.act_id == Act.id)
    if not wanted.is_whole:
        found = found.where(IS_SHOWN, Act.verb.in_(sorted(PUBLIC)), *_for_everybody())
    if wanted.kind:
        found = found.where(Act.verb == wanted.kind)
    if wanted.about:
        found = found.where(_about(wanted.about))
    if wanted.since is not None:
        found = found.where(Act.at >= wanted.since)
    if wanted.until is not None:
        found = found.where(Act.at < wanted.until)
    if before is not None:
        found = found.where(Act.id < before)
    return found.order_by(Act.id.desc()).limit(most)


def _for_everybody() -> tuple[ColumnElement[bool], ...]:
    # What publicity.why_private asks of the facts.
    return (
        or_(Act.verb != SENT, Act.facts["was_sent"].as_boolean()),
        or_(Act.verb != CALLED_OFF, Act.facts["was_published"].as_boolean()),
        or_(Act.verb != ISSUED, Act.facts["kind"].as_string().in_(sorted(PUBLIC_PAPERS))),
    )


def _about(code: str) -> ColumnElement[bool]:
    return or_(
        Act.subject.in_(
            [f"{kind}:{code}" for kind in ("pact", "proposal", "case", "pool", "commons", "organisation")]
        ),
        Act.subject.startswith(f"allocation:{code}:", autoescape=True),
        Act.subject.startswith(f"fence:{code}:", autoescape=True),
        Act.subject == code,
    )


def entry(position: int) -> Select[Leaf, Act]:
    """Select the act at a position, with its leaf."""
    return select(Leaf, Act).join(Act, Act.id == Leaf.act_id).where(Leaf.position == position)


def from_position(position: int, most: int) -> Select[Leaf, Act]:
    """Select acts from a position on, in the record's order."""
    found = select(Leaf, Act).join(Act, Act.id == Leaf.act_id).where(Leaf.position >= position)
    return found.order_by(Leaf.position).limit(most)


def checkpoints(*, before: int | None = None, most: int = 50) -> Select[Checkpoint]:
    """Select checkpoints, the newest first."""
    found = select(Checkpoint).order_by(Checkpoint.size.desc()).limit(most)
    return found if before is None else found.where(Checkpoint.size < before)


def positions(act_ids: Iterable[int]) -> Select[int, int]:
    """Select (act, position) of those acts that have their place already."""
    return select(Leaf.act_id, Leaf.position).where(Leaf.act_id.in_(list(act_ids)))
