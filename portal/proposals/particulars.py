"""What only one kind of commons is asked: a garden its hours, a program its maintainers, data its rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from portal.words import W

UNKNOWN = "unknown"
_I_DO_NOT_KNOW = W("I do not know")


@dataclass(frozen=True, slots=True)
class Particular:
    """One question; `needed` is the sentence that asks for it, where a proposal cannot go without it."""

    id: str
    label: W
    hint: W | str = ""
    shape: Literal["line", "text", "choice"] = "line"
    choices: Mapping[str, W] = field(default_factory=dict)
    needed: W | None = None
    is_public: bool = True
    longest: int = 200


PLACE = (
    Particular(
        "owner",
        W("Whom does the place belong to?"),
        shape="choice",
        choices={
            "city": W("The city"),
            "ours": W("Us, and we open it to everybody"),
            "other_public": W("Another public body"),
            "private": W("Somebody else"),
            UNKNOWN: _I_DO_NOT_KNOW,
        },
        needed=W("Say whom the place belongs to, or that you do not know"),
    ),
    Particular(
        "hours",
        W("When will it be open to everybody?"),
        W("For example, every day from 8 to 20."),
    ),
    Particular(
        "water",
        W("Is there water?"),
        shape="choice",
        choices={"yes": W("Yes"), "no": W("No"), UNKNOWN: _I_DO_NOT_KNOW},
    ),
    Particular(
        "keys",
        W("Is there a gate or a door, and who has the keys?"),
        W("Only you and the city can read this."),
        is_public=False,
    ),
    Particular(
        "insurance",
        W("Who insures what you do there?"),
        shape="choice",
        choices={
            "ours": W("Our own insurance"),
            "city": W("We ask the city to do it"),
            UNKNOWN: _I_DO_NOT_KNOW,
        },
    ),
)
SOFTWARE = (
    Particular(
        "maintainers",
        W("How many people maintain it?"),
        shape="choice",
        choices={
            "one": W("One person"),
            "few": W("Two to four people"),
            "more": W("Five people or more"),
            "nobody": W("Nobody yet"),
        },
        needed=W("Say how many people maintain the software"),
    ),
    Particular(
        "maintenance",
        W("How is it maintained?"),
        W("The same four answers as in a publiccode.yml file."),
        shape="choice",
        choices={
            "internal": W("By people paid by the organisation that owns it"),
            "contract": W("By a company under a contract"),
            "community": W("By a community"),
            "none": W("It is not maintained"),
        },
    ),
    Particular(
        "releases",
        W("How often is a version published?"),
        shape="choice",
        choices={
            "month": W("Every month or more often"),
            "quarter": W("Every three months"),
            "year": W("Once or twice a year"),
            "seldom": W("Less often, or not yet"),
        },
    ),
    Particular("users", W("Who uses it today, and roughly how many?")),
    Particular("languages", W("In which languages can it be used?"), W("For example, Italian and English.")),
    Particular("hosting", W("Where does it run today?")),
)
DATA_SET = (
    Particular("contributors", W("Who contributes data, and roughly how many?")),
    Particular(
        "access",
        W("Who decides who may use the data?"),
        shape="choice",
        choices={
            "members": W("All who contribute, each with one vote"),
            "stewards": W("A few people whom the others have chosen"),
            "one": W("One organisation"),
            "undecided": W("This is not decided yet"),
        },
        needed=W("Say who decides who may use the data"),
    ),
    Particular(
        "basis",
        W("On which ground is personal data held?"),
        shape="choice",
        choices={
            "nothing_personal": W("There is no personal data in it"),
            "consent": W("Everybody has agreed, and can take it back"),
            "task": W("A law or a public task asks for it"),
            "contract": W("A contract with the people concerned"),
            UNKNOWN: _I_DO_NOT_KNOW,
        },
    ),
    Particular("retention", W("How long is the data kept?"), W("For example, two years, then only sums.")),
    Particular(
        "exit",
        W("How can somebody leave and take their data along?"),
        shape="text",
        longest=600,
    ),
)
OF_KIND: Mapping[str, tuple[Particular, ...]] = {
    "place": PLACE,
    "software": SOFTWARE,
    "data_set": DATA_SET,
}


def asked_of(kind: str) -> tuple[Particular, ...]:
    """Return what this kind of commons is asked."""
    return OF_KIND.get(kind, ())


def missing(kind: str, answers: Mapping[str, str] | None) -> list[W]:
    """Return the sentences for what a proposal cannot go without."""
    told = answers or {}
    return [one.needed for one in asked_of(kind) if one.needed and not told.get(one.id)]


def words_for(asked: Particular, answer: str) -> W | str:
    """Return an answer in words; what was typed stays as it is."""
    return asked.choices.get(answer, answer) if asked.shape == "choice" else answer
