"""What is done about residents from the command line: take in a census, and say what is in use."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from portal import city, db
from portal.cli.opening import open_portal
from portal.residents import jobs, keys, queries
from portal.words import say

if TYPE_CHECKING:
    import argparse

    from portal.residents.jobs import Taken


def add(words: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Teach the command the word `residents`."""
    residents = words.add_parser("residents", help="who lives here").add_subparsers(
        required=True, metavar="WHAT"
    )
    taking = residents.add_parser("import", help="take in a census (CSV) in place of the one in use")
    taking.add_argument("file", type=Path)
    taking.add_argument("--leave-out", action="store_true", help="take it although some rows are faulty")
    taking.set_defaults(act=_import)
    residents.add_parser("status", help="say which census is in use").set_defaults(act=_status)


def _import(chosen: argparse.Namespace) -> int:
    opened = open_portal()
    if not chosen.file.is_file():
        print(f"There is no file {chosen.file}.", file=sys.stderr)
        return 1
    rules = city.profile(opened.config.city).residents
    taken = jobs.import_census(chosen.file, rules, leave_out=chosen.leave_out, tell=_progress)
    if sys.stdout.isatty():
        print()
    _name_faults(taken)
    if not taken.key_name:
        print(
            "Nothing was changed. Correct the file, or take it without these rows: --leave-out",
            file=sys.stderr,
        )
        return 1
    print(f"{taken.rows} people are in the census, hashed under the key {taken.key_name}.")
    print("Nothing of the file itself is kept: delete it where it is no longer needed.")
    return 0


def _progress(rows: int) -> None:
    if sys.stdout.isatty():
        print(f"\r{rows} rows", end="", flush=True)


def _name_faults(taken: Taken) -> None:
    for fault in taken.faults:
        print(f"line {fault.line}: {say(fault.words, 'en')}", file=sys.stderr)
    if taken.faulty > len(taken.faults):
        print(f"and {taken.faulty - len(taken.faults)} more", file=sys.stderr)
    if taken.doubled:
        print(f"{taken.doubled} rows have a number that stands in the file already", file=sys.stderr)


def _status(_chosen: argparse.Namespace) -> int:
    open_portal()
    with db.reading() as session:
        file = session.scalar(queries.census_in_use())
    if file is None:
        print("No census is in use: portal residents import FILE")
        return 0
    print(
        f"{file.rows} people, taken in on {file.taken_in_at:%Y-%m-%d}, hashed under the key {file.key_name}."
    )
    if file.key_name not in keys.names():
        print("That key is configured no longer: take the census in again.", file=sys.stderr)
        return 1
    return 0
