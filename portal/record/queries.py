"""Questions about the record."""

from __future__ import annotations

from sqlalchemy import Select, select

from portal.record.models import Act


def about(*subjects: str, limit: int = 200) -> Select[Act]:
    """Select what the record says about these subjects, the oldest first."""
    return select(Act).where(Act.subject.in_(subjects)).order_by(Act.id).limit(limit)


def of_verb(subject: str, verb: str) -> Select[Act]:
    """Select the acts of one kind about one subject, the oldest first."""
    return select(Act).where(Act.subject == subject, Act.verb == verb).order_by(Act.id)
