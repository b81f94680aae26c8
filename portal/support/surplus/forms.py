"""What is typed about surplus: a group's declaration, and a row of the bank."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import StopValidation, ValidationError

from portal.errors import Invalid
from portal.fences.forms import DayField, choice
from portal.money import euro, parse_cents
from portal.support.surplus.actions import Paid, Statement
from portal.typed import whole
from portal.web import Form
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wtforms import Field

    from portal.support.models.surplus import Surplus


class SumField(StringField):
    """An amount of money; the value is in cents, what was typed is shown again as it was."""

    value: int | None = None

    def pre_validate(self, _form: Any) -> None:
        """Read the amount into `value`; refuse nothing typed as well."""
        try:
            self.value = parse_cents(self.data or "")
        except Invalid as refused:
            raise StopValidation(str(refused.words)) from refused


class DeclarationForm(Form):
    """What a group says of one year."""

    year = StringField(W("Year"))
    surplus = SumField(W("Surplus of the year"))
    transferred = SumField(W("Of that, to the commons fund"))
    basis = StringField(W("Which accounts show it?"))
    clause = StringField(W("Which article or fence binds you to it?"))
    why = StringField(W("Why you correct what was declared"))

    @property
    def statement(self) -> Statement:
        """Return what a valid form says."""
        return Statement(
            year=whole(self.year.data) or 0,
            surplus_cents=self.surplus.value or 0,
            transferred_cents=self.transferred.value or 0,
            basis=self.basis.data or "",
            clause=self.clause.data or "",
            why=self.why.data or "",
        )


class ArrivalForm(Form):
    """A row of the bank."""

    amount = SumField(W("How much arrived?"))
    arrived_on = DayField(W("When did it arrive?"))
    bank_reference = StringField(W("Reference of the bank"))

    @property
    def paid(self) -> Paid:
        """Return what a valid form says."""
        assert self.arrived_on.data is not None  # noqa: S101 - a valid form has a day
        return Paid(self.amount.value or 0, self.arrived_on.data, self.bank_reference.data or "")


LONGEST_REASON = 2000


class MoveForm(Form):
    """To whom money belongs that was entered for another group, and why."""

    to = SelectField(W("To whom does it belong?"), default="")
    reason = TextAreaField(W("Reason (public)"))

    def offer(self, expecting: Iterable[tuple[Surplus, str]]) -> MoveForm:
        """Offer what groups declared and is still to arrive."""
        said = (
            (
                one.id,
                W(
                    "%(group)s, %(year)s: %(rest)s to arrive",
                    group=name,
                    year=one.year,
                    rest=euro(one.rest_cents),
                ),
            )
            for one, name in expecting
        )
        self.to.choices = [
            choice("", W("Choose the group and its year")),
            *(choice(str(n), w) for n, w in said),
        ]
        return self

    @property
    def number(self) -> int:
        """Return the number of the declaration that was chosen, 0 where none was."""
        return whole(self.to.data) or 0

    def validate_reason(self, field: Field) -> None:
        """Refuse a reason that nobody would read to its end."""
        if len(field.data or "") > LONGEST_REASON:
            raise ValidationError(str(W("Shorten this to %(most)s characters or fewer", most=LONGEST_REASON)))


def move_form(expecting: Iterable[tuple[Surplus, str]], *, empty: bool = False) -> MoveForm:
    """Return the form that names the right group; it stands beside another one on its page."""
    form = MoveForm(formdata=None, prefix="to-") if empty else MoveForm(prefix="to-")
    return form.offer(expecting)


def arrival_form(number: int, *, empty: bool = False) -> ArrivalForm:
    """Return the form of one declaration; its names and ids are its own."""
    return ArrivalForm(formdata=None, prefix=f"d{number}-") if empty else ArrivalForm(prefix=f"d{number}-")
