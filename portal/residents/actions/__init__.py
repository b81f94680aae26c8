"""The verbs of residents, the only writers."""

from portal.residents.actions.deciding import decide
from portal.residents.actions.in_person import check_in_person, note_not_shown
from portal.residents.actions.standing import Proof, give, revoke, settle, withdraw

__all__ = [
    "Proof",
    "check_in_person",
    "decide",
    "give",
    "note_not_shown",
    "revoke",
    "settle",
    "withdraw",
]
