"""Puts a backup's database and files into their places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.operations.backups import postgres
from portal.operations.backups.bytes import copy
from portal.operations.backups.databases import sqlite_path
from portal.operations.backups.files import folder_of
from portal.operations.backups.manifest import BackupFailed

if TYPE_CHECKING:
    from config import Config
    from portal.operations.backups import Backup
    from portal.operations.backups.bytes import Tell


def put_database(config: Config, backup: Backup, tell: Tell) -> None:
    """Put the database into its empty place; PostgreSQL's all at once or not at all."""
    says = backup.says["database"]
    tell("restoring the database")
    source = backup.folder / says["file"]
    if says["kind"] == "sqlite":
        target = sqlite_path(config.database_url)
        target.parent.mkdir(parents=True, exist_ok=True)
        copy(source, target)
        return
    restore = postgres.program("pg_restore", says["server"])
    words = [restore, "--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"]
    postgres.run([*words, str(source)], config.database_url, tell)


def put_files(config: Config, backup: Backup, tell: Tell) -> None:
    """Put every file into the store; BackupFailed where its bytes changed on the way."""
    store = folder_of(config.store_url)
    store.mkdir(mode=0o700, parents=True, exist_ok=True)
    for count, (name, _size) in enumerate(backup.held(), start=1):
        target = store / name[:2] / name[2:4] / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if copy(backup.file(name), target)[0] != name:
            raise BackupFailed(f"{backup.name}/store/{name[:2]}/{name} has changed while it was read.")
        tell(f"restoring papers: {count} of {backup.says['store']['files']}", every=count)
