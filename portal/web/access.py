"""Permissions on routes, the actor of the request, and one-or-404."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from flask import g, redirect, request, url_for

from portal import db, policy
from portal.errors import NotAllowed, NotFound
from portal.policy import Actor, Can
from portal.web.answers import sign_path
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue
    from sqlalchemy import Select

    View = Callable[..., ResponseReturnValue]

T = TypeVar("T")
NO_SUCH_PAGE = W(
    "There is no such page, or it is not open to you. Check the address, or start at the home page."
)


def public(view: View) -> View:
    """Declare that anyone may open this route."""
    view.permission = Can.READ_PUBLIC  # type: ignore[attr-defined]
    return view


def needs(permission: Can) -> Callable[[View], View]:
    """Declare the permission of a route; who can never have it is refused before anything is read.

    A visitor is led to sign-in and back.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            actor = me()
            if not policy.may_ever(actor, permission):
                if not actor.is_signed_in and request.method == "GET":
                    return redirect(url_for("people.sign_in", next=sign_path(request.full_path)), 303)
                sentence = policy.refusal(actor, permission)
                raise NotAllowed(sentence or policy.NOT_YOURS)
            return view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return declare


def takes_photos(view: View) -> View:
    """Declare that forms sent here may hold a picture from a telephone; see gates.py."""
    view.takes_photos = True  # type: ignore[attr-defined]
    return view


def from_anywhere(view: View) -> View:
    """Let this route take posts from outside: what it is sent holds a secret of its own, and no session."""
    view.from_anywhere = True  # type: ignore[attr-defined]
    return view


def me() -> Actor:
    """Return who is acting in this request."""
    actor: Actor = g.actor
    return actor


def one_or_404(select: Select[T]) -> T:
    """Return the one thing selected; not found and not to be seen are the same answer."""
    found = db.session().scalars(select).unique().one_or_none()
    if found is None:
        raise NotFound(NO_SUCH_PAGE)
    return found
