"""Runs PostgreSQL's own programs, with the password in the environment and never on the command line."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from itertools import count
from typing import TYPE_CHECKING

from sqlalchemy import make_url

from portal.operations.backups.manifest import BackupFailed

if TYPE_CHECKING:
    from portal.operations.backups.bytes import Tell

BEAT_SECONDS = 10
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


def run(words: list[str], url: str, tell: Tell) -> None:
    """Run a program against a database; BackupFailed with its own last words where it fails."""
    address = make_url(url).set(drivername="postgresql")
    environment = {name: value for name, value in os.environ.items() if name not in _LEFT_OUT}
    if address.password:
        environment["PGPASSWORD"] = str(address.password)
    target = address.set(password=None).render_as_string(hide_password=False)
    line = [*words, "--no-password", f"--dbname={target}"]
    with subprocess.Popen(line, stderr=subprocess.PIPE, text=True, env=environment) as running:  # noqa: S603
        last = _last_words(running, words[0].rpartition("/")[2], tell)
    if running.returncode:
        raise BackupFailed(f"{words[0].rpartition('/')[2]} failed: {last or 'no reason given'}.")


def _last_words(running: subprocess.Popen[str], name: str, tell: Tell) -> str:
    for seconds in count(BEAT_SECONDS, BEAT_SECONDS):
        try:
            said = running.communicate(timeout=BEAT_SECONDS)[1].strip().splitlines()
        except subprocess.TimeoutExpired:
            tell(f"database: {name} is at work for {seconds} seconds", every=seconds)
        else:
            return said[-1] if said else ""
    raise AssertionError
