"""What people type about groups: the entry, invitations, requests, mandates, and what the city checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from portal.organisations.actions import About
from portal.organisations.said import KINDS, SCOPES
from portal.people.forms import DAYS, DayField, is_address, one_line
from portal.web import Form
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Mapping


def _choices(words: Mapping[Any, W]) -> list[SelectChoice]:
    return [SelectChoice(one.value, cast("str", said)) for one, said in words.items()]


class AboutForm(Form):
    """What stands in the register."""

    name = StringField(
        W("Name of the group"),
        [InputRequired(W("Enter the name of the group, as people know it")), Length(max=160)],
        filters=[one_line],
    )
    kind = RadioField(
        W("What kind of group is it?"),
        [InputRequired(W("Say what kind of group it is"))],
        choices=_choices(KINDS),
    )
    summary = TextAreaField(W("What the group does, in a sentence or two"), [Length(max=400)])
    tax_id = StringField(W("Tax number"), [Length(max=30)], filters=[one_line])
    register_number = StringField(W("Register and number"), [Length(max=60)], filters=[one_line])
    seat = StringField(W("Seat"), [Length(max=200)], filters=[one_line])
    is_seat_public = BooleanField(W("Show the seat on the public page"))
    website = StringField(W("Web site"), [Length(max=300)], filters=[one_line])
    contact_email = StringField(W("E-mail of the group"), [Optional(), Length(max=254), is_address])
    contact_phone = StringField(W("Phone of the group"), [Length(max=40)], filters=[one_line])
    is_contact_public = BooleanField(W("Show e-mail and phone on the public page"))
    is_another = BooleanField(W("None of these: our group is another one"))

    def about(self) -> About:
        """Return what was typed."""
        return About(
            name=self.name.data,
            kind=self.kind.data,
            summary=self.summary.data,
            tax_id=self.tax_id.data,
            register_number=self.register_number.data,
            seat=self.seat.data,
            is_seat_public=self.is_seat_public.data,
            website=self.website.data,
            contact_email=self.contact_email.data,
            contact_phone=self.contact_phone.data,
            is_contact_public=self.is_contact_public.data,
        )


class InviteForm(Form):
    """An address to be invited."""

    email = StringField(
        W("E-mail address"), [InputRequired(W("Enter an e-mail address")), Length(max=254), is_address]
    )
    decides = BooleanField(W("They speak for the group, like you"))


class RequestForm(Form):
    """A request to belong to a group."""

    message = TextAreaField(W("A word to the group"), [Length(max=600)])


class AcceptForm(Form):
    """An invitation taken up."""

    other_account = BooleanField(W("Take it up with this account"))


class MandateForm(Form):
    """Who may bind the group, for what, how long, and who decided it."""

    person = SelectField(W("Member"), [InputRequired(W("Choose a member"))], validate_choice=False)
    scope = RadioField(
        W("For what?"), [InputRequired(W("Say for what the mandate is"))], choices=_choices(SCOPES)
    )
    case = StringField(W("Code of the pact or proposal"), [Length(max=20)], filters=[one_line])
    purpose = StringField(W("In your own words"), [Length(max=300)], filters=[one_line])
    starts_on = DayField(W("First day"), [InputRequired(W("Enter the first day"))], format=DAYS)
    ends_on = DayField(W("Last day"), [Optional()], format=DAYS)
    decided_by = StringField(
        W("Who decided it, and where is it written?"),
        [
            InputRequired(
                W("Say who decided and where it is written, like “Assembly of 12 May 2026, minutes no. 4”")
            ),
            Length(max=300),
        ],
        filters=[one_line],
    )
    document = FileField(W("Document that shows it"))


class CheckForm(Form):
    """What an official looked at, and until when it holds."""

    source = StringField(
        W("What you looked at"),
        [InputRequired(W("Say what you looked at, like “Extract of the register, 12 May 2026”"))],
        filters=[one_line],
    )
    holds_until = DayField(W("It holds until"), [InputRequired(W("Enter the last day"))], format=DAYS)


class HideForm(Form):
    """Why a group is taken off the public pages."""

    reason = StringField(
        W("Reason"),
        [InputRequired(W("Say why, in a sentence that the group may read")), Length(max=300)],
        id="hide-reason",
        filters=[one_line],
    )
