"""Runs PostgreSQL's own programs, with the password in the environment and never on the command line."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

from sqlalchemy import make_url

from portal.operations.backups.manifest import BackupFailed

_MAJOR = re.compile(r"(\d+)")
# They would redirect the program past the address of the configuration.
_LEFT_OUT = ("PGSERVICE", "PGDATABASE", "PGHOST", "PGHOSTADDR", "PGPORT", "PGUSER", "PGOPTIONS")


def program(name: str, server: str) -> str:
    """Return the path of pg_dump or pg_restore; BackupFailed unless it is as new as the server."""
    found = shutil.which(name)
    wanted = major(server)
    if found is None:
        raise BackupFailed(
            f"{name} is not installed. It belongs to PostgreSQL's client programs, version {wanted} or newer"
            f" (Debian, Ubuntu: apt install postgresql-client)."
        )
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    if major(said.partition(")")[2]) < wanted:
        raise BackupFailed(f"{name} is older than the server ({wanted}): install version {wanted} or newer.")
    return found


def major(version: str) -> int:
    """Return the first number of a version, nought where there is none."""
    found = _MAJOR.search(version)
    return int(found[1]) if found else 0


def run(words: list[str], url: str) -> None:
    """Run a program against a database; BackupFailed with its own last words where it fails."""
    address = make_url(url).set(drivername="postgresql")
    environment = {name: value for name, value in os.environ.items() if name not in _LEFT_OUT}
    if address.password:
        environment["PGPASSWORD"] = str(address.password)
    target = address.set(password=None).render_as_string(hide_password=False)
    ended = subprocess.run(  # noqa: S603 - PostgreSQL's programs with our own words
        [*words, "--no-password", f"--dbname={target}"],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    if ended.returncode:
        lines = ended.stderr.strip().splitlines()
        raise BackupFailed(
            f"{words[0].rpartition('/')[2]} failed: {lines[-1] if lines else 'no reason given'}."
        )
