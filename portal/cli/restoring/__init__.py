"""`portal restore DIR`: a whole backup onto an empty place, verified before and after."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from config import Config
from portal import db, faults
from portal.cli import indexing
from portal.cli.backing_up import passphrase_of
from portal.cli.opening import open_portal
from portal.cli.restoring import ending, fitting, places, putting
from portal.cli.restoring.checkpoint import Known
from portal.cli.telling import Telling
from portal.operations.backups import Backup, find, keys

if TYPE_CHECKING:
    import argparse

    from portal.operations.backups.bytes import Tell


def add(words: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the word `restore`."""
    restore = words.add_parser("restore", help="restore a backup onto an empty place")
    restore.add_argument("folder", type=Path, metavar="DIR", help="a backup, or a folder of them: the newest")
    restore.add_argument("--check", action="store_true", help="only read the backup again, byte by byte")
    restore.add_argument("--checkpoint", type=Path, help="the newest signed checkpoint a witness keeps")
    restore.add_argument("--passphrase-file", type=Path, help="opens sealed keys; asked for on a terminal")
    restore.set_defaults(act=_restore)


def _restore(chosen: argparse.Namespace) -> int:
    tell = Telling()
    config = Config.from_env(os.environ)
    try:
        backup = find(chosen.folder.absolute())
        known = Known.read(chosen.checkpoint) if chosen.checkpoint else None
        backup.check(tell)
        if chosen.check:
            lines = [f"The backup {backup.folder} is whole: every byte is as it was written."]
        else:
            held = _keys(config, backup, chosen.passphrase_file)
            lines = _onto_empty(config, backup, held, known, tell)
    finally:
        tell.end()
    print(*lines, sep="\n")
    return 0


def _keys(config: Config, backup: Backup, file: Path | None) -> dict[str, dict[str, str]]:
    is_sealed = backup.says["keys"]["policy"] == keys.Policy.SEALED
    return keys.opened(backup.folder, passphrase_of(config, file) if is_sealed else "")


def _onto_empty(
    config: Config,
    backup: Backup,
    held: dict[str, dict[str, str]],
    known: Known | None,
    tell: Tell,
) -> list[str]:
    """Restore, and return what to tell; whatever fails leaves the mark that it did not end."""
    fitting.check(config, backup)
    places.check_empty(config, backup.folder)
    open_portal()
    places.begin(config, backup)
    putting.put_database(config, backup, tell)
    faults.reach("restore-database")
    putting.put_files(config, backup, tell)
    faults.reach("restore-files")
    written = keys.lay(held, config)
    tell("verifying the record")
    state = fitting.verify(config, backup)
    lines = known.compared(state, config) if known else []
    indexing.upgrade()
    fitting.verify_record(config, state, tell)
    ended = ending.end_what_was_open()
    ending.remember(backup, state.size, seen=known.tree.size if known else 0)
    db.database().close()
    places.end(config)
    return [*_summary(backup, written, ended), *fitting.warnings(config, backup, state), *lines]


def _summary(backup: Backup, written: list[Path], ended: ending.Ended) -> list[str]:
    says = backup.says
    rows, tables = sum(says["database"]["tables"].values()), len(says["database"]["tables"])
    ended_said = (
        f"  ended     {ended.sessions} sessions, {ended.links} mailed links, {ended.leases} leases:"
        " whoever ended or used one after the backup must not find it open again"
    )
    return [
        f"Restored {backup.name}, made at {says['made_at']}.",
        f"  database  {rows} rows in {tables} tables: every count as in the backup",
        f"  store     {says['store']['files']} files: every byte as it was stored",
        f"  record    {says['record']['size']} entries verified, root {says['record']['root'][:16]}…",
        ended_said,
        *(f"  keys      {path}" for path in written),
    ]
