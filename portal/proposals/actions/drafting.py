"""Save the sections of a draft: every save is possible at any moment, only the shape is checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, inspect

from portal import city, clock, policy
from portal.commons import licences
from portal.errors import Invalid
from portal.policy import Can
from portal.proposals import particulars
from portal.proposals.fitting import fits
from portal.proposals.lifecycle import LIFE, Verb
from portal.proposals.models import Proposal
from portal.proposals.profiles import profile_of
from portal.proposals.sections import Section
from portal.proposals.shapes import GROUPS, KINDS, LONGEST_SHORT, LONGEST_TEXT, Group, Term, What, Where
from portal.words import W

if TYPE_CHECKING:
    from portal.policy import Actor

MICRO = 1_000_000
OUTSIDE = W("That point is outside the city. Move it, or choose “No fixed place”.")
_BOTH = W("Enter both numbers of the point, or leave both empty")


def save_what(proposal: Proposal, what: What, *, by: Actor) -> None:
    """Say what is to be looked after; another kind takes back the fences, which belonged to the old one."""
    may_fill(proposal, by=by)
    if what.kind not in {"", *KINDS}:
        raise Invalid(W("Choose what you want to look after"), field="kind")
    if proposal.kind and what.kind != proposal.kind:
        _turn_to(proposal, what.kind)
    if what.summary != proposal.summary:
        fits(what.summary, LONGEST_SHORT, field="summary")
    write(proposal, Section.WHAT, asdict(what))


def _turn_to(proposal: Proposal, kind: str) -> None:
    """Take back what belonged to the old kind alone: its fences, its own questions, the help only it gets."""
    proposal.fences.clear()
    forget(proposal, Section.FENCES)
    proposal.particulars = None
    proposal.outline, proposal.has_no_place, proposal.commons_slug = None, None, None
    offered = {one.id for one in profile_of(proposal).supports_for(kind)}
    proposal.asks[:] = [one for one in proposal.asks if one.kind in offered]


def save_particulars(proposal: Proposal, answers: Mapping[str, str], *, by: Actor) -> None:
    """Answer what only this kind of commons is asked; refuses with Invalid what was not offered."""
    may_fill(proposal, by=by)
    kept = {}
    for one in particulars.asked_of(proposal.kind):
        answer = answers.get(one.id, "")
        if one.shape == "choice" and answer and answer not in one.choices:
            raise Invalid(W("Choose from the list"), field=one.id)
        fits(answer, one.longest, field=one.id)
        if answer:
            kept[one.id] = answer
    proposal.particulars = kept
    proposal.saved_at = clock.now()


def save_where(proposal: Proposal, where: Where, *, by: Actor) -> None:
    """Say where it is; a point gives its district, a licence takes its usual spelling.

    Refuses with Invalid a point outside the city and a licence nobody knows.
    """
    may_fill(proposal, by=by)
    if where.has_no_place:
        where = replace(where, latitude_e6=None, longitude_e6=None, commons_slug=None)
        proposal.outline = None
    values = asdict(where)
    values["district"] = _district(proposal, where)
    licence = licences.read(where.licence)
    values["licence"] = licence.expression if licence else ""
    write(proposal, Section.WHERE, values)


def save_group(proposal: Proposal, group: Group, *, by: Actor, organisation_id: int | None = None) -> None:
    """Say who proposes; for an organisation only somebody who belongs to it may speak.

    A proposal that was begun for an organisation stays that one's, under its name in the register.
    """
    may_fill(proposal, by=by)
    if group.group_kind not in {"", *GROUPS}:
        raise Invalid(W("Say who takes part"), field="group_kind")
    if organisation_id is not None and organisation_id not in by.organisations:
        raise Invalid(W("You can propose only for an organisation you belong to."), field="group_name")
    values = {**asdict(group), "organisation_id": organisation_id or proposal.organisation_id}
    if proposal.organisation_id is not None:
        values |= {"group_kind": proposal.group_kind, "group_name": proposal.group_name}
    write(proposal, Section.GROUP, values)


def save_term(proposal: Proposal, term: Term, *, by: Actor) -> None:
    """Say from when to when; refuses with Invalid days in the past, in the wrong order, or too far apart."""
    may_fill(proposal, by=by)
    check_term(proposal, term, on=clock.today())
    write(proposal, Section.COMMITMENTS, asdict(term))


def check_term(proposal: Proposal, term: Term, *, on: date) -> None:
    """Refuse a term that no pact may have."""
    if term.starts_on and term.starts_on <= on:
        raise Invalid(
            W("The start date must be after %(day)s", day=on.strftime("%d/%m/%Y")), field="starts_on"
        )
    if not (term.starts_on and term.ends_on):
        return
    if term.ends_on <= term.starts_on:
        raise Invalid(W("The end date must be after the start date"), field="ends_on")
    years = max(one.longest_years for one in profile_of(proposal).classes)
    if term.ends_on > years_after(term.starts_on, years) - timedelta(days=1):
        raise Invalid(W("A pact can last %(years)s years at most", years=years), field="ends_on")


def years_after(day: date, years: int) -> date:
    """Return the same day some years later; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def save_touched(proposal: Proposal, touched: str, *, by: Actor) -> None:
    """Say who else is touched; nobody may be the answer."""
    may_fill(proposal, by=by)
    write(proposal, Section.TOUCHED, {"touched": touched})


