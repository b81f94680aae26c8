"""The account of a group: typed twice by whoever binds it, read back and confirmed by an official."""

from __future__ import annotations

from portal import clock, crypto, db, policy
from portal.errors import Invalid
from portal.policy import Actor, Can
from portal.record import Did, record
from portal.support.payments import accounts, queries, rules_of
from portal.support.payments.actions.held import hold, person
from portal.support.payments.lifecycle import ACCOUNT_LIFE, Account, AccountVerb
from portal.support.payments.models import Payee, PaymentPlan
from portal.words import W

LONGEST_REASON = 300
_NO_NAME = W("Enter the name of the account's holder, as the bank knows it")
_NOT_SAME = W("The two numbers differ. Type the account again in both boxes.")
_NOT_READ_BACK = W(
    "These are not the last six signs of the account. Ask the group again, by a number you know."
)


def enter_account(plan: PaymentPlan, holder: str, account: str, again: str, *, by: Actor) -> Payee:
    """Enter the account to which a pact's money goes; an official confirms it before anything is paid there.

    One that waits already is replaced. Refuses with Invalid a wrong check digit and two that differ.
    """
    policy.check(by, Can.PAYEE_ENTER, plan)
    held: PaymentPlan = hold(queries.plan_by_id(plan.id))
    is_sepa = rules_of.is_sepa(held.allocation)
    number = accounts.read(account, is_sepa=is_sepa)
    if accounts.read(again, is_sepa=is_sepa) != number:
        raise Invalid(_NOT_SAME, field="again")
    name = accounts.plain(holder) if is_sepa else holder.strip()[: accounts.LONGEST_NAME]
    if not name:
        raise Invalid(_NO_NAME, field="holder")
    for one in db.session().scalars(queries.accounts_of(held.subject)):
        if one.state == Account.ASKED:
            one.state = ACCOUNT_LIFE.after(one.state, AccountVerb.REPLACE).value
    db.session().flush()
    payee = _new(held, holder.strip()[: accounts.LONGEST_NAME], number, by=by)
    db.session().add(payee)
    db.session().flush()
    record(Did.PAYEE_ENTERED, held.subject, by=by, account=payee.id)
    return payee


def _new(plan: PaymentPlan, holder: str, number: str, *, by: Actor) -> Payee:
    return Payee(
        subject=plan.subject,
        organisation_id=plan.organisation_id,
        party_person_id=plan.party_person_id,
        holder=holder,
        sealed_account=accounts.sealed(number),
        ending=number[-accounts.ENDING :],
        entered_at=clock.now(),
        entered_by_id=person(by),
    )


def confirm_account(payee: Payee, read_back: str, *, by: Actor) -> None:
    """Confirm an account as an official who had its last six signs read back; the one before it ends."""
    policy.check(by, Can.PAYEE_CONFIRM, payee)
    held: Payee = hold(queries.account(payee.id))
    state = ACCOUNT_LIFE.after(held.state, AccountVerb.CONFIRM)
    typed = "".join(read_back.split()).upper()
    if not typed.isascii() or not crypto.same(
        typed, accounts.opened(held.sealed_account)[-accounts.READ_BACK :]
    ):
        raise Invalid(_NOT_READ_BACK, field="read_back")
    for one in db.session().scalars(queries.accounts([held.subject])):
        one.state = ACCOUNT_LIFE.after(one.state, AccountVerb.REPLACE).value
    db.session().flush()
    held.state = state.value
    held.confirmed_at, held.confirmed_by_id = clock.now(), person(by)
    db.session().flush()
    record(Did.PAYEE_CONFIRMED, held.subject, by=by, account=held.id)


def refuse_account(payee: Payee, reason: str, *, by: Actor) -> None:
    """Refuse an account, saying why; the one that was confirmed before stays."""
    policy.check(by, Can.PAYEE_CONFIRM, payee)
    held: Payee = hold(queries.account(payee.id))
    state = ACCOUNT_LIFE.after(held.state, AccountVerb.REFUSE)
    if not reason.strip():
        raise Invalid(W("Say why, so that the group knows what to do"), field="reason")
    held.state, held.refused_reason = state.value, reason.strip()[:LONGEST_REASON]
    db.session().flush()
    record(Did.PAYEE_REFUSED, held.subject, by=by, account=held.id)
