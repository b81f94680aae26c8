"""The verbs of residents, the only writers."""

from portal.residents.actions.census import GONE as CENSUS_GONE
from portal.residents.actions.census import (
    NOT_FOUND,
    add_to_census,
    begin_census,
    drop_entries,
    forget_census,
    is_in_census,
    put_census_in_use,
    show_by_census,
)
from portal.residents.actions.deciding import decide
from portal.residents.actions.elsewhere import sealed, show_by_service, unsealed
from portal.residents.actions.in_person import check_in_person, note_not_shown
from portal.residents.actions.letters import Home, ask_letter, forget_old_letters, show_by_letter, take_try
from portal.residents.actions.standing import Proof, give, revoke, settle, withdraw

__all__ = [
    "CENSUS_GONE",
    "NOT_FOUND",
    "Home",
    "Proof",
    "add_to_census",
    "ask_letter",
    "begin_census",
    "check_in_person",
    "decide",
    "drop_entries",
    "forget_census",
    "forget_old_letters",
    "give",
    "is_in_census",
    "note_not_shown",
    "put_census_in_use",
    "revoke",
    "sealed",
    "settle",
    "show_by_census",
    "show_by_letter",
    "show_by_service",
    "take_try",
    "unsealed",
    "withdraw",
]
