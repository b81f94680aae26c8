"""What the worker does for the counter: letters drawn into batches, cards and receipts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import exists, literal, select

from portal import city, clock, db
from portal.counter import actions, papers
from portal.counter.papers import CARD, RECEIPT
from portal.documents.issue import Due
from portal.documents.layout import to_sheet
from portal.documents.models import Edition, Paper
from portal.documents.queries import ISSUED
from portal.notices.letters import jobs as letters
from portal.proposals.jobs import DRAFT_KEPT
from portal.proposals.lifecycle import State
from portal.proposals.models import Proposal
from portal.proposals.profiles import profile_of
from portal.schedule.said import NOTHING, Said, said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.city import Profile
    from portal.documents.sheet import Sheet
    from portal.notices.letters.models import Letter, LetterBatch
    from portal.schedule.actions import Run


def draw_batches(run: Run, render: Callable[[Sheet], bytes], city_name: str) -> Said:
    """Draw every batch of letters that is due, each as one PDF."""
    profile = city.profile(city_name)
    return run.each([(str(one), partial(_draw_batch, one, render, profile)) for one in letters.due()])


def _draw_batch(number: int, render: Callable[[Sheet], bytes], profile: Profile) -> object:
    from portal.documents import finish  # it reads PDF, which only who draws papers does

    def drawn(batch: LetterBatch, rows: Sequence[Letter]) -> tuple[bytes, int]:
        pdf = render(to_sheet(papers.letters(batch, rows, profile)))
        return pdf, finish.page_count(pdf)

    return letters.draw(number, drawn)


def slips_due(base_url: str) -> list[Due]:
    """Return the cards and receipts of the counter that are not issued yet; runs inside a reading unit."""
    return [*_due(CARD, base_url), *_due(RECEIPT, base_url)]


def _due(kind: str, base_url: str) -> Iterator[Due]:
    issued = exists().where(
        Paper.subject == literal("proposal:") + Proposal.code, Paper.kind == kind, Paper.state.in_(ISSUED)
    )
    is_sent = Proposal.submitted_at.is_not(None)
    wanted = is_sent if kind == RECEIPT else Proposal.state == State.DRAFT.value
    found = select(Proposal.id, Proposal.code, Proposal.language).where(
        Proposal.entered_for != "", wanted, ~issued
    )
    for row_id, code, language in db.session().execute(found.order_by(Proposal.id)):
        build = partial(_draw_slip, kind, row_id, base_url)
        yield Due(kind, f"proposal:{code}", 1, language, Edition.ORIGINAL, build)


def _draw_slip(kind: str, proposal_id: int, base_url: str) -> Sheet:
    proposal = db.session().scalars(select(Proposal).where(Proposal.id == proposal_id)).one()
    # The card promises no more than holds if nobody saves the draft again.
    kept_until = clock.local(proposal.started_at + DRAFT_KEPT).date()
    day = (proposal.answer_due_on or kept_until) if kind == RECEIPT else kept_until
    return to_sheet(papers.slip(kind, proposal, profile_of(proposal), day=day, base_url=base_url))


def end_overdue(run: Run) -> Said:
    """End the helps whose half hour is over."""
    with db.writing():
        ended = actions.end_overdue()
    if not ended:
        return NOTHING
    run.progress(ended, ended)
    return said("helps_ended", count=ended)
