"""The verbs of a proposal: written by its holder, sent, looked at by the city."""

from portal.proposals.actions.answering import leave_call
from portal.proposals.actions.casework import (
    NOTICE_AGAIN,
    accept_for_codesign,
    add_to_supplement,
    against_acceptance,
    against_refusal,
    ask_supplement,
    assign,
    extend,
    is_notice_again,
    listing_of,
    notice_refusal,
    refuse,
    save_completeness,
)
from portal.proposals.actions.details import (
    add_commitment,
    choose_asks,
    choose_fences,
    detail_ask,
    limit_fences,
    remove_commitment,
)
from portal.proposals.actions.drafting import (
    leave_address,
    save_group,
    save_particulars,
    save_term,
    save_touched,
    save_what,
    save_where,
)
from portal.proposals.actions.joining import ask_to_join, call_it_different
from portal.proposals.actions.opening import Started, open_with_link, open_with_word, start, take_in
from portal.proposals.actions.pictures import add_photo, remove_photo
from portal.proposals.actions.places import draw_outline, pick, pin
from portal.proposals.actions.prefilling import take_publiccode
from portal.proposals.actions.rating import rate
from portal.proposals.actions.sending import lapse, reply, submit, supply, withdraw

__all__ = [
    "NOTICE_AGAIN",
    "Started",
    "accept_for_codesign",
    "add_commitment",
    "add_photo",
    "add_to_supplement",
    "against_acceptance",
    "against_refusal",
    "ask_supplement",
    "ask_to_join",
    "assign",
    "call_it_different",
    "choose_asks",
    "choose_fences",
    "detail_ask",
    "draw_outline",
    "extend",
    "is_notice_again",
    "lapse",
    "leave_address",
    "leave_call",
    "limit_fences",
    "listing_of",
    "notice_refusal",
    "open_with_link",
    "open_with_word",
    "pick",
    "pin",
    "rate",
    "refuse",
    "remove_commitment",
    "remove_photo",
    "reply",
    "save_completeness",
    "save_group",
    "save_particulars",
    "save_term",
    "save_touched",
    "save_what",
    "save_where",
    "start",
    "submit",
    "supply",
    "take_in",
    "take_publiccode",
    "withdraw",
]
