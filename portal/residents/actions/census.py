"""Take in a census as hashes, and find in it whoever says the right things of themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update

from portal import clock, crypto, db, policy
from portal.errors import Invalid, NotFound, WrongState
from portal.policy import Can
from portal.record import Did, record
from portal.residents import keys, queries
from portal.residents.actions.standing import Proof, settle
from portal.residents.models import CensusEntry, CensusFile, Way
from portal.residents.models.census import HASH_BYTES
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.city import Residents
    from portal.people.models import Person
    from portal.policy import Actor
    from portal.residents.census import Row
    from portal.residents.models import Conflict, Residency

# One answer for whoever is unknown and for whatever is wrong: the census tells nobody anything.
NOT_FOUND = W(
    "We do not find you with these answers. Compare them with your card."
    " If you moved lately, use another way."
)
NO_CENSUS = W("The census cannot be asked just now. Use another way.")
GONE = W("Another import took this one's place. Begin once more.")


def show_by_census(person: Person, said: Row, *, rules: Residents, by: Actor) -> Residency | Conflict:
    """Give the status to whoever is in the census with exactly these answers.

    Refuses with Invalid, in the same words whatever is wrong, and with WrongState without a census. Whoever
    calls has counted the try.
    """
    policy.check(by, Can.RESIDENCE_SHOW)
    if not is_in_census(said):
        raise Invalid(NOT_FOUND)
    return settle(person, said.number, Proof(Way.CENSUS), months=rules.valid_months, by=by)


def is_in_census(said: Row) -> bool:
    """Say whether the census in use has a person with these answers, in the open unit of work.

    The same hashes are made and compared in constant time whether or not the number is there.
    """
    file = db.session().scalar(queries.census_in_use())
    if file is None or file.key_name not in keys.names():
        raise WrongState(NO_CENSUS)
    document, answer = keys.census_hashes(said.number, said.answer, file.key_name)
    kept = db.session().scalar(queries.census_answer(file.id, document))
    return crypto.same((kept or bytes(HASH_BYTES)).hex(), answer.hex())


def begin_census() -> int:
    """Open a new census for entries and return its number; nothing is asked of it before it is in use."""
    file = CensusFile(state="loading", key_name=keys.name(), begun_at=clock.real())
    db.session().add(file)
    db.session().flush()
    return file.id


def add_to_census(file_id: int, rows: Iterable[Row]) -> None:
    """Add people as hashes; a number that is there already stays as it was."""
    found = [(*keys.census_hashes(row.number, row.answer, keys.name()), row) for row in rows]
    values = [
        {"file_id": file_id, "document_hash": document, "answer_hash": answer}
        for document, answer, _ in found
    ]
    if db.session().get(CensusFile, file_id) is None:
        raise NotFound(GONE)
    db.session().execute(db.insert(CensusEntry).on_conflict_do_nothing(), values)


def put_census_in_use(file_id: int, *, by: Actor) -> CensusFile:
    """Let a whole census take the place of the one in use; returns it."""
    session = db.session()
    rows = session.scalar(select(func.count()).where(CensusEntry.file_id == file_id)) or 0
    old = update(CensusFile).where(CensusFile.state == "current", CensusFile.id != file_id)
    session.execute(old.values(state="replaced"))
    file = session.get_one(CensusFile, file_id)
    file.state, file.rows, file.taken_in_at = "current", rows, clock.now()
    session.flush()
    record(Did.CENSUS_IMPORTED, f"census:{file_id}", by=by, rows=rows, key=file.key_name)
    return file


def drop_entries(file_id: int, first_byte: int) -> None:
    """Delete the entries of a census whose hash begins with this byte: short steps, nobody waits long."""
    mine = [CensusEntry.file_id == file_id, CensusEntry.document_hash >= bytes([first_byte])]
    if first_byte < 0xFF:  # noqa: PLR2004 - the last byte there is
        mine.append(CensusEntry.document_hash < bytes([first_byte + 1]))
    db.session().execute(delete(CensusEntry).where(*mine))


def forget_census(file_id: int) -> None:
    """Delete a census that never came into use, after its entries."""
    db.session().execute(delete(CensusFile).where(CensusFile.id == file_id, CensusFile.state == "loading"))
