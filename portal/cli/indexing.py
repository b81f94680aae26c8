"""`portal search rebuild`, and the index of a city that was upgraded from before there was one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import db
from portal.cli import migrating
from portal.cli.opening import open_portal
from portal.operations import indexing

if TYPE_CHECKING:
    import argparse


def add(words: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Teach the command line these words."""
    search = words.add_parser("search", help="the search's index").add_subparsers(
        required=True, metavar="WHAT"
    )
    rebuild = search.add_parser("rebuild", help="make it anew from what is public")
    rebuild.set_defaults(act=_rebuild)


def upgrade() -> None:
    """Apply what is missing to the open database, and fill an index that is still empty."""
    migrating.upgrade(db.database())
    indexing.fill_if_empty()


def _rebuild(_chosen: argparse.Namespace) -> int:
    open_portal()
    with db.writing():
        count = indexing.rebuild()
    print(f"{count} things can be found.")
    return 0
