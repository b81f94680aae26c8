"""Check a commons portal's record without the portal. Needs Python 3.9 and the package `cryptography`.

  python3 verify_record.py KEY record.jsonl CHECKPOINT [EARLIER ...]   everything, and what was kept of it
  python3 verify_record.py KEY proof.json                              one act, by its proof
KEY is the line of /record/key. The tree is that of RFC 9162, the checkpoint a signed note (C2SP).
"""

import base64
import hashlib
import json
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def leaf_of(line):
    leaf = bytes.fromhex(line["leaf"])
    if line["entry"] is not None and sha(b"\0", line["entry"].encode()) != leaf:
        sys.exit(f"act {line['position']} does NOT hold: its words are not those that were entered")
    return leaf


def add(roots, leaf, place):
    roots.append(leaf)
    while place & 1:
        right, left = roots.pop(), roots.pop()
        roots.append(sha(b"\1", left, right))
        place >>= 1


def root_of(roots):
    found = roots[-1] if roots else sha()
    for left in reversed(roots[:-1]):
        found = sha(b"\1", left, found)
    return found


def opened(note, key):
    text, _, signatures = note.partition("\n\n")
    name, public = text.split("\n")[0], base64.b64decode(key.strip().split("+", 2)[2])
    key_id = sha(name.encode(), b"\n", public)[:4]  # the note's own name: a city may move, its key stays
    for line in signatures.splitlines():
        if line.startswith(f"\u2014 {name} "):
            signature = base64.b64decode(line.split(" ")[2])
            try:
                Ed25519PublicKey.from_public_bytes(public[1:]).verify(signature[4:], f"{text}\n".encode())
            except InvalidSignature:
                continue
            if signature[:4] == key_id:
                return int(text.split("\n")[1]), base64.b64decode(text.split("\n")[2])
    sys.exit(f"a checkpoint does NOT hold: it is not signed by {key.partition('+')[0]}")


def whole(key, lines, notes):
    marks, roots, count = [opened(note, key) for note in notes], [], 0
    for line in map(json.loads, lines):
        if line["position"] != count:
            sys.exit(f"act {count} does NOT hold: it is missing")
        add(roots, leaf_of(line), count)
        count += 1
        if any(size == count and root != root_of(roots) for size, root in marks):
            sys.exit(f"the record does NOT hold: one of its first {count} acts is not what was signed")
    signed = max(size for size, _ in marks)
    if signed > count:
        sys.exit(f"the record does NOT hold: {signed} acts were signed, {count} are here")
    print(f"The record holds: {count} acts, {len(notes)} checkpoints.")


def one(key, found):
    size, root = opened(found["checkpoint"], key)
    place, last, now = found["position"], size - 1, leaf_of(found)
    for step in map(bytes.fromhex, found["proof"]):
        if place & 1 or place == last:
            now = sha(b"\1", step, now)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            now = sha(b"\1", now, step)
        place, last = place >> 1, last >> 1
    if last or now != root or not found["position"] < size:
        sys.exit(f"act {found['position']} does NOT hold: it is not part of what was signed")
    print(f"Act {found['position']} stands in the signed record of {size} acts.")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    given = [Path(name).read_text(encoding="utf-8") for name in sys.argv[2:]]
    if len(given) == 1:
        one(sys.argv[1], json.loads(given[0]))
    else:
        whole(sys.argv[1], given[0].splitlines(), given[1:])
