"""What people type in the rooms of a pact: answers, terms, agreement, signature, reports, measures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

from wtforms import (
    DateField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from portal import money
from portal.errors import Invalid
from portal.typed import YEARS, whole
from portal.web import Form
from portal.words import W, say

if TYPE_CHECKING:
    from wtforms import Field

    from portal.city import Profile, SupportKind

DATE_FORMATS = ["%d/%m/%Y", "%d %m %Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y"]
MOST_ROWS = 40
SIDES = [("community", W("The community")), ("city", W("The city"))]
RHYTHMS = [
    ("once", W("once")),
    ("week", W("every week")),
    ("month", W("every month")),
    ("quarter", W("every quarter")),
    ("year", W("every year")),
]
UNITS = {
    "cent": W("%(kind)s, in %(currency)s"),
    "hour": W("%(kind)s, in hours"),
    "piece": W("%(kind)s, in pieces"),
}
COSTS = [
    ("", W("none")),
    ("materials", W("Materials that last")),
    ("consumables", W("Things that are used up")),
    ("protection", W("Protective equipment")),
    ("insurance", W("Insurance")),
    ("services", W("Services to organise, coordinate and train")),
]
OUTCOMES = [("kept", W("Kept")), ("late", W("Late")), ("not_done", W("Not done"))]
VERBS = [
    ("suspend", W("Suspend the pact")),
    ("resume", W("Resume the pact")),
    ("conclude", W("Conclude the pact")),
    ("terminate", W("End the pact early")),
]
_DAY = W("Enter a day, like 30/11/2026")
_WHOLE = W("Enter a whole number, like 12")


def choices(rows: Iterable[tuple[str, W | str]]) -> list[SelectChoice]:
    """Return choices whose words find their language when the page is written."""
    return [SelectChoice(value, cast("str", label)) for value, label in rows]


def with_blanks(
    rows: Iterable[Mapping[str, Any]], blank: Mapping[str, Any], most: int
) -> list[Mapping[str, Any]]:
    """Return the rows of a list with some blank ones after them, never more than a form may hold."""
    return [*rows, *[blank] * most][:MOST_ROWS]


class EuroField(StringField):
    """An amount as people write it; `data` is what was typed, `cents` the amount or None."""

    cents: int | None = None

    def post_validate(self, form: Any, validation_stopped: bool) -> None:  # noqa: FBT001 - WTForms calls it so
        """Read the amount; an empty box is no amount."""
        super().post_validate(form, validation_stopped)
        if not self.data:
            return
        try:
            self.cents = money.parse_cents(self.data)
        except Invalid as error:
            raise ValidationError(say(error.words)) from error


class DayField(DateField):
    """A day as people write it; refuses the rest with our own sentence."""

    data: Any

    def __init__(self, label: W, validators: Any = None, **options: Any) -> None:
        super().__init__(label, validators, format=DATE_FORMATS, **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day, or say how days are written."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(say(_DAY)) from error
        if self.data is not None and self.data.year not in YEARS:
            self.data = None
            raise ValueError(say(_DAY))

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(self.raw_data)
        return self.data.strftime("%d/%m/%Y") if self.data else ""


class Between:
    """Refuse a number outside the two with our sentence; what could not be read was refused before."""

    def __init__(self, least: int, most: int, sentence: W) -> None:
        self.least, self.most, self.sentence = least, most, sentence

    def __call__(self, _form: object, field: Field) -> None:
        if field.data is not None and not self.least <= field.data <= self.most:
            raise ValidationError(say(self.sentence))


class WholeField(IntegerField):
    """A whole number in ASCII digits: int() would also take underlines, signs and other scripts' digits."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number, or say how numbers are written."""
        typed = valuelist[0].strip() if valuelist else ""
        self.data = whole(typed)
        if typed and self.data is None:
            raise ValueError(say(_WHOLE))


class Row(PlainForm):
    """A row of a list: cleaned like every form, but without a token of its own."""

    class Meta(Form.Meta):
        """The token stands once, in the form around it."""

        csrf = False


class AnswerForm(Form):
    decision = RadioField(
        W("Your answer"),
        [InputRequired(W("Choose an answer"))],
        choices=choices([("accept", W("Accept")), ("decline", W("Decline"))]),
    )
    answer = TextAreaField(W("Why"), [Length(max=2000)])

    def validate_answer(self, field: Field) -> None:
        if self.decision.data == "decline" and not field.data:
            raise ValidationError(say(W("Say why, so that the other side understands.")))


class PrescriptionForm(Form):
    """How the text answers something an office prescribed."""

    answer = RadioField(
        W("How the text answers it"),
        [InputRequired(W("Choose how the text answers it"))],
        choices=choices([("met", W("A version meets it")), ("not_followed", W("It is not followed"))]),
    )
    version = WholeField(W("Which version"), [Optional()])
    because = TextAreaField(W("Why it is not followed"), [Length(max=1000)])


class CommitmentRow(Row):
    id = HiddenField()
    side = SelectField(W("Who"), choices=choices(SIDES))
    what = StringField(W("What"), [Length(max=200)])
    quantity = WholeField(W("How many"), [Optional(), Between(1, 100000, _WHOLE)])
    unit = StringField(W("Of what"), [Length(max=40)])
    per = SelectField(W("How often"), choices=choices(RHYTHMS))
    evidence = StringField(W("What shows it"), [Length(max=200)])


