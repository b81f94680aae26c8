"""The forms of the counter: find a person, enter one, say how they are reached, keep a scan, connect."""

from __future__ import annotations

from typing import Any

from wtforms import FileField

from portal.proposals.forms import fields
from portal.proposals.shapes import Contact
from portal.web import Form
from portal.words import W

WAY_WORDS = {"letter": W("By letter"), "phone": W("By phone"), "office": W("At the district office")}
_BORN = W("Enter the birth date, like 30/11/1950")


def _born() -> fields.DayField:
    return fields.DayField(W("Birth date"), validators=fields.needed(_BORN))


class Apart(Form):
    """A form that shares its page with others: its fields keep their names, but get ids of their own."""

    mark = ""

    def process(self, *args: Any, **kwargs: Any) -> None:
        """Give the fields their ids before anything is shown."""
        super().process(*args, **kwargs)
        for field in self:
            field.id = f"{self.mark}-{field.short_name}"


class CaseForm(Apart):
    """A case that was entered at a counter, and whose it is."""

    mark = "case"
    code = fields.line(W("Code"), 40, W("Enter the code, like PR-7Q4K-29"))
    born_on = _born()


class NameForm(Apart):
    """A name, or how its words begin."""

    mark = "look"
    name = fields.line(W("Name"), 120, W("Type at least three letters of the name"))


class BirthForm(Apart):
    """Who of those found it is."""

    mark = "found"
    person = fields.line(W("Person"), 40)
    born_on = _born()


class ReachForm(Form):
    """How a person is reached."""

    way = fields.choice(
        W("How do we reach this person?"), list(WAY_WORDS.items()), W("Choose how we reach this person")
    )
    postal = fields.postal(W("Postal address"))
    phone = fields.phone(W("Phone number"))

    def contact(self, name: str) -> Contact:
        """Return what was typed."""
        return Contact(name, self.postal.data or "", self.phone.data or "", self.way.data or "letter")


class NewcomerForm(ReachForm):
    """Somebody who is here for the first time."""

    name = fields.line(W("Name and surname"), 120, W("Enter the person's name"))
    born_on = _born()
    language = fields.pick(W("Language of letters"), [])

    def offer(self, languages: list[tuple[str, str]]) -> None:
        """Offer the languages of the portal."""
        self.language.choices = fields.options(languages)
        self.language.validators = [fields.OneOf({code for code, _ in languages})]


class ScanForm(Form):
    """The scan of the signed summary."""

    scan = FileField(W("The signed paper"))


class ConnectForm(Form):
    """The number of a case and the code from the letter."""

    code = fields.line(W("Your number"), 40, W("Enter the code, like PR-7Q4K-29"))
    secret = fields.line(W("Code from the letter"), 40, W("Enter the code that stands in the letter"))
