"""The page before what cannot be undone: what becomes binding, who has signed, and the password once more."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import request
from flask_login import current_user

from portal import db, policy
from portal.errors import NotAllowed, NotFresh
from portal.pacts import actions, queries
from portal.pacts.actions.signing import NO_MANDATE, lacks_mandate
from portal.pacts.forms import SignForm
from portal.pacts.lifecycle import State
from portal.pacts.standing import side_of
from portal.pacts.views.blueprint import pacts
from portal.people.views.confirming import was_confirmed
from portal.policy import FRESH_FIRST, SIGN_IN_FIRST, Can
from portal.web import me, needs, one_or_404, render, see_other, sign_path

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.pacts.models import Pact


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
    # Who this is, is asked on this very page, so being fresh is not asked before.
    refusal = policy.refusal(replace(me(), is_fresh=True), Can.PACT_SIGN, pact)
    if refusal is None and lacks_mandate(pact, me()):
        refusal = NO_MANDATE
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
    # However fresh the sign-in is, every signature is confirmed by itself.
    if not was_confirmed():
        raise NotFresh(FRESH_FIRST)
    pact = one_or_404(queries.room_of(me(), code))
    actions.sign(pact, content_hash=form.content_hash.data, by=me())
    db.session().flush()
    return see_other("pacts.signature", code=code)
