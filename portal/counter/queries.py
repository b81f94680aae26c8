"""Questions of the counter: who is helped now, whom a clerk looks for, what was entered for somebody."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from portal.counter.models import Connection, Help, Helped, SignedScan
from portal.counter.names import name_key
from portal.documents.models import Paper
from portal.documents.queries import of_subject
from portal.people.models import Person
from portal.proposals.models import Proposal
from portal.proposals.queries import visible_to

if TYPE_CHECKING:
    from sqlalchemy import Select

    from portal.policy import Actor


MOST_FOUND = 10


def open_help(help_id: int, clerk_id: int, at: datetime) -> Select[Help, Helped]:
    """Select the help a browser remembers, if it is the clerk's own and still going on."""
    return (
        select(Help, Helped)
        .join(Helped, Helped.id == Help.helped_id)
        .where(Help.id == help_id, Help.clerk_id == clerk_id, Help.ended_at.is_(None), Help.until > at)
    )


def codes_for(pseudonym: str) -> Select[str]:
    """Select the codes of everything entered for somebody, the last saved first."""
    found = select(Proposal.code).where(Proposal.entered_for == pseudonym)
    return found.order_by(Proposal.saved_at.desc(), Proposal.id.desc()).limit(50)


def of_case(code: str, born_on: date) -> Select[Helped]:
    """Select the person for whom a case was entered, if this is their birth date."""
    return (
        select(Helped)
        .join(Proposal, Proposal.entered_for == Helped.pseudonym)
        .where(Proposal.code == code, Helped.born_on == born_on)
    )


def named(typed: str) -> Select[Helped]:
    """Select a few people by the beginnings of words of their name; nobody where nothing can be read."""
    words = name_key(typed).split()
    found = select(Helped).order_by(Helped.name_key, Helped.id).limit(MOST_FOUND)
    for word in words:
        found = found.where(Helped.name_key.contains(f" {word}", autoescape=True))
    return found if words else found.where(Helped.id < 0)


def by_pseudonym(pseudonym: str) -> Select[Helped]:
    """Select one person."""
    return select(Helped).where(Helped.pseudonym == pseudonym)


def the_same(name: str, born_on: date) -> Select[Helped]:
    """Select who has this name and birth date, so that nobody is entered twice."""
    return (
        select(Helped).where(Helped.name_key == name_key(name), Helped.born_on == born_on).order_by(Helped.id)
    )


def open_of_clerk(clerk_id: int) -> Select[Help, Helped]:
    """Select the help of a clerk that nobody ended yet, over or not."""
    found = select(Help, Helped).join(Helped, Helped.id == Help.helped_id)
    return found.where(Help.clerk_id == clerk_id, Help.ended_at.is_(None))


def overdue(at: datetime) -> Select[Help, Helped]:
    """Select the helps whose half hour is over and that nobody ended."""
    found = select(Help, Helped).join(Helped, Helped.id == Help.helped_id)
    return found.where(Help.ended_at.is_(None), Help.until <= at).order_by(Help.id)


def scans_of(proposal_id: int) -> Select[SignedScan]:
    """Select the signed papers of a case, the newest first."""
    return select(SignedScan).where(SignedScan.proposal_id == proposal_id).order_by(SignedScan.id.desc())


def scan_with_file(number: int, actor: Actor) -> Select[SignedScan, Proposal]:
    """Select a signed paper with its sealed bytes, and its case, where the actor may see the case at all."""
    seen = visible_to(actor).with_only_columns(Proposal.id)
    found = select(SignedScan, Proposal).join(Proposal, Proposal.id == SignedScan.proposal_id)
    mine = found.where(SignedScan.id == number, Proposal.id.in_(seen))
    return mine.options(undefer(SignedScan.sealed_file))


def paper_of(code: str, kind: str) -> Select[Paper]:
    """Select the newest issued paper of this kind about a case."""
    return of_subject(f"proposal:{code}", public_only=False).where(Paper.kind == kind).limit(1)


def connections_of(code: str) -> Select[Connection]:
    """Select the codes that could connect what was entered under a case's code, the newest first."""
    return (
        select(Connection)
        .join(Helped, Helped.id == Connection.helped_id)
        .join(Proposal, Proposal.entered_for == Helped.pseudonym)
        .where(Proposal.code == code, Connection.used_at.is_(None))
        .order_by(Connection.id.desc())
        .limit(1)
    )


def uses(limit: int, *, before: int | None = None) -> Select[Help, str, str]:
    """Select the newest helps with the pseudonyms of clerk and person, for the auditor."""
    found = (
        select(Help, Person.name, Helped.pseudonym)
        .join(Person, Person.id == Help.clerk_id)
        .join(Helped, Helped.id == Help.helped_id)
        .order_by(Help.id.desc())
        .limit(limit)
    )
    return found if before is None else found.where(Help.id < before)


def entered(pseudonyms: set[str]) -> Select[str, str, str]:
    """Select (for whom, code, who began it) of what was entered for these people."""
    return (
        select(Proposal.entered_for, Proposal.code, Person.name)
        .join(Person, Person.id == Proposal.entered_by_id)
        .where(Proposal.entered_for.in_(pseudonyms))
        .order_by(Proposal.id)
    )


def counts(since: datetime) -> Select[str, int]:
    """Select how many helps each clerk gave since then."""
    found = select(Person.name, func.count()).select_from(Help).join(Person, Person.id == Help.clerk_id)
    return found.where(Help.started_at >= since).group_by(Person.id, Person.name).order_by(Person.name)
