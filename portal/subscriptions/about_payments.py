"""Who is told what of money paid in parts: the group of costs and account, officials of what waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import db
from portal.notices.kinds import Kind
from portal.policy import Role
from portal.record import Did
from portal.subscriptions.recipients import group, holding, pact_of, people
from portal.subscriptions.telling import Mail, News, tell
from portal.support.payments.models import CostStatement
from portal.support.payments.reasons import OF_ACCOUNT, in_words
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Callable


def _room(news: News) -> str:
    return f"/pacts/{news.code}/funding"


def costs_sent(news: News) -> None:
    """Tell the officer of the case and the treasurers that a statement waits to be checked."""
    pact = pact_of(news.code)
    body = (W("A statement of costs about “%(title)s” waits to be checked.", title=pact.title),)
    path = f"/desk/payments/statements/{news.code}/{news.act.facts['statement']}"
    mail = Mail("E24", W("A statement of costs arrived"), body, path, pact.title, kind=Kind.ACT)
    tell(news, [*people([pact.owner_id]), *holding(Role.TREASURER)], mail)


def costs_returned(news: News) -> None:
    """Tell the group what to change."""
    pact = pact_of(news.code)
    body = (W("Please change something in your statement of costs. The page says what."),)
    path = f"{_room(news)}/statements/{news.act.facts['statement']}"
    mail = Mail("E13", W("Please change your statement of costs"), body, path, pact.title, kind=Kind.ACT)
    tell(news, group(pact), mail)


def costs_checked(news: News) -> None:
    """Tell the second persons, where the sum needs two."""
    statement = db.session().get(CostStatement, news.act.facts["statement"])
    if statement is None or not statement.needs_two:
        return
    body = (W("A statement of costs was checked and waits for a second person to approve it."),)
    path = f"/desk/payments/statements/{news.code}/{statement.id}"
    mail = Mail("E24", W("Costs wait for approval"), body, path, kind=Kind.ACT)
    tell(news, [*holding(Role.TREASURER), *holding(Role.SIGNATORY)], mail)


def costs_decided(news: News) -> None:
    """Tell the group how much of its costs was accepted; why not all of it stands on the page."""
    pact, facts = pact_of(news.code), news.act.facts
    is_whole = facts["accepted"] == facts["claimed"]
    said = (
        W("The city accepted all costs of your statement about “%(title)s”.", title=pact.title)
        if is_whole
        else W(
            "The city accepted a part of your costs about “%(title)s”. The page says which, and why.",
            title=pact.title,
        )
    )
    path = f"{_room(news)}/statements/{facts['statement']}"
    mail = Mail("E13", W("Your statement of costs was decided"), (said,), path, pact.title, kind=Kind.LEGAL)
    tell(news, group(pact), mail)


def account_entered(news: News) -> None:
    """Tell who signs for the group, so that a stranger's account is noticed; and the treasurers."""
    pact = pact_of(news.code)
    warning = (
        W("A new account was entered for the money of “%(title)s”.", title=pact.title),
        W("If it is not yours, tell the city at once. Nothing is paid there before we confirm it."),
    )
    title = W("A new account was entered")
    receipt = Mail("E13", title, warning, _room(news), pact.title, is_receipt=True, kind=Kind.LEGAL)
    tell(news, group(pact), receipt)
    body = (W("An account for payments waits to be confirmed."),)
    path = f"/desk/payments/accounts/{news.act.facts['account']}"
    tell(news, holding(Role.TREASURER), Mail("E24", W("An account waits"), body, path, kind=Kind.ACT))


def account_refused(news: News) -> None:
    """Tell the group that its account was not confirmed."""
    pact = pact_of(news.code)
    body = (W("The city did not confirm the account that you entered. Please enter it again."),)
    mail = Mail("E13", W("Your account was not confirmed"), body, _room(news), pact.title, kind=Kind.ACT)
    tell(news, group(pact), mail)


def batch_prepared(news: News) -> None:
    """Tell the second persons that payments wait for their release."""
    body = (W("Payments were prepared and wait for a second person to release them."),)
    mail = Mail(
        "E24", W("Payments wait for release"), body, f"/desk/payments/batches/{news.code}", kind=Kind.ACT
    )
    tell(news, [*holding(Role.TREASURER), *holding(Role.SIGNATORY)], mail)


def rejected(news: News) -> None:
    """Tell the treasurers why the bank did not pay, and the group where its account is the reason."""
    pact, code = pact_of(news.code), str(news.act.facts["reason"])
    path = f"/desk/payments/{news.act.facts['payment']}"
    said = W("The bank did not pay a part of the money for “%(title)s”.", title=pact.title)
    mail = Mail("E24", W("A payment was rejected"), (said, in_words(code)), path, kind=Kind.ACT)
    tell(news, holding(Role.TREASURER), mail)
    if code in OF_ACCOUNT:
        body = (said, in_words(code), W("Please enter the account again, so that we can pay."))
        to_group = Mail("E13", W("Please check your account"), body, _room(news), pact.title, kind=Kind.ACT)
        tell(news, group(pact), to_group)


TOLD: dict[str, Callable[[News], None]] = {
    Did.COSTS_SENT: costs_sent,
    Did.COSTS_RETURNED: costs_returned,
    Did.COSTS_CHECKED: costs_checked,
    Did.COSTS_DECIDED: costs_decided,
    Did.PAYEE_ENTERED: account_entered,
    Did.PAYEE_REFUSED: account_refused,
    Did.BATCH_PREPARED: batch_prepared,
    Did.PAYMENT_REJECTED: rejected,
    Did.PAYMENT_SENT_BACK: rejected,
}
