"""The forms with which officers judge and offices advise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField

from portal.city import HIGHEST_SCORE, Criterion
from portal.people.forms import is_address
from portal.proposals.assessment.actions.judging import LONGEST
from portal.proposals.assessment.actions.notes import LONGEST as LONGEST_NOTE
from portal.proposals.assessment.actions.opinions import LONGEST_QUESTION
from portal.proposals.assessment.rules import OUTCOME_WORDS
from portal.proposals.forms import fields
from portal.proposals.shapes import LONGEST_TEXT
from portal.web import Form
from portal.words import W

NONE, SOME = "none", "some"
INTERESTS = [
    (NONE, W("I have no conflict of interest in this case")),
    (SOME, W("I have one, so a colleague must look at it")),
]


def _is_address(form: Any, field: Any) -> None:
    if field.data:
        is_address(form, field)


class InterestForm(Form):
    """Whether there is a conflict of interest, and which."""

    interest = fields.choice(W("Your statement"), INTERESTS, W("Say whether you have a conflict of interest"))
    which = fields.text(W("Which one, if there is one"), LONGEST)


class ScoresForm(Form):
    """A score and a reason for each criterion; made by `scores_form`."""

    criteria: tuple[Criterion, ...] = ()
    finish = BooleanField(W("The assessment is finished"))

    def found(self) -> dict[str, tuple[int | None, str]]:
        """Return (score, reason) by criterion."""
        return {
            one.id: (
                int(self[f"score_{one.id}"].data) if self[f"score_{one.id}"].data else None,
                self[f"reason_{one.id}"].data or "",
            )
            for one in self.criteria
        }


def scores_form(criteria: tuple[Criterion, ...], kept: Mapping[str, Any], language: str) -> ScoresForm:
    """Return the form of a city's criteria, with what was saved last."""
    made: dict[str, Any] = {"criteria": criteria}
    typed: dict[str, Any] = {}
    for one in criteria:
        choices = [
            (str(score), f"{score} – {one.scale[score][language]}") for score in range(HIGHEST_SCORE + 1)
        ]
        made[f"score_{one.id}"] = fields.choice(W(one.question[language]), choices)
        made[f"reason_{one.id}"] = fields.text(W("Reason"), LONGEST)
        row = kept.get(one.id) or {}
        typed[f"score_{one.id}"] = "" if row.get("score") is None else str(row["score"])
        typed[f"reason_{one.id}"] = row.get("reason", "")
    form: ScoresForm = type("ScoresForm", (ScoresForm,), made)(data=typed)
    return form


class AskForm(Form):
    """A question to an office."""

    office = fields.choice(W("Which office"), [], W("Choose an office"))
    question = fields.text(W("What do you want to know?"), LONGEST_QUESTION, W("Write what you want to know"))
    address = fields.line(W("Address of somebody outside, who has no account here"), 254, None, _is_address)


class AddressForm(Form):
    """Where a new link goes."""

    address = fields.line(
        W("Address for a new link"), 254, W("Enter an e-mail address, like anna@example.org"), _is_address
    )


class GoOnForm(Form):
    """Why the city goes on without an opinion or against it."""

    went_on_because = fields.text(W("Why the city goes on"), LONGEST_TEXT, W("Say why the city goes on"))


class OpinionForm(Form):
    """What an office says."""

    outcome = fields.choice(
        W("What does your office say?"), [(str(key), words) for key, words in OUTCOME_WORDS.items()]
    )
    reason = fields.text(W("Reasons"), LONGEST_TEXT)
    prescriptions = fields.text(W("Prescriptions, one a line"), LONGEST_TEXT)
    document = FileField(W("A PDF with the whole opinion"))
    interest = fields.choice(
        W("Have you a conflict of interest?"), INTERESTS, W("Say whether you have a conflict of interest")
    )
    which = fields.text(W("Which one, if there is one"), LONGEST)


class OutsideOpinionForm(OpinionForm):
    """The same from somebody without an account."""

    name = fields.line(W("Your name and office"), 120)


class PreferForm(Form):
    """Which of several proposals is preferred, and why."""

    preferred = fields.choice(W("Which one is preferred?"), [], W("Choose the one that is preferred"))
    reason = fields.text(W("Public reason"), LONGEST_TEXT, W("Give the reason that everybody will read"))


class NoteForm(Form):
    """A note for colleagues, and one of them to be told."""

    words = fields.text(W("Note"), LONGEST_NOTE, W("Write the note"))
    mention = fields.pick(W("Tell a colleague"), [])
