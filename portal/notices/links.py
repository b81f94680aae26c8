"""Secret links in news mails: a random handle, and beside it a hash that only the portal's key can make."""

from __future__ import annotations

from enum import StrEnum

from portal import crypto

# 128 bits of the hash: nobody tries so many.
SIGNS = 32
_LONGEST = 43


class Purpose(StrEnum):
    """What a link opens."""

    PAGE = "reader page"
    STOP = "stop news"


def token_for(handle: str, purpose: Purpose) -> str:
    """Return the secret of a reader's link; it stays the same, so that old mails keep working."""
    return f"{handle}.{crypto.keyed_hash(handle, purpose)[:SIGNS]}"


def handle_of(token: str, purpose: Purpose) -> str:
    """Return the handle of a link that was made here for this purpose, or an empty text."""
    handle, _, hashed = token.partition(".")
    if not handle or len(handle) > _LONGEST or not handle.isascii() or not hashed.isascii():
        return ""
    ours = [one[:SIGNS] for one in crypto.keyed_hashes(handle, purpose)]
    return handle if any(crypto.same(one, hashed) for one in ours) else ""


def message_id(number: int) -> str:
    """Return the left part of a mail's Message-ID, which nobody else can make up for another message."""
    return f"message-{number}-{crypto.keyed_hash(str(number), 'message id')[:16]}"


def message_number(text: str) -> int | None:
    """Return the message of a Message-ID that was made here, or None."""
    name, _, rest = text.strip().strip("<>").partition("@")[0].partition("-")
    number, _, hashed = rest.partition("-")
    if name != "message" or not number.isascii() or not number.isdigit() or len(number) > SIGNS // 2:
        return None
    ours = (one[:16] for one in crypto.keyed_hashes(number, "message id"))
    return int(number) if hashed.isascii() and any(crypto.same(one, hashed) for one in ours) else None


# In lower case: on its way a mail's address may lose its capitals.
CASE, REPLY = "case+", "reply to a case"


def case_address(key: str, domain: str) -> str:
    """Return the address at which answers about a case arrive, which nobody else can make up."""
    return f"{CASE}{key.partition(':')[2].lower()}.{crypto.keyed_hash(key, REPLY)[:SIGNS]}@{domain}"


def case_of_address(address: str, kind: str) -> str:
    """Return the subject key of an address that was made here for a case of this kind, or an empty text."""
    name, _, _ = address.strip().lower().partition("@")
    code, _, hashed = name.removeprefix(CASE).partition(".")
    if not name.startswith(CASE) or not code.isascii() or not hashed.isascii() or len(code) > SIGNS:
        return ""
    key = f"{kind}:{code.upper()}"
    ours = (one[:SIGNS] for one in crypto.keyed_hashes(key, REPLY))
    return key if any(crypto.same(one, hashed) for one in ours) else ""
