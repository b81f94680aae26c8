"""A person's own page of privacy: what is kept and why, the download of all of it, and its erasure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, current_app, g
from flask_login import current_user

from portal import clock, policy
from portal.errors import WrongState
from portal.people.views.confirming import ask_second_again
from portal.policy import Can
from portal.privacy import actions, handing_out, queries
from portal.privacy.keeping import Reason, Times
from portal.web import Form, invalid, me, needs, render, see_other

if TYPE_CHECKING:
    from datetime import date

    from flask.typing import ResponseReturnValue

privacy = Blueprint("privacy", __name__)


@privacy.get("/account/privacy")
@needs(Can.ACCOUNT_OWN)
def kept() -> ResponseReturnValue:
    return render("privacy/kept.html", **_kept())


@privacy.post("/account/privacy/download")
@needs(Can.ACCOUNT_OWN)
def download() -> ResponseReturnValue:
    policy.check(me(), Can.ACCOUNT_EXPORT, current_user)
    found = handing_out.my_data(current_user, times=_times(), language=g.language, by=me())
    answer = Response(json.dumps(found, ensure_ascii=False, indent=1), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="my-data-{clock.today()}.json"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@privacy.get("/account/privacy/erasure")
@needs(Can.ACCOUNT_OWN)
def ask_erasure() -> ResponseReturnValue:
    return render("privacy/erasure.html", form=Form(), **_kept())


@privacy.post("/account/privacy/erasure")
@needs(Can.ACCOUNT_OWN)
def erase() -> ResponseReturnValue:
    ask_second_again()
    form = Form()
    try:
        actions.erase(current_user, times=_times(), by=me())
    except WrongState as refusal:
        form.refuse("", refusal.words)
        return invalid("privacy/erasure.html", form=form, **_kept())
    return see_other("privacy.erased")


@privacy.get("/account/erased")
@needs(Can.READ_PUBLIC)
def erased() -> ResponseReturnValue:
    return render("privacy/erased.html")


def _times() -> Times:
    return queries.times_of(current_app.extensions["profile"])


def _kept() -> dict[str, Any]:
    today = clock.today()
    found = [one for one in queries.everything(current_user.id, current_user.email, _times()) if one.rows]
    return {
        "found": [
            {
                "what": one.held.what,
                "count": len(one.rows),
                "reasons": _reasons(one, today),
                "goes": bool(one.free(today)),
            }
            for one in reversed(found)
        ],
        "is_staff": me().is_staff or any(grant.is_valid(clock.now()) for grant in current_user.grants),
    }


def _reasons(found: queries.Found, today: date) -> list[Reason]:
    """Return each reason once, with the last of its days."""
    last: dict[str, Reason] = {}
    for row in found.kept(today):
        reason = found.reasons[found.key(row)]
        before = last.setdefault(str(reason.words), reason)
        if reason.until is None or (before.until is not None and reason.until > before.until):
            last[str(reason.words)] = reason
    return [last[words] for words in sorted(last)]
