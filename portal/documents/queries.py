"""Finds papers by what is printed on them, by their bytes, or by what they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import BindParameter, or_, select

from portal import crypto, db
from portal.documents.lifecycle import State
from portal.documents.models import Edition, Key, Paper

if TYPE_CHECKING:
    from sqlalchemy import Select

ISSUED = (State.SEALED.value, State.SUPERSEDED.value)


def by_key(key: Key) -> Select[Paper]:
    """Select the paper of this key, in whatever state it is."""
    return select(Paper).where(
        Paper.kind == key.kind,
        Paper.subject == key.subject,
        Paper.version == key.version,
        Paper.language == key.language,
        Paper.edition == key.edition.value,
    )


def by_code(code: str) -> Select[Paper]:
    """Select the issued paper with this verification code, however it was typed."""
    typed = "".join(character for character in code.upper() if character in crypto.CODE_ALPHABET)
    return select(Paper).where(Paper.code == typed, Paper.state.in_(ISSUED))


def by_file_hash(file_hash: str) -> Select[Paper]:
    """Select the issued paper whose sealed or unsealed bytes have this hash."""
    lower = file_hash.strip().lower()
    is_it = or_(Paper.file_hash == lower, Paper.unsigned_hash == lower)
    return select(Paper).where(is_it, Paper.state.in_(ISSUED))


def by_content_hash(content_hash: str) -> Select[Paper]:
    """Select the issued papers of this content, the newest first: its languages and editions."""
    lower = content_hash.strip().lower()
    return select(Paper).where(Paper.content_hash == lower, Paper.state.in_(ISSUED)).order_by(Paper.id.desc())


def of_subject(subject: str | BindParameter[str], *, public_only: bool) -> Select[Paper]:
    """Select the issued papers about a subject, the newest first; only the public editions if asked."""
    found = select(Paper).where(Paper.subject == subject, db.among(Paper.state, ISSUED))
    if public_only:
        found = found.where(Paper.edition == Edition.PUBLIC.value)
    return found.order_by(Paper.id.desc())
