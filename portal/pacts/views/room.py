"""The co-design room: the text, what is suggested beside each clause, and the agreement to a version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import g

from portal import clock, db, policy
from portal.errors import Invalid, NotFound
from portal.money import as_typed
from portal.pacts import actions, queries, shown
from portal.pacts.forms import AgreeForm, ReasonForm, TermsForm, with_blanks
from portal.pacts.lifecycle import State
from portal.pacts.prescriptions import at_clauses
from portal.pacts.reading import known, read
from portal.pacts.room import room_at
from portal.pacts.standing import profile_of, side_of
from portal.pacts.terms import MONEYS, terms_of
from portal.pacts.turn import Standing, whose_turn
from portal.pacts.typed import read_terms
from portal.pacts.views.blueprint import pacts, state_of
from portal.pacts.views.seen import may
from portal.policy import Can
from portal.typed import whole
from portal.web import me, needs, one_or_404, render, see_other
from portal.web.access import NO_SUCH_PAGE
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from portal.pacts.lint import Finding
    from portal.pacts.models import Pact, PactVersion
    from portal.pacts.reading import Read
    from portal.pacts.room import Counts, Room
    from portal.pacts.standing import Side

BLANK_ROWS = 2


@pacts.get("/pacts/<code>/co-design")
@needs(Can.PACT_ROOM)
def co_design(code: str) -> ResponseReturnValue:
    room = room_at(code)
    if room is None or not policy.allows(me(), Can.PACT_ROOM, room):
        raise NotFound(NO_SUCH_PAGE)
    side, is_open = side_of(room, me()), room.state == State.CO_DESIGN
    text, findings = _text(room)
    counts, agreed = room.counts, room.agreed
    return render(
        "pacts/room.html",
        pact=room,
        state=state_of(room),
        text=text,
        lines=lambda: shown.lines(text, counts, findings, side),
        waits=tuple(counts.items()),
        elsewhere=_elsewhere(text, counts),
        findings=findings,
        agreed=agreed,
        both=tuple(agreed.items()),
        side=side,
        turn=whose_turn(_standing(counts, findings, agreed, side)),
        void=room.void_of(side),
        was_sent_today=room.sent_at is not None and clock.local(room.sent_at).date() == clock.today(),
        is_open=is_open,
        **_prescribed(room, text),
        may=may(room),
    )


def _prescribed(room: Room, text: Mapping[str, Any]) -> dict[str, Any]:
    found = room.prescribed()
    if not found:
        return {"prescribed": (), "prescribed_at": {}, "prescribed_beside": ()}
    at, beside = at_clauses(found, (row["id"] for row in text["clauses"]))
    shown = {"prescribed_at": at, "prescribed_beside": beside, "profile": profile_of(room)}
    return {"prescribed": found, **shown}


def _text(room: Room) -> Read:
    profile = profile_of(room)
    found = known(room.content_hash, profile)
    return found or read(one_or_404(queries.version(room.id, room.last_version)), profile)


def _elsewhere(text: Mapping[str, Any], counts: Counts) -> dict[str, int]:
    """Return what waits at no clause of the text: terms, and clauses that are only suggested."""
    known = {row["id"] for row in text["clauses"]}
    found: dict[str, int] = {}
    for (clause_id, _), count in counts.items():
        if clause_id not in known:
            found[clause_id] = found.get(clause_id, 0) + count
    return found


def _standing(
    counts: Counts, findings: tuple[Finding, ...], agreed: Mapping[str, Any], side: Side
) -> Standing:
    ours = sum(count for (_, by), count in counts.items() if by == side)
    return Standing(
        waits_for_us=sum(counts.values()) - ours,
        waits_for_them=ours,
        to_settle=len(findings),
        we_agree=side in agreed,
        they_agree=bool(set(agreed) - {side}),
    )


@pacts.get("/pacts/<code>/co-design/terms")
@needs(Can.PACT_SUGGEST)
def terms(code: str) -> ResponseReturnValue:
    pact = one_or_404(queries.room_of(me(), code))
    policy.check(me(), Can.PACT_SUGGEST, pact)
    version = one_or_404(queries.version(pact.id, pact.last_version))
    return terms_page(pact, version, filled_terms(version))


def terms_page(pact: Pact, version: PactVersion, form: TermsForm) -> str:
    """Return the form of the terms."""
    fences = {fence["catalogue"]: fence for fence in version.text["fences"]}
    form.offer(profile_of(pact), g.language)
    return render(
        "pacts/terms.html", pact=pact, version=version, form=form, fences=fences, side=side_of(pact, me())
    )


def filled_terms(version: PactVersion) -> TermsForm:
    """Return the form with the terms of a version, and room for two more of each kind."""
    found = terms_of(version.text)
    support = [
        {
            "id": one.id,
            "kind": one.kind,
            "what": one.what,
            "euro": as_typed(one.amount if one.kind in MONEYS else one.value_cents),
            "number": None if one.kind in MONEYS | {"server"} else one.amount,
            "plan": one.plan,
            "months": one.months,
            "conditions": one.conditions,
            "costs": one.costs[0] if one.costs else "",
            "due_on": one.due_on,
        }
        for one in found.support
    ]
    return TermsForm(
        formdata=None,
        data={
            "version": str(version.number),
            "starts_on": found.starts_on,
            "ends_on": found.ends_on,
            "commitments": with_blanks(map(_plain, found.commitments), {"quantity": None}, BLANK_ROWS),
            "support": with_blanks(support, {"months": None}, BLANK_ROWS),
            "fences": [{"catalogue": one.catalogue, "threshold": one.threshold} for one in found.fences],
        },
    )


def _plain(one: Any) -> dict[str, Any]:
    return {
        name: getattr(one, name) for name in ("id", "side", "what", "quantity", "unit", "per", "evidence")
    }


@pacts.post("/pacts/<code>/co-design/terms")
@needs(Can.PACT_SUGGEST)
def change_terms(code: str) -> ResponseReturnValue:
    pact = one_or_404(queries.room_of(me(), code))
    version = one_or_404(queries.version(pact.id, pact.last_version))
    form = TermsForm()
    form.offer(profile_of(pact), g.language)
    if not form.validate_on_submit():
        return terms_page(pact, version, form), 422
    base = whole(form.version.data)
    try:
        wanted = read_terms(form, terms_of(version.text), profile_of(pact))
        actions.change_terms(pact, wanted, form.note.data or "", by=me(), base=base)
    except Invalid as error:
        db.session().rollback()
        form.refuse(error.field, error.words)
        pact = one_or_404(queries.room_of(me(), code))
        return terms_page(pact, one_or_404(queries.version(pact.id, pact.last_version)), form), error.status
    return see_other("pacts.co_design", code=code)


@pacts.post("/pacts/<code>/agreement")
@needs(Can.PACT_AGREE)
def agree(code: str) -> ResponseReturnValue:
    pact = one_or_404(queries.room_of(me(), code))
    form = AgreeForm()
    if not form.validate_on_submit():
        raise Invalid(W("The page lacked the version you agree to. Load it again and agree once more."))
    actions.agree(pact, form.version.data or 0, form.content_hash.data, by=me())
    return see_other("pacts.co_design", code=code)


@pacts.post("/pacts/<code>/co-design/reopening")
@needs(Can.PACT_SUGGEST)
def reopen(code: str) -> ResponseReturnValue:
    pact = one_or_404(queries.room_of(me(), code))
    form = ReasonForm()
    if not form.validate_on_submit():
        raise Invalid(next(iter(form.errors.values()))[0], field="reason")
    actions.reopen(pact, form.reason.data, by=me())
    return see_other("pacts.co_design", code=code)


@pacts.post("/pacts/<code>/co-design/sending")
@needs(Can.PACT_SEND)
def send_version(code: str) -> ResponseReturnValue:
    pact = one_or_404(queries.room_of(me(), code))
    actions.send_version(pact, by=me())
    return see_other("pacts.co_design", code=code)
