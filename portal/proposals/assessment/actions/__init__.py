"""The verbs of judging a proposal."""

from portal.proposals.assessment.actions.comparing import prefer
from portal.proposals.assessment.actions.judging import (
    check_stated,
    finish,
    save_scores,
    state_interest,
)
from portal.proposals.assessment.actions.notes import note
from portal.proposals.assessment.actions.opinions import (
    Answer,
    ask,
    close_link,
    decline_by_link,
    find_by_link,
    give,
    give_by_link,
    go_on,
    send_anew,
)

__all__ = [
    "Answer",
    "ask",
    "check_stated",
    "close_link",
    "decline_by_link",
    "find_by_link",
    "finish",
    "give",
    "give_by_link",
    "go_on",
    "note",
    "prefer",
    "save_scores",
    "send_anew",
    "state_interest",
]
