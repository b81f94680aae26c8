"""Questions of the co-design room: what waits at which clause, and what was said and changed at one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CompoundSelect,
    Integer,
    Select,
    String,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
)

from portal.pacts.models import Agreement, Pact, PactVersion, Party, PrescriptionAnswer, Remark, Suggestion
from portal.pacts.models.texts import MADE_VOID
from portal.people.models import Person
from portal.proposals.models import Opinion

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

OPEN = "open"
ROOM_COLUMNS = (
    "id",
    "code",
    "state",
    "proposal_id",
    "proposal_code",
    "organisation_id",
    "owner_id",
    "assessor_id",
    "profile_version",
    "title",
    "summary",
    "starts_on",
    "ends_on",
    "last_version",
    "sent_version",
    "sent_at",
    "signed_at",
)


# The room is opened at every step of the writing, so its questions are put together once.
# Parameter: code. A pact as its room shows it, with its newest version but for the words of that.
ROOM = (
    select(
        *(getattr(Pact, name) for name in ROOM_COLUMNS),
        PactVersion.content_hash,
        PactVersion.made_at,
        PactVersion.note,
    )
    .join(PactVersion, (PactVersion.pact_id == Pact.id) & (PactVersion.number == Pact.last_version))
    .where(Pact.code == bindparam("code", type_=String))
)
_PACT = bindparam("pact_id", type_=Integer)


def _beside() -> CompoundSelect[Any]:
    nothing, zero = literal_column("''", String), literal_column("0", Integer)
    agreed = select(
        literal_column("'agreed'", String).label("sort"),
        Agreement.side.label("side"),
        nothing.label("named"),
        Agreement.version.label("number"),
        zero.label("other"),
        Agreement.agreed_at.label("at"),
    ).where(Agreement.pact_id == _PACT)
    parties = select(
        literal_column("'party'", String), Party.side, nothing, Party.person_id, Party.organisation_id, null()
    ).where(Party.pact_id == _PACT)
    waiting = (
        select(
            literal_column("'waiting'", String),
            Suggestion.side,
            Suggestion.clause_id,
            func.count(),
            func.min(Suggestion.id),
            null(),
        )
        .where(Suggestion.pact_id == _PACT, Suggestion.state == literal_column("'open'", String))
        .group_by(Suggestion.clause_id, Suggestion.side)
    )
    return union_all(agreed, parties, waiting, _voids(), _prescribed())


def _voids() -> Select[*tuple[Any, ...]]:
    # From the index alone: the texts beside it are large.
    newest = [
        select(func.max(PactVersion.number))
        .where(PactVersion.pact_id == _PACT, MADE_VOID, PactVersion.voided.contains(literal_column(side)))
        .scalar_subquery()
        for side in ("'community'", "'city'")
    ]
    was_suggested = (
        select(func.count())
        .where(
            Suggestion.pact_id == _PACT,
            Suggestion.state == literal_column("'accepted'", String),
            Suggestion.made_version == PactVersion.number,
        )
        .correlate(PactVersion)
        .scalar_subquery()
    )
    return select(
        literal_column("'void'", String),
        PactVersion.made_by_side,
        PactVersion.voided,
        PactVersion.number,
        was_suggested,
        null(),
    ).where(PactVersion.pact_id == _PACT, MADE_VOID, or_(*(PactVersion.number == one for one in newest)))


def _prescribed() -> Select[*tuple[Any, ...]]:
    zero = literal_column("0", Integer)
    return select(
        literal_column("'prescribed'", String),
        Opinion.office,
        cast(Opinion.prescriptions, Text),
        Opinion.id,
        zero,
        Opinion.given_at,
    ).where(
        Opinion.proposal_id == select(Pact.proposal_id).where(Pact.id == _PACT).scalar_subquery(),
        Opinion.state == literal_column("'given'", String),
    )


# Rows (sort, side, named, number, other, at) of what stands beside the text: who agreed to which version and
# when; the parties by person and organisation; how many suggestions are open at each clause, and the first;
# the newest versions that made an agreement void, by which side they were made, whose agreement it was, and
# whether they came of a suggestion; what each office prescribed and when. Parameter: pact_id.
BESIDE = _beside()
# Rows (opinion_id, number, version, because, answered_at, changed): how prescriptions are answered, version 0
# for one that is not followed; once for each version after the one that meets it, with the clauses that it
# changed, or once without. Asked only where something was prescribed. Parameter: pact_id.
_LATER = and_(
    PactVersion.pact_id == PrescriptionAnswer.pact_id, PactVersion.number > PrescriptionAnswer.version
)
ANSWERED = select(
    PrescriptionAnswer.opinion_id,
    PrescriptionAnswer.number,
    func.coalesce(PrescriptionAnswer.version, literal_column("0", Integer)).label("version"),
    PrescriptionAnswer.because,
    PrescriptionAnswer.answered_at,
    PactVersion.changed,
)
ANSWERED = ANSWERED.join(PactVersion, _LATER, isouter=True).where(PrescriptionAnswer.pact_id == _PACT)


def prescription_answers(pact_id: int) -> Select[PrescriptionAnswer]:
    """Select how each prescription for a pact is answered."""
    return select(PrescriptionAnswer).where(PrescriptionAnswer.pact_id == pact_id)


def open_at(
    pact_id: int, clause_id: str, side: str, *, since: int, most: int
) -> Select[Suggestion, str | None]:
    """Select the open suggestions at a clause with who made them: first what `side` must answer."""
    own = case((Suggestion.side == side, 1), else_=0)
    found = _at(pact_id, clause_id).where(Suggestion.state == OPEN)
    return found.order_by(own, Suggestion.id).offset(since).limit(most)


def closed_at(pact_id: int, clause_id: str, *, older_than: int, most: int) -> Select[Suggestion, str | None]:
    """Select the answered suggestions at a clause with who made them, the newest first."""
    found = _at(pact_id, clause_id).where(Suggestion.state != OPEN, Suggestion.id < older_than)
    return found.order_by(Suggestion.id.desc()).limit(most)


def _at(pact_id: int, clause_id: str) -> Select[Suggestion, str | None]:
    found = select(Suggestion, Person.name).outerjoin(Person, Person.id == Suggestion.person_id)
    return found.where(Suggestion.pact_id == pact_id, Suggestion.clause_id == clause_id)


def answered_by(ids: Iterable[int]) -> Select[Suggestion]:
    """Select the suggestions of these ids, which others answered with other words."""
    return select(Suggestion).where(Suggestion.id.in_(list(ids)))


def remarks_at(pact_id: int, clause_id: str, most: int) -> Select[Remark, str | None]:
    """Select what was said about a clause and the suggestions on it with who said it, the newest first."""
    found = select(Remark, Person.name).outerjoin(Person, Person.id == Remark.person_id)
    found = found.where(Remark.pact_id == pact_id, Remark.clause_id == clause_id)
    return found.order_by(Remark.id.desc()).limit(most)


def headlines(pact_id: int) -> Select[int, datetime, str, str, list[str], str]:
    """Select all versions without their text, the newest first."""
    chosen = select(
        PactVersion.number,
        PactVersion.made_at,
        PactVersion.made_by_side,
        PactVersion.note,
        PactVersion.changed,
        PactVersion.voided,
    )
    return chosen.where(PactVersion.pact_id == pact_id).order_by(PactVersion.number.desc())


def last_accepted(pact_id: int, clause_id: str) -> Select[str | None]:
    """Select who suggested the newest change of a clause that was accepted."""
    found = select(Person.name).select_from(Suggestion).join(Person, Person.id == Suggestion.person_id)
    found = found.where(
        Suggestion.pact_id == pact_id,
        Suggestion.clause_id == clause_id,
        Suggestion.made_version.is_not(None),
    )
    return found.order_by(Suggestion.made_version.desc()).limit(1)


def sources(
    pact_id: int,
) -> Select[int, datetime, str, str, list[str], int | None, str | None, str | None, str | None]:
    """Select all versions without their text, the newest first, with the suggestion that each came from."""
    joined = select(
        PactVersion.number,
        PactVersion.made_at,
        PactVersion.made_by_side,
        PactVersion.note,
        PactVersion.changed,
        Suggestion.id.label("suggestion_id"),
        Suggestion.clause_id.label("clause_id"),
        Suggestion.side.label("side"),
        Person.name.label("by"),
    ).outerjoin(
        Suggestion,
        (Suggestion.pact_id == PactVersion.pact_id) & (Suggestion.made_version == PactVersion.number),
    )
    joined = joined.outerjoin(Person, Person.id == Suggestion.person_id)
    return joined.where(PactVersion.pact_id == pact_id).order_by(PactVersion.number.desc())


def own_clauses_suggested(pact_id: int) -> Select[int | None]:
    """Select the highest number of a clause of the parties' own that was ever suggested."""
    number = cast(func.substr(Suggestion.clause_id, len("own-") + 1), Integer)
    return select(func.max(number)).where(
        Suggestion.pact_id == pact_id, Suggestion.clause_id.startswith("own-", autoescape=True)
    )
