"""The page before what cannot be undone: what becomes binding, who has signed, and the password once more."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import request, session
from flask_login import current_user

from portal import db, policy
from portal.errors import NotAllowed
from portal.pacts import actions, queries
from portal.pacts.forms import SignForm
from portal.pacts.lifecycle import State
from portal.pacts.standing import side_of
from portal.pacts.views.blueprint import pacts
from portal.people import limits
from portal.people.sessions import confirm_password
from portal.policy import SIGN_IN_FIRST, Can
from portal.web import me, needs, one_or_404, render, see_other, sign_path
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.pacts.models import Pact

MOST_TRIES = 10
TRIES_SECONDS = 15 * 60
_WRONG = W("That is not your password. Nothing was signed: type it once more.")


@pacts.get("/pacts/<code>/signature")
@needs(Can.PACT_SIGN)
def signature(code: str) -> ResponseReturnValue:
    return _page(code, SignForm(formdata=None))


def _page(code: str, form: SignForm) -> str:
    pact = one_or_404(queries.room_of(me(), code))
    number = pact.agreed_version or pact.last_version
    version = one_or_404(queries.version(pact.id, number))
    form.content_hash.data = pact.agreed_hash
    signed = {one.party_id: one for one in pact.signatures}
    # The password is asked on this very page, so being fresh is not asked before.
    refusal = policy.refusal(replace(me(), is_fresh=True), Can.PACT_SIGN, pact)
    return render(
        "pacts/signature.html",
        pact=pact,
        version=version,
        text=version.text,
        form=form,
        parties=[(party, signed.get(party.id)) for party in pact.parties],
        has_signed=_has_signed(pact),
        refusal=refusal,
        is_open=pact.state == State.SIGNING,
        is_signed=pact.signed_at is not None,
        next=sign_path(request.full_path),
    )


def _has_signed(pact: Pact) -> bool:
    mine = pact.party_of(side_of(pact, me()))
    return any(one.party_id == mine.id for one in pact.signatures)


@pacts.post("/pacts/<code>/signature")
@needs(Can.PACT_SIGN)
def sign(code: str) -> ResponseReturnValue:
    person: Any = current_user
    if not person.is_authenticated:
        raise NotAllowed(SIGN_IN_FIRST)
    form = SignForm()
    if not form.validate_on_submit():
        return _page(code, form), 422
    # Slow on purpose, and before the writing transaction begins: hashing must not hold up other writers.
    limits.spend("signature", str(person.id), most=MOST_TRIES, seconds=TRIES_SECONDS)
    if not confirm_password(session, person, form.password.data):
        form.refuse("password", _WRONG)
        return _page(code, form), 422
    pact = one_or_404(queries.room_of(me(), code))
    actions.sign(pact, content_hash=form.content_hash.data, by=replace(me(), is_fresh=True))
    db.session().flush()
    return see_other("pacts.signature", code=code)
