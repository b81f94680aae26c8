"""The `portal` command. Its words are read when it is called: a web process has no use for them."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the words say; 0 = done, 1 = refused with a sentence, 2 = wrong use."""
    if "portal.cli.command" not in sys.modules:
        _read()
    from portal.cli.command import main as command

    return command(arguments)


def _read() -> None:
    """Read the portal, which stays: no need to look through it while it is read, nor at the end."""
    gc.disable()
    import portal.cli.command  # noqa: F401 - only read here

    gc.freeze()
    gc.enable()
