"""Public keys for SSH as people paste them: the kind and the key are kept, the comment is not."""

from __future__ import annotations

import base64
import binascii

KINDS = frozenset(
    {
        "ssh-ed25519",
        "ssh-rsa",
        "ecdsa-sha2-nistp256",
        "ecdsa-sha2-nistp384",
        "ecdsa-sha2-nistp521",
        "sk-ssh-ed25519@openssh.com",
        "sk-ecdsa-sha2-nistp256@openssh.com",
    }
)
LONGEST = 3000
# A shorter RSA key is no lock any more (NIST SP 800-131A): 2048 bits are 256 bytes, and the head.
SHORTEST_RSA_BYTES = 270


def read(text: str) -> str | None:
    """Return the key without its comment, which mostly names its owner; None where it is no public key."""
    parts = text.split()
    if len(text) > LONGEST or len(parts) < 2 or parts[0] not in KINDS:  # noqa: PLR2004 - a kind and a key
        return None
    try:
        content = base64.b64decode(parts[1], validate=True)
    except (binascii.Error, ValueError):
        return None
    # The key names its own kind once more (RFC 4253, section 6.6).
    head = len(parts[0]).to_bytes(4, "big") + parts[0].encode()
    is_long_enough = parts[0] != "ssh-rsa" or len(content) >= SHORTEST_RSA_BYTES
    return f"{parts[0]} {parts[1]}" if content.startswith(head) and is_long_enough else None
