"""Do the readable columns of an act repeat its canonical bytes? Asked of every act, so it must be quick."""

from __future__ import annotations

import json
from typing import Any

from portal.canonical import leaf_hash

# What the columns repeat, in the order in which the entries are read; instants and facts as text.
REPEATED = ("at", "actor", "actor_kind", "behalf", "facts", "subject", "verb")
SALT = "salt"
SALT_SIGNS = 26


def _exact(digits: str) -> tuple[str]:
    # In Python 1, 1.0 and True are equal; in the record they are not.
    return (digits,)


# Without the search for blanks around it that `decode` begins and ends with.
_scan: Any = vars(json.JSONDecoder(parse_int=_exact, parse_float=_exact))["scan_once"]


def all_repeat(rows: list[Any]) -> bool:
    """Say whether the columns of all these entries repeat their bytes.

    What the columns would be written as is compared with what was written; only an entry where that differs,
    as with a salt, or facts that were kept with blanks or escaped signs, is looked at by itself.
    """
    try:
        odd = [
            row
            for row, (_, _, told, at, actor, kind, behalf, facts, subject, verb) in zip(
                rows, rows, strict=True
            )
            if told
            != f'{{"actor":"{actor}","actor_kind":"{kind}","at":"{at[:10]}T{at[11:]}Z","behalf":"{behalf}",'
            f'"facts":{facts},"subject":"{subject}","verb":"{verb}"}}'.encode()
            or facts[-1] != "}"
        ]
    except (AttributeError, IndexError, TypeError, ValueError):
        odd = rows  # a column holds something else than text
    return all(map(repeats, odd))


def repeats(row: Any) -> bool:
    """Say whether the columns of one entry repeat its bytes."""
    _, _, canonical, at, actor, kind, behalf, facts, subject, verb = row
    try:
        before = (
            f'{{"actor":"{actor}","actor_kind":"{kind}","at":"{at[:10]}T{at[11:]}Z","behalf":"{behalf}",'
            f'"facts":{facts}'
        )
        after = f',"subject":"{subject}","verb":"{verb}"}}'
        told = canonical.decode()
    except (AttributeError, TypeError, ValueError):
        return False
    is_salted = told.startswith(before) and told.endswith(after) and _is_salt(told[len(before) : -len(after)])
    return is_salted or not differing(row)


def _is_salt(text: str) -> bool:
    begun, ended, signs = text[:9], text[-1:], text[9:-1]
    return (begun, ended, len(signs)) == (',"salt":"', '"', SALT_SIGNS) and signs.isalnum()


def differing(row: Any) -> str:
    """Return the first column that does not repeat what the canonical bytes say, or nothing."""
    try:
        content = _whole(row[2].decode())
        stored = dict(zip(REPEATED, row[3:], strict=True))
        stored["at"] = f"{stored['at'][:10]}T{stored['at'][11:]}Z"
        stored["facts"] = _whole(stored["facts"])
    except (AttributeError, TypeError, ValueError, StopIteration):
        return "canonical"
    if not isinstance(content, dict) or content.keys() - {SALT} != set(REPEATED):
        return "canonical"
    if SALT in content and not _is_salt(f',"{SALT}":"{content[SALT]}"'):
        return "canonical"
    return next((name for name in REPEATED if content[name] != stored[name]), "")


def _whole(text: str) -> Any:
    found, end = _scan(text, 0)
    if end != len(text):
        raise ValueError(text)
    return found


def why_bad(row: Any, here: int) -> str:
    """Return why the entry read for position `here` does not hold, or nothing where it does."""
    position, entered, canonical = row[:3]
    if position != here:
        return "it is missing"
    if canonical is None:
        return "its content is missing"
    if leaf_hash(canonical) != entered:
        return "its content is not the one that was entered"
    odd = differing(row)
    return f"its column {odd} does not say what was entered" if odd else ""
