"""Questions about letters and their batches."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select
from sqlalchemy.orm import undefer

from portal.notices.letters.lifecycle import BatchState, State
from portal.notices.letters.models import Letter, LetterBatch, Way

if TYPE_CHECKING:
    from sqlalchemy import Select


def waiting(limit: int) -> Select[Letter]:
    """Select the letters that nobody has printed or told yet, the oldest first."""
    return select(Letter).where(Letter.state == State.WAITING.value).order_by(Letter.id).limit(limit)


def to_print(limit: int) -> Select[int]:
    """Select the ids of letters for the next batch, passing over those that somebody takes just now."""
    paper = (Letter.state == State.WAITING.value, Letter.way == Way.LETTER.value)
    return select(Letter.id).where(*paper).order_by(Letter.id).limit(limit).with_for_update(skip_locked=True)


def how_many() -> Select[str, str, int]:
    """Select how many letters wait or came back, by state and way."""
    open_states = (State.WAITING.value, State.RETURNED.value)
    return (
        select(Letter.state, Letter.way, func.count())
        .where(Letter.state.in_(open_states), Letter.followed_by_id.is_(None))
        .group_by(Letter.state, Letter.way)
    )


def came_back(limit: int) -> Select[Letter]:
    """Select the letters that came back and were not written again, the newest first."""
    unseen = (Letter.state == State.RETURNED.value, Letter.followed_by_id.is_(None))
    return select(Letter).where(*unseen).order_by(Letter.id.desc()).limit(limit)


def by_number(number: int) -> Select[Letter]:
    """Select one letter."""
    return select(Letter).where(Letter.id == number)


def about(subject_key: str) -> Select[Letter]:
    """Select the letters about one case, the newest first."""
    return select(Letter).where(Letter.subject_key == subject_key).order_by(Letter.id.desc()).limit(50)


def gone_out(subject_key: str) -> Select[Letter]:
    """Select what was posted, told or handed over about one case, the newest first."""
    told = Letter.state.in_((State.POSTED.value, State.RETURNED.value))
    return about(subject_key).where(told)


def batches(limit: int, *, before: int | None = None) -> Select[LetterBatch]:
    """Select the newest batches, older than the batch `before`."""
    found = select(LetterBatch).order_by(LetterBatch.id.desc()).limit(limit)
    return found if before is None else found.where(LetterBatch.id < before)


def batch(number: int) -> Select[LetterBatch]:
    """Select one batch."""
    return select(LetterBatch).where(LetterBatch.id == number)


def batch_with_file(number: int) -> Select[LetterBatch]:
    """Select one batch together with its sealed file."""
    return batch(number).options(undefer(LetterBatch.sealed_pdf))


def letters_of(batch_id: int) -> Select[Letter]:
    """Select the letters of a batch in the order in which they are printed."""
    return select(Letter).where(Letter.batch_id == batch_id).order_by(Letter.id)


def to_draw(at: datetime) -> Select[int]:
    """Select the batches that nobody draws just now: fresh ones, and those whose worker died."""
    free = or_(LetterBatch.leased_until.is_(None), LetterBatch.leased_until < at)
    return (
        select(LetterBatch.id).where(LetterBatch.state == BatchState.DUE.value, free).order_by(LetterBatch.id)
    )
