"""What people type about a meeting: when, where and about what; what was said, and who was there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from portal import clock
from portal.errors import Invalid
from portal.pacts.forms import DayField, choices
from portal.pacts.meetings.actions import Minutes, Plan
from portal.web import Form
from portal.web.moments import HourField, instant_at
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from portal.pacts.meetings.models import Meeting

_DAY = W("Enter a day like 30/11/2026")
_HOUR = W("Enter an hour like 17:30")
LONGEST_NAME = 120


class MeetingForm(Form):
    """When and where the two sides meet, and about what."""

    title = StringField(
        W("What the meeting is about"),
        [InputRequired(W("Say in a few words what the meeting is about")), Length(max=150)],
    )
    day = DayField(W("Day"), [InputRequired(_DAY)])
    begins = HourField(W("From"), [InputRequired(_HOUR)])
    until = HourField(W("Until"), [InputRequired(_HOUR)])
    place = StringField(
        W("Where, or the address of the video room"),
        [InputRequired(W("Say where you meet, or give the address of the video room")), Length(max=200)],
    )
    agenda = TextAreaField(W("What you want to speak about"), [Length(max=2000)])

    def plan(self) -> Plan:
        """Return what a valid form says; refuse with Invalid an hour that the day does not have."""
        day = self.day.data
        return Plan(
            title=self.title.data or "",
            begins_at=_instant(day, self.begins, "begins"),
            ends_at=_instant(day, self.until, "until"),
            place=self.place.data or "",
            agenda=self.agenda.data or "",
        )


def _instant(day: date, hour: HourField, name: str) -> datetime:
    assert hour.value is not None  # noqa: S101 - the form was valid, so the hour was read
    try:
        return instant_at(day, hour.value, clock.zone())
    except Invalid as refusal:
        raise Invalid(refusal.words, field=name) from refusal


def filled(meeting: Meeting) -> MeetingForm:
    """Return the form as the meeting stands."""
    begins, ends = clock.local(meeting.begins_at), clock.local(meeting.ends_at)
    return MeetingForm(
        formdata=None,
        data={
            "title": meeting.title,
            "day": begins.date(),
            "begins": f"{begins:%H:%M}",
            "until": f"{ends:%H:%M}",
            "place": meeting.place,
            "agenda": meeting.agenda,
        },
    )


class CancelForm(Form):
    """Why a meeting does not take place."""

    reason = TextAreaField(
        W("Why it does not take place"),
        [InputRequired(W("Say why the meeting does not take place.")), Length(max=500)],
    )


class MinutesForm(Form):
    """What was said, who was there, and which clauses it was about."""

    minutes = TextAreaField(
        W("What was said and decided"), [InputRequired(W("Write down what was said.")), Length(max=10_000)]
    )
    community = TextAreaField(W("Who was there for the community"), [Length(max=4000)])
    city = TextAreaField(W("Who was there for the city"), [Length(max=4000)])
    clauses = SelectMultipleField(
        W("Which clauses you spoke about"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def read(self) -> Minutes:
        """Return what a valid form says; names stand one to a line."""
        present = [(side, name) for side in ("community", "city") for name in _names(self[side].data)]
        return Minutes(self.minutes.data or "", present, self.clauses.data or [])


def _names(typed: str | None) -> list[str]:
    lines = (" ".join(line.split()) for line in (typed or "").splitlines())
    return [line[:LONGEST_NAME] for line in lines if line]


def minutes_form(
    clauses: Iterable[tuple[str, str]], known: dict[str, Any] | None = None, *, typed: bool = False
) -> MinutesForm:
    """Return the form with the clauses of the text; `known` is what it is filled with."""
    form = MinutesForm() if typed else MinutesForm(formdata=None, data=known or {})
    form.clauses.choices = choices(clauses)
    return form
