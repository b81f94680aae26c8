"""What the worker does for proposals: receipts that are due, and drafts that nobody came back to."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import exists, literal, select

from portal import clock, crypto, db
from portal.documents.issue import Due
from portal.documents.layout import to_sheet
from portal.documents.models import Edition, Paper
from portal.documents.queries import ISSUED
from portal.policy import SYSTEM
from portal.proposals import answering_clock, papers, queries
from portal.proposals.actions.sending import lapse
from portal.proposals.answers import for_paper
from portal.proposals.assessment.jobs import decisions_due
from portal.proposals.models import Proposal, RepositoryCheck
from portal.proposals.profiles import profile_of
from portal.schedule.said import NOTHING
from portal.web.fetching import Guarded

if TYPE_CHECKING:
    from collections.abc import Callable

    from config import Config
    from portal.documents.sheet import Sheet
    from portal.proposals.papers import ReceiptContext
    from portal.schedule.actions import Run
    from portal.schedule.said import Said

__all__ = ["decisions_due", "lapse_old_drafts", "look_for_code", "receipts_due"]
RECEIPT = "receipt"
# Drafts are kept this long after the last time somebody saved them.
DRAFT_KEPT = timedelta(days=183)
# After a week of days the address of a repository is left to the officer.
MOST_TRIES = 7


def receipts_due(base_url: str) -> list[Due]:
    """Return the receipts of sent proposals that are not issued yet; runs inside a reading unit."""
    issued = exists().where(
        Paper.subject == literal("proposal:") + Proposal.code, Paper.kind == RECEIPT, Paper.state.in_(ISSUED)
    )
    sent = select(Proposal.id, Proposal.code, Proposal.language).where(
        Proposal.submitted_at.is_not(None), ~issued
    )
    return [
        Due(
            RECEIPT,
            f"proposal:{code}",
            1,
            language,
            Edition.ORIGINAL,
            partial(draw_receipt, row_id, base_url),
        )
        for row_id, code, language in db.session().execute(sent.order_by(Proposal.submitted_at))
    ]


def draw_receipt(proposal_id: int, base_url: str) -> Sheet:
    """Return the sheet of a receipt, from what was sent; what is decided later does not change it."""
    chosen = queries.with_parts(select(Proposal).where(Proposal.id == proposal_id))
    return to_sheet(_context(db.session().scalars(chosen).one(), base_url))


def _context(proposal: Proposal, base_url: str) -> ReceiptContext:
    assert proposal.submitted_at is not None  # noqa: S101 - a CHECK of the table says so
    profile, language = profile_of(proposal), proposal.language
    sections = for_paper(proposal, profile, language)
    sent = papers.Sent(
        code=proposal.code,
        title=proposal.title,
        received_at=proposal.submitted_at,
        answer_by=answering_clock.promised_day(proposal.submitted_at, profile),
        content_hash=crypto.sha256_hex(crypto.canonical(_content(proposal.code, sections))),
    )
    desk = papers.Desk(
        city=profile.body,
        office=profile.offices[0].name[language],
        contact=f"{profile.contact.phone} · {profile.contact.mail}",
        track_url=f"{base_url}/{language}/track/{proposal.code}",
    )
    return papers.receipt(sent, sections, desk, language=language)


def _content(code: str, sections: tuple[papers.Section, ...]) -> dict[str, Any]:
    answers = [[row.question, row.answer] for section in sections for row in section.answers]
    return {"schema": "receipt/1", "code": code, "answers": answers}


class Configured(Protocol):
    """What the worker hands to a job that looks at the configuration."""

    config: Config


def look_for_code(tools: Configured, run: Run) -> Said:
    """Look whether the code of open proposals can be reached, where an administrator lets us ask."""
    client = Guarded(frozenset(tools.config.fetch_hosts))
    with db.reading():
        due = repositories_due(client)
    return run.each(due) if due else NOTHING


def repositories_due(client: Guarded) -> list[tuple[str, Callable[[], object]]]:
    """Return the open proposals whose code was not reached yet, where the host may be asked."""
    rows = db.session().execute(queries.unreached(MOST_TRIES)).all()
    return [
        (code, partial(_try_to_reach, row_id, address, client))
        for row_id, code, address in rows
        if client.may_ask(address)
    ]


def _try_to_reach(proposal_id: int, address: str, client: Guarded) -> None:
    opens = client.opens(address)  # before the writing unit: it may take seconds
    with db.writing() as session:
        kept = session.get(RepositoryCheck, proposal_id)
        tries = kept.tries + 1 if kept is not None and kept.address == address else 1
        row = RepositoryCheck(
            proposal_id=proposal_id, address=address, opens=opens, checked_at=clock.now(), tries=tries
        )
        session.merge(row)


def lapse_old_drafts() -> int:
    """Let drafts lapse that nobody saved for half a year; runs inside a writing unit."""
    old = db.session().scalars(queries.old_drafts(clock.now() - DRAFT_KEPT)).all()
    for proposal in old:
        lapse(proposal, by=SYSTEM)
    return len(old)
