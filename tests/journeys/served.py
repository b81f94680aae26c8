"""`portal web` as a process of its own, split off from one that has read the portal already.

Reading it takes seconds, and the journeys start it anew whenever days pass.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
from pathlib import Path

from portal.app import Portal
from portal.cli.command import main
from tests.compiled import templates


def serve(settings: dict[str, str], log: Path) -> None:
    """Become the web process of a portal with these settings, and write into this file."""
    gc.freeze()  # what was read before stays; looking through it would copy it
    os.setsid()  # ended with everything it starts
    with log.open("ab") as told:
        os.dup2(told.fileno(), 1)
        os.dup2(told.fileno(), 2)
    for name in [name for name in os.environ if name.startswith("PORTAL_")]:
        del os.environ[name]
    os.environ.update(settings)
    multiprocessing.set_start_method("fork", force=True)  # as the command finds it
    Portal.jinja_options = {"bytecode_cache": templates()}
    sys.exit(main(["web"]))
