"""The forms of becoming one: the officer's offer, and a group's yes or no."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.proposals.forms import fields
from portal.proposals.shapes import LONGEST_TEXT
from portal.web import Form
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.proposals.models import Proposal

BY_CODE = ""
_WHY = W("Give the reason that everybody reads once the two are one")
_ANOTHER = W("Another one, by its code")


class OfferForm(Form):
    """Into which other proposal, and why; made with its choices by `offer_form`."""

    into = fields.choice(W("It becomes a part of"), [])
    into_code = fields.line(W("Code of the other proposal"), 40)
    merge_reason = fields.text(W("Why the two should be one"), LONGEST_TEXT, _WHY)

    @property
    def chosen(self) -> str:
        """Return the code that was typed or chosen."""
        return self.into_code.data or self.into.data or ""


def offer_form(choices: Sequence[Proposal], *, typed: bool) -> OfferForm:
    """Return the form with what is like the proposal, to choose from."""
    form = OfferForm() if typed else OfferForm(formdata=None)
    offered = [(one.code, f"{one.title} ({one.code})") for one in choices]
    form.into.choices = fields.options([*offered, (BY_CODE, _ANOTHER)])
    form.into.validators = [fields.OneOf({BY_CODE, *(code for code, _ in offered)})]
    return form


class AnswerForm(Form):
    """Yes or no to the offer of this number; several may stand on one page."""

    number = 0

    answer = fields.choice(
        W("Your answer"),
        [("yes", W("Yes, the two become one")), ("no", W("No, we go on alone"))],
        W("Choose yes or no"),
    )
