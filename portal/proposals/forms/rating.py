"""The form that asks how proposing was."""

from __future__ import annotations

from portal.proposals.forms import fields
from portal.proposals.stars import LONGEST_SAID, PARTS
from portal.web import Form
from portal.words import W

STARS = [
    ("5", W("5 stars: very easy")),
    ("4", W("4 stars: easy")),
    ("3", W("3 stars: so so")),
    ("2", W("2 stars: hard")),
    ("1", W("1 star: very hard")),
]


class RatingForm(Form):
    """Stars first; what was hard or what was liked is asked by their number."""

    stars = fields.choice(
        W("How easy was it to use this service?"), STARS, W("Choose from one to five stars")
    )


class ReasonsForm(Form):
    """What was hard, or what was liked, and anything else in words."""

    stars = fields.choice(
        W("How easy was it to use this service?"), STARS, W("Choose from one to five stars")
    )
    parts = fields.several(W("What was hard?"), list(PARTS.items()))
    said = fields.text(W("Anything else you would like to say"), LONGEST_SAID)
