"""What the city gives to one pact, for everybody to read; and what its group says of it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from flask import Blueprint, current_app, request, send_file

from portal import db, policy
from portal.errors import Invalid, NotFound
from portal.money import as_typed
from portal.organisations import evidence
from portal.people import limits
from portal.policy import Can
from portal.support import said
from portal.support.amounts import Amount
from portal.support.checks.queries import declared
from portal.support.handing import actions, queries
from portal.support.handing.forms import DeclarationForm, ObjectionForm, with_own_ids
from portal.support.handing.showing import shown
from portal.support.lifecycle import PROMISED
from portal.support.models.handing import Particulars
from portal.support.subjects import subject_of
from portal.web import invalid, me, needs, public, render, see_other
from portal.web.access import NO_SUCH_PAGE

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.support.models import Allocation, Delivery
    from portal.web import Form

support_given = Blueprint("support_given", __name__)
BASE = "/pacts/<code>/support"
MOST_A_MINUTE = 20


@support_given.get(BASE)
@public
def page(code: str) -> ResponseReturnValue:
    """Show what was promised, when it is due, how late the city is, and what arrived."""
    return render("support/given.html", **_shown(code, {}))


@support_given.post(f"{BASE}/deliveries/<int:delivery>/acceptance")
@needs(Can.SUPPORT_CONFIRM)
def accept(code: str, delivery: int) -> ResponseReturnValue:
    _spend(code)
    part, mine = _delivery(code, delivery)
    actions.accept(mine, part, by=me())
    return see_other("support_given.page", code=code)


@support_given.post(f"{BASE}/deliveries/<int:delivery>/objection")
@needs(Can.SUPPORT_CONFIRM)
def object_to(code: str, delivery: int) -> ResponseReturnValue:
    _spend(code)
    part, mine = _delivery(code, delivery)
    form = _objection(part.id)
    if form.validate():
        try:
            actions.object_to(mine, part, form.ground.data or "", form.reason.data or "", by=me())
        except Invalid as refused:
            form.refuse(refused.field, refused.words)
        else:
            return see_other("support_given.page", code=code)
    return invalid("support/given.html", **_shown(code, {"objection": form}, objected=part.id))


@support_given.post(f"{BASE}/declaration")
@needs(Can.SUPPORT_CONFIRM)
def declare(code: str) -> ResponseReturnValue:
    _spend(code)
    rows = _rows(code)
    form = DeclarationForm()
    if not rows:
        raise NotFound(NO_SUCH_PAGE)
    if form.validate():
        actions.declare(
            rows[0],
            is_undertaking=bool(form.is_undertaking.data),
            other_aid_cents=form.cents,
            other_funding=form.other_funding.data or "",
            by=me(),
        )
        return see_other("support_given.page", code=code)
    policy.check(me(), Can.SUPPORT_CONFIRM, rows[0])
    return invalid("support/given.html", **_shown(code, {"declaration": form}))


@support_given.get(f"{BASE}/deliveries/<int:delivery>/document")
@needs(Can.SUPPORT_FILE)
def document(code: str, delivery: int) -> ResponseReturnValue:
    """Serve the document of a delivery to the group and to whoever works on support."""
    part, mine = _delivery(code, delivery)
    more = db.session().get(Particulars, part.id)
    if more is None or not more.file_hash or not policy.allows(me(), Can.SUPPORT_FILE, mine):
        raise NotFound(NO_SUCH_PAGE)
    # Read whole and checked against its hash: a damaged file is refused, never served.
    content: bytes = current_app.extensions["store"].read(more.file_hash)
    answer = send_file(
        io.BytesIO(content),
        mimetype=more.media_type,
        as_attachment=True,
        download_name=f"delivery-{part.id}.{evidence.ENDINGS[more.media_type]}",
        etag=False,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _spend(code: str) -> None:
    # Whoever comes with a secret link has no account: the pact and the network count.
    who = str(me().person_id or f"{code} {limits.network_of(request.remote_addr)}")
    limits.spend("support-said", who, most=MOST_A_MINUTE, seconds=limits.MINUTE)


def _rows(code: str) -> list[Allocation]:
    return list(db.session().scalars(queries.plain_current(subject_of(code))))


def _delivery(code: str, delivery: int) -> tuple[Delivery, Allocation]:
    found = db.session().execute(queries.delivery(code, delivery)).first()
    if found is None:
        raise NotFound(NO_SUCH_PAGE)
    return found.Delivery, found.Allocation


def _shown(code: str, typed: dict[str, Form], *, objected: int | None = None) -> dict[str, Any]:
    found = db.session().execute(queries.planned_current(subject_of(code))).all()
    every = list(dict.fromkeys(row.Allocation for row in found))
    if not every:
        raise NotFound(NO_SUCH_PAGE)
    is_party = policy.allows(me(), Can.SUPPORT_CONFIRM, every[0])
    plans = [row.PlannedPart for row in found if row.PlannedPart]
    rows = shown([one for one in every if one.state in PROMISED], plans)
    told = db.session().scalar(declared(subject_of(code))) if is_party else None
    waiting = [part.delivery.id for given in rows for part in given.parts if part.waits] if is_party else []
    objections = {
        one: typed["objection"] if one == objected else _objection(one, blank=True) for one in waiting
    }
    return {
        "code": code,
        "title": every[0].title or code,
        "place": every[0].place,
        "rows": rows,
        "is_party": is_party,
        "declared": told,
        "declaration": _declaration(typed, told) if is_party else None,
        "objections": objections,
        "typed": typed,
        "amount": Amount,
        "said": said,
    }


def _declaration(typed: dict[str, Form], told: Any) -> Form:
    if "declaration" in typed or told is None:
        return typed.get("declaration") or DeclarationForm(formdata=None)
    facts = {"is_undertaking": told.is_undertaking, "other_funding": told.other_funding}
    return DeclarationForm(formdata=None, data=facts | {"other_aid": as_typed(told.other_aid_cents)})


def _objection(delivery_id: int, *, blank: bool = False) -> ObjectionForm:
    form = ObjectionForm(formdata=None) if blank else ObjectionForm()
    with_own_ids(form, f"objection-{delivery_id}")
    return form
