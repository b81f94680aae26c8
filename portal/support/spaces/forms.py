"""What people type about spaces: a space as staff keep it, when it is closed, a booking, how it was used."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, cast

from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Length

from portal import clock
from portal.errors import Invalid
from portal.fences.forms import DayField, choice
from portal.support.spaces import closing, opening
from portal.support.spaces.actions import Closure, Plan, Wish
from portal.support.spaces.actions.booking import MOST_WEEKS, WEEKS
from portal.support.spaces.opening import Stretch
from portal.support.spaces.said import WEEKDAYS, name_in
from portal.typed import whole
from portal.web import Form
from portal.web.moments import HourField, instant_at
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from portal.city import District
    from portal.support.models import Allocation
    from portal.support.spaces.models import Space

NUMBER = W("Enter a whole number, like 12")
HOUR = W("Enter an hour like 17:30")
CHOOSE = W("Choose from the list")
SHUT_HOURS = W("Enter hours by quarters, like 9:00-13:00, or leave it empty for whole days")
WEEK = timedelta(weeks=1)
# Shown were no bookings at all; their numbers begin at one.
NOBODY = "0"


class BookingForm(Form):
    promise = SelectField(W("From which promise"), validate_choice=False)
    space = SelectField(W("Space"), validate_choice=False)
    day = DayField(W("Day"))
    begins = HourField(W("From"))
    until = HourField(W("Until"))
    people = StringField(W("How many people come"))
    weeks = StringField(W("In how many weeks, this one included"))
    leaves_out = BooleanField(W("Leave out the days that do not fit, and book the others"))

    def wish(self) -> Wish:
        """Return what a valid form asks for; refuse with Invalid an hour that a day does not have."""
        weeks = self._number("weeks") if self.weeks.data else 1
        if not 0 < weeks <= MOST_WEEKS:
            raise Invalid(WEEKS, field="weeks")
        times = [self._time(self.day.data + number * WEEK) for number in range(weeks)]
        people = self._number("people") if self.people.data else 0
        return Wish(times, people, bool(self.leaves_out.data))

    def chosen(self, name: str) -> int:
        """Return the id of what was chosen from a list; refuse with Invalid what does not stand in it."""
        field = self[name]
        found = {one.value for one in field.choices}
        if field.data not in found:
            raise Invalid(CHOOSE, field=name)
        return int(field.data)

    def _number(self, name: str) -> int:
        found = whole(self[name].data)
        if found is None:
            raise Invalid(NUMBER, field=name)
        return found

    def _time(self, day: date) -> Stretch:
        instants = []
        for name in ("begins", "until"):
            hour = cast("HourField", self[name]).value
            if hour is None:
                raise Invalid(HOUR, field=name)
            try:
                instants.append(instant_at(day, hour, clock.zone()))
            except Invalid as refusal:
                raise Invalid(refusal.words, field=name) from refusal
        begins, ends = instants
        return Stretch(begins, ends)


def booking_form(
    promises: Sequence[Allocation], spaces: Iterable[Space], language: str, *, blank: bool = False
) -> BookingForm:
    """Return the form with what can be chosen here."""
    form = BookingForm(formdata=None) if blank else BookingForm()
    form.promise.choices = [SelectChoice(str(one.id), one.what or one.row_key) for one in promises]
    form.space.choices = [
        SelectChoice(str(one.id), f"{name_in(one.name, language)} ({one.capacity})") for one in spaces
    ]
    if len(promises) == 1 and not form.promise.data:
        form.promise.data = str(promises[0].id)
    return form


class CancelForm(Form):
    reason = StringField(W("Why (public)"), [Length(max=300)])
    with_later = BooleanField(W("Cancel all later weeks of this row as well"))


class UseForm(Form):
    came = StringField(W("How many people came"))
    note = StringField(W("What shows it (public)"), [Length(max=150)])

    @property
    def number(self) -> int:
        """Return how many came, 0 where nobody counted; refuse with Invalid what is no number."""
        if not self.came.data:
            return 0
        found = whole(self.came.data)
        if found is None:
            raise Invalid(NUMBER, field="came")
        return found


class WhyForm(Form):
    reason = StringField(W("Why (public)"), [Length(max=300)])


class LastDayField(DayField):
    """The last of several days; left empty it is the first one."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the day, if there is one."""
        if any(one.strip() for one in valuelist):
            super().process_formdata(valuelist)
        else:
            self.data = None