class SupportRow(Row):
    id = HiddenField()
    kind = SelectField(W("Kind"))
    what = StringField(W("What for"), [Length(max=300)])
    euro = EuroField(W("Amount of money"), [Length(max=30)])
    number = WholeField(W("Hours or pieces"), [Optional(), Between(0, 100000, _WHOLE)])
    plan = SelectField(W("Size of server"))
    months = WholeField(W("Months"), [Optional(), Between(0, 120, W("Enter months from 0 to 120"))])
    costs = SelectField(W("Kind of cost"), choices=choices(COSTS), default="")
    due_on = DayField(W("The city gives it by"), [Optional()])
    conditions = StringField(W("On what conditions"), [Length(max=300)])


class FenceRow(Row):
    catalogue = HiddenField()
    threshold = WholeField(W("Limit"), [Optional(), Between(0, 10**9, W("Enter a whole number, like 40"))])
    source = HiddenField()


class TermsForm(Form):
    version = HiddenField()
    starts_on = DayField(W("First day"), [InputRequired(_DAY)])
    ends_on = DayField(W("Last day"), [InputRequired(_DAY)])
    commitments = FieldList(FormField(CommitmentRow), max_entries=MOST_ROWS)
    support = FieldList(FormField(SupportRow), max_entries=MOST_ROWS)
    fences = FieldList(FormField(FenceRow), max_entries=MOST_ROWS)
    note = TextAreaField(W("What changes, in a sentence"), [Length(max=300)])

    def offer(self, profile: Profile, language: str) -> None:
        """Offer the city's kinds of support, each with what it is counted in, and its sizes of servers."""
        kinds = choices((one.id, _counted(one, language)) for one in profile.support_kinds)
        plans = choices([("", W("none")), *((one.id, one.name[language]) for one in profile.server_plans)])
        for row in self.support:
            row.form.kind.choices, row.form.plan.choices = kinds, plans


def _counted(support: SupportKind, language: str) -> W | str:
    name = support.name[language]
    if not support.allocated or support.unit not in UNITS:
        return name
    return W(UNITS[support.unit].id, kind=name, currency=money.Currency())


class AgreeForm(Form):
    version = WholeField(W("Version"), [InputRequired()])
    content_hash = HiddenField(W("Hash"), [InputRequired(), Length(min=64, max=64)])


class ReasonForm(Form):
    reason = TextAreaField(
        W("Why"),
        [InputRequired(W("Say why, so that the other side understands.")), Length(max=1000)],
        id="return-reason",
    )


class LifeForm(Form):
    verb = SelectField(
        W("What happens"),
        choices=choices(VERBS),
    )
    reason = TextAreaField(
        W("Reason"),
        [InputRequired(W("Give the reason: everybody can read it.")), Length(max=1000)],
        id="life-reason",
    )
    source = StringField(
        W("Clause or rule"),
        [InputRequired(W("Name the clause or the rule on which this rests.")), Length(max=200)],
        id="life-source",
    )


class SignForm(Form):
    content_hash = HiddenField(W("Hash"), [InputRequired(), Length(min=64, max=64)])


class OutcomeRow(Row):
    promise = HiddenField()
    state = RadioField(W("What became of it"), choices=choices(OUTCOMES), validate_choice=False)
    done = WholeField(W("How many were done"), [Optional(), Between(0, 1_000_000, _WHOLE)])
    note = StringField(W("Where it can be seen, or why not"), [Length(max=300)])

    def validate_state(self, field: Field) -> None:
        if field.data not in {value for value, _ in OUTCOMES}:
            raise ValidationError(say(W("Choose Kept, Late or Not done")))


class FigureRow(Row):
    label = StringField(W("Figure"), [Length(max=120)])
    value = WholeField(W("Number"), [Optional(), Between(0, 10**9, _WHOLE)])
    unit = StringField(W("Unit"), [Length(max=40)])
    source = StringField(W("Source"), [Length(max=200)])


class ReportForm(Form):
    number = HiddenField()
    objectives = TextAreaField(
        W("What was this period for?"), [InputRequired(W("Say what the period was for.")), Length(max=6000)]
    )
    actions = TextAreaField(W("What was done?"), [InputRequired(W("Say what was done.")), Length(max=6000)])
    outcomes = FieldList(FormField(OutcomeRow), max_entries=MOST_ROWS)
    results = TextAreaField(
        W("What came of it?"), [InputRequired(W("Say what came of it.")), Length(max=6000)]
    )
    spent = EuroField(W("Money spent"), [Length(max=30)])
    volunteer_hours = WholeField(
        W("Hours given by volunteers"),
        [Optional(), Between(0, 1_000_000, _WHOLE)],
    )
    people = WholeField(W("People who took part"), [Optional(), Between(0, 1_000_000, _WHOLE)])
    other = TextAreaField(W("Other means that were used"), [Length(max=2000)])
    figures = FieldList(FormField(FigureRow), max_entries=MOST_ROWS)
    next_steps = TextAreaField(W("What comes next?"), [Length(max=3000)])


class AcceptanceForm(Form):
    reason = TextAreaField(
        W("Public reason"),
        [InputRequired(W("Say why, in a sentence that everybody may read")), Length(max=2000)],
    )
    pact_class = RadioField(
        W("What kind of pact this becomes"), [InputRequired(W("Choose what kind of pact this becomes."))]
    )
