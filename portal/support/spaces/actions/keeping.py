"""Enter a space of the city, and change what is said of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.exc import IntegrityError

from portal import db, policy
from portal.errors import Invalid, Stale
from portal.policy import Actor, Can
from portal.record import Did, record
from portal.support.spaces import queries
from portal.support.spaces.models import Space
from portal.support.spaces.opening import DAYS, Week
from portal.words import W

LONGEST_NAME, LONGEST_ABOUT, LONGEST_ADDRESS, MOST_PEOPLE = 120, 1_000, 200, 100_000
NEEDED = {
    "name": W("Give the space a name"),
    "address": W("Say where the space is"),
    "capacity": W("Say how many people it holds, from 1 to %(most)s", most=MOST_PEOPLE),
    "hours": W("Enter the opening hours of at least one day"),
}
SAME_NAME = W("There is a space of this name already. Give this one another name.")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is said of a space; its name and what is there by language, `week` Monday first."""

    name: Mapping[str, str]
    address: str
    capacity: int
    week: Week
    about: Mapping[str, str] = field(default_factory=dict)
    district: str = ""
    is_step_free: bool = False
    is_open: bool = True


def add(plan: Plan, *, by: Actor) -> Space:
    """Enter a space; refuses with Invalid what lacks a name, a place, room for somebody, or opening hours."""
    policy.check(by, Can.SPACE_KEEP)
    _check(plan)
    slug = _slug(next(text for text in plan.name.values() if text))
    session = db.session()
    if session.scalar(queries.space(slug)) is not None:
        raise Invalid(SAME_NAME, field="name")
    space = Space(slug=slug, **_facts(plan))
    try:
        with session.begin_nested():
            session.add(space)
            session.flush()
    except IntegrityError as error:
        raise Stale(SAME_NAME) from error
    record(Did.SPACE_ADDED, space.key, by=by)
    return space


def change(space: Space, plan: Plan, *, by: Actor) -> None:
    """Change what is said of a space; what is booked already stands."""
    policy.check(by, Can.SPACE_KEEP)
    _check(plan)
    for name, value in _facts(plan).items():
        setattr(space, name, value)
    db.session().flush()
    record(Did.SPACE_CHANGED, space.key, by=by, open=space.is_open)


def _facts(plan: Plan) -> dict[str, object]:
    same = ("address", "capacity", "district", "is_step_free", "is_open")
    words = {
        name: {code: text for code, text in getattr(plan, name).items() if text} for name in ("name", "about")
    }
    hours = [list(one) if one else None for one in plan.week]
    return {name: getattr(plan, name) for name in same} | words | {"hours": hours}


def _check(plan: Plan) -> None:
    wrong = {
        "name": not any(plan.name.values()),
        "address": not plan.address,
        "capacity": not 0 < plan.capacity <= MOST_PEOPLE,
        "hours": len(plan.week) != DAYS or not any(plan.week),
    }
    for name, is_wrong in wrong.items():
        if is_wrong:
            raise Invalid(NEEDED[name], field=name)
    limits = [(plan.address, LONGEST_ADDRESS, "address")]
    limits += [(text, LONGEST_NAME, "name") for text in plan.name.values()]
    limits += [(text, LONGEST_ABOUT, "about") for text in plan.about.values()]
    for text, most, name in limits:
        if len(text) > most:
            raise Invalid(W("Shorten this to %(most)s characters or fewer", most=most), field=name)


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or f"space-{len(name)}"
