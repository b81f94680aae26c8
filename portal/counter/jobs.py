"""What the worker does for the counter: letters drawn into batches, cards and receipts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from portal.counter import papers
from portal.documents.finish import page_count
from portal.documents.layout import to_sheet
from portal.notices.letters import jobs as letters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.city import Profile
    from portal.documents.sheet import Sheet
    from portal.notices.letters.models import Letter, LetterBatch


def batches_due() -> list[int]:
    """Return the batches of letters that should be drawn now."""
    return letters.due()


def draw_batch(number: int, render: Callable[[Sheet], bytes], profile: Profile) -> object:
    """Draw one batch of letters as one PDF; HELD where another worker is at it, or was before us."""

    def drawn(batch: LetterBatch, rows: Sequence[Letter]) -> tuple[bytes, int]:
        pdf = render(to_sheet(papers.letters(batch, rows, profile)))
        return pdf, page_count(pdf)

    return letters.draw(number, drawn)
