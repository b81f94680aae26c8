"""One way for every page to ask once more who somebody is: what was asked for is done after the right answer.

A post that is refused only for want of freshness is answered with a page that holds everything it held, and
the questions. Sent again to the same address, the answers are taken here, and then the view does its work.
Nothing is kept on the server, so two tabs do not meet. The same questions may stand in a form of their own
(templates/people/factor_fields.html).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import current_app, g, request, session
from flask_login import current_user

from portal.errors import NotFresh
from portal.people import sessions
from portal.people.actions.factors import WRONG_CODE, use_code
from portal.people.actions.passkeys import NOT_TAKEN, answer_options, use_passkey
from portal.people.factors import Site
from portal.people.forms import ConfirmForm
from portal.people.held import look
from portal.people.limits import DAY, HOUR, QUARTER, Step, Tries
from portal.people.second_step import For, ask, asked, confirm_by_passkey, prove
from portal.people.views.blueprint import browser, people
from portal.policy import FRESH_FIRST, Can
from portal.web import me, needs, onward, render, sign_path
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

PREFIX = "confirm-"
# Longer and longer waits, never a lock: whoever knows somebody's password must not shut them out for good.
STEPS = (Step(10, QUARTER), Step(20, 4 * HOUR), Step(40, DAY))
WRONG_PASSWORD = W("That is not your password. Nothing was done: type it once more.")
_NO_PASSWORD = W("Type your password")
_NO_CODE = W("Type the code of your second step")
_KEPT_BACK = ("csrf_token", "word")


@dataclass(frozen=True, slots=True)
class Questions:
    """What this person is asked: always the password, and a code where the last one is too old."""

    form: ConfirmForm
    wants_code: bool
    has_passkey: bool


def site() -> Site | None:
    """Return the site for which passkeys can be made; None where the portal's address is a number."""
    return Site.of(current_app.config["PORTAL"].base_url)


def questions(form: ConfirmForm | None = None) -> Questions:
    """Return the questions for whoever is signed in."""
    held = look(current_user.id)
    return Questions(
        form or ConfirmForm(formdata=None, prefix=PREFIX),
        wants_code=held.any and not sessions.is_recent(session, "second_at"),
        has_passkey=bool(held.passkeys) and site() is not None,
    )


@people.app_context_processor
def _for_templates() -> dict[str, Any]:
    return {"confirm_questions": questions}


@people.before_app_request
def take_confirmation() -> ResponseReturnValue | None:
    """Take the answers wherever they come along, before the view and before anything is written."""
    given = request.method == "POST" and f"{PREFIX}password" in request.form
    if not given or not current_user.is_authenticated:
        return None
    form = ConfirmForm(prefix=PREFIX)
    if not form.validate() or not _is_right(form):
        return _page(form, FRESH_FIRST), 422
    g.actor = replace(me(), is_fresh=True)
    g.is_confirmed = True
    return None


def _is_right(form: ConfirmForm) -> bool:
    tries = Tries("confirm", str(current_user.id), STEPS)
    tries.spend()
    refused = _by_passkey(form) if form.passkey.data else _by_password(form)
    if refused is not None:
        form.refuse(*refused)
        return False
    tries.give_back()
    return True


def _by_passkey(form: ConfirmForm) -> tuple[str, W] | None:
    question = asked(browser(), For.CONFIRM)
    if use_passkey(form.passkey.data, question=question, site=site()) != current_user.id:
        return "", NOT_TAKEN
    # The device asked for a finger or a number of its own: that is what the password is for.
    confirm_by_passkey(browser())
    return None


def _by_password(form: ConfirmForm) -> tuple[str, W] | None:
    wants_code = questions(form).wants_code
    if not form.password.data:
        return "password", _NO_PASSWORD
    if wants_code and not form.one_time_code.data:
        return "one_time_code", _NO_CODE
    if not sessions.confirm_password(session, current_user, form.password.data):
        return "password", WRONG_PASSWORD
    if wants_code:
        if not use_code(current_user, form.one_time_code.data or ""):
            return "one_time_code", WRONG_CODE
        prove(browser())
    return None


def ask_second_again() -> None:
    """Ask for the second step where the last time is long ago; the page itself asks the password."""
    if sessions.is_proved(session) and not sessions.is_recent(session, "second_at"):
        raise NotFresh(FRESH_FIRST)


def was_confirmed() -> bool:
    """Say whether the answers came along with this very request."""
    return bool(g.get("is_confirmed", False))


@people.app_errorhandler(NotFresh)
def _ask_first(refused: NotFresh) -> ResponseReturnValue:
    return _page(ConfirmForm(formdata=None, prefix=PREFIX), refused.words), 403


def _page(form: ConfirmForm, words: W) -> str:
    is_post = request.method == "POST"
    return render(
        "people/factor_confirm.html",
        ask=questions(form),
        form=form,
        words=words,
        action=request.full_path.removesuffix("?") if is_post else "",
        kept=_kept() if is_post else [],
        has_files=any(one.filename for one in request.files.values()),
        next="" if is_post else sign_path(request.full_path),
        back=_back(),
    )


def _kept() -> list[tuple[str, str]]:
    # Passwords are not put into a page, and files cannot be.
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in _KEPT_BACK and not name.startswith(PREFIX) and "password" not in name
    ]


def _back() -> str:
    came_from = urlsplit(request.referrer or "")
    return came_from.path if came_from.netloc == request.host else ""


@people.post("/account/confirm")
@needs(Can.ACCOUNT_OWN)
def confirm_it_is_you() -> ResponseReturnValue:
    """Lead on to a page that asked first; the answers were taken before."""
    if not was_confirmed():
        raise NotFresh(FRESH_FIRST)
    return onward("people.account")


@people.post("/account/confirm/options")
@needs(Can.ACCOUNT_OWN)
def confirm_options() -> ResponseReturnValue:
    """Ask this person's passkeys a new question."""
    place = site()
    held = look(current_user.id)
    if place is None or not held.passkeys:
        return {"title": str(NOT_TAKEN)}, 404
    text = answer_options(held.passkeys, site=place, question=ask(browser(), For.CONFIRM))
    return current_app.response_class(text, mimetype="application/json")
