"""Questions of the jobs desk that look into several features."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from sqlalchemy import Select, select

from portal.documents.models import Paper
from portal.notices.models import Message

if TYPE_CHECKING:
    from portal.schedule.models import FailedItem


def subjects_of_papers(items: Collection[FailedItem]) -> Select[str, str]:
    """Select the code of each paper among the items, and what it is about."""
    return select(Paper.code, Paper.subject).where(Paper.code.in_({item.item for item in items}))


def subjects_of_mails(items: Collection[FailedItem]) -> Select[int, str]:
    """Select the number of each mail among the items, and what it is about."""
    numbers = {int(item.item) for item in items if item.job == "mail" and item.item.isdecimal()}
    return select(Message.id, Message.subject_key).where(Message.id.in_(numbers))
