"""A search printed for each database; every part is quoted, and none comes from what was typed unchanged."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from portal.search.asking import Form, Term

# Words are letters and digits only; so nothing that was typed can look like a filter.
_POINT = "·"
_MARKED = re.compile(r"[^0-9a-z]")


def mark(name: str, value: str) -> str:
    """Return the word by which the index keeps a filter, like ·district·porto·saragozza."""
    return f"{_POINT}{name}{_POINT}{_MARKED.sub(_POINT, value.lower())}"


def fts5(groups: Sequence[Term]) -> str:
    """Return the groups as SQLite reads them: all of them, of each one form at least."""
    return " AND ".join(f"({' OR '.join(_fts5(form) for form in group)})" for group in groups)


def _fts5(form: Form) -> str:
    return f'"{_bare(form.text)}"{" *" if form.is_beginning else ""}'


def tsquery(groups: Sequence[Term]) -> str:
    """Return the groups as PostgreSQL reads them."""
    return " & ".join(f"({' | '.join(_tsquery(form) for form in group)})" for group in groups)


def _tsquery(form: Form) -> str:
    return f"'{_bare(form.text)}'{':*' if form.is_beginning else ''}"


def _bare(text: str) -> str:
    # Forms hold letters and digits already; here it is made sure, beside the quotes it would break.
    return "".join(sign for sign in text if sign.isalnum() or sign == _POINT)


def title_hits(terms: Collection[Term], head: str) -> int:
    """Return how well a title answers: two for each word it holds as typed, one for another form of it."""
    there = frozenset(head.split())
    return sum(_hit(term, there) for term in terms)


def _hit(term: Term, there: frozenset[str]) -> int:
    first = term[0]
    if first.is_beginning:
        return 1 if any(word.startswith(first.text) for word in there) else 0
    if first.text in there:
        return 2
    return 1 if any(form.text in there for form in term) else 0
