"""Which licences fit what a group wants, and why: pure rules over the answers to the guide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from portal.words import W

ASKED = ("thing", "public_money", "reciprocity", "network", "fair")


class Fit(IntEnum):
    """How well a licence fits; the higher the better."""

    NOT = 0
    POSSIBLE = 1
    RECOMMENDED = 2


class Licence(Protocol):
    """What the rules ask of a licence."""

    @property
    def id(self) -> str:
        """Return its SPDX name."""

    @property
    def things(self) -> Iterable[str]:
        """Return what it is made for."""

    @property
    def osi(self) -> bool:
        """Say whether OSI approved it."""

    @property
    def network(self) -> bool:
        """Say whether use over a network counts as passing it on."""

    @property
    def reciprocity(self) -> str:
        """Return none, weak, strong or fair."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A licence, how well it fits, the reasons, and whether the city may pay for what stands under it."""

    licence: Licence
    fit: Fit
    reasons: tuple[W, ...]
    fits_public_money: bool


NOT_OSI = W(
    "Public money pays for code only under a licence that OSI approved (CAD, art. 69; fence copyleft)."
)
FAIR_PAID = W("A copyfair licence is for what no public money paid, or for content and brand (rule R-5.5).")
FAIR_WANTED = W("Firms that are not their workers' own may not use it freely, as you wish.")
FAIR_TOO_MUCH = W("It keeps firms out, which you did not ask for.")
NOTHING_BACK = W("Whoever improves it need not share the better version, which you want.")
SHARED_BACK = W("Whoever passes on a better version shares it, as you wish.")
ONLY_PARTS = W("Only the parts that were changed must be shared; what is built around them may be closed.")
THROUGH_NETWORK = W("Also who only offers it over a network must share: without this the sharing has a gap.")
NETWORK_GAP = W("Who offers it over a network shares nothing, and that is how yours is used.")
FREE_USE = W("Everybody may use it, also inside something closed, as you wish.")
MORE_SHARING = W("It asks others to share, which you do not need; it is allowed all the same.")


def missing(answers: Mapping[str, str]) -> tuple[str, ...]:
    """Return which questions are still to be answered."""
    return tuple(one for one in ASKED if not answers.get(one))


def judge(answers: Mapping[str, str], licences: Iterable[Licence]) -> list[Judged]:
    """Return the licences for the thing in question, the best ones first; nothing before it is named."""
    thing = answers.get("thing", "")
    found = [_judged(one, answers) for one in licences if thing and thing in one.things]
    return sorted(found, key=lambda one: -one.fit)


def _judged(licence: Licence, answers: Mapping[str, str]) -> Judged:
    against = tuple(_against(licence, answers))
    in_favour = tuple(_in_favour(licence, answers))
    fit = Fit.NOT if against else Fit.RECOMMENDED if _is_best(licence, answers) else Fit.POSSIBLE
    return Judged(licence, fit, (*against, *in_favour), fits_public_money(licence, answers.get("thing", "")))


def fits_public_money(licence: Licence, thing: str) -> bool:
    """Say whether public money may pay for a thing under this licence (rule R-5.5)."""
    if licence.reciprocity == "fair":
        return thing in {"content", "brand"}
    return licence.osi or thing != "software"


def _against(licence: Licence, answers: Mapping[str, str]) -> Iterable[W]:
    thing = answers.get("thing", "")
    is_fair = licence.reciprocity == "fair"
    if answers.get("public_money") == "yes" and not fits_public_money(licence, thing):
        yield FAIR_PAID if is_fair else NOT_OSI
    if is_fair and answers.get("fair") != "yes":
        yield FAIR_TOO_MUCH
    if answers.get("reciprocity") == "yes" and licence.reciprocity == "none":
        yield NOTHING_BACK
    if _needs_network(answers) and licence.reciprocity in {"weak", "strong"} and not licence.network:
        yield NETWORK_GAP


def _in_favour(licence: Licence, answers: Mapping[str, str]) -> Iterable[W]:
    wants = answers.get("reciprocity")
    if licence.reciprocity == "fair" and answers.get("fair") == "yes":
        yield FAIR_WANTED
    if wants == "yes" and licence.reciprocity in {"weak", "strong"}:
        yield SHARED_BACK if licence.reciprocity == "strong" else ONLY_PARTS
    if _needs_network(answers) and licence.network:
        yield THROUGH_NETWORK
    if wants == "no":
        yield FREE_USE if licence.reciprocity == "none" else MORE_SHARING


def _needs_network(answers: Mapping[str, str]) -> bool:
    is_software = answers.get("thing") == "software"
    return is_software and answers.get("reciprocity") == "yes" and answers.get("network") == "yes"


def _is_best(licence: Licence, answers: Mapping[str, str]) -> bool:
    if licence.reciprocity == "fair":
        return answers.get("fair") == "yes"
    wanted = {"yes": "strong", "no": "none"}.get(answers.get("reciprocity", ""), "")
    return licence.reciprocity == wanted
