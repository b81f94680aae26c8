"""A checkpoint that a witness keeps: it knows of acts that a backup cannot know."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import db
from portal.operations.backups.manifest import BackupFailed
from portal.operations.backups.root import root_of
from portal.record import Leaf

if TYPE_CHECKING:
    from portal.operations.backups.databases import State


@dataclass(frozen=True)
class Checkpoint:
    """Size and root of the record as they were signed (C2SP tlog-checkpoint)."""

    size: int
    root: bytes

    @classmethod
    def read(cls, file: Path) -> Checkpoint:
        """Read the file of a witness; BackupFailed where it is no checkpoint."""
        try:
            _origin, size, root, *_rest = file.read_text(encoding="utf-8").splitlines()
            return cls(int(size), base64.b64decode(root, validate=True))
        except (OSError, ValueError, binascii.Error) as error:
            raise BackupFailed(f"{file} is no checkpoint of a record.") from error

    def compared(self, state: State, url: str) -> list[str]:
        """Return what the witness knows more; BackupFailed where it knows another record."""
        if self.size > state.size:
            missing = self.size - state.size
            sentence = (
                f"WARNING: a witness has seen {self.size} entries, the backup holds {state.size}: {missing}"
                " acts after the backup are missing. Tell the people concerned and the witness before the"
                " record is signed again: it would contradict what was signed."
            )
            return [sentence]
        if self._root_at(url) != self.root:
            raise BackupFailed(
                f"The restored record is not the one the witness saw: the first {self.size} entries differ."
            )
        return [f"  witness   agrees with the first {self.size} entries"]

    def _root_at(self, url: str) -> bytes:
        database = db.Database(url)
        leaves = select(Leaf.hash).where(Leaf.position < self.size).order_by(Leaf.position)
        try:
            with database.engine.connect() as connection:
                return root_of(connection.execute(leaves).scalars())[1]
        finally:
            database.close()
