"""The pages of the meetings, in the room that both sides enter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import g

from portal import clock, db, policy
from portal.pacts import queries as pact_queries
from portal.pacts.lifecycle import State as PactState
from portal.pacts.meetings import actions, forms, queries
from portal.pacts.meetings.lifecycle import State
from portal.pacts.standing import side_of
from portal.pacts.terms import TERMS
from portal.pacts.views.blueprint import pacts
from portal.policy import Can
from portal.web import me, needs, one_or_404, render, see_other
from portal.words import W, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from portal.pacts.meetings.models import Meeting
    from portal.pacts.models import Pact

_TERMS = W("Dates, promises, support and fences")


def _room(code: str) -> Pact:
    return one_or_404(pact_queries.room_of(me(), code))


def _found(pact: Pact, number: int) -> Meeting:
    return one_or_404(queries.one(pact.id, number))


@pacts.get("/pacts/<code>/meetings")
@needs(Can.PACT_ROOM)
def meetings(code: str) -> ResponseReturnValue:
    pact = _room(code)
    found = db.session().scalars(queries.of_pact(pact.id)).all()
    now = clock.now()
    return render(
        "pacts/meetings/list.html",
        pact=pact,
        coming=[one for one in reversed(found) if one.state == State.PLANNED and one.ends_at > now],
        past=[one for one in found if one.state != State.PLANNED or one.ends_at <= now],
        may_call=pact.state == PactState.CO_DESIGN and policy.allows(me(), Can.MEETING_CALL, pact),
    )


@pacts.get("/pacts/<code>/meetings/new")
@needs(Can.MEETING_CALL)
def new_meeting(code: str) -> ResponseReturnValue:
    pact = _room(code)
    policy.check(me(), Can.MEETING_CALL, pact)
    return render("pacts/meetings/form.html", pact=pact, meeting=None, form=forms.MeetingForm(formdata=None))


@pacts.post("/pacts/<code>/meetings")
@needs(Can.MEETING_CALL)
def call_meeting(code: str) -> ResponseReturnValue:
    pact = _room(code)
    form = forms.MeetingForm()
    done = form.attempt(
        lambda: actions.call(pact, form.plan(), by=me()),
        lambda made: see_other("pacts.meeting", code=code, number=made.number),
    )
    return done or (render("pacts/meetings/form.html", pact=pact, meeting=None, form=form), 422)


@pacts.get("/pacts/<code>/meetings/<int:number>")
@needs(Can.PACT_ROOM)
def meeting(code: str, number: int) -> ResponseReturnValue:
    return _meeting_page(code, number)


def _meeting_page(code: str, number: int, *, form: Any = None, status: int = 200) -> ResponseReturnValue:
    pact = _room(code)
    found, now, session = _found(pact, number), clock.now(), db.session()
    who = f"p{me().person_id}" if me().is_signed_in else "link"
    names = session.execute(queries.names(one.person_id for one in found.answers if one.person_id)).all()
    return render(
        "pacts/meetings/meeting.html",
        pact=pact,
        meeting=found,
        state="over" if found.state == State.PLANNED and found.ends_at <= now else found.state,
        has_begun=found.is_over(now),
        names={row.id: row.name for row in names},
        mine=next((one for one in found.answers if one.who == who), None),
        may_answer=policy.allows(me(), Can.MEETING_ANSWER, pact),
        may_call=policy.allows(me(), Can.MEETING_CALL, pact),
        may_confirm=found.state == State.MINUTED and side_of(pact, me()) != found.minuted_by,
        headings=dict(_headings(pact)),
        versions=_versions(found),
        cancel_form=form or forms.CancelForm(formdata=None),
    ), status


def _versions(found: Meeting) -> dict[str, list[int]]:
    """Return the versions that changed the clauses of a meeting before the next one, by clause."""
    if not found.clauses:
        return {}
    until = db.session().scalar(queries.next_begins(found))
    made: dict[str, list[int]] = {}
    for clause_id, version in db.session().execute(queries.came_of(found, until)):
        made.setdefault(clause_id, []).append(int(version or 0))
    return made


def _headings(pact: Pact) -> list[tuple[str, str]]:
    version = one_or_404(pact_queries.version(pact.id, pact.last_version))
    return [
        *((row["id"], _heading(row, pact)) for row in version.text["clauses"]),
        (TERMS, say(_TERMS, g.language)),
    ]


def _heading(row: Mapping[str, Any], pact: Pact) -> str:
    words = row["heading"]
    said = words.get(g.language) or words[pact.language]
    return f"{row['number']}. {said}" if row["number"] else said


@pacts.get("/pacts/<code>/meetings/<int:number>/change")
@needs(Can.MEETING_CALL)
def meeting_form(code: str, number: int) -> ResponseReturnValue:
    pact = _room(code)
    policy.check(me(), Can.MEETING_CALL, pact)
    found = _found(pact, number)
    return render("pacts/meetings/form.html", pact=pact, meeting=found, form=forms.filled(found))


@pacts.post("/pacts/<code>/meetings/<int:number>/change")
@needs(Can.MEETING_CALL)
def change_meeting(code: str, number: int) -> ResponseReturnValue:
    pact = _room(code)
    found, form = _found(pact, number), forms.MeetingForm()
    done = form.attempt(
        lambda: actions.change(found, form.plan(), pact=pact, by=me()),
        lambda _: see_other("pacts.meeting", code=code, number=number),
    )
    return done or (render("pacts/meetings/form.html", pact=pact, meeting=found, form=form), 422)


@pacts.post("/pacts/<code>/meetings/<int:number>/cancellation")
@needs(Can.MEETING_CALL)
def cancel_meeting(code: str, number: int) -> ResponseReturnValue:
    pact = _room(code)
    form = forms.CancelForm()
    if not form.validate_on_submit():
        return _meeting_page(code, number, form=form, status=422)
    actions.cancel(_found(pact, number), form.reason.data or "", pact=pact, by=me())
    return see_other("pacts.meeting", code=code, number=number)


@pacts.post("/pacts/<code>/meetings/<int:number>/coming")
@needs(Can.MEETING_ANSWER)
def come(code: str, number: int) -> ResponseReturnValue:
    return _answer(code, number, is_coming=True)


@pacts.post("/pacts/<code>/meetings/<int:number>/not-coming")
@needs(Can.MEETING_ANSWER)
def stay_away(code: str, number: int) -> ResponseReturnValue:
    return _answer(code, number, is_coming=False)


def _answer(code: str, number: int, *, is_coming: bool) -> ResponseReturnValue:
    pact = _room(code)
    actions.answer(_found(pact, number), is_coming=is_coming, pact=pact, by=me())
    return see_other("pacts.meeting", code=code, number=number)


@pacts.get("/pacts/<code>/meetings/<int:number>/minutes")
@needs(Can.MEETING_CALL)
def minutes(code: str, number: int) -> ResponseReturnValue:
    pact = _room(code)
    policy.check(me(), Can.MEETING_CALL, pact)
    found = _found(pact, number)
    form = forms.minutes_form(_headings(pact), _known(found))
    return render("pacts/meetings/minutes.html", pact=pact, meeting=found, form=form)


def _known(found: Meeting) -> dict[str, Any]:
    """Return what the minutes say so far; before the first words, whoever said they would come."""
    present = [(one.side, one.name) for one in found.present]
    if found.state == State.PLANNED:
        coming = {one.person_id: one.side for one in found.answers if one.is_coming and one.person_id}
        rows = db.session().execute(queries.names(coming)).all() if coming else []
        present = [(coming[row.id], row.name) for row in rows]
    sides = {side: "\n".join(name for one, name in present if one == side) for side in ("community", "city")}
    return {"minutes": found.minutes, "clauses": [one.clause_id for one in found.clauses], **sides}


@pacts.post("/pacts/<code>/meetings/<int:number>/minutes")
@needs(Can.MEETING_CALL)
def write_minutes(code: str, number: int) -> ResponseReturnValue:
    pact = _room(code)
    found, form = _found(pact, number), forms.minutes_form(_headings(pact), typed=True)
    done = form.attempt(
        lambda: actions.write_minutes(found, form.read(), pact=pact, by=me()),
        lambda _: see_other("pacts.meeting", code=code, number=number),
    )
    return done or (render("pacts/meetings/minutes.html", pact=pact, meeting=found, form=form), 422)


@pacts.post("/pacts/<code>/meetings/<int:number>/confirmation")
@needs(Can.MEETING_CALL)
def confirm_minutes(code: str, number: int) -> ResponseReturnValue:
    pact = _room(code)
    actions.confirm_minutes(_found(pact, number), pact=pact, by=me())
    return see_other("pacts.meeting", code=code, number=number)
