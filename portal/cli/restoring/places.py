"""Where a backup may be put: onto nothing at all; and the mark of a restore that did not end."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect

from portal import db
from portal.cli.opening import UNFINISHED_RESTORE
from portal.operations.backups.bytes import sync, write_new
from portal.operations.backups.databases import sqlite_path
from portal.operations.backups.files import folder_of
from portal.operations.backups.manifest import BackupFailed

if TYPE_CHECKING:
    from config import Config
    from portal.operations.backups import Backup

MOST_NAMED = 5
# What a fresh disk brings along.
NOTHING = {"lost+found"}


def check_empty(config: Config, backup: Path) -> None:
    """Refuse with BackupFailed, naming what is there, unless data folder, store and database are empty."""
    if (config.data_dir / UNFINISHED_RESTORE).exists():
        raise BackupFailed(
            f"A restore into {config.data_dir} was begun and did not end. Empty the folder"
            " and the database, then begin again."
        )
    own = [backup, *([config.seal_file.absolute()] if config.seal_file else [])]
    for folder in (config.data_dir, folder_of(config.store_url)):
        _refuse_where(f"The folder {folder}", _in_folder(folder, own))
    _refuse_where("The database", _in_database(config.database_url))


def _refuse_where(place: str, there: list[str]) -> None:
    if there:
        named = ", ".join(there[:MOST_NAMED]) + (" …" if len(there) > MOST_NAMED else "")
        raise BackupFailed(f"{place} is not empty: {named}. A backup is restored onto an empty place only.")


def _in_folder(folder: Path, own: list[Path]) -> list[str]:
    """Return what is in a folder besides the way to the backup itself and to the seal."""
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return [
        path.name
        for path in found
        if path.name not in NOTHING and not any(path in (one, *one.parents) for one in own)
    ]


def _in_database(url: str) -> list[str]:
    if url.startswith("sqlite"):
        path = sqlite_path(url)
        return [str(path)] if path.exists() else []
    database = db.Database(url)
    try:
        return sorted(inspect(database.engine).get_table_names())
    finally:
        database.close()


def begin(config: Config, backup: Backup) -> None:
    """Leave the mark first: until it goes, nothing opens this place."""
    write_new(config.data_dir / UNFINISHED_RESTORE, f"{backup.folder}\n".encode())
    sync(config.data_dir)


def end(config: Config) -> None:
    """Take the mark away: everything is there and verified."""
    (config.data_dir / UNFINISHED_RESTORE).unlink()
    sync(config.data_dir)
