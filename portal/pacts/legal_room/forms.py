"""What people type about legal help: a question, a time, minutes of work, an objection, a guide's answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request
from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal import clock
from portal.errors import Invalid
from portal.fences.forms import choice
from portal.pacts.forms import DayField
from portal.support.legal import said
from portal.support.legal.actions import Plan, Work
from portal.support.legal.actions.matters import MOST_WORDS
from portal.support.legal.actions.working import KINDS, LONGEST_OBJECTION, LONGEST_REASON
from portal.typed import whole
from portal.web import Form
from portal.web.moments import HourField, instant_at
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from portal.support.legal.models import LegalAppointment

_WORDS = W("Write down what you want to say.")
_DAY = W("Enter a day like 30/11/2026")
_HOUR = W("Enter an hour like 17:30")
_REASON = W("Say why, so that the other side understands it")


class AskForm(Form):
    topic = RadioField(
        W("What is it about?"),
        choices=[choice(key.value, words) for key, words in said.TOPICS.items()],
        validators=[InputRequired(W("Choose what your question is about"))],
        validate_choice=False,
    )
    question = TextAreaField(W("Your question"), [InputRequired(_WORDS), Length(max=MOST_WORDS)])


class WriteForm(Form):
    words = TextAreaField(W("What you write"), [InputRequired(_WORDS), Length(max=MOST_WORDS)])


class NoteForm(Form):
    note = TextAreaField(
        W("Note for the legal office alone"), [InputRequired(_WORDS), Length(max=MOST_WORDS)]
    )


class FileForm(Form):
    title = StringField(
        W("What the document is"),
        [InputRequired(W("Say in a few words what the document is")), Length(max=120)],
    )
    document = FileField(W("Document"))


class CloseForm(Form):
    outcome = SelectField(
        W("What came of it (public)"),
        choices=[
            choice("", W("Choose")),
            *(choice(key.value, words) for key, words in said.OUTCOMES.items()),
        ],
        validate_choice=False,
    )


class TimeForm(Form):
    """When and how the two sides speak."""

    day = DayField(W("Day"), [InputRequired(_DAY)])
    begins = HourField(W("From"), [InputRequired(_HOUR)])
    until = HourField(W("Until"), [InputRequired(_HOUR)])
    mode = SelectField(
        W("How"),
        choices=[choice(key, words) for key, words in said.MODES.items()],
        validate_choice=False,
    )
    place = StringField(
        W("Where, the number to call, or the address of the video room"),
        [
            InputRequired(W("Say where, which number is called, or the address of the video room")),
            Length(max=200),
        ],
    )

    def plan(self) -> Plan:
        """Return what a valid form says; refuse with Invalid an hour that the day does not have."""
        begins, until = (_instant(self.day.data, self[name], name) for name in ("begins", "until"))
        return Plan(begins, until, str(self.mode.data), self.place.data or "")


def _instant(day: date, hour: Any, name: str) -> datetime:
    try:
        return instant_at(day, hour.value, clock.zone())
    except Invalid as refusal:
        raise Invalid(refusal.words, field=name) from refusal


def filled(one: LegalAppointment) -> TimeForm:
    """Return the form as an appointment stands."""
    begins, ends = clock.local(one.begins_at), clock.local(one.ends_at)
    known = {"day": begins.date(), "begins": f"{begins:%H:%M}", "until": f"{ends:%H:%M}"}
    return TimeForm(formdata=None, data={**known, "mode": one.mode, "place": one.place})


class ReasonForm(Form):
    reason = StringField(W("Why"), [InputRequired(_REASON), Length(max=LONGEST_REASON)])


class ObjectForm(Form):
    objection = TextAreaField(
        W("What is wrong with it"),
        [InputRequired(W("Say what is wrong with it")), Length(max=LONGEST_OBJECTION)],
    )


class MinutesForm(Form):
    """Minutes as people type them; what is no whole number is none."""

    minutes = StringField(W("Minutes"))

    @property
    def number(self) -> int:
        """Return the minutes, below zero where nothing that could be them was typed."""
        found = whole(self.minutes.data)
        return -1 if found is None else found


class WorkForm(MinutesForm):
    done_on = DayField(W("Day"), [InputRequired(_DAY)])
    kind = SelectField(
        W("What kind of work"),
        choices=[choice(key, said.KINDS[key]) for key in KINDS],
        validate_choice=False,
    )
    appointment = HiddenField()

    def work(self) -> Work:
        """Return what a valid form says."""
        return Work(self.done_on.data, self.number, str(self.kind.data))


class CorrectForm(MinutesForm):
    reason = StringField(
        W("Why it is corrected"), [InputRequired(W("Say why it is corrected")), Length(max=LONGEST_REASON)]
    )


def answers_of(keys: Iterable[str]) -> dict[str, str]:
    """Return what was typed for these questions; one that was not asked is not taken back."""
    return {key: request.form[key] for key in keys if key in request.form}
