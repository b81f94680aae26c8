"""The `portal` command. Its words are read when it is called: a web process has no use for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the words say; 0 = done, 1 = refused with a sentence, 2 = wrong use."""
    from portal.cli.command import main as command

    return command(arguments)
