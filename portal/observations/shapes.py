"""What can be said of a thing, how the city answers, and why something is hidden: the fixed choices."""

from __future__ import annotations

from enum import StrEnum

from portal.words import W

LONGEST_TEXT, LONGEST_NAME, LONGEST_EMAIL, LONGEST_REASON = 4_000, 120, 254, 2_000
LONGEST_DESCRIPTION = 300


class Kind(StrEnum):
    """What an observation is."""

    SUPPORT = "support"
    WORRY = "worry"
    OBJECTION = "objection"
    IDEA = "idea"
    PROBLEM = "problem"


class Answer(StrEnum):
    """What the city does with an observation."""

    ACCEPTED = "accepted"
    PARTLY = "partly"
    DECLINED = "declined"
    PASSED_OVER = "passed_over"


class Reason(StrEnum):
    """Why an observation is hidden."""

    INSULT = "insult"
    PERSONAL = "personal"
    ADVERTISING = "advertising"
    UNLAWFUL = "unlawful"
    OFF_TOPIC = "off_topic"


KINDS: dict[str, W] = {
    Kind.SUPPORT: W("I support it"),
    Kind.WORRY: W("Something worries me"),
    Kind.OBJECTION: W("I object"),
    Kind.IDEA: W("I have a better idea"),
    Kind.PROBLEM: W("I report a problem"),
}
KIND_WORDS: dict[str, W] = {
    Kind.SUPPORT: W("Support"),
    Kind.WORRY: W("Worry"),
    Kind.OBJECTION: W("Objection"),
    Kind.IDEA: W("Better idea"),
    Kind.PROBLEM: W("Problem"),
}
KIND_TONES = {"support": "green", "worry": "ochre", "objection": "red", "idea": "blue", "problem": "terra"}
ANSWERS: dict[str, W] = {
    Answer.ACCEPTED: W("Accepted"),
    Answer.PARTLY: W("Accepted in part"),
    Answer.DECLINED: W("Not accepted"),
    Answer.PASSED_OVER: W("Passed over, with a reason"),
}
ANSWER_TONES = {"accepted": "green", "partly": "blue", "declined": "red", "passed_over": "plain"}
REASONS: dict[str, W] = {
    Reason.INSULT: W("It insults or threatens somebody"),
    Reason.PERSONAL: W("It tells private things of somebody"),
    Reason.ADVERTISING: W("It is advertising or was sent to many places"),
    Reason.UNLAWFUL: W("It breaks the law"),
    Reason.OFF_TOPIC: W("It has nothing to do with the subject"),
}
