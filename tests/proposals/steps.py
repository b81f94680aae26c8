"""What the tests of proposals do over and over: write a whole draft, send it, find it on a case."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from portal import city, clock, db
from portal.policy import Actor
from portal.proposals import actions, checklist, queries
from portal.proposals.assessment.actions import state_interest
from portal.proposals.models import Proposal
from portal.proposals.shapes import Group, Need, Promise, Term, What, Where

PROFILE = city.profile("bologna")
PRIVATE = ("Rosa Privata", "rosa.privata@example.org", "051 123 4567")
WHERE = {
    "place": Where(address="Via del Pratello 90", latitude_e6=44_494_900, longitude_e6=11_333_000),
    "software": Where(repository="https://code.example.org/group/tool", licence="AGPL-3.0-or-later"),
    "data_set": Where(about="Air measured in the quarter.", licence="ODbL-1.0", holds_personal_data=False),
}

PARTICULARS = {
    "place": {"owner": "city", "hours": "Every day from 8 to 20", "keys": "Rosa keeps the only key"},
    "software": {"maintainers": "few", "maintenance": "community", "languages": "Italian, English"},
    "data_set": {"access": "members", "basis": "nothing_personal", "exit": "By writing to us"},
}


def write_whole(proposal: Proposal, by: Actor, kind: str = "place") -> None:
    actions.save_what(proposal, What(kind, "Courtyard garden", "A garden for all."), by=by)
    actions.save_where(proposal, WHERE[kind], by=by)
    actions.save_particulars(proposal, PARTICULARS[kind], by=by)
    group = Group("informal_group", "Pratello gardeners", *PRIVATE, is_adult=True)
    actions.save_group(proposal, group, by=by)
    actions.add_commitment(proposal, Promise("Open the gate", 4, "hours", "week", "list of days"), by=by)
    first = clock.today() + timedelta(days=90)
    actions.save_term(proposal, Term(first, date(first.year + 2, first.month, 1)), by=by)
    actions.choose_asks(proposal, ["funding", "server"], by=by)
    actions.detail_ask(proposal, "funding", Need("Tools and seeds", 120_000), by=by)
    actions.detail_ask(proposal, "server", Need("A calendar", months=12, plan="small"), by=by)
    actions.choose_fences(proposal, ["transparency", "open_door"], by=by)
    actions.save_touched(proposal, "The neighbours of number 88.", by=by)


def holder(cast: Any, proposal: Proposal | None = None, name: str = "rosa") -> Actor:
    return getattr(cast, name)


def begin(by: Actor, *, kind: str = "place", whole: bool = True) -> str:
    """Start a draft by somebody with an account and return its code."""
    with db.writing():
        begun = actions.start(by=by, profile=PROFILE, language="en")
        if whole:
            write_whole(begun.proposal, by, kind)
        return begun.proposal.code


def load(code: str) -> Proposal:
    """Load a proposal with all its parts in the open unit of work."""
    found = queries.by_code(queries.visible_to(Actor(kind="system")), code)
    return db.session().scalars(found).one()


def send(by: Actor, *, kind: str = "place") -> str:
    """Write and send a proposal, and return its code."""
    code = begin(by, kind=kind)
    do(code, lambda proposal: actions.submit(proposal, by=by))
    return code


def do(code: str, verb: Any) -> Any:
    """Do something with a proposal in a unit of work of its own."""
    with db.writing():
        return verb(load(code))


def see(code: str, question: Any) -> Any:
    """Ask something about a proposal."""
    with db.reading():
        return question(load(code))


def find_in_order(kind: str = "place") -> dict[str, tuple[str, str]]:
    """Return a checklist on which every item is in order."""
    return {item.id: ("ok", "") for item in checklist.items_for(kind)}


def clear(code: str, by: Actor) -> None:
    """Let an official state that there is no conflict of interest."""
    do(code, lambda proposal: state_interest(proposal, "", has_conflict=False, by=by))
