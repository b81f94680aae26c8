"""The verbs of money paid in parts, the only writers: plans, costs, accounts, batches, the bank."""

from portal.support.payments.actions.bank import Booked, enter_paid, enter_rejected, read_bank_file
from portal.support.payments.actions.batches import file_of, prepare_batch, release_batch, withdraw_batch
from portal.support.payments.actions.checking import Judged, approve_costs, check_costs, return_costs
from portal.support.payments.actions.costs import Cost, add_cost, begin_statement, remove_cost, send_costs
from portal.support.payments.actions.payees import confirm_account, enter_account, refuse_account
from portal.support.payments.actions.planning import plan_payments
from portal.support.payments.actions.returning import enter_return, enter_sent_back

__all__ = [
    "Booked",
    "Cost",
    "Judged",
    "add_cost",
    "approve_costs",
    "begin_statement",
    "check_costs",
    "confirm_account",
    "enter_account",
    "enter_paid",
    "enter_rejected",
    "enter_return",
    "enter_sent_back",
    "file_of",
    "plan_payments",
    "prepare_batch",
    "read_bank_file",
    "refuse_account",
    "release_batch",
    "remove_cost",
    "return_costs",
    "send_costs",
    "withdraw_batch",
]
