"""What officials and groups type between promise and settlement."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from wtforms import BooleanField, Field, FileField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from portal.errors import Invalid
from portal.fences.forms import DayField, choice
from portal.money import parse_cents
from portal.support.amounts import read
from portal.support.handing.said import GROUNDS
from portal.support.lateness import Due
from portal.web import Form
from portal.words import W

PARTS = 6
_DAY = W("Enter a day, like 30/11/2026")


class MaybeDayField(DayField):
    """A day that may be left out."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the day; an empty box is no day."""
        if not any(one.strip() for one in valuelist):
            self.data = None
            return
        super().process_formdata(valuelist)


class WhyForm(Form):
    reason = TextAreaField(W("Reason (public)"), [Length(max=2000)])


class PartForm(Form):
    amount = StringField(W("How much arrived?"))
    delivered_on = DayField(W("When did it arrive?"))
    evidence = StringField(W("What shows it?"), [Length(max=300)])
    document = FileField(W("Document or photo"))
    condition = StringField(W("In which condition?"), [Length(max=300)])
    due_back_on = MaybeDayField(W("When is it due back?"))
    policy = StringField(W("Number of the policy"), [Length(max=60)])
    covered_from = MaybeDayField(W("First day of the cover"))
    covered_until = MaybeDayField(W("Last day of the cover"))
    legal_basis = StringField(W("Rule that allows it"), [Length(max=200)])

    unit = ""
    number: int = 0

    def validate_amount(self, field: Field) -> None:
        """Read the amount into `number`, in the unit's smallest step."""
        self.number = amount_in(field, self.unit)


class BackForm(Form):
    amount = StringField(W("How much comes back?"))
    back_on = DayField(W("When?"))
    reason = StringField(W("Why? (public)"), [Length(max=300)])
    condition = StringField(W("In which condition?"), [Length(max=300)])
    loan = SelectField(W("Of which loan?"), choices=[], validate_choice=False)
    is_lost = BooleanField(W("It is lost or broken and is written off"))

    unit = ""
    number: int = 0

    def validate_amount(self, field: Field) -> None:
        """Read the amount into `number`, in the unit's smallest step."""
        self.number = amount_in(field, self.unit)


class AnswerForm(Form):
    answer = TextAreaField(W("What does the city do about it?"), [Length(max=2000)])


class ObjectionForm(Form):
    ground = SelectField(W("What is wrong?"), choices=[choice(key, words) for key, words in GROUNDS.items()])
    reason = TextAreaField(W("What is missing or wrong?"), [Length(max=2000)])


class DeclarationForm(Form):
    is_undertaking = BooleanField(W("We offer goods or services on a market"))
    other_aid = StringField(W("Other aid of this kind within three years, from anybody"))
    other_funding = StringField(W("Other public money for the same things"), [Length(max=300)])

    cents: int = 0

    def validate_other_aid(self, field: Field) -> None:
        """Read the sum into `cents`; nothing typed is nothing got."""
        try:
            self.cents = parse_cents(field.data, field="other_aid") if (field.data or "").strip() else 0
        except Invalid as refused:
            raise ValidationError(str(refused.words)) from refused


class PlanForm(Form):
    """Up to six parts, each with its day and amount; a part left empty is none."""

    unit = ""

    def parts(self) -> list[Due]:
        """Return the parts as typed. Refuses with Invalid half a part and what is no amount."""
        found = []
        for number in range(1, PARTS + 1):
            on, typed = (
                self._fields[f"on_{number}"].data,
                (self._fields[f"amount_{number}"].data or "").strip(),
            )
            if on is None and not typed:
                continue
            if on is None or not typed:
                raise Invalid(W("Enter an amount and a day for each part"), field=f"on_{number}")
            found.append(Due(cast("date", on), read(typed, self.unit, field=f"amount_{number}")))
        return found


def with_own_ids(form: Form, name: str) -> Form:
    """Return a form whose fields have ids of their own on a page with several forms."""
    for field in form:
        field.id = field.label.field_id = f"{name}-{field.name}"
    return form


def plan_form(unit: str) -> PlanForm:
    """Return the form that asks days and amounts of the parts."""
    fields: dict[str, Any] = {"unit": unit}
    for number in range(1, PARTS + 1):
        fields[f"on_{number}"] = MaybeDayField(W("Day of part %(number)s", number=number))
        fields[f"amount_{number}"] = StringField(W("Amount of part %(number)s", number=number))
    return cast("PlanForm", type("PlanIn", (PlanForm,), fields)())


def amount_in(field: Field, unit: str) -> int:
    """Return a typed amount in the smallest step of its unit."""
    try:
        return read(field.data or "", unit)
    except Invalid as refused:
        raise ValidationError(str(refused.words)) from refused
