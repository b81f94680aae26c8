"""What people type to follow something, and to choose how often they hear of it."""

from __future__ import annotations

from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length, Optional

from portal.notices.times import CHOICES
from portal.people.forms import LONGEST_ADDRESS, is_address
from portal.typed import whole
from portal.web import Form
from portal.web.languages import own_name
from portal.words import W

CHOOSE = W("Choose what you want to follow")


class FollowForm(Form):
    """What to follow; whoever has no account leaves an address."""

    choice = RadioField(W("What do you want to follow?"), [InputRequired(CHOOSE)])


class FollowByMailForm(FollowForm):
    """The same, with the address that is asked to confirm."""

    email = StringField(
        W("E-mail address"),
        [InputRequired(W("Enter your e-mail address")), Length(max=LONGEST_ADDRESS), is_address],
    )


class ChoiceForm(Form):
    """How often news come, and in which language."""

    choice = RadioField(W("How often do you want news?"), [InputRequired(W("Choose how often"))])
    language = RadioField(W("Language of messages"), [Optional()])

    def offer(self, languages: tuple[str, ...]) -> ChoiceForm:
        """Fill in what can be chosen, in the language of the page."""
        self.choice.choices = [(choice.value, str(words)) for choice, words in CHOICES.items()]
        self.language.choices = [(code, own_name(code)) for code in languages]
        return self


class RemovalForm(Form):
    """One thing that shall be followed no longer."""

    follow = StringField("", [InputRequired()])

    @property
    def number(self) -> int:
        """Return the row; 0 where what was sent is no number of ours."""
        return whole(self.follow.data) or 0
