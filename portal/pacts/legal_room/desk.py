"""The legal office's desk: its matters by urgency, one pact's help, and the times it keeps free."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request

from portal import clock, db, policy
from portal.errors import NotFound
from portal.pacts import queries as pact_queries
from portal.pacts.desk.doors import pacts_desk
from portal.pacts.legal_room import doors, forms
from portal.pacts.legal_room.views.matters import words
from portal.policy import Can
from portal.support.legal import actions, queries, said
from portal.support.legal.lifecycle import State, Topic
from portal.web import me, needs, one_or_404, render, see_other
from portal.web.access import NO_SUCH_PAGE
from portal.web.sheets import sheet
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.web import Form

MOST = 200
WAITS = {
    "city": W("Waiting for us"),
    "community": W("Waiting for the group"),
    "closed": W("Closed"),
}
HEADS = (
    W("Pact"),
    W("Number"),
    W("Topic"),
    W("Waits for"),
    W("Asked on"),
    W("Next appointment"),
    W("Left of the promise, in minutes"),
    W("Outcome"),
)


def _chosen() -> dict[str, str]:
    waits, topic = request.args.get("waits", ""), request.args.get("topic", "")
    return {"waits": waits if waits in WAITS else "", "topic": topic if topic in set(Topic) else ""}


@pacts_desk.get("/desk/legal")
@needs(Can.LEGAL_DESK)
def legal_desk() -> ResponseReturnValue:
    chosen = _chosen()
    found = db.session().execute(queries.desk(**chosen, now=clock.now()).limit(MOST + 1)).all()
    return render(
        "pacts/legal/desk.html",
        rows=found[:MOST],
        has_more=len(found) > MOST,
        chosen=chosen,
        waits=WAITS,
        may_offer=policy.allows(me(), Can.LEGAL_OFFER),
        **words(),
    )


@pacts_desk.get("/desk/legal.csv")
@needs(Can.LEGAL_DESK)
def legal_desk_csv() -> ResponseReturnValue:
    """Give what the list shows as a file: topic, hours and outcome, never what anybody wrote."""
    found = db.session().execute(queries.desk(**_chosen(), now=clock.now()))
    return sheet("legal", HEADS, (_cells(*row) for row in found))


def _cells(matter: Any, _title: str, left: int, next_at: Any) -> list[object]:
    return [
        matter.code,
        matter.number,
        said.TOPICS[Topic(matter.topic)],
        matter.waits_on,
        clock.local(matter.opened_at).date().isoformat(),
        clock.local(next_at).strftime("%Y-%m-%d %H:%M") if next_at else "",
        left,
        said.OUTCOMES[matter.outcome] if matter.outcome else "",
    ]


@pacts_desk.get("/desk/legal/<code>")
@needs(Can.LEGAL_DESK)
def legal_case(code: str) -> ResponseReturnValue:
    """Show what a pact was promised and what it went into; the auditor too, without a word of the matters."""
    session = db.session()
    pact = one_or_404(pact_queries.by_code(code))
    rows = session.execute(queries.figures_of(pact.key)).all()
    helps = session.scalars(queries.helps_of(pact.key)).all()
    if not helps and session.scalars(queries.promised_to(pact.key)).first() is None:
        raise NotFound(NO_SUCH_PAGE)
    return render(
        "pacts/legal/case.html",
        pact=pact,
        helps=helps,
        rows=rows,
        rules=doors.rules_of(pact).legal_hours,
        not_yet=actions.not_yet(helps[-1], [matter for matter, _ in rows]) if helps else None,
        why_not=policy.refusal(me(), Can.LEGAL_ADVISE, pact),
        may_read=policy.allows(me(), Can.LEGAL_READ, pact),
        **words(),
    )


@pacts_desk.post("/desk/legal/<code>/settlement")
@needs(Can.LEGAL_ADVISE)
def settle_legal(code: str) -> ResponseReturnValue:
    doors.spend()
    pact = doors.room(code)
    current = one_or_404(queries.unsettled(pact.key))
    actions.settle(pact, current, rules=doors.rules_of(pact).legal_hours, by=me())
    return see_other("pacts_desk.legal_case", code=code)


@pacts_desk.get("/desk/legal-times")
@needs(Can.LEGAL_OFFER)
def legal_times() -> ResponseReturnValue:
    return _times(forms.TimeForm(formdata=None))


def _times(form: Form, status: int = 200) -> ResponseReturnValue:
    found = db.session().scalars(queries.kept_by(me().person_id or 0, clock.now())).all()
    return render("pacts/legal/times.html", form=form, times=found, is_free=State.FREE, **words()), status


@pacts_desk.post("/desk/legal-times")
@needs(Can.LEGAL_OFFER)
def offer_legal_time() -> ResponseReturnValue:
    doors.spend()
    form = forms.TimeForm()
    done = form.attempt(
        lambda: actions.offer(form.plan(), by=me()), lambda _: see_other("pacts_desk.legal_times")
    )
    return done or _times(form, 422)


@pacts_desk.post("/desk/legal-times/<int:which>/withdrawal")
@needs(Can.LEGAL_OFFER)
def withdraw_legal_time(which: int) -> ResponseReturnValue:
    doors.spend()
    actions.withdraw(one_or_404(queries.appointment(which)), by=me())
    return see_other("pacts_desk.legal_times")
