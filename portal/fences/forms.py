"""What people type to enter a measure of a fence."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from wtforms import DateField, RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from portal.errors import Invalid
from portal.fences import measures
from portal.fences.models import Fence
from portal.typed import YEARS
from portal.web import Form
from portal.words import W

LONGEST_EVIDENCE = 300
DAY_FORMATS = ["%d/%m/%Y", "%d %m %Y", "%d.%m.%Y", "%Y-%m-%d"]


class DayField(DateField):
    """A day in one box, written as people write it; complains in our own words."""

    data: Any

    def __init__(self, label: W, **options: Any) -> None:
        super().__init__(cast("str", label), format=DAY_FORMATS, **options)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the day; an empty box is refused too."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = None
        if self.data is None or self.data.year not in YEARS:
            raise ValueError(str(W("Enter a day, like 30/11/2026")))


def choice(value: str, label: W) -> SelectChoice:
    """Return one choice; its words find their language when the page is written."""
    return SelectChoice(value, cast("str", label))


class MeasureForm(Form):
    measured_on = DayField(W("On which day was it measured?"))
    evidence = TextAreaField(W("What shows it?"))

    unit = ""
    number: int = 0

    @property
    def day(self) -> date:
        """Return the day of a valid form."""
        return cast("date", self.measured_on.data)

    def validate_evidence(self, field: StringField) -> None:
        """Refuse what does not fit its line."""
        if len(field.data or "") > LONGEST_EVIDENCE:
            raise ValidationError(
                str(W("Shorten this to %(most)s characters or fewer", most=LONGEST_EVIDENCE))
            )

    def validate_value(self, field: StringField) -> None:
        """Read the measure into `number`, in the unit's smallest step."""
        try:
            self.number = measures.read(field.data or "", self.unit)
        except Invalid as refused:
            raise ValidationError(str(refused.words)) from refused


def measure_form(fence: Fence) -> MeasureForm:
    """Return the form that asks in the fence's unit, yes or no or a number; as typed in this request."""
    value: Any = StringField(W("What was measured?"), description=str(measures.how_to_write(fence.unit)))
    if fence.unit == "yes_no":
        value = RadioField(W("What was found?"), choices=[choice("1", W("Yes")), choice("0", W("No"))])
    return cast("MeasureForm", type("MeasureIn", (MeasureForm,), {"value": value, "unit": fence.unit})())
