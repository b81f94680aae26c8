"""What is typed about pledges: one by hand, rows of a file, what arrived."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wtforms import BooleanField

from portal.proposals.forms import fields
from portal.proposals.matching.actions import Seen
from portal.proposals.matching.rows import LONGEST_EVIDENCE, LONGEST_NAME, LONGEST_REFERENCE, Row
from portal.web import Form
from portal.words import W

if TYPE_CHECKING:
    from datetime import date

LONGEST_FILE = 200_000


class PledgeForm(Form):
    """One pledge, entered by the group."""

    amount = fields.MoneyField(W("Amount"), validators=fields.needed(W("Say how much was pledged")))
    pledged_on = fields.DayField(W("Day"), validators=fields.needed(W("Say on which day")))
    reference = fields.line(
        W("Reference"), LONGEST_REFERENCE, W("Give each pledge a short reference of its own.")
    )
    name = fields.line(W("Public name"), LONGEST_NAME)
    address = fields.email(W("E-mail (never public)"))
    evidence = fields.line(W("What shows it?"), LONGEST_EVIDENCE)

    @property
    def row(self) -> Row:
        """Return the pledge of a valid form."""
        name = self.name.data or ""
        return Row(
            self.pledged_on.value,
            self.amount.value,
            self.reference.data or "",
            name=name,
            email=self.address.data or "",
            is_named=bool(name),
            evidence=self.evidence.data or "",
        )


class RowsForm(Form):
    """The file of a platform, put into a box."""

    rows = fields.text(W("Rows of the file"), LONGEST_FILE, W("Put in the heads and at least one row."))


class ReturnForm(Form):
    """Why the rest of a match goes back."""

    return_reason = fields.text(
        W("Why does it go back?"), 1_000, W("Write the reason: everybody can read it.")
    )


class SeenForm(Form):
    """What the treasurer saw arrive of the pledges that were ticked."""

    received_on = fields.DayField(W("When did it arrive?"), validators=fields.needed(W("Say on which day")))
    evidence = fields.line(
        W("What shows it?"),
        LONGEST_EVIDENCE,
        W("Say what shows it, like the number of the payment order"),
    )
    received = fields.MoneyField(W("Less than was pledged? What arrived of each"))
    nothing = BooleanField(W("Nothing arrived of these"))

    @property
    def seen(self) -> Seen:
        """Return what shows it."""
        day: date = self.received_on.value
        return Seen(day, self.evidence.data or "")

    def cents_of(self, pledged: int) -> int:
        """Return what arrived of a pledge: all of it where nothing else is said."""
        if self.nothing.data:
            return 0
        return self.received.value if self.received.value is not None else pledged
