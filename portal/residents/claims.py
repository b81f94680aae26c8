"""What another service says of somebody (OpenID Connect claims), read by the city's rules."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from portal.errors import Invalid, NotAllowed
from portal.residents.documents import RULES
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.city import ResidentClaims, Residents

TOO_WEAK = W("The city asks for a stronger sign-in there than the one you used. Begin once more with it.")
NOT_HERE = W("The service does not say that you live in this city. If you moved lately, use another way.")
NO_NUMBER = W("The service does not tell the number by which the city knows each person. Use another way.")


@dataclass(frozen=True)
class Vouched:
    """What the service says: the number, and at which level it is sure."""

    number: str
    assurance: str


def levels_enough(rules: ResidentClaims) -> tuple[str, ...]:
    """Return the levels of assurance that are enough, the weakest first."""
    return rules.levels[rules.levels.index(rules.least) :]


def vouched(claims: Mapping[str, Any], rules: Residents) -> Vouched:
    """Return what the claims say of a resident; refuses with NotAllowed too weak a level or another city."""
    wanted = rules.claims
    if wanted is None:
        raise NotAllowed(NOT_HERE)
    assurance = claim(claims, "acr")
    if assurance not in levels_enough(wanted):
        raise NotAllowed(TOO_WEAK)
    if not any(fnmatchcase(claim(claims, wanted.resident), value) for value in wanted.values):
        raise NotAllowed(NOT_HERE)
    try:
        number = RULES[rules.document](claim(claims, wanted.document).removeprefix(wanted.document_prefix))
    except Invalid as error:
        raise NotAllowed(NO_NUMBER) from error
    return Vouched(number, assurance)


def claim(claims: Mapping[str, Any], path: str) -> str:
    """Return a claim as text; a dot leads into one of several parts. What is no plain value is nothing."""
    found: Any = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    if isinstance(found, bool):
        return "true" if found else "false"
    return str(found).strip() if isinstance(found, str | int) else ""
