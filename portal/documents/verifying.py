"""Read every issued paper again and say which does not hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import db
from portal.documents.models import Paper
from portal.documents.queries import ISSUED
from portal.documents.seal import inspect
from portal.errors import Refused
from portal.words import in_language

if TYPE_CHECKING:
    from portal.documents.seal import Sealer
    from portal.documents.store import Store

STEP = 200


def verify(store: Store, sealer: Sealer) -> Iterator[tuple[Paper, str]]:
    """Yield every issued paper and what is wrong with it, or nothing: its bytes, its size, its seal."""
    last = 0
    while True:
        with db.reading() as session:
            found = (
                select(Paper).where(Paper.id > last, Paper.state.in_(ISSUED)).order_by(Paper.id).limit(STEP)
            )
            papers = session.scalars(found).all()
        if not papers:
            return
        for paper in papers:
            yield paper, _fault(paper, store, sealer)
        last = papers[-1].id


def _fault(paper: Paper, store: Store, sealer: Sealer) -> str:
    try:
        content = store.read(paper.file_hash)
    except (Refused, OSError) as error:
        with in_language("en"):
            return str(error)
    if len(content) != paper.byte_size:
        return f"it has {len(content)} bytes, not the {paper.byte_size} that were issued"
    seal = inspect(content, sealer=sealer)
    if not seal.is_sealed:
        return "it bears no seal"
    return "" if seal.is_intact else "it was changed after it was sealed"