def leave_address(proposal: Proposal, email: str, *, by: Actor) -> None:
    """Say where the city may write; the section on the group takes it over."""
    may_fill(proposal, by=by)
    _put(proposal, {"contact_email": email})
    proposal.saved_at = clock.now()


def may_fill(proposal: Proposal, *, by: Actor) -> None:
    """Refuse whoever does not hold the draft, and every change after it was sent."""
    policy.check(by, Can.PROPOSAL_FILL, proposal)
    LIFE.after(proposal.state, Verb.FILL)
    stamp(proposal, by=by)


def stamp(proposal: Proposal, *, by: Actor) -> None:
    """Remember who wrote in it for somebody at the counter: none of them decides on it later."""
    if by.helps and by.person_id is not None and by.person_id not in (proposal.entered_ids or []):
        proposal.entered_ids = [*(proposal.entered_ids or []), by.person_id]


def write(proposal: Proposal, section: Section, values: dict[str, Any]) -> None:
    """Put the values into the draft and remember that the section was saved."""
    _put(proposal, values)
    proposal.saved_at = clock.now()
    if section.value not in proposal.saved_sections:
        proposal.saved_sections = [*proposal.saved_sections, section.value]


def forget(proposal: Proposal, section: Section) -> None:
    """Ask for a section again."""
    proposal.saved_sections = [one for one in proposal.saved_sections if one != section.value]


def _put(proposal: Proposal, values: dict[str, Any]) -> None:
    columns = inspect(Proposal).columns
    for name, value in values.items():
        if isinstance(value, str):
            kind = columns[name].type
            most = (kind.length if isinstance(kind, String) else None) or LONGEST_TEXT
            fits(value, most, field=name)
        setattr(proposal, name, value)


def _district(proposal: Proposal, where: Where) -> str:
    if (where.latitude_e6 is None) != (where.longitude_e6 is None):
        raise Invalid(_BOTH, field="latitude" if where.latitude_e6 is None else "longitude")
    profile = profile_of(proposal)
    if where.latitude_e6 is None or where.longitude_e6 is None:
        known = {"", *(one.id for one in profile.districts)}
        return where.district if where.district in known else ""
    latitude, longitude = where.latitude_e6 / MICRO, where.longitude_e6 / MICRO
    found = city.district_at(profile, latitude=latitude, longitude=longitude)
    if found is None:
        raise Invalid(OUTSIDE, field="latitude")
    return found.id
