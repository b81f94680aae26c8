"""Parts of pages that depend on nothing but what they name: made once, and shown again."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from flask import current_app
from jinja2 import nodes
from jinja2.ext import Extension
from markupsafe import Markup

from portal import words

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from jinja2 import Environment
    from jinja2.parser import Parser

T = TypeVar("T")
# Some megabytes at most. When there are more, all of them are made anew, which costs less than keeping order.
MOST_PARTS = 4_096


class Kept(Extension):
    """The tag {% kept row, today %}…{% endkept %}: what is inside is made once a value of what it names.

    It has to name everything it shows, except the language and what never changes while the portal runs: the
    city, its addresses, its files. A value that is another is another part, so nothing is ever out of date.
    """

    tags = {"kept"}  # noqa: RUF012 - Jinja's own declaration

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self.parts: dict[Hashable, Markup] = {}
        environment.globals["each_kept"] = self.each

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        # The place tells two parts apart that name the same.
        named: list[nodes.Expr] = [nodes.Const((parser.name, parser.free_identifier().name))]
        while parser.stream.current.type != "block_end":
            named.append(parser.parse_expression())
            parser.stream.skip_if("comma")
        body = parser.parse_statements(("name:endkept",), drop_needle=True)
        call = self.call_method("part", named)
        return nodes.CallBlock(call, [], [], body).set_lineno(line)

    def part(self, *named: Hashable, caller: Callable[[], Markup]) -> Markup:
        """Return the part as it was made for these values, or make it."""
        key = (words.current_language(), named)
        found = self.parts.get(key)
        return self._keep(key, caller()) if found is None else found

    def each(self, macro: Callable[..., Markup], rows: Iterable[tuple[Any, ...]], *named: Hashable) -> Markup:
        """Return a macro of macros/ for each row of a list, given the row and what else it names."""
        surroundings = (words.current_language(), macro, named)
        found = []
        for row in rows:
            key = (surroundings, tuple(row))
            part = self.parts.get(key)
            found.append(self._keep(key, macro(row, *named)) if part is None else part)
        return Markup("").join(found)

    def _keep(self, key: Hashable, part: Markup) -> Markup:
        if len(self.parts) >= MOST_PARTS:
            self.parts.clear()
        self.parts[key] = part
        return part


def per_language(made: Callable[[], T]) -> Callable[[], T]:
    """Let a function be asked once a language: for what follows from the city alone."""

    @wraps(made)
    def kept() -> T:
        found: dict[Hashable, Any] = current_app.extensions.setdefault("per_language", {})
        key = (made, words.current_language())
        if key not in found:
            found[key] = made()
        value: T = found[key]
        return value

    return kept
