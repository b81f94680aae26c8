"""What people type about money paid in parts: a plan, a cost, an account, a batch, an answer of the bank."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, cast

from flask_wtf.file import FileField
from wtforms import Field, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from portal.city.paying import CostCategory
from portal.errors import Invalid
from portal.fences.forms import DayField, choice
from portal.money import as_typed, parse_cents
from portal.support.payments import reasons
from portal.support.payments.actions.checking import Judged
from portal.support.payments.conditions import Part, Planned
from portal.support.payments.models import CostStatement, PaymentPlan
from portal.support.payments.rules_of import InWords
from portal.web import Form
from portal.words import W

PARTS = 4
LONGEST = 2000


class AnyDayField(DayField):
    """A day that may be left out."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the day, where there is one."""
        if valuelist and valuelist[0].strip():
            super().process_formdata(valuelist)
        else:
            self.data = None


def _cents(field: Field) -> int:
    try:
        return parse_cents(field.data or "")
    except Invalid as refused:
        raise ValidationError(str(refused.words)) from refused


class PlanForm(Form):
    advance = StringField(W("Advance"))
    advance_on = AnyDayField(W("Paid on"))
    project_code = StringField(W("Code of the project (CUP)"))
    tender_code = StringField(W("Code of the tender (CIG)"))

    def planned(self) -> list[Planned]:
        """Return the parts that were typed, in their order; refuses with Invalid an amount that is none."""
        found = (
            [Planned(Part.ADVANCE, self._read("advance"), self.advance_on.data)] if self.advance.data else []
        )
        for number in range(1, PARTS + 1):
            if self._fields[f"part_{number}"].data:
                on = self._fields[f"part_{number}_on"].data
                found.append(Planned(Part.INSTALMENT, self._read(f"part_{number}"), on))
        return found

    def _read(self, name: str) -> int:
        return parse_cents(self._fields[name].data or "", field=name)


def plan_form(plan: PaymentPlan | None, amount: int) -> PlanForm:
    """Return the form of a plan, filled with the one that stands, or with one part for all of it."""
    fields: dict[str, Any] = {}
    for number in range(1, PARTS + 1):
        fields[f"part_{number}"] = StringField(W("Part %(number)s", number=number))
        fields[f"part_{number}_on"] = AnyDayField(W("Not before"))
    return cast("PlanForm", type("PlanIn", (PlanForm,), fields)(data=_planned_before(plan, amount)))


def _planned_before(plan: PaymentPlan | None, amount: int) -> dict[str, Any]:
    if plan is None:
        return {"part_1": as_typed(amount)}
    found: dict[str, Any] = {"project_code": plan.project_code, "tender_code": plan.tender_code}
    number = 0
    for one in plan.tranches:
        number += one.kind != Part.ADVANCE
        name = "advance" if one.kind == Part.ADVANCE else f"part_{number}"
        found[name], found[f"{name}_on"] = as_typed(one.amount), one.due_on
    return found


class CostForm(Form):
    spent_on = DayField(W("Day on the receipt"))
    category = SelectField(W("What kind of cost is it?"))
    what = StringField(W("What was bought?"))
    supplier = StringField(W("Who issued the receipt?"))
    receipt_number = StringField(W("Number of the receipt"))
    amount = StringField(W("Amount"))
    receipt = FileField(W("The receipt"))

    cents: int = 0

    @property
    def day(self) -> date:
        """Return the day of a valid form."""
        return cast("date", self.spent_on.data)

    def validate_amount(self, field: Field) -> None:
        """Read the amount into `cents`."""
        self.cents = _cents(field)


def cost_form(categories: Iterable[CostCategory]) -> CostForm:
    """Return the form of one cost, with the kinds of costs of the city, also those that are not paid."""
    form = CostForm()
    form.category.choices = [
        SelectChoice("", cast("str", W("Choose"))),
        *(SelectChoice(one.id, cast("str", InWords(one.name))) for one in categories),
    ]
    return form


