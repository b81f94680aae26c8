"""Draw the batches that are due: claimed, drawn without a transaction, kept sealed; the dead are followed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, update

from portal import clock, crypto, db, faults
from portal.notices.letters import queries
from portal.notices.letters.actions import SECRET
from portal.notices.letters.lifecycle import BATCH_LIFE, BatchState, BatchVerb
from portal.notices.letters.models import Letter, LetterBatch
from portal.schedule.actions import HELD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Update

FILE = "letter batch"
LEASE = timedelta(minutes=5)
# Makes the PDF of a batch and says how many pages it has; handed in, because papers are drawn elsewhere.
Draws = Callable[[LetterBatch, "Sequence[Letter]"], tuple[bytes, int]]


def due() -> list[int]:
    """Return the batches that should be drawn now."""
    with db.reading() as session:
        return list(session.scalars(queries.to_draw(clock.real())))


def secret_of(letter: Letter) -> str:
    """Return the code that the letter shows, or nothing."""
    return (crypto.unseal(letter.sealed_secret, SECRET) or "") if letter.sealed_secret else ""


def draw(batch_id: int, draws: Draws) -> object:
    """Draw one batch and keep its file sealed; HELD where another worker is at it, or was before us."""
    fence = _claim(batch_id)
    if fence is None:
        return HELD
    faults.reach("batch-claimed")
    try:
        with db.reading() as session:
            batch = session.scalars(queries.batch(batch_id)).one()
            letters = session.scalars(queries.letters_of(batch_id)).all()
        pdf, pages = draws(batch, letters)
        faults.reach("batch-drawn")
        kept = _keep(batch_id, fence, pdf, pages)
        faults.reach("batch-kept")
    except Exception:
        _release(batch_id, fence)
        raise
    return None if kept else HELD


def _claim(batch_id: int) -> int | None:
    free = or_(LetterBatch.leased_until.is_(None), LetterBatch.leased_until < clock.real())
    mine = update(LetterBatch).where(
        LetterBatch.id == batch_id, LetterBatch.state == BatchState.DUE.value, free
    )
    taken = mine.values(fence=LetterBatch.fence + 1, leased_until=clock.real() + LEASE)
    with db.writing() as session:
        return session.execute(taken.returning(LetterBatch.fence)).scalar_one_or_none()


def _keep(batch_id: int, fence: int, pdf: bytes, pages: int) -> bool:
    values = {
        "state": BATCH_LIFE.after(BatchState.DUE, BatchVerb.DRAW).value,
        "sealed_pdf": crypto.seal_bytes(pdf, FILE),
        "pages": pages,
        "drawn_at": clock.now(),
        "leased_until": None,
    }
    with db.writing() as session:
        mine = _mine(batch_id, fence).values(values).returning(LetterBatch.id)
        return session.execute(mine).scalar_one_or_none() is not None


def _release(batch_id: int, fence: int) -> None:
    with db.writing() as session:
        session.execute(_mine(batch_id, fence).values(leased_until=None))


def _mine(batch_id: int, fence: int) -> Update:
    return update(LetterBatch).where(
        LetterBatch.id == batch_id, LetterBatch.fence == fence, LetterBatch.state == BatchState.DUE.value
    )


def file_of(batch: LetterBatch) -> bytes | None:
    """Return the PDF of a drawn batch, loaded with its file; None where it is not there or not ours."""
    return crypto.unseal_bytes(batch.sealed_pdf, FILE) if batch.sealed_pdf else None
