"""Take in what a holder answers by mail: a draft of the awaited answer, or a note; nothing that binds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import clock, crypto, db, policy
from portal.errors import NotFound
from portal.notices import links
from portal.people.models import Person
from portal.policy import Can
from portal.proposals import mailed, queries
from portal.proposals.lifecycle import State
from portal.proposals.models import ReceivedMail
from portal.record import Did, record
from portal.words import W

if TYPE_CHECKING:
    from portal.policy import Actor
    from portal.proposals.models import Proposal

NO_CASE = W("This mail answers no case of ours, or comes from another address than the case has.")


def take_mail(content: bytes, *, by: Actor) -> ReceivedMail:
    """Keep the new words of a mail beside its case, once; who wrote it is believed for nothing more.

    Refuses with Invalid what is no answer, with NotFound an unknown address of a case and another sender:
    both get the same sentence, so that nobody learns who has which case.
    """
    policy.check(by, Can.JOBS_RUN)
    answer = mailed.read(content)
    proposal = _case(answer.to)
    if proposal is None or answer.writer not in _addresses_of(proposal):
        raise NotFound(NO_CASE)
    mail_hash = crypto.sha256_hex(content)
    there = db.session().scalar(queries.mail_by_hash(mail_hash))
    if there is not None:
        return there
    kept = ReceivedMail(
        proposal_id=proposal.id,
        mail_hash=mail_hash,
        is_answer=proposal.state == State.SUPPLEMENT_ASKED,
        text=answer.text,
        received_at=clock.now(),
    )
    db.session().add(kept)
    db.session().flush()
    record(Did.PROPOSAL_MAIL_RECEIVED, proposal.key, by=by, is_answer=kept.is_answer)
    return kept


def _case(addresses: tuple[str, ...]) -> Proposal | None:
    keys = filter(None, (links.case_of_address(one, "proposal") for one in addresses))
    code = next(keys, "").partition(":")[2]
    return db.session().scalar(queries.by_any_code(code)) if code else None


def _addresses_of(proposal: Proposal) -> set[str]:
    holder = db.session().get(Person, proposal.person_id) if proposal.person_id is not None else None
    own = holder.email if holder is not None and holder.erased_at is None else ""
    return {one.strip().lower() for one in (proposal.contact_email, own)} - {""}
