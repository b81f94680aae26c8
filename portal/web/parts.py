"""Parts of pages that depend on nothing but what they name: made once, and shown again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from flask import current_app, request
from jinja2 import nodes
from jinja2.ext import Extension
from markupsafe import Markup, escape

from portal import clock, db, words
from portal.record import newest
from portal.web.kept import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from jinja2 import Environment
    from jinja2.parser import Parser

T = TypeVar("T")
# Some megabytes at most. When there are more, all of them are made anew, which costs less than keeping order.
MOST_PARTS, MOST_SIGNS = 4_096, 4_000_000
# Of the large ones that stand while nothing public happens, those shown last; 10 KB each.
MOST_STANDING = 256


class _Tag(Extension):
    """A tag {% name value, value %}…{% endname %} whose body is made where its values are new."""

    def parse(self, parser: Parser) -> nodes.Node:
        name = parser.stream.current.value
        line = next(parser.stream).lineno
        # The place tells two parts apart that name the same.
        named: list[nodes.Expr] = [nodes.Const((parser.name, parser.free_identifier().name))]
        while parser.stream.current.type != "block_end":
            named.append(parser.parse_expression())
            parser.stream.skip_if("comma")
        body = parser.parse_statements((f"name:end{name}",), drop_needle=True)
        call = self.call_method("part", named)
        return nodes.CallBlock(call, [], [], body).set_lineno(line)


class Kept(_Tag):
    """The tag {% kept row, today %}…{% endkept %}: what is inside is made once a value of what it names.

    It has to name everything it shows, except the language and what never changes while the portal runs: the
    city, its addresses, its files. A value that is another is another part, so nothing is ever out of date.
    """

    tags = {"kept"}  # noqa: RUF012 - Jinja's own declaration

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self.parts: dict[Hashable, Markup] = {}
        self.signs = 0
        environment.globals["each_kept"] = self.each

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
        return Markup("".join(found))  # noqa: S704 - each was escaped as it was kept

    def _keep(self, key: Hashable, made: Markup) -> Markup:
        part = escape(made)  # what a macro wrote stays as it is; a plain text would be escaped
        if len(self.parts) >= MOST_PARTS or self.signs >= MOST_SIGNS:
            self.parts.clear()
            self.signs = 0
        self.parts[key] = part
        self.signs += len(part)
        return part


def public_mark() -> Hashable:
    """Return what changes with everything public and every day, for parts under {% standing %}; ask it first.

    None where this unit has asked the database before: what it sees may be older than the mark would be.
    """
    if db.session().in_transaction():
        return None
    version = request.environ.get(VERSION) or newest.version()
    return db.database().engine.url.database, version, clock.today()


class Standing(_Tag):
    """The tag {% standing mark, code %}…{% endstanding %}: it stands until something public happens.

    It may ask the database for all that is public, and names nobody who looks. The mark is `public_mark()`;
    where that is None the part is made and not kept.
    """

    tags = {"standing"}  # noqa: RUF012 - Jinja's own declaration

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self.parts: OrderedDict[Hashable, Markup] = OrderedDict()
        self.order = threading.Lock()

    def part(self, place: Hashable, mark: Hashable, *named: Hashable, caller: Callable[[], Markup]) -> Markup:
        """Return the part as it was made under this mark, or make it."""
        if mark is None:
            return caller()
        key = (words.current_language(), place, mark, named)
        with self.order:
            found = self.parts.get(key)
            if found is not None:
                self.parts.move_to_end(key)
                return found
        found = caller()
        with self.order:
            self.parts[key] = found
            while len(self.parts) > MOST_STANDING:
                self.parts.popitem(last=False)
        return found


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
