"""Questions about a track: its stages, its ventures, what they did and what was decided."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, select

from portal.organisations.models import Organisation
from portal.people.models import Person
from portal.proposals.incubation.lifecycle import GOING
from portal.proposals.models import Call, Stage, StageDecision, Venture, VentureInterest, VentureStep

PAGE = 100


def stages(call_id: int) -> Select[Stage]:
    """Select the stages of a track in their order."""
    return select(Stage).where(Stage.call_id == call_id).order_by(Stage.number)


def stage(call_id: int, number: int) -> Select[Stage]:
    """Select one stage."""
    return select(Stage).where(Stage.call_id == call_id, Stage.number == number)


def counts(call_id: int) -> Select[*tuple[Any, ...]]:
    """Select how many ventures of each state came how far, and how many interests were stated in them."""
    many = func.count(Venture.id.distinct()), func.count(VentureInterest.id).label("interests")
    return (
        select(Venture.state, Venture.stage, *many)
        .outerjoin(VentureInterest, VentureInterest.venture_id == Venture.id)
        .where(Venture.call_id == call_id)
        .group_by(Venture.state, Venture.stage)
    )


def ventures(call_id: int, *, named: bool = False, after: int = 0) -> Select[*tuple[Any, ...]]:
    """Select a page, and one row more, of a track's ventures with the cooperative that came of each."""
    found = (
        select(Venture, Organisation.slug)
        .outerjoin(Organisation, Organisation.id == Venture.organisation_id)
        .where(Venture.call_id == call_id, Venture.number > after)
        .order_by(Venture.number)
        .limit(PAGE + 1)
    )
    return found.where(Venture.is_named) if named else found


def venture(call_id: int, number: int) -> Select[Venture]:
    """Select one venture of a track."""
    return select(Venture).where(Venture.call_id == call_id, Venture.number == number)


def own(call_id: int, person_id: int) -> Select[Venture]:
    """Select the ventures with which a person applied."""
    mine = Venture.call_id == call_id, Venture.person_id == person_id
    return select(Venture).where(*mine).order_by(Venture.number)


def last_number(call_id: int) -> Select[int | None]:
    """Select the highest number of a venture."""
    return select(func.max(Venture.number)).where(Venture.call_id == call_id)


def steps(venture_id: int) -> Select[VentureStep]:
    """Select what a venture did, the newest first."""
    mine = select(VentureStep).where(VentureStep.venture_id == venture_id)
    return mine.order_by(VentureStep.id.desc()).limit(PAGE)


def decisions(venture_id: int) -> Select[StageDecision]:
    """Select what was proposed and decided of a venture, the newest first."""
    mine = select(StageDecision).where(StageDecision.venture_id == venture_id)
    return mine.order_by(StageDecision.id.desc())


def waiting(call_id: int) -> Select[*tuple[Any, ...]]:
    """Select the decisions of a track that wait for the second person."""
    return (
        select(StageDecision, Venture)
        .join(Venture, Venture.id == StageDecision.venture_id)
        .where(Venture.call_id == call_id, StageDecision.approved_by_id.is_(None))
        .order_by(StageDecision.id)
        .limit(PAGE)
    )


def call_of(venture_id: int) -> Select[Call]:
    """Select the call of a venture."""
    return select(Call).join(Venture, Venture.call_id == Call.id).where(Venture.id == venture_id)


def waiting_of(venture_id: int) -> Select[StageDecision]:
    """Select the decision of a venture that waits for the second person."""
    mine = StageDecision.venture_id == venture_id, StageDecision.approved_by_id.is_(None)
    return select(StageDecision).where(*mine)


def hold(call_id: int) -> Select[int]:
    """Select a call, kept for one unit of work: what changes who is on its track goes one by one."""
    return select(Call.id).where(Call.id == call_id).with_for_update(key_share=True)


def going(call_id: int) -> Select[*tuple[Any, ...]]:
    """Select how far those came who are still on a track, and who stands on the side of each."""
    on_it = Venture.state.in_(sorted(GOING))
    sides = (Venture.stage, Venture.person_id, Venture.group_id, Venture.conflicted_ids)
    return select(*sides).where(Venture.call_id == call_id, on_it).order_by(Venture.number)


def interests(venture_id: int) -> Select[*tuple[Any, ...]]:
    """Select who stated an interest in a venture, by name."""
    found = select(VentureInterest, Person.name).join(Person, Person.id == VentureInterest.person_id)
    return found.where(VentureInterest.venture_id == venture_id).order_by(VentureInterest.id)


def interests_under(call_id: int) -> Select[*tuple[Any, ...]]:
    """Select in which role interests were stated in the ventures of a track, and when."""
    return (
        select(
            Venture.number, Venture.name, Venture.is_named, VentureInterest.role, VentureInterest.stated_at
        )
        .join(Venture, Venture.id == VentureInterest.venture_id)
        .where(Venture.call_id == call_id)
        .order_by(VentureInterest.id)
        .limit(PAGE)
    )


def own_one(call_id: int, person_id: int, number: int) -> Select[Venture]:
    """Select one venture of a track with which this person applied."""
    return own(call_id, person_id).where(Venture.number == number)
