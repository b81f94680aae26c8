"""The digital fingerprint of a pact's text, to which signatures bind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.canonical import canonical, sha256_hex


def content_hash(text: Mapping[str, Any]) -> str:
    """Return what a signature binds: the SHA-256 of the text's canonical bytes (RFC 8785), in hexadecimal."""
    return sha256_hex(canonical(dict(text)))