class ReasonForm(Form):
    reason = TextAreaField(W("What should change?"))

    def validate_reason(self, field: Field) -> None:
        """Refuse a reason that nobody would read to its end."""
        if len(field.data or "") > LONGEST:
            raise ValidationError(str(W("Shorten this to %(most)s characters or fewer", most=LONGEST)))


class JudgingForm(Form):
    def judged(self, statement: CostStatement) -> dict[int, Judged]:
        """Return how much of each cost is accepted; refuses with Invalid an amount that is none."""
        return {
            line.id: Judged(self._accepted(line.id), self._fields[f"reason_{line.id}"].data or "")
            for line in statement.lines
        }

    def _accepted(self, number: int) -> int:
        return parse_cents(self._fields[f"accepted_{number}"].data or "", field=f"accepted_{number}")


def judging_form(statement: CostStatement) -> JudgingForm:
    """Return the form that asks of each cost how much of it is accepted."""
    fields: dict[str, Any] = {}
    for line in statement.lines:
        whole = line.amount if line.accepted is None else line.accepted
        fields[f"accepted_{line.id}"] = StringField(W("Accepted sum"), default=as_typed(whole) or "0")
        fields[f"reason_{line.id}"] = StringField(W("Why not all of it"), default=line.reason)
    return cast("JudgingForm", type("JudgingIn", (JudgingForm,), fields)())


class AccountForm(Form):
    holder = StringField(W("Name of the account's holder"))
    account = StringField(W("Account (IBAN)"))
    again = StringField(W("The same account again"))


class ReadBackForm(Form):
    read_back = StringField(W("Last six signs of the account, as the group reads them to you"))


class RefusalForm(Form):
    reason = StringField(W("Why is it not confirmed?"))


class BatchForm(Form):
    parts = SelectMultipleField(W("Payments that are due"))
    execute_on = DayField(W("Day on which the bank pays"))


def batch_form(rows: Sequence[tuple[int, W]], on: date) -> BatchForm:
    """Return the form that puts due parts into a batch; all of them are chosen to begin with."""
    form = BatchForm(data={"parts": [str(number) for number, _ in rows], "execute_on": on})
    form.parts.choices = [choice(str(number), words) for number, words in rows]
    return form


class BankFileForm(Form):
    file = FileField(W("The bank's file (pain.002 or camt.054)"))


class AnswerForm(Form):
    outcome = RadioField(
        W("What did the bank say?"), choices=[choice("paid", W("Paid")), choice("rejected", W("Rejected"))]
    )
    reason_code = SelectField(W("The bank's reason, where it did not pay"))
    on = DayField(W("Day of the booking"))
    reference = StringField(W("The bank's reference"))


class SentBackForm(Form):
    reason_code = SelectField(W("The bank's reason"))
    on = DayField(W("Day of the booking"))
    reference = StringField(W("The bank's reference"))


class ReturnForm(Form):
    amount = StringField(W("Amount"))
    on = DayField(W("Day of the booking"))
    reference = StringField(W("The bank's reference"))
    evidence = StringField(W("What shows it"))

    cents: int = 0

    def validate_amount(self, field: Field) -> None:
        """Read the amount into `cents`."""
        self.cents = _cents(field)


def sent_back_form() -> SentBackForm:
    """Return the form that says why a bank sent back what it had paid."""
    form = SentBackForm()
    form.reason_code.choices = _reasons(W("Choose"))
    return form


def answer_form() -> AnswerForm:
    """Return the form that asks what the bank said of one payment."""
    form = AnswerForm()
    form.reason_code.choices = _reasons(W("None"))
    return form


def _reasons(none: W) -> list[Any]:
    known = [
        choice(code, W("%(words)s (%(code)s)", code=code, words=words))
        for code, words in reasons.WORDS.items()
    ]
    return [choice("", none), *known]
