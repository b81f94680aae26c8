"""The key that documents of residents are hashed under: its own, with the older ones still looked under.

The space of tax codes is small: whoever holds the key can try them all, so it lies in no database and no
backup, and is another one than the portal's secret where the configuration names one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import crypto

if TYPE_CHECKING:
    from config import Config

PURPOSE = "residents"


def use(config: Config) -> None:
    """Hash under the configuration's own key for residents, where there is one."""
    if config.residents_key:
        crypto.use_own_secret(PURPOSE, config.residents_key, config.residents_key_fallbacks)


def name() -> str:
    """Return what today's key is called."""
    return crypto.key_names(PURPOSE)[0]


def names() -> list[str]:
    """Return what all keys are called that hashes are looked under, today's first."""
    return crypto.key_names(PURPOSE)


def document_hash(number: str) -> str:
    """Return what is kept of a document's number: its HMAC-SHA-256 under today's key."""
    return document_hashes(number)[0]


def document_hashes(number: str) -> list[str]:
    """Return the hash of a document's number under today's key and under each older one."""
    return crypto.keyed_hashes(f"document:{number}", PURPOSE)


def census_hashes(number: str, answer: str, key_name: str) -> tuple[bytes, bytes]:
    """Return the hash that finds a person of the census, and that of all they must know; 32 bytes each."""
    return (
        crypto.named_hash(f"census:{number}", PURPOSE, key_name),
        crypto.named_hash(f"answer:{answer}", PURPOSE, key_name),
    )
