"""Whether a backup fits this portal, and whether what was restored is what was backed up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.script import ScriptDirectory

from portal import db
from portal.cli import migrating
from portal.cli.restoring.checkpoint import OTHER_KEY, key_for, signed_by_us
from portal.operations.backups import keys
from portal.operations.backups.databases import NO_HURRY, State, state_of
from portal.operations.backups.manifest import BackupFailed
from portal.record import tree
from portal.record.merkle import Frontier
from portal.record.reading import Broken, Walk
from portal.record.verifying import verify as verify_whole

if TYPE_CHECKING:
    from collections.abc import Callable

    from config import Config
    from portal.operations.backups import Backup
    from portal.operations.backups.bytes import Tell


def check(config: Config, backup: Backup) -> None:
    """Refuse with BackupFailed what could not be restored here, before anything changes."""
    says = backup.says
    kind = "sqlite" if config.database_url.startswith("sqlite") else "postgresql"
    if says["database"]["kind"] != kind:
        raise BackupFailed(
            f"This backup is of {says['database']['kind']}, PORTAL_DATABASE_URL names {kind}: restore into"
            " the same kind, then use `portal db move-to`."
        )
    if says["city"] != config.city:
        raise BackupFailed(f"This backup is of {says['city']}, PORTAL_CITY is {config.city}.")
    if says["mode"] == "demo" and not config.is_demo:
        raise BackupFailed("This backup is of a demonstration, whose passwords everybody knows.")
    migration = says["database"]["migration"]
    known = {one.revision for one in ScriptDirectory(str(migrating.MIGRATIONS)).walk_revisions()}
    if migration not in known:
        raise BackupFailed(
            f"This backup needs the tables of migration {migration or '(none)'}, which this version of the"
            f" portal does not know: restore it with version {says['version']} or newer."
        )


def verify(config: Config, backup: Backup) -> State:
    """Compare the restored database with the manifest, and the record with itself; return what is there."""
    database = db.Database(config.database_url, NO_HURRY)
    try:
        with database.engine.connect() as connection:
            state = state_of(connection)
    finally:
        database.close()
    says, held = backup.says, {name for name, _size in backup.held()}
    expected = says["database"]["tables"]
    for name in sorted(expected.keys() | state.tables.keys()):
        if expected.get(name) != state.tables.get(name):
            raise BackupFailed(
                f"The table {name} has {state.tables.get(name)} rows, in the backup {expected.get(name)}."
            )
    if (state.size, state.root.hex()) != (says["record"]["size"], says["record"]["root"]):
        raise BackupFailed("The record that was restored has another root than the backup says.")
    if lost := sorted(state.named - held):
        raise BackupFailed(f"The backup lacks {len(lost)} stored files, the first is {lost[0]}.")
    return state


def verify_record(config: Config, state: State, tell: Tell) -> None:
    """Verify the record as `portal verify record` does, its checkpoints too where their key is here."""

    def progress(behind: int, total: int) -> None:
        tell(f"verifying the record: {behind} of {total} acts", every=behind)

    key = key_for(state.note, config) if state.note and signed_by_us(state.note, config) else None
    try:
        fault = verify_whole(key, progress=progress).fault if key else None
        if key is None:
            _walk(progress)
    except Broken as broken:
        fault = broken.fault
    if fault:
        raise BackupFailed(f"The restored record does not hold: {fault}.")


def _walk(progress: Callable[[int, int], None]) -> None:
    with db.snapshot():
        total = tree.size()
        for behind in Walk(Frontier(), tree.grown()).through():
            progress(behind, total)


def warnings(config: Config, backup: Backup, state: State) -> list[str]:
    """Return what whoever restores must know before the portal is opened again."""
    found = []
    if backup.says["keys"]["secret_key_mark"] != keys.mark():
        found.append(
            "WARNING: PORTAL_SECRET_KEY is not the one of the backup: second steps by app cannot be opened"
            " with this one. Set the old key before people sign in."
        )
    if state.note and signed_by_us(state.note, config) is False:
        found.append(f"WARNING: {OTHER_KEY}")
    if backup.says["mode"] == "production" and config.is_demo:
        found.append("NOTE: this is a backup of production, opened as a demonstration: a drill.")
    return found
