"""Every address with its method and permission, and who may open it, from the application itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from portal import policy
from portal.policy import VISITOR, Actor, Can, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

PERSON = Actor(kind="person", person_id=0, pseudonym="p", is_fresh=True)
WHO: dict[str, Actor] = {
    "visitor": VISITOR,
    "person": PERSON,
    **{role.value: replace(PERSON, roles=frozenset({role})) for role in Role},
}
YES, OWN, NO = "yes", "own", "-"


class Line(NamedTuple):
    """One address and method, its permission, and what each of WHO may there."""

    path: str
    method: str
    permission: str
    endpoint: str
    cells: tuple[str, ...]


def lines(app: Flask) -> Iterator[Line]:
    """Yield every address and method of the application, by address."""
    for rule in sorted(app.url_map.iter_rules(), key=str):
        permission = getattr(app.view_functions[rule.endpoint], "permission", Can.READ_PUBLIC)
        path = str(rule).replace("/<lang:language>", "")
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Line(path, method, str(permission), rule.endpoint, _cells(permission))


def _cells(permission: str) -> tuple[str, ...]:
    if permission not in set(Can):
        return (YES,) * len(WHO)
    return tuple(_cell(actor, Can(permission)) for actor in WHO.values())


def _cell(actor: Actor, permission: Can) -> str:
    if policy.allows(actor, permission):
        return YES
    return OWN if policy.may_ever(actor, permission) else NO


def table(app: Flask) -> Iterator[str]:
    """Yield the plain list of addresses, methods and permissions."""
    for line in lines(app):
        yield f"{line.path:60} {line.method:6} {line.permission}"


def matrix(app: Flask) -> Iterator[str]:
    """Yield the matrix as a page of Markdown."""
    yield "# Who may open what"
    yield ""
    yield "Written by `portal routes --matrix` from the running application; a test keeps this page true."
    yield "**yes**: may, wherever the thing itself and the four-eyes rules allow it. **own**: only for a"
    yield "thing to which the person stands in a relation (holds the draft, is a party). **-**: never."
    yield ""
    names = [name.replace("_", " ") for name in WHO]
    yield f"| address | method | permission | {' | '.join(names)} |"
    yield "|" + "---|" * (len(WHO) + 3)
    for line in lines(app):
        yield f"| `{line.path}` | {line.method} | {line.permission} | {' | '.join(line.cells)} |"
