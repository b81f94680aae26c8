"""The digital fingerprint of a pact's text, to which signatures bind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal import crypto


def content_hash(text: Mapping[str, Any]) -> str:
    """Return what a signature binds: the SHA-256 of the text's canonical bytes (RFC 8785), in hexadecimal."""
    return crypto.sha256_hex(crypto.canonical(dict(text)))
