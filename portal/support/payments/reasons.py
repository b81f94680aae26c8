"""Why a bank did not pay, in words: the codes of ISO 20022, and which of them speak of the account."""

from __future__ import annotations

import re

from portal.words import W

CODE = re.compile(r"[A-Z0-9]{2,8}")

# Two signs say of what: AC of the account, AM of the sum, BE and RR of names, MS that nobody says why.
WORDS = {
    "AC01": W("The bank does not know this account."),
    "AC03": W("The bank does not know this account."),
    "AC04": W("The account is closed."),
    "AC06": W("The account is blocked."),
    "AC13": W("Money cannot be paid to an account of this kind."),
    "AG01": W("Transfers to this account are not allowed."),
    "AG02": W("The bank does not carry out orders of this kind."),
    "AM02": W("The sum is larger than the bank allows."),
    "AM04": W("There was not enough money on the city's account."),
    "AM05": W("The bank takes this order for one that it carried out already."),
    "BE01": W("The name is not that of the account's holder."),
    "BE04": W("The bank asks for the address of the account's holder."),
    "CNOR": W("The bank of this account cannot be reached."),
    "DUPL": W("The bank takes this order for one that it carried out already."),
    "FF01": W("The bank could not read the file."),
    "MD07": W("The holder of the account has died."),
    "MS02": W("The holder of the account did not take the money."),
    "MS03": W("The bank gives no reason."),
    "NARR": W("The bank gives its reason in words of its own."),
    "RC01": W("The bank of this account is not known."),
    "RR04": W("The bank gives a reason of its own rules."),
}
UNKNOWN = W("The bank gives a reason that we have no words for.")
# After these nothing more is sent to the account before the group has entered it anew.
OF_ACCOUNT = frozenset({"AC01", "AC03", "AC04", "AC06", "AC13", "AG01", "BE01", "MD07", "RC01"})


def in_words(code: str) -> W:
    """Return why a payment was rejected."""
    return WORDS.get(code, UNKNOWN)


def code_of(typed: str) -> str:
    """Return a code as the bank gave it; one of no known shape says that the bank has words of its own."""
    return typed if CODE.fullmatch(typed) else "NARR"
