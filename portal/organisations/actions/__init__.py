"""The verbs of groups: founded, changed, joined, left, bound by mandates, checked by the city."""

from portal.organisations.actions.checking import check_representative, hide, show
from portal.organisations.actions.entering import (
    accept,
    accept_own,
    answer_request,
    ask_to_join,
    call_back,
    decline,
    decline_own,
    invite,
    take_back_request,
)
from portal.organisations.actions.founding import About, change, enter, found, plain, register, slug_of
from portal.organisations.actions.mandates import Given, end_mandate, give_mandate, name_in_proposal
from portal.organisations.actions.members import admit, leave, remove, set_speaker, show_name

__all__ = [
    "About",
    "Given",
    "accept",
    "accept_own",
    "admit",
    "answer_request",
    "ask_to_join",
    "call_back",
    "change",
    "check_representative",
    "decline",
    "decline_own",
    "end_mandate",
    "enter",
    "found",
    "give_mandate",
    "hide",
    "invite",
    "leave",
    "name_in_proposal",
    "plain",
    "register",
    "remove",
    "set_speaker",
    "show",
    "show_name",
    "slug_of",
    "take_back_request",
]
