"""What people type about a subject, and what staff answer and decide; one page may show several of these."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import cast

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from portal import clock, crypto
from portal.observations.actions.answering import HOW
from portal.observations.shapes import (
    ANSWERS,
    KINDS,
    LONGEST_DESCRIPTION,
    LONGEST_EMAIL,
    LONGEST_NAME,
    LONGEST_REASON,
    LONGEST_TEXT,
    REASONS,
)
from portal.people.forms import DAYS, NO_DAY, DayField, is_address, one_line
from portal.web import Form
from portal.words import W

# Letters and symbols of which nothing can be seen.
_BLANK = dict.fromkeys(map(ord, "\u115f\u1160\u2800\u3164\uffa0\ufffd"), " ")
_OPENED = "observation form"
_CHOOSE = W("Choose from the list")
_TOO_LONG = W("This is too long. Say it in fewer words.")


def _choices(rows: Mapping[str, W]) -> list[SelectChoice]:
    return [SelectChoice(value, cast("str", label)) for value, label in rows.items()]


def some_lines(text: str | None) -> str:
    """Return the text; nothing where nothing can be seen."""
    shown = (text or "").translate(_BLANK).strip()
    return shown if any(unicodedata.category(c)[0] not in "MZC" for c in shown) else ""


def _text(label: W, needed: W, most: int = LONGEST_REASON) -> TextAreaField:
    asked = [InputRequired(needed), Length(max=most, message=cast("str", _TOO_LONG))]
    return TextAreaField(label, asked, filters=[some_lines])


def _radio(label: W, rows: Mapping[str, W], needed: W = _CHOOSE) -> RadioField:
    return RadioField(label, [InputRequired(needed)], choices=_choices(rows))


class ObservationForm(Form):
    """An observation: what it is, what is said, who says it; and the traps for programs."""

    kind = _radio(W("What is it?"), KINDS, W("Choose what it is"))
    text = _text(W("What do you want to say?"), W("Write what you want to say"), LONGEST_TEXT)
    photo = FileField(W("A photo"))
    photo_words = StringField(
        W("What is to be seen in the photo"), [Length(max=LONGEST_DESCRIPTION)], filters=[one_line]
    )
    name = StringField(W("Your name"), [Length(max=LONGEST_NAME)], filters=[one_line])
    shows_name = BooleanField(W("Show my name beside what I say"))
    email = StringField(W("Your e-mail address"), [Optional(), Length(max=LONGEST_EMAIL), is_address])
    # No person sees this one; programs fill in whatever they find.
    website = StringField(W("Leave this empty"))
    opened = HiddenField()

    def start(self) -> None:
        """Note when the form was opened, sealed, so that nobody can write another time into it."""
        if not self.opened.data:
            self.opened.data = crypto.seal(str(int(clock.real().timestamp() * 1000)), _OPENED)

    def seconds(self) -> float | None:
        """Return how long the form was open; None where the note is missing or somebody else's."""
        try:
            then = crypto.unseal(self.opened.data or "", _OPENED)
        except ValueError:
            return None
        return None if then is None else clock.real().timestamp() - int(then) / 1000


class ReportForm(Form):
    """Why an observation should not stand there."""

    reason = _radio(W("What is wrong with it?"), REASONS)


class JudgeForm(Form):
    """Whether the answer was one."""

    judged = RadioField(
        W("Was this answered?"),
        [InputRequired(_CHOOSE)],
        choices=_choices({"yes": W("Yes"), "no": W("No")}),
    )


class ContestForm(Form):
    """Why something hidden should be seen."""

    contest = _text(W("Why should it be seen?"), W("Say why it should be seen"))


class AnswerForm(Form):
    """The city's answer."""

    outcome = _radio(W("What does the city do with it?"), ANSWERS, W("Choose what the city does with it"))
    answer_text = _text(W("The reason, for everybody to read"), W("Give the reason that everybody will read"))


class HideForm(Form):
    """Why an observation is hidden: the public reason, and what its author is told."""

    hidden_for = _radio(W("Why is it hidden? Everybody can read this reason."), REASONS)
    hidden_why = _text(W("What is wrong, for the author alone"), W("Tell the author what is wrong with it"))


class DecideForm(Form):
    """What a second person decides about something hidden."""

    decision = _radio(
        W("What do you decide?"),
        {"restore": W("Show it again"), "uphold": W("Keep it hidden")},
        W("Choose what you decide"),
    )
    decided_why = _text(W("The reason, for the author alone"), W("Give the reason that the author will read"))


class IdentityForm(Form):
    """How the city saw who objects."""

    how = _radio(W("How did you see who it is?"), HOW)


def _day(label: W) -> DayField:
    return DayField(label, [InputRequired(NO_DAY)], format=DAYS)


class ExtensionForm(Form):
    """Until which later day, and why."""

    extended_on = _day(W("New last day"))
    extended_why = _text(W("Reason for more time (public)"), W("Write the reason: everybody can read it."))


class PeriodForm(Form):
    """From which day to which everybody may speak."""

    first = _day(W("First day"))
    last = _day(W("Last day"))

    def check_days(self) -> bool:
        """Say whether both days can be read, without asking where the form came from: for the preview."""
        return all([self.first.validate(self), self.last.validate(self)])
