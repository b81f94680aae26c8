"""Questions about residents: who lives here, shown how and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from portal import db
from portal.residents.models import CensusEntry, CensusFile, CodeLetter, Conflict, Residency, Resident, State

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


def valid(at: datetime) -> ColumnElement[bool]:
    """Return the condition that a status holds at this instant; the twin of Residency.is_valid."""
    return and_(Residency.state == State.VALID.value, Residency.verified_at <= at, Residency.until > at)


def resident_of(person_id: int, at: datetime) -> Select[int]:
    """Select which human an account is verified as now: the same number in any account of theirs."""
    return select(Residency.resident_id).where(Residency.person_id == person_id, valid(at))


def verified_among(person_ids: Iterable[int], at: datetime) -> Select[int]:
    """Select those of these people who are verified residents at this instant."""
    return select(Residency.person_id).where(Residency.person_id.in_(list(person_ids)), valid(at))


def is_verified(person_id: int, at: datetime) -> bool:
    """Say whether an account is a verified resident's at this instant, in the open unit of work."""
    return db.session().scalar(resident_of(person_id, at)) is not None


def held_by(person_id: int) -> Select[Residency]:
    """Select the status of an account that nobody ended, over or not."""
    return select(Residency).where(Residency.person_id == person_id, Residency.state == State.VALID.value)


def held_as(resident_id: int) -> Select[Residency]:
    """Select the status that nobody ended of a human, over or not."""
    return select(Residency).where(Residency.resident_id == resident_id, Residency.state == State.VALID.value)


def newest_of(person_id: int) -> Select[Residency]:
    """Select the newest status of an account, ended or not."""
    return select(Residency).where(Residency.person_id == person_id).order_by(Residency.id.desc()).limit(1)


def by_document(hashes: Iterable[str]) -> Select[Resident]:
    """Select the human whose document has one of these hashes: the same number under each key."""
    return select(Resident).where(Resident.document_hash.in_(list(hashes)))


def open_claim_of(person_id: int) -> Select[Conflict]:
    """Select the newest claim of an account that waits for staff."""
    waiting = select(Conflict).where(Conflict.claimant_id == person_id, Conflict.decided_at.is_(None))
    return waiting.order_by(Conflict.id.desc()).limit(1)


def open_case_of(person_id: int) -> Select[int]:
    """Select a contested document that staff have not decided, on either side of which an account stands."""
    either = or_(Conflict.claimant_id == person_id, Conflict.holder_id == person_id)
    return select(Conflict.id).where(either, Conflict.decided_at.is_(None)).limit(1)


def conflicts(*, decided: bool, after: int = 0, most: int = 50) -> Select[Conflict]:
    """Select contested documents with both accounts: those that wait, the oldest first, or the decided."""
    found = select(Conflict).options(joinedload(Conflict.holder), joinedload(Conflict.claimant))
    if decided:
        return found.where(Conflict.decided_at.is_not(None)).order_by(Conflict.id.desc()).limit(most)
    waiting = found.where(Conflict.decided_at.is_(None), Conflict.id > after)
    return waiting.order_by(Conflict.id).limit(most)


def conflict(number: int) -> Select[Conflict]:
    """Select one contested document with both accounts."""
    found = select(Conflict).options(joinedload(Conflict.holder), joinedload(Conflict.claimant))
    return found.where(Conflict.id == number)


def how_many(at: datetime) -> Select[str, int]:
    """Select how many accounts have the status at this instant, by the way it was shown."""
    return (
        select(Residency.way, func.count()).where(valid(at)).group_by(Residency.way).order_by(Residency.way)
    )


def census_in_use() -> Select[CensusFile]:
    """Select the census that answers."""
    return select(CensusFile).where(CensusFile.state == "current")


def census_answer(file_id: int, document_hash: bytes) -> Select[bytes]:
    """Select the hash of all that the person with this number must know."""
    return select(CensusEntry.answer_hash).where(
        CensusEntry.file_id == file_id, CensusEntry.document_hash == document_hash
    )


def census_size(file_id: int) -> Select[int]:
    """Select how many people a census holds."""
    return select(func.count()).where(CensusEntry.file_id == file_id)


def census_left_over(before: datetime, *, also: int = 0) -> Select[int]:
    """Select replaced censuses with entries, imports that stand still since an instant, and this one."""
    has_entries = exists().where(CensusEntry.file_id == CensusFile.id)
    dead = and_(CensusFile.state == "loading", or_(CensusFile.begun_at < before, CensusFile.id == also))
    return select(CensusFile.id).where(or_(and_(CensusFile.state == "replaced", has_entries), dead))


def open_letter_of(person_id: int, at: datetime) -> Select[CodeLetter]:
    """Select the letter whose code a person can still type at this instant of the machine's clock."""
    mine = select(CodeLetter).where(CodeLetter.person_id == person_id, CodeLetter.state == "open")
    return mine.where(CodeLetter.expires_at > at, CodeLetter.tries_left >= 0)


def letters_to(person_id: int, since: datetime) -> Select[int]:
    """Select how many letters a person asked for since an instant."""
    return select(func.count()).where(CodeLetter.person_id == person_id, CodeLetter.asked_at > since)


def letters_at(address_hash: str, since: datetime) -> Select[int]:
    """Select how many letters went to an address since an instant, whoever asked for them."""
    return select(func.count()).where(CodeLetter.address_hash == address_hash, CodeLetter.asked_at > since)


def ending(after: datetime, before: datetime) -> Select[Residency]:
    """Select the statuses that end between two instants, the first to end first."""
    found = select(Residency).where(Residency.state == State.VALID.value)
    return found.where(Residency.until > after, Residency.until <= before).order_by(Residency.until)
