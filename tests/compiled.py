"""Templates that were compiled once, kept between the processes of the tests and from one run to the next."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

FOLDER = Path(__file__).parents[1] / "build" / "templates"


class _Compiled(FileSystemBytecodeCache):
    """Kept where this process may: a test may have no right to write anywhere."""

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


def templates() -> FileSystemBytecodeCache:
    """Return where they lie: compiling takes each process some seconds, and what they say is part of their name."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    return _Compiled(str(FOLDER))
