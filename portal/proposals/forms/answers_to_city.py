"""The small forms around a proposal: start, resume, answer the city."""

from __future__ import annotations

from portal.proposals.forms import fields
from portal.proposals.shapes import LONGEST_TEXT
from portal.web import Form
from portal.words import W


class StartForm(Form):
    """Where the city may write, if at all."""

    email = fields.email(W("E-mail address"))


class SuitabilityForm(Form):
    """One question before a proposal, answered with yes or no; the city words it."""

    answer = fields.choice(W("Your answer"), [("yes", W("Yes")), ("no", W("No"))], W("Choose yes or no"))


class ResumeForm(Form):
    """The code and the word of a proposal."""

    code = fields.line(W("Code"), 40, W("Enter the code, like PR-7Q4K-29"))
    word = fields.line(W("Word"), 60, W("Enter the word you noted with the code"))


class WordForm(Form):
    """The word alone, where the code stands in the address."""

    word = fields.line(W("Word"), 60, W("Enter the word you noted with the code"))


class JoinForm(Form):
    """What is written to the group of another proposal or pact."""

    message = fields.text(W("Your words to the group"), 1000, W("Write a few words to the group"))
    contact = fields.line(W("How can the group answer you?"), 254, W("Say how the group can answer you"))


class SupplyForm(Form):
    """The answer to a request for missing items."""

    answer = fields.text(W("Your answer"), LONGEST_TEXT, W("Write your answer"))


class ReplyForm(Form):
    """The reply to a notice of refusal."""

    reply = fields.text(W("Your reply"), LONGEST_TEXT, W("Write your answer"))
