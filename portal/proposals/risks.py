"""What staff look at twice: the risks that the answers of a proposal show, each with its reason."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from portal.commons import licences
from portal.errors import Invalid
from portal.proposals.particulars import UNKNOWN
from portal.words import W


class Offered(Protocol):
    """What this file reads of an offered fence."""

    catalogue: str


class Case(Protocol):
    """What this file reads of a proposal."""

    kind: str
    licence: str
    holds_personal_data: bool | None

    @property
    def particulars(self) -> Mapping[str, str] | None: ...
    @property
    def fences(self) -> Collection[Offered]: ...


@dataclass(frozen=True, slots=True)
class Risk:
    """A risk by its name, and what in the proposal shows it."""

    name: W
    why: W


def risks(case: Case) -> list[Risk]:
    """Return the risks of a proposal, nothing before it is known what it is about."""
    return list(_OF_KIND[case.kind](case)) if case.kind in _OF_KIND else []


def _keeps_open(licence: str) -> bool:
    try:
        found = licences.read(licence)
    except Invalid:
        return False
    return found is not None and found.is_reciprocal


def _place(case: Case) -> Iterator[Risk]:
    told, fences = case.particulars or {}, {one.catalogue for one in case.fences}
    if told.get("insurance", UNKNOWN) == UNKNOWN:
        yield Risk(W("Liability"), W("Nobody says yet who insures the activities."))
    if told.get("owner", UNKNOWN) in {UNKNOWN, "private", "other_public"}:
        yield Risk(W("Ownership"), W("The place may belong to somebody whose consent is needed."))
    if not told.get("hours"):
        yield Risk(W("Access"), W("The proposal does not say when the place is open to everybody."))
    if not fences & {"open_hours", "no_exclusive_use"}:
        yield Risk(W("Access"), W("No fence keeps the place from being used by one group alone."))


def _software(case: Case) -> Iterator[Risk]:
    told, fences = case.particulars or {}, {one.catalogue for one in case.fences}
    if told.get("maintainers") in {"one", "nobody"}:
        yield Risk(W("One maintainer only"), W("If one person stops, nobody goes on with the software."))
    if told.get("maintenance") == "none":
        yield Risk(W("Not maintained"), W("Nobody corrects faults or closes security holes today."))
    if "copyleft" not in fences or not _keeps_open(case.licence):
        yield Risk(
            W("Licence change"),
            W("Neither the licence nor a fence alone is enough: both must keep improvements open."),
        )


def _data_set(case: Case) -> Iterator[Risk]:
    told, fences = case.particulars or {}, {one.catalogue for one in case.fences}
    if case.holds_personal_data:
        yield Risk(
            W("Re-identification"),
            W("There is personal data: somebody could be recognised, also after names are taken out."),
        )
    if case.holds_personal_data and told.get("basis", UNKNOWN) in {UNKNOWN, "nothing_personal"}:
        yield Risk(W("Legal basis"), W("There is personal data, but no ground for holding it is named."))
    if told.get("access", "undecided") in {"one", "undecided"}:
        yield Risk(W("Single big user"), W("One user could come to decide alone what happens with the data."))
    if "no_enclosure_of_data" not in fences:
        yield Risk(W("Sale of raw data"), W("No fence keeps the raw data from being sold."))


_OF_KIND: Mapping[str, Callable[[Case], Iterator[Risk]]] = {
    "place": _place,
    "software": _software,
    "data_set": _data_set,
}
