"""Size and root of the record as a signed note (C2SP signed-note and tlog-checkpoint), made and opened."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from urllib.parse import urlsplit

from portal import crypto

# Ed25519, as the form of the note numbers it.
ALGORITHM = b"\x01"
KEY_ID_BYTES, SIGNATURE_BYTES, ROOT_BYTES = 4, 64, 32
DASH = "\N{EM DASH}"


class BadNote(ValueError):
    """The text is no checkpoint, or not signed by the key it should be signed by."""


@dataclass(frozen=True)
class Tree:
    """What a checkpoint says: whose record, how many leaves, and the root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """Return the signed lines."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True)
class Signer:
    """Who signs the record: a name that stays, and an Ed25519 key as its seed."""

    name: str
    seed: str

    @property
    def key(self) -> str:
        """Return the public key as others keep it: name, id and key in one line."""
        public = ALGORITHM + crypto.public_of(self.seed)
        return f"{self.name}+{_key_id(self.name, public).hex()}+{base64.b64encode(public).decode()}"

    def sign(self, size: int, root: bytes) -> str:
        """Return the signed note about a tree of this size and root."""
        text = Tree(self.name, size, root).text
        public = ALGORITHM + crypto.public_of(self.seed)
        content = _key_id(self.name, public) + crypto.sign(self.seed, text.encode())
        return f"{text}\n{DASH} {self.name} {base64.b64encode(content).decode()}\n"


def _key_id(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + public).digest()[:KEY_ID_BYTES]


def name_for(base_url: str) -> str:
    """Return the record's name: the portal's host, and what it is there."""
    return f"{urlsplit(base_url).netloc}/record"


def opened(note: str, key: str) -> Tree:
    """Return what a note says that is signed by this key; raises BadNote.

    The name is the note's own: a city that moves to another address keeps its key and what it signed before.
    """
    text, _, signatures = note.partition("\n\n")
    public = _public(key)
    tree = read(note)
    for line in signatures.splitlines():
        content = _signature(line, tree.origin)
        is_ours = content[:KEY_ID_BYTES] == _key_id(tree.origin, ALGORITHM + public)
        if is_ours and crypto.is_signed(public, content[KEY_ID_BYTES:], f"{text}\n".encode()):
            return tree
    raise BadNote(f"the note is not signed by the key of {key.partition('+')[0]}")


def read(note: str) -> Tree:
    """Return what a note says, whoever signed it; raises BadNote."""
    lines = note.partition("\n\n")[0].split("\n")
    try:
        origin, size, root = lines[0], lines[1], base64.b64decode(lines[2], validate=True)
    except (IndexError, binascii.Error) as error:
        raise BadNote("the text is no checkpoint") from error
    is_number = size.isascii() and size.isdigit() and str(int(size)) == size
    if not origin or not is_number or len(root) != ROOT_BYTES:
        raise BadNote("the text is no checkpoint")
    return Tree(origin, int(size), root)


def _public(key: str) -> bytes:
    # The key itself may hold a plus sign, the name and the id cannot.
    name, _, rest = key.strip().partition("+")
    _, _, encoded = rest.partition("+")
    try:
        public = base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise BadNote("the public key cannot be read") from error
    if not name or len(public) != crypto.SEED_BYTES + 1 or public[:1] != ALGORITHM:
        raise BadNote("the public key cannot be read")
    return public[1:]


def _signature(line: str, name: str) -> bytes:
    dash, _, rest = line.partition(" ")
    who, _, encoded = rest.partition(" ")
    try:
        return base64.b64decode(encoded, validate=True) if (dash, who) == (DASH, name) else b""
    except binascii.Error:
        return b""
