"""The forms of clerks for letters: on which day they were posted, given, or came back."""

from __future__ import annotations

from portal.notices.letters.actions import LONGEST_WHY
from portal.proposals.forms import fields
from portal.web import Form
from portal.words import W

_DAY = W("Enter the day, like 30/11/2026")


class PostingForm(Form):
    """On which day."""

    posted_on = fields.DayField(W("Day"), validators=fields.needed(_DAY))


class ReturnForm(Form):
    """When a letter came back, and what stands on the envelope."""

    returned_on = fields.DayField(W("Came back on"), validators=fields.needed(_DAY))
    why = fields.line(W("What the post wrote on it"), LONGEST_WHY)


class AddressForm(Form):
    """The right address of a letter that came back."""

    postal = fields.text(W("Address"), 400, W("Write the address: street, postcode and town"))
