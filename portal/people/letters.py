"""What people are told about their accounts; a mail with a secret link bears the event of such links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import clock, crypto
from portal.notices.actions import Recipient, Text, post
from portal.notices.jobs import LINK_EVENT
from portal.words import W

if TYPE_CHECKING:
    from portal.people.models import Person

SECURITY_EVENT = "E50"
_NOT_YOU = W("If it was not you: do nothing.")


def send_link(token: str, address: str, language: str, text: Text) -> None:
    """Mail a secret link to an address; it is told once, and forgotten when the mail has gone."""
    post(LINK_EVENT, f"link:{crypto.token_hash(token)}", Recipient(None, address, language), text)


def to_join(link: str, *, was_joining: bool) -> Text:
    """Return the mail to an address without an account."""
    if was_joining:
        sentences = [
            W("Open this link within three days, choose a password, and your account is ready."),
            _NOT_YOU,
        ]
        return Text(W("Confirm your address"), sentences, link)
    sentences = [
        W("Somebody wanted to sign in with this address, but it has no account here."),
        W("If it was you, you may have used another address. You can make an account by this link."),
        _NOT_YOU,
    ]
    return Text(W("There is no account with this address"), sentences, link)


def to_reset(link: str, *, was_joining: bool) -> Text:
    """Return the mail to an address that has an account."""
    if was_joining:
        sentences = [
            W("Somebody asked for an account with this address, but you have one already. Just sign in."),
            W("If you forgot your password, choose a new one by this link within an hour."),
            _NOT_YOU,
        ]
        return Text(W("You have an account already"), sentences, link)
    sentences = [W("Open this link within an hour and choose a new password."), _NOT_YOU]
    return Text(W("Choose a new password"), sentences, link)


def to_confirm(link: str) -> Text:
    """Return the mail to the new address of an account."""
    sentences = [
        W("Open this link within a day, and your account has this address from then on."),
        _NOT_YOU,
    ]
    return Text(W("Confirm your new address"), sentences, link)


def to_undo(link: str) -> Text:
    """Return the mail to the old address of an account; the new one is not named, mails are forwarded."""
    sentences = [
        W("Somebody who knows your password asked for another address for your account."),
        W("If it was you, there is nothing to do."),
        W("If it was not you: open this link within seven days. The change is undone, all sessions end."),
    ]
    return Text(W("Your account is to have another address"), sentences, link)


def tell_password_changed(person: Person, *, by_link: bool) -> None:
    """Tell the person that the password was changed, and what to do if it was somebody else."""
    what = (
        W("The password of your account was changed by a link sent to this address.")
        if by_link
        else W("The password of your account was changed by somebody who knew the old one.")
    )
    sentences = [what, W("If it was not you: choose a new password on the sign-in page now, and call us.")]
    _tell(person, Text(W("Your password was changed"), sentences))


def tell_address_changed(person: Person) -> None:
    """Tell the person, at the new address, that the account has it now."""
    _tell(person, Text(W("Your address was changed"), [W("From now on you sign in with this address.")]))


def tell_new_browser(person: Person, named: str) -> None:
    """Tell the person that somebody signed in in a browser that they did not use before."""
    sentences = [
        W(
            "Somebody signed in to your account on %(at)s with %(browser)s, for the first time there.",
            at=f"{clock.local(clock.real()):%d/%m/%Y, %H:%M}",
            browser=named or W("a browser we do not know"),
        ),
        W("If it was you, there is nothing to do."),
        W("If it was not you: choose a new password on the sign-in page now, and call us."),
    ]
    _tell(person, Text(W("A sign-in from a new browser"), sentences))


def _tell(person: Person, text: Text) -> None:
    key = f"account:{person.pseudonym}:{clock.real():%Y-%m-%dT%H:%M:%S.%f}"
    post(SECURITY_EVENT, key, Recipient(person.id, "", person.language), text)
