"""The public words of money paid in parts."""

from __future__ import annotations

from portal.support.payments.conditions import Part
from portal.support.payments.lifecycle import Account, Batch, Costs, Paid
from portal.words import W

PARTS = {Part.ADVANCE: W("Advance"), Part.INSTALMENT: W("Instalment")}
COSTS = {
    Costs.DRAFT: W("Draft"),
    Costs.SENT: W("Sent, being checked"),
    Costs.RETURNED: W("Sent back for changes"),
    Costs.CHECKED: W("Waits for a second person"),
    Costs.DECIDED: W("Decision taken"),
}
COSTS_TONES = {
    Costs.DRAFT: "plain",
    Costs.SENT: "blue",
    Costs.RETURNED: "ochre",
    Costs.CHECKED: "blue",
    Costs.DECIDED: "green",
}
ACCOUNTS = {
    Account.ASKED: W("Waits to be confirmed"),
    Account.CONFIRMED: W("Confirmed"),
    Account.REFUSED: W("Not confirmed"),
    Account.REPLACED: W("Replaced"),
    Account.FAILED: W("Refused by the bank"),
}
BATCHES = {
    Batch.PREPARED: W("Prepared"),
    Batch.RELEASED: W("Released"),
    Batch.WITHDRAWN: W("Taken back"),
}
PAYMENTS = {
    Paid.PREPARED: W("Prepared"),
    Paid.RELEASED: W("Given to the bank"),
    Paid.PAID: W("Paid"),
    Paid.REJECTED: W("Rejected by the bank"),
    Paid.SENT_BACK: W("Sent back by the bank"),
    Paid.WITHDRAWN: W("Taken back"),
}
TONES = {
    Paid.PREPARED: "blue",
    Paid.RELEASED: "blue",
    Paid.PAID: "green",
    Paid.REJECTED: "red",
    Paid.SENT_BACK: "red",
    Paid.WITHDRAWN: "plain",
}
EDITING = frozenset({Costs.DRAFT, Costs.RETURNED})
