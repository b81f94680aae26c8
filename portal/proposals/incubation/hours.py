"""The hours of a stage, drawn from the pools: asked with the stages, bound as it begins, then given.

Nobody signs for a track, so that another act binds the hours: the first decision by two persons that lets a
group into the stage (see docs/decisions).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal import db
from portal.errors import Invalid, WrongState
from portal.support import actions as support
from portal.support import queries as support_queries
from portal.support.actions import Case
from portal.support.ledger import Kind
from portal.support.lifecycle import State
from portal.words import SOURCE_LANGUAGE, W, in_language

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from portal.city import Profile
    from portal.policy import Actor
    from portal.proposals.incubation.actions import Plan, Step
    from portal.proposals.models import Call, Venture
    from portal.support.models import Allocation, Delivery

# What each kind of help is drawn from. Training and mentoring share pools and stay two rows: each kind has a
# sign of its own in the row's key.
POOLS = {"training": Kind.TRAINING, "mentoring": Kind.TRAINING, "legal": Kind.LEGAL}
_SIGNS = {"training": "t", "mentoring": "m", "legal": "l"}
_FIELDS = {"amount": "hours", "delivered_on": "on"}
NOT_YET = W(
    "The hours of this stage are not promised yet: a second person has to approve them in the pools first."
)
NO_MORE = W("All hours that were promised to this stage are given.")


def key_of(stage: int, kind: str) -> str:
    """Return the key of a stage's row for one kind of help."""
    return f"s{stage}{_SIGNS[kind]}"


def stage_of(key: str) -> int:
    """Return for which stage a row with this key is."""
    return int(key[1:-1])


def rows_of(call: Call) -> dict[str, Allocation]:
    """Return the rows of support of a track's stages, by their keys."""
    return {one.row_key: one for one in db.session().scalars(support_queries.current(call.key))}


def ask(call: Call, plans: Sequence[Plan], rules: Profile | None, *, by: Actor) -> None:
    """Ask the pools for the hours of these stages; what an earlier plan asked for is let go of.

    The same hours asked again change nothing, so that what was approved stays approved.
    """
    wanted = {
        key_of(number, kind): (hours, plan.starts_on)
        for number, plan in enumerate(plans, start=1)
        for kind, hours in plan.hours.items()
        if hours
    }
    known = rows_of(call)
    if wanted == {key: (one.amount, one.starts_on) for key, one in known.items() if one.state in OPEN}:
        return
    version = max((one.version for one in known.values()), default=0) + 1
    support.ask_for(call.key, version, (), by=by)
    for number, plan in enumerate(plans, start=1):
        rows = [_row(plan, number, kind, rules) for kind, hours in plan.hours.items() if hours]
        case = _case(call, plan, rules)
        support.ask_for(call.key, version, rows, case=case, by=by)


OPEN = frozenset(support_queries.OPEN)


def _case(call: Call, plan: Plan, rules: Profile | None) -> Case:
    return Case(
        title=_first(call.title)[:150],
        language=next((language for language, text in call.title.items() if text), ""),
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        profile_version=rules.version_key if rules else "",
    )


def _row(plan: Plan, number: int, kind: str, rules: Profile | None) -> dict[str, Any]:
    price = rules.unit_price(POOLS[kind]) if rules else None
    hours = plan.hours[kind]
    return {
        "id": key_of(number, kind),
        "kind": POOLS[kind].value,
        "what": _what(plan, kind, rules),
        "amount": hours,
        "unit": "hour",
        "value_cents": hours * price.cents if price else 0,
    }


def _what(plan: Plan, kind: str, rules: Profile | None) -> str:
    # By its words alone the rule against paying the same twice tells mentoring from training.
    stage = _first(plan.name)
    if kind == POOLS[kind]:
        return stage
    with in_language(rules.prevailing_language if rules else SOURCE_LANGUAGE):
        return str(W("%(stage)s: hours with a mentor", stage=stage))


def _first(words: Mapping[str, str]) -> str:
    return next((text for text in words.values() if text), "")


def bind(call: Call, stage: int, *, by: Actor) -> None:
    """Bind the hours of a stage as its first group is let in; refuses with WrongState what is not approved.

    What the city refused is left out: the stage goes on without it.
    """
    rows = [one for key, one in rows_of(call).items() if key in {key_of(stage, kind) for kind in POOLS}]
    if any(one.state in {State.ASKED, State.PROPOSED} for one in rows):
        raise WrongState(NOT_YET)
    for one in sorted(rows, key=lambda row: row.pool_id or 0):
        if one.state == State.APPROVED:
            support.commit_row(one, by=by)


def give(call: Call, venture: Venture, step: Step, *, by: Actor) -> Delivery | None:
    """Give hours of help out of what was promised to the stage; None where nothing was promised of this kind.

    Refuses with Invalid more than is left.
    """
    if step.kind not in POOLS or not step.hours:
        return None
    row = rows_of(call).get(key_of(venture.stage, step.kind)) if venture.stage else None
    if row is None or row.state not in {State.COMMITTED, State.DELIVERED}:
        return None
    if row.state == State.DELIVERED:
        raise Invalid(NO_MORE, field="hours")
    try:
        # Of a group that is not named in public its number alone stands in the books.
        return support.deliver(row, step.hours, step.on, _evidence(call, venture, step.on), by=by)
    except Invalid as refused:
        raise Invalid(refused.words, field=_FIELDS.get(refused.field, refused.field)) from refused


def _evidence(call: Call, venture: Venture, on: date) -> str:
    return f"{call.ref}, {venture.number}/{venture.stage}, {on:%d/%m/%Y}"
