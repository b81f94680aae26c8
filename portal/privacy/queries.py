"""Questions about what is kept of somebody: by account, by address, and why some of it must stay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, or_, select

from portal import clock, db
from portal.pacts.models import Pact
from portal.people.models import Person
from portal.privacy import keeping, registry
from portal.privacy.keeping import Reason, Times
from portal.privacy.registry import REGISTRY, Held, Hold
from portal.proposals.models import Proposal, ProposalPhoto
from portal.record.models import Act

if TYPE_CHECKING:
    from datetime import date

    from portal.city import Profile

MOST_ACTS = 10_000
# The columns by which rows of the registry name files of the store.
FILES = ("file_hash", "small_hash", "photo_hash", "photo_small_hash")


@dataclass(frozen=True, slots=True)
class Found:
    """A person's rows of one table, and why some of them must be kept, by the row's own key."""

    held: Held
    rows: list[dict[str, Any]]
    reasons: dict[tuple[object, ...], Reason]

    def key(self, row: dict[str, Any]) -> tuple[object, ...]:
        """Return the row's own key."""
        return tuple(row[column.name] for column in registry.table(self.held).primary_key.columns)

    def kept(self, today: date) -> list[dict[str, Any]]:
        """Return the rows that must be kept on this day."""
        return [row for row in self.rows if self._stands(row, today)]

    def free(self, today: date) -> list[dict[str, Any]]:
        """Return the rows that erasure reaches on this day."""
        return [row for row in self.rows if not self._stands(row, today)]

    def _stands(self, row: dict[str, Any], today: date) -> bool:
        reason = self.reasons.get(self.key(row))
        return reason is not None and reason.holds(today)


def files_of(held: Held, going: list[dict[str, Any]]) -> list[str]:
    """Return the stored files that these rows, and the pictures that go with a draft, name."""
    named = [str(row[name]) for row in going for name in FILES if row.get(name)]
    if held.table == Proposal.__tablename__:
        hashes = select(ProposalPhoto.file_hash, ProposalPhoto.small_hash)
        theirs = hashes.where(ProposalPhoto.proposal_id.in_([row["id"] for row in going]))
        named += [one for pair in db.session().execute(theirs) for one in pair]
    return named


def times_of(profile: Profile) -> Times:
    """Return the city's keeping times."""
    return Times(profile.retention_of("refused_proposal").days, profile.retention_of("pact").days)


def everything(person_id: int, email: str, times: Times) -> list[Found]:
    """Return all that is kept of somebody, table by table; by address alone where `person_id` is 0."""
    found = [(held, _rows(held, person_id, email)) for held in REGISTRY]
    reasons = _Reasons(found, times)
    return [Found(held, rows, reasons.of(held, rows)) for held, rows in found]


def _rows(held: Held, person_id: int, email: str) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in db.session().execute(registry.rows(held, person_id, email))]  # noqa: SLF001 - SQLAlchemy's own name for it


class _Reasons:
    """Finds the reasons of many rows with two questions: the cases and the pacts they hang on."""

    def __init__(self, found: list[tuple[Held, list[dict[str, Any]]]], times: Times) -> None:
        self.times = times
        pact_ids = {row["pact_id"] for held, rows in found for row in rows if held.hold is Hold.PACT}
        case_ids = {_case_id(held, row) for held, rows in found for row in rows if held.hold is Hold.CASE}
        session = db.session()
        self.pacts = {
            pact.id: pact
            for pact in session.scalars(
                select(Pact).where(or_(Pact.id.in_(pact_ids), Pact.proposal_id.in_(case_ids)))
            )
        }
        self.cases = {
            one.id: one for one in session.scalars(select(Proposal).where(Proposal.id.in_(case_ids)))
        }

    def of(self, held: Held, rows: list[dict[str, Any]]) -> dict[tuple[object, ...], Reason]:
        """Return the reason of each row that has one."""
        if held.hold is Hold.NONE:
            return {}
        named = ((row, self._one(held, row)) for row in rows)
        return {(row["id"],): reason for row, reason in named if reason is not None}

    def _one(self, held: Held, row: dict[str, Any]) -> Reason | None:
        if held.hold is Hold.BOOKS:
            return keeping.of_books(row.get("spent_on") or _day(row["entered_at"]), self.times)
        if held.hold is Hold.PACT:
            pact = self.pacts[row["pact_id"]]
            # Until everybody has signed there is nothing that binds.
            return keeping.of_pact(pact, self.times, _day) if pact.signed_at is not None else None
        case = self.cases[_case_id(held, row)]
        pact_of_case = next((one for one in self.pacts.values() if one.proposal_id == case.id), None)
        return keeping.of_case(case, pact_of_case, self.times, _day)


def _case_id(held: Held, row: dict[str, Any]) -> int:
    found: int = row["id" if held.table == "proposal" else "proposal_id"]
    return found


def _day(instant: Any) -> date:
    return clock.local(instant).date()


def acts_of(pseudonym: str) -> Select[Act]:
    """Select the newest acts of a person, as the record keeps them: by pseudonym."""
    return select(Act).where(Act.actor == pseudonym).order_by(Act.id.desc()).limit(MOST_ACTS)


def erased() -> Select[int]:
    """Select the people whose account was erased: what had to be kept then may not be needed now."""
    return select(Person.id).where(Person.erased_at.is_not(None)).order_by(Person.id)
