"""What people type to join and to sign in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from email_validator import EmailNotValidError, validate_email
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from portal.people.actions import SHORTEST_PASSWORD
from portal.web import Form
from portal.words import W

if TYPE_CHECKING:
    from wtforms import Field

# Words that everybody guesses first, and the portal's own.
_GUESSED = ("password", "12345678", "qwerty", "commons", "patto", "patti", "bologna", "comune")
LONGEST_PASSWORD = 200
FEWEST_SIGNS = 5
SHORTEST_WORD = 4


def is_address(_form: Form, field: Field) -> None:
    """Refuse what cannot be an e-mail address; nothing is asked of the network."""
    try:
        validate_email(field.data or "", check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise ValidationError(str(W("Enter an e-mail address, like anna@example.org"))) from error


def is_strong(form: Form, field: Field) -> None:
    """Refuse short and easily guessed passwords (ASVS 6.2.1, 6.2.4); length counts, not signs."""
    password = field.data or ""
    if len(password) < SHORTEST_PASSWORD:
        raise ValidationError(
            str(W("Use at least 12 characters. Four words that do not belong together are easy."))
        )
    plain = password.lower()
    rest = plain
    for word in (*_GUESSED, *_own_words(form)):
        rest = rest.replace(word, "")
    rest = "".join(rest.split())
    if len(rest) < SHORTEST_PASSWORD // 2 or len(set(plain)) < FEWEST_SIGNS:
        raise ValidationError(
            str(W("This password is easy to guess. Use words that have nothing to do with you."))
        )


def _own_words(form: Form) -> list[str]:
    # The name and both halves of the address are what a stranger tries first.
    said = f"{form['name'].data or ''} {form['email'].data or ''}".lower()
    return [word for word in re.split(r"[\W_]+", said) if len(word) >= SHORTEST_WORD]


class JoinForm(Form):
    """A name, an address, a password."""

    name = StringField(
        W("Your name"),
        [InputRequired(W("Enter your name, as people know you")), Length(max=120)],
    )
    email = StringField(
        W("E-mail address"), [InputRequired(W("Enter your e-mail address")), Length(max=254), is_address]
    )
    password = PasswordField(
        W("Password"), [InputRequired(W("Enter a password")), Length(max=LONGEST_PASSWORD), is_strong]
    )


class SignInForm(Form):
    """The address and the password."""

    email = StringField(W("E-mail address"), [InputRequired(W("Enter your e-mail address")), Length(max=254)])
    password = PasswordField(
        W("Password"), [InputRequired(W("Enter your password")), Length(max=LONGEST_PASSWORD)]
    )
