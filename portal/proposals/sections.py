"""The seven sections of a proposal: how far each one is, and what is still missing, in sentences."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Protocol

from portal.proposals import measured, particulars
from portal.proposals.shapes import ALONE
from portal.words import W


class Section(StrEnum):
    """The sections in the order in which they are shown."""

    WHAT = "what"
    WHERE = "where"
    GROUP = "group"
    COMMITMENTS = "commitments"
    ASKS = "asks"
    FENCES = "fences"
    TOUCHED = "touched"


class Status(StrEnum):
    """How far a section is."""

    DONE = "done"
    DOING = "doing"
    TODO = "todo"
    BLOCKED = "blocked"


TITLES: Mapping[Section, W] = {
    Section.WHAT: W("What you want to look after"),
    Section.WHERE: W("Where it is"),
    Section.GROUP: W("You and your group"),
    Section.COMMITMENTS: W("What you will do"),
    Section.ASKS: W("What you ask of the city"),
    Section.FENCES: W("How it stays a commons"),
    Section.TOUCHED: W("Who else is touched"),
}
# The questions of these sections depend on what is looked after.
AFTER_KIND = frozenset({Section.WHERE, Section.FENCES})


class AskLike(Protocol):
    """What this file reads of one ask."""

    kind: str
    what: str
    amount: int
    unit: str
    months: int
    plan: str


class Draft(Protocol):
    """What this file reads of a proposal."""

    kind: str
    title: str
    summary: str
    address: str
    district: str
    latitude_e6: int | None
    repository: str
    about: str
    holds_personal_data: bool | None
    has_no_place: bool | None
    group_kind: str
    group_name: str
    contact_name: str
    contact_email: str
    contact_phone: str
    contact_postal: str
    is_adult: bool | None
    adult_name: str
    starts_on: date | None
    ends_on: date | None

    @property
    def particulars(self) -> Mapping[str, str] | None: ...
    @property
    def saved_sections(self) -> Collection[str]: ...
    @property
    def commitments(self) -> Sequence[object]: ...
    @property
    def asks(self) -> Sequence[AskLike]: ...


def status(draft: Draft, section: Section) -> Status:
    """Return how far a section is; blocked until it is known what is looked after."""
    if section in AFTER_KIND and not draft.kind:
        return Status.BLOCKED
    if section.value not in draft.saved_sections:
        return Status.TODO
    return Status.DOING if missing(draft, section) else Status.DONE


def statuses(draft: Draft) -> dict[Section, Status]:
    """Return how far each section is."""
    return {section: status(draft, section) for section in Section}


def is_complete(draft: Draft) -> bool:
    """Say whether every section is done, so that the proposal can be sent."""
    return all(status(draft, section) is Status.DONE for section in Section)


def open_sections(draft: Draft) -> dict[Section, list[W]]:
    """Return the sections that are not done, each with the sentences that say what to do."""
    return {
        section: missing(draft, section) or [NOT_SEEN[section]]
        for section in Section
        if status(draft, section) is not Status.DONE
    }


def missing(draft: Draft, section: Section) -> list[W]:
    """Return what a section still lacks, as sentences; an empty list says that its answers are whole."""
    return _RULES[section](draft)


NOT_SEEN: Mapping[Section, W] = {
    Section.WHAT: W("Save the section “What you want to look after”"),
    Section.WHERE: W("Save the section “Where it is”"),
    Section.GROUP: W("Save the section “You and your group”"),
    Section.COMMITMENTS: W("Save the section “What you will do”"),
    Section.ASKS: W("Say what you ask of the city, or that you ask for nothing"),
    Section.FENCES: W("Choose how it stays a commons, or leave all boxes empty and save"),
    Section.TOUCHED: W("Say who else is touched, or leave the box empty and save"),
}


def _what(draft: Draft) -> list[W]:
    return _unless(
        (draft.kind, W("Choose what you want to look after")),
        (draft.title, W("Give it a name")),
        (draft.summary, W("Say in one or two sentences what you want to do")),
    )


def _where(draft: Draft) -> list[W]:
    return [*missing_place(draft), *particulars.missing(draft.kind, draft.particulars)]


def missing_place(draft: Draft) -> list[W]:
    """Return what is lacking of where it is, without the questions that follow."""
    if draft.kind == "software":
        said = draft.repository or draft.about
        return _unless((said, W("Enter the address of the code, or say where it will live")))
    if draft.kind == "data_set":
        return _unless(
            (draft.about, W("Say where the data is and what it is about")),
            (draft.holds_personal_data is not None, W("Say whether there is personal data in it")),
        )
    has_point = draft.latitude_e6 is not None
    return _unless(
        (
            draft.address or draft.district or has_point or draft.has_no_place,
            W("Enter an address, choose a district, or give the point on the map"),
        )
    )


def _group(draft: Draft) -> list[W]:
    return _unless(
        (draft.group_kind, W("Say who takes part")),
        (draft.group_name or draft.group_kind in {"", ALONE}, W("Enter the name of your group")),
        (draft.contact_name, W("Enter the name of the person the city can write to")),
        (
            draft.contact_email or draft.contact_phone or draft.contact_postal,
            W("Enter an e-mail address, a phone number or a postal address"),
        ),
        (draft.is_adult is not None, W("Say whether this person is 18 or older")),
        (
            draft.is_adult is not False or draft.adult_name,
            W("A person over 18 must sign. You can still propose; add their name."),
        ),
    )


def _commitments(draft: Draft) -> list[W]:
    return _unless(
        (draft.commitments, W("Add at least one thing that your group will do")),
        (draft.starts_on, W("Enter the day on which the pact should start")),
        (draft.ends_on, W("Enter the day on which the pact should end")),
    )


def _asks(draft: Draft) -> list[W]:
    # Kinds that have no question of their own lack the same: it is said once.
    return list(dict.fromkeys(sentence for ask in draft.asks for sentence in missing_of(ask)))


def missing_of(ask: AskLike) -> list[W]:
    """Return what one ask still lacks."""
    if ask.kind == "server":
        return _unless(
            (ask.plan, W("Choose a size of server")),
            (ask.months, W("Enter for how many months you need the server")),
        )
    asked = measured.asked_of(ask.kind, ask.unit)
    lacking = [asked.needed] if asked.needed and not ask.amount else []
    return lacking + ([] if ask.what else [asked.needed_what])


def _saved(_draft: Draft) -> list[W]:
    return []


_RULES: Mapping[Section, Callable[[Draft], list[W]]] = {
    Section.WHAT: _what,
    Section.WHERE: _where,
    Section.GROUP: _group,
    Section.COMMITMENTS: _commitments,
    Section.ASKS: _asks,
    Section.FENCES: _saved,
    Section.TOUCHED: _saved,
}


def _unless(*pairs: tuple[object, W]) -> list[W]:
    return [sentence for holds, sentence in pairs if not holds]
