"""`portal backup DIR`: one whole backup, while the portal runs."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from portal.cli.opening import open_portal
from portal.cli.telling import Telling
from portal.operations.backups import BackupFailed, Plan, keys, make

if TYPE_CHECKING:
    import argparse

    from config import Config
    from portal.operations.backups.making import Made

WHY_EXCLUDED = (
    "The keys are not in it: keep PORTAL_SECRET_KEY, PORTAL_RECORD_KEY and the seal certificate elsewhere,"
    " or use --keys sealed."
)


def add(words: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the word `backup`."""
    backup = words.add_parser("backup", help="back up database, papers and keys while the portal runs")
    backup.add_argument("folder", type=Path, metavar="DIR", help="where backups are kept")
    backup.add_argument("--keys", choices=[one.value for one in keys.Policy], help="what becomes of the keys")
    backup.add_argument("--passphrase-file", type=Path, help="seals the keys; asked for on a terminal")
    backup.add_argument("--keep", type=_how_many, default=0, metavar="N", help="keep the N newest only")
    backup.set_defaults(act=_backup)


def _how_many(text: str) -> int:
    found = int(text)
    if found < 1:
        raise ValueError
    return found


def _backup(chosen: argparse.Namespace) -> int:
    config = open_portal().config
    policy = keys.Policy(chosen.keys) if chosen.keys else keys.usual(config)
    sealing = policy is keys.Policy.SEALED
    passphrase = passphrase_of(config, chosen.passphrase_file) if sealing else ""
    tell = Telling()
    try:
        made = make(config, Plan(chosen.folder.absolute(), policy, passphrase, chosen.keep), tell)
    finally:
        tell.end()
    _say(made, policy)
    return 0


def passphrase_of(config: Config, file: Path | None) -> str:
    """Return the passphrase of the keys: from a file, from the environment, or asked for on a terminal."""
    if file is not None:
        try:
            return file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise BackupFailed(f"The passphrase file {file} cannot be read.") from error
    if config.backup_passphrase or not sys.stdin.isatty():
        return config.backup_passphrase
    return getpass.getpass("Passphrase of the keys: ")


def _say(made: Made, policy: keys.Policy) -> None:
    says, copied = made.backup.says, made.copied
    print(f"Backup {made.backup.folder}")
    rows, tables = sum(says["database"]["tables"].values()), len(says["database"]["tables"])
    print(f"  database  {says['database']['kind']}, {rows} rows in {tables} tables")
    print(f"  store     {copied.files} files, {copied.bytes} bytes; {copied.new_files} of them copied now")
    print(f"  record    {says['record']['size']} entries, root {says['record']['root'][:16]}…")
    print(f"  keys      {policy.value}: {', '.join(says['keys']['holds']) or 'none'}")
    if policy is keys.Policy.EXCLUDE:
        print(f"  {WHY_EXCLUDED}")
    for name in made.damaged:
        print(f"  left out  {name}: damaged, and named by nothing in the database")
    for name in made.pruned:
        print(f"  removed   {name}")
