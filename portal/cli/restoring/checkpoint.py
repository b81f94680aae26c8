"""A checkpoint that a witness keeps: it knows of acts that a backup cannot know."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import db
from portal.operations.backups.manifest import BackupFailed
from portal.record import Leaf, merkle, notes
from portal.record.keys import DEMO_FILE, signer_for

if TYPE_CHECKING:
    from pathlib import Path

    from config import Config
    from portal.operations.backups.databases import State

OTHER_KEY = "PORTAL_RECORD_KEY is not the one that signed the record: set that one before it is signed again."


@dataclass(frozen=True)
class Known:
    """What a witness saw: size and root of the record, as they were signed (C2SP tlog-checkpoint)."""

    note: str
    tree: notes.Tree

    @classmethod
    def read(cls, file: Path) -> Known:
        """Read the file of a witness; BackupFailed where it is no checkpoint."""
        try:
            note = file.read_text(encoding="utf-8")
            return cls(note, notes.read(note))
        except (OSError, ValueError) as error:
            raise BackupFailed(f"{file} is no checkpoint of a record.") from error

    def compared(self, state: State, config: Config) -> list[str]:
        """Return what the witness knows more; BackupFailed where it knows another record."""
        if signed_by_us(self.note, config) is False:
            raise BackupFailed(
                "The witness's checkpoint is not signed by this portal's key (PORTAL_RECORD_KEY)."
            )
        if self.tree.size > state.size:
            missing = self.tree.size - state.size
            sentence = (
                f"WARNING: a witness has seen {self.tree.size} entries, the backup holds {state.size}:"
                f" {missing} acts after the backup are missing. Tell the people concerned and the witness"
                " before the record is signed again: it would contradict what was signed."
            )
            return [sentence]
        if _root_at(self.tree.size, config.database_url) != self.tree.root:
            raise BackupFailed(
                "The restored record is not the one the witness saw:"
                f" the first {self.tree.size} entries differ."
            )
        return [f"  witness   agrees with the first {self.tree.size} entries"]


def _root_at(size: int, url: str) -> bytes:
    database = db.Database(url)
    leaves = select(Leaf.hash).where(Leaf.position < size).order_by(Leaf.position)
    try:
        with database.engine.connect() as connection:
            return merkle.root_of(connection.execute(leaves).scalars())
    finally:
        database.close()


def key_for(note: str, config: Config) -> str | None:
    """Return the portal's public key under the name in the note; None where no key is there."""
    if not config.record_key and not (config.data_dir / DEMO_FILE).is_file():
        return None
    # A drill has another address, and the record's name comes of the address.
    return replace(signer_for(config), name=notes.read(note).origin).key


def signed_by_us(note: str, config: Config) -> bool | None:
    """Say whether the portal's key signed the note; None where no key is there."""
    key = key_for(note, config)
    if key is None:
        return None
    try:
        notes.opened(note, key)
    except notes.BadNote:
        return False
    return True
