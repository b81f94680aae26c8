"""What waits, by urgency."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import g, request

from portal import clock, db
from portal.pacts import page, queries, urgency
from portal.pacts.desk.doors import pacts_desk
from portal.pacts.standing import profile_named
from portal.pacts.urgency import Case
from portal.policy import Can, Role
from portal.web import me, needs, render
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

# The choices of the two filters; they stand in the address.
STATES = (
    ("", W("All open cases")),
    ("checking", W("Proposals being checked")),
    ("co_design", W("In co-design")),
    ("agreed", W("Text agreed")),
    ("signing", W("Ready to sign")),
    ("signed", W("Signed and running")),
    ("suspended", W("Suspended")),
)
WHO = (
    ("", W("Everybody's")),
    ("mine", W("Mine")),
    ("unassigned", W("Unassigned")),
    ("mine_and_unassigned", W("Mine and unassigned")),
    ("signature", W("Waiting for my signature")),
)
_CHECKING = frozenset({"submitted", "supplement_asked", "refusal_noticed"})


@pacts_desk.get("/desk")
@needs(Can.DESK_READ)
def desk() -> ResponseReturnValue:
    cases, today = urgency.order(_open_cases()), clock.today()
    state, who = request.args.get("state", ""), request.args.get("who", "")
    words = request.args.get("q", "").strip().lower()[:100]
    shown = [case for case in cases if _is_wanted(case, state, who, words)]
    return render(
        "desk/desk.html",
        cases=shown,
        total=len(cases),
        today=today,
        counters={
            "overdue": sum(case.is_overdue(today) for case in cases),
            "this_week": sum(case.is_due_this_week(today) for case in cases),
            "unassigned": sum(case.owner_id is None for case in cases),
            "signature": sum(_is_for_my_signature(case) for case in cases),
        },
        states=STATES,
        whos=WHO,
        state=state,
        who=who,
        q=words,
    )


def _open_cases() -> list[Case]:
    session = db.session()
    found = [
        _case("proposal", row, urgency.of_proposal(row, profile_named(row.profile_version), g.language))
        for row in session.execute(queries.OPEN_PROPOSALS)
    ]
    return found + [
        _case("pact", row, urgency.of_pact(row, profile_named(row.profile_version), g.language))
        for row in session.execute(queries.OPEN_PACTS)
    ]


def _case(thing: str, row: Any, task: urgency.Task) -> Case:
    return Case(
        code=row.code,
        title=row.title,
        thing=thing,
        state=row.state,
        public_state=page.public_state(row, has_paper=row.has_paper, on=clock.today())
        if thing == "pact"
        else row.state,
        kind=row.kind,
        owner_id=row.owner_id,
        owner_name=row.owner_name or "",
        assessor_id=getattr(row, "assessor_id", None),
        task=task,
    )


def _is_wanted(case: Case, state: str, who: str, words: str) -> bool:
    step = "checking" if case.state in _CHECKING else case.state
    return (
        (not state or step == state)
        and _WHO[who if who in _WHO else ""](case)
        and (not words or words in case.title.lower() or words in case.code.lower())
    )


def _is_for_my_signature(case: Case) -> bool:
    return case.task.is_signature and me().holds(Role.SIGNATORY) and case.assessor_id != me().person_id


_WHO: dict[str, Callable[[Case], bool]] = {
    "": lambda _case: True,
    "mine": lambda case: case.owner_id == me().person_id,
    "unassigned": lambda case: case.owner_id is None,
    "mine_and_unassigned": lambda case: case.owner_id in {None, me().person_id},
    "signature": _is_for_my_signature,
}
