"""What people and clerks type about where somebody lives."""

from __future__ import annotations

from typing import cast

from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from portal.city import Residents
from portal.people.forms import DAYS, LONGEST_ADDRESS, LONGEST_REASON, DayField, is_address
from portal.residents.documents import LONGEST_NUMBER
from portal.residents.said import DECISIONS
from portal.web import Form
from portal.words import W, current_language

# Room for the blanks and marks that people put between.
LONGEST_TYPED = 2 * LONGEST_NUMBER
LONGEST_POSTCODE = 12
LONGEST_LINE, LONGEST_TOWN = 60, 40
SHOWN, NOT_SHOWN = "shown", "not_shown"


def in_words(words: object) -> str:
    """Return a profile's words in the language of the page, or in its first one."""
    known = cast("dict[str, str]", words)
    return known.get(current_language()) or next(iter(known.values()))


class NumberForm(Form):
    """The number that tells a human; its label is the city's."""

    number = StringField(
        "", [InputRequired(W("Enter the number of your document")), Length(max=LONGEST_TYPED)]
    )

    def __init__(self, rules: Residents, **shown: object) -> None:
        super().__init__(**shown)
        self["number"].label.text = in_words(rules.document_name)


class CensusForm(NumberForm):
    """What a person says of themselves, to be compared with the census."""

    born_on = DayField(W("Day of birth"), [InputRequired(W("Enter your day of birth"))], format=DAYS)
    postcode = StringField(
        W("Postcode of your home"),
        [InputRequired(W("Enter the postcode of your home")), Length(max=LONGEST_POSTCODE)],
    )

    def __init__(self, rules: Residents, **shown: object) -> None:
        super().__init__(rules, **shown)
        if not rules.asks_postcode:
            del self.postcode


class LetterForm(NumberForm):
    """Where a letter with a code goes."""

    name = StringField(W("Name"), [InputRequired(W("Enter the name")), Length(max=LONGEST_LINE)])
    street = StringField(
        W("Street and number"), [InputRequired(W("Enter street and number")), Length(max=LONGEST_LINE)]
    )
    postcode = StringField(
        W("Postcode"), [InputRequired(W("Enter the postcode of your home")), Length(max=LONGEST_POSTCODE)]
    )
    town = StringField(W("Town"), [InputRequired(W("Enter the town")), Length(max=LONGEST_TOWN)])


class CodeForm(Form):
    """The code of a letter."""

    code = StringField(
        W("Code of the letter"), [InputRequired(W("Type the code of the letter")), Length(max=LONGEST_LINE)]
    )


class FindForm(Form):
    """The address of the account that somebody at the counter has."""

    email = StringField(
        W("E-mail address of the account"),
        [InputRequired(W("Enter the address")), Length(max=LONGEST_ADDRESS), is_address],
    )


class CheckForm(NumberForm):
    """What a clerk was shown, and whether it shows that this person lives here."""

    kind = RadioField(W("What were you shown?"), [InputRequired(W("Choose what you were shown"))])
    result = RadioField(
        W("What does it show?"),
        [InputRequired(W("Choose what it shows"))],
        choices=[
            SelectChoice(SHOWN, cast("str", W("This person, with an address in the city"))),
            SelectChoice(NOT_SHOWN, cast("str", W("Another person, or no address in the city"))),
        ],
    )

    def __init__(self, rules: Residents, **shown: object) -> None:
        super().__init__(rules, **shown)
        self["kind"].choices = [SelectChoice(one.id, in_words(one.name)) for one in rules.shown]


class DecisionForm(Form):
    """Whose document it is, and why."""

    decision = RadioField(
        W("Your decision"),
        [InputRequired(W("Choose a decision"))],
        choices=[SelectChoice(value.value, cast("str", words)) for value, words in DECISIONS.items()],
    )
    reason = TextAreaField(
        W("Reason"), [InputRequired(W("Say why you decide so")), Length(max=LONGEST_REASON)]
    )


class RevocationForm(Form):
    """Why somebody's status is ended."""

    reason = StringField(
        W("Reason"), [InputRequired(W("Say why the status is ended")), Length(max=LONGEST_REASON)]
    )


__all__ = [
    "NOT_SHOWN",
    "SHOWN",
    "CensusForm",
    "CheckForm",
    "CodeForm",
    "DecisionForm",
    "FindForm",
    "LetterForm",
    "NumberForm",
    "RevocationForm",
]
