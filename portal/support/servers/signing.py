"""Signatures of messages to and from the city's automation, in the manner of Standard Webhooks 1.0.

What is signed is `id.timestamp.payload`, with HMAC-SHA256 under a shared secret; while a secret is being
changed a message bears one signature of each. See docs/server-webhook.md.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

PREFIX = "whsec_"
# The specification: between 24 and 64 random bytes.
SECRET_BYTES = range(24, 65)
TOLERANCE_SECONDS = 300
MOST_SIGNATURES = 8
_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_SECONDS = re.compile(r"[0-9]{1,12}")


class Fault(StrEnum):
    """Why a message is not believed."""

    UNSIGNED = "unsigned"  # something is missing, or no signature is right
    OUT_OF_TIME = "out_of_time"  # signed rightly, too long ago or in the future


@dataclass(frozen=True, slots=True)
class Stamp:
    """What stands in the three headers of a message."""

    message_id: str
    timestamp: str
    signatures: str

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers."""
        return {
            "webhook-id": self.message_id,
            "webhook-timestamp": self.timestamp,
            "webhook-signature": self.signatures,
        }


def key_of(secret: str) -> bytes | None:
    """Return the key that a secret like whsec_… holds; None where it is none."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if secret.startswith(PREFIX) and len(key) in SECRET_BYTES else None


def sign(message_id: str, seconds: int, payload: bytes, secrets: Iterable[str]) -> Stamp:
    """Return the stamp of a message, with a signature under each secret; `seconds` since 1970."""
    found = [_signature(key, message_id, str(seconds), payload) for key in map(key_of, secrets) if key]
    return Stamp(message_id, str(seconds), " ".join(found))


def fault(stamp: Stamp, payload: bytes, secrets: Sequence[str], now_seconds: int) -> Fault | None:
    """Return why a message is not believed, or None; compares in constant time under every secret."""
    if not _ID.fullmatch(stamp.message_id) or not _SECONDS.fullmatch(stamp.timestamp):
        return Fault.UNSIGNED
    given = [one.encode() for one in stamp.signatures.split(" ")[:MOST_SIGNATURES]]
    is_right = False
    for key in filter(None, map(key_of, secrets)):
        wanted = _signature(key, stamp.message_id, stamp.timestamp, payload).encode()
        for one in given:
            # Nothing stops early: how long it takes says nothing about which one was right.
            is_right |= hmac.compare_digest(wanted, one)
    if not is_right:
        return Fault.UNSIGNED
    is_near = abs(now_seconds - int(stamp.timestamp)) <= TOLERANCE_SECONDS
    return None if is_near else Fault.OUT_OF_TIME


def _signature(key: bytes, message_id: str, timestamp: str, payload: bytes) -> str:
    content = f"{message_id}.{timestamp}.".encode() + payload
    return "v1," + base64.b64encode(hmac.digest(key, content, "sha256")).decode()
