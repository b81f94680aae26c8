"""The public words of legal help."""

from __future__ import annotations

from portal.support.legal.lifecycle import Outcome, State, Topic
from portal.words import W

TOPICS = {
    Topic.LICENCE: W("Choice of a licence"),
    Topic.CLINIC: W("A cooperative to be founded"),
    Topic.DPIA: W("Data-protection impact assessment"),
    Topic.CONTRACT: W("Contracts and insurance"),
    Topic.TAX: W("Taxes"),
    Topic.OTHER: W("Something else"),
}
OUTCOMES = {
    Outcome.SOLVED: W("Solved"),
    Outcome.REFERRED: W("Referred to somebody else"),
    Outcome.FOUNDED: W("Founded"),
    Outcome.NOT_NEEDED: W("No longer needed"),
    Outcome.REFUSED: W("Not answered by the city"),
}
KINDS = {
    "meeting": W("Appointment"),
    "study": W("Study of the question"),
    "writing": W("Written advice"),
    "review": W("Review of a document"),
    "missed": W("Appointment that the group missed"),
}
MODES = {"place": W("In person"), "video": W("By video"), "phone": W("By phone")}
STATES = {
    State.FREE: W("Free"),
    State.PROPOSED: W("Proposed"),
    State.BOOKED: W("Agreed"),
    State.HELD: W("Took place"),
    State.MISSED: W("Missed"),
    State.CANCELLED: W("Cancelled"),
    State.WITHDRAWN: W("Withdrawn"),
}
ANSWERS = {
    "": W("To be confirmed"),
    "confirmed": W("Confirmed"),
    "silent": W("Confirmed by silence"),
    "objected": W("The group objects"),
}
SIDES = {"community": W("The group"), "city": W("The city")}