class ClosingForm(Form):
    """Hours of a space that are closed; why, by a field for each language of the city.

    `seen` names the bookings that the last page showed, once there was one.
    """

    first = DayField(W("First day"))
    last = LastDayField(W("Last day"))
    hours = StringField(W("Hours of each day"))
    weeks = StringField(W("In how many weeks, this one included"))
    seen = HiddenField()
    languages: tuple[str, ...] = ()

    @property
    def shown(self) -> set[int] | None:
        """Return which bookings whoever confirms was shown; None where nothing was shown yet."""
        if not self.seen.data:
            return None
        return {whole(one) or 0 for one in self.seen.data.split(",") if one != NOBODY}

    def closure(self) -> Closure:
        """Return what a valid form asks for; refuse with Invalid hours, days and weeks that are none."""
        try:
            hours = opening.read(self.hours.data or "")
        except Invalid as refusal:
            raise Invalid(SHUT_HOURS, field="hours") from refusal
        weeks = whole(self.weeks.data) if self.weeks.data else 1
        if weeks is None:
            raise Invalid(NUMBER, field="weeks")
        days = (self.first.data, self.last.data or self.first.data)
        times = closing.times(days, hours, weeks, now=clock.now(), zone=clock.zone())
        return Closure(times, {code: self[f"reason_{code}"].data or "" for code in self.languages})

    def refuse(self, field: str, sentence: W | str) -> None:
        """Put a refusal of the reason beside its first language."""
        super().refuse(f"reason_{self.languages[0]}" if field == "reason" else field, sentence)


def closing_form(languages: Sequence[str], *, blank: bool = False) -> ClosingForm:
    """Return the form in the languages of the city, as typed in this request or empty."""
    made: dict[str, Any] = {"languages": tuple(languages)}
    for code in languages:
        made[f"reason_{code}"] = StringField(cast("str", W("Why (%(language)s)", language=code)))
    kind = cast("type[ClosingForm]", type("ClosingIn", (ClosingForm,), made))
    return kind(formdata=None) if blank else kind()


class SpaceForm(Form):
    """A space as staff keep it; a field of words for each language of the city, one of hours for each day."""

    address = StringField(W("Address"))
    district = SelectField(W("District"), validate_choice=False)
    capacity = StringField(W("How many people it holds"))
    is_step_free = BooleanField(W("It can be reached and used without steps"))
    is_open = BooleanField(W("It takes bookings"))
    languages: tuple[str, ...] = ()

    def plan(self) -> Plan:
        """Return what the form says; refuse with Invalid hours that are none, and a district that is none."""
        districts = {one.value for one in self.district.choices}
        if self.district.data not in districts:
            raise Invalid(CHOOSE, field="district")
        return Plan(
            name={code: self[f"name_{code}"].data or "" for code in self.languages},
            about={code: self[f"about_{code}"].data or "" for code in self.languages},
            address=self.address.data or "",
            district=self.district.data,
            capacity=whole(self.capacity.data) or 0,
            week=tuple(self._hours(number) for number in range(opening.DAYS)),
            is_step_free=bool(self.is_step_free.data),
            is_open=bool(self.is_open.data),
        )

    def refuse(self, field: str, sentence: W | str) -> None:
        """Put a refusal of a name beside its first language, of the hours beside Monday."""
        first = self.languages[0]
        places = {"name": f"name_{first}", "about": f"about_{first}", "hours": "hours_0"}
        super().refuse(places.get(field, field), sentence)

    def _hours(self, number: int) -> opening.Hours:
        try:
            return opening.read(self[f"hours_{number}"].data or "")
        except Invalid as refusal:
            raise Invalid(refusal.words, field=f"hours_{number}") from refusal


def space_form(
    languages: Sequence[str],
    districts: Sequence[District],
    space: Space | None = None,
    *,
    blank: bool = False,
) -> SpaceForm:
    """Return the form in the languages of the city: as typed in this request, or as a space stands."""
    made: dict[str, Any] = {"languages": tuple(languages)}
    for code in languages:
        made[f"name_{code}"] = StringField(cast("str", W("Name (%(language)s)", language=code)))
        made[f"about_{code}"] = TextAreaField(cast("str", W("What is there (%(language)s)", language=code)))
    for number, name in enumerate(WEEKDAYS):
        made[f"hours_{number}"] = StringField(cast("str", name))
    kind = cast("type[SpaceForm]", type("SpaceIn", (SpaceForm,), made))
    known = {"is_open": True} if space is None else _typed(space)
    form = kind(formdata=None, data=known) if blank else kind()
    form.district.choices = [
        choice("", W("In no district")),
        *(SelectChoice(one.id, one.name) for one in districts),
    ]
    return form


def _typed(space: Space) -> dict[str, object]:
    same = ("address", "district", "is_step_free", "is_open")
    found: dict[str, object] = {name: getattr(space, name) for name in same}
    found["capacity"] = str(space.capacity)
    for name in ("name", "about"):
        found |= {f"{name}_{code}": text for code, text in getattr(space, name).items()}
    for number, hours in enumerate(space.hours):
        found[f"hours_{number}"] = opening.written(tuple(hours) if hours else None)
    return found
