"""What people type to join and to sign in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from email_validator import EmailNotValidError, validate_email
from wtforms import DateField, HiddenField, PasswordField, RadioField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

from portal.people.actions.factors import REASONS
from portal.people.passwords import LONGEST, reasons_against
from portal.typed import YEARS
from portal.web import Form
from portal.words import W

if TYPE_CHECKING:
    from wtforms import Field

# As people write a day, and as some browsers send it.
DAYS = ["%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d", "%d %m %Y"]
NO_DAY = W("Enter a day, like 30/11/2026")
LONGEST_NAME, LONGEST_ADDRESS, LONGEST_REASON = 120, 254, 1000


def one_line(text: str | None) -> str:
    """Return the text on one line: names and addresses end up in headers and lists."""
    return " ".join((text or "").split())


def is_address(_form: Form, field: Field) -> None:
    """Refuse what cannot be an e-mail address; nothing is asked of the network."""
    try:
        validate_email(field.data or "", check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise ValidationError(str(W("Enter an e-mail address, like anna@example.org"))) from error


def _name() -> StringField:
    return StringField(
        W("Your name"),
        [InputRequired(W("Enter your name, as people know you")), Length(max=LONGEST_NAME)],
        filters=[one_line],
    )


def _address(label: W) -> StringField:
    return StringField(
        label, [InputRequired(W("Enter your e-mail address")), Length(max=LONGEST_ADDRESS), is_address]
    )


class JoinForm(Form):
    """A name and an address; the password is chosen by whoever opens the mailed link."""

    name = _name()
    email = _address(W("E-mail address"))


class ForgottenForm(Form):
    """The address of somebody who forgot the password."""

    email = _address(W("E-mail address"))


class ChoiceForm(Form):
    """A new password; `context` is what a stranger would try, and so is a name asked beside it."""

    password = PasswordField(W("New password"), [InputRequired(W("Choose a password"))])
    context: tuple[str, ...] = ()

    def validate_password(self, field: Field) -> None:
        """Refuse with the rule's own reasons."""
        named = self["name"].data if "name" in self else ""
        for reason in reasons_against(field.data or "", (*self.context, named or "")):
            raise ValidationError(str(reason))


class AcceptForm(ChoiceForm):
    """The end of joining: the name once more, and the password."""

    name = _name()


class ChangePasswordForm(ChoiceForm):
    """The password as it was, and a new one."""

    old = PasswordField(
        W("Your present password"), [InputRequired(W("Enter your password")), Length(max=LONGEST)]
    )


class AddressForm(Form):
    """Another address, and the password: whoever finds a browser open must not take the account away."""

    email = _address(W("New e-mail address"))
    password = PasswordField(
        W("Your password"), [InputRequired(W("Enter your password")), Length(max=LONGEST)]
    )


class ProfileForm(Form):
    """The name people see, and the language of messages."""

    name = _name()
    language = RadioField(W("Language of messages"), [InputRequired(W("Choose a language"))])


class ElsewhereForm(Form):
    """The name of somebody whom a sign-in service vouches for."""

    name = _name()


class DayField(DateField):
    """A day as people write it, in a year that calendars reckon with, or our own sentence."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day, or say how days are written."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(str(NO_DAY)) from error
        if self.data is not None and self.data.year not in YEARS:
            self.data = None
            raise ValueError(str(NO_DAY))


class GrantForm(Form):
    """A city role for a person, from a day until a day."""

    role = SelectField(W("Role"), [InputRequired(W("Choose a role"))])
    office = SelectField(W("Office"))
    starts_on = DayField(W("First day"), [InputRequired(W("Enter the first day"))], format=DAYS)
    ends_on = DayField(W("Last day"), [InputRequired(W("Enter the last day"))], format=DAYS)


class SuspensionForm(Form):
    """Why an account is suspended."""

    reason = StringField(
        W("Reason"), [InputRequired(W("Say why the account is suspended")), Length(max=LONGEST_REASON)]
    )


class SignInForm(Form):
    """The address and the password."""

    email = StringField(W("E-mail address"), [InputRequired(W("Enter your e-mail address")), Length(max=254)])
    password = PasswordField(W("Password"), [InputRequired(W("Enter your password")), Length(max=LONGEST)])


LONGEST_CODE, LONGEST_DEVICE_NAME = 60, 60


class SecondForm(Form):
    """What is shown after the password: a code, or the answer of a passkey."""

    one_time_code = StringField(W("Code"), [Length(max=LONGEST_CODE)])
    passkey = HiddenField()


class ConfirmForm(Form):
    """The password once more, and what the second step asks; its fields stand in other forms too."""

    password = PasswordField(W("Your password"), [Length(max=LONGEST)])
    one_time_code = StringField(W("Code of your second step"), [Length(max=LONGEST_CODE)])
    passkey = HiddenField()

    class Meta(Form.Meta):
        """The token stands in the form around it and is checked for every form."""

        csrf = False


class AppForm(Form):
    """The first code of an app that was just set up."""

    one_time_code = StringField(
        W("Code"), [InputRequired(W("Type the code that the app shows")), Length(max=LONGEST_CODE)]
    )


class PasskeyForm(Form):
    """A passkey just made, and what the person calls the device."""

    name = StringField(
        W("Name of the device"), [InputRequired(W("Give it a name")), Length(max=LONGEST_DEVICE_NAME)]
    )
    passkey = HiddenField()


class FactorsRemovalForm(Form):
    """Why an administrator removes somebody's second step."""

    reason = RadioField(
        W("Reason"),
        [InputRequired(W("Choose a reason"))],
        choices=[SelectChoice(value, cast("str", words)) for value, words in REASONS.items()],
    )
