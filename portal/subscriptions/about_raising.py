"""Who is told of a stage of a track, of what a call adds to raised money, and of a surplus that arrived."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import clock, db
from portal.notices.kinds import Kind
from portal.organisations.models import Organisation
from portal.organisations.queries.members import speakers_of
from portal.policy import Role
from portal.proposals.incubation import queries as track
from portal.proposals.matching import queries as matching
from portal.proposals.models import Call, Proposal
from portal.record import Did
from portal.subscriptions.recipients import holder, holding, people
from portal.subscriptions.telling import Mail, News, tell
from portal.support import aside
from portal.support.amounts import Amount
from portal.support.models.surplus import Surplus
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.notices.actions import Recipient
    from portal.proposals.models import MatchAward


def stage_decided(news: News) -> None:
    """Tell whoever applied that the group goes on, or does not; the page says why."""
    call, facts = _call(news), news.act.facts
    venture = db.session().scalars(track.venture(call.id, facts["number"])).one()
    goes_on = facts["outcome"] == "goes_on"
    said = (
        W("“%(name)s” goes on to the next stage of the track.", name=venture.name)
        if goes_on
        else W("“%(name)s” does not go on to the next stage of the track.", name=venture.name)
    )
    title = W("Your group goes on") if goes_on else W("Your group was not chosen for the next stage")
    path = f"/calls/{call.ref}/track/{venture.number}"
    mail = Mail("E19", title, (said, W("Your page of the track says why.")), path, kind=Kind.LEGAL)
    tell(news, people([venture.person_id]), mail)


def match_settled(news: News) -> None:
    """Tell each group what the city adds to its money, all of its projects in one message."""
    call, found = _call(news), _awards(_call(news))
    for to, awards in found.values():
        sentences = tuple(_added(award, proposal) for award, proposal in awards)
        path = f"/proposals/{awards[0][1].code}/campaign" if len(awards) == 1 else f"/calls/{call.ref}/match"
        title = W("It is settled what the city adds to your money")
        why = W("The page says how it was worked out.")
        tell(news, [to], Mail("E19", title, (*sentences, why), path, kind=Kind.LEGAL))


def _awards(call: Call) -> dict[str, tuple[Recipient, list[tuple[MatchAward, Proposal]]]]:
    found: dict[str, tuple[Recipient, list[tuple[MatchAward, Proposal]]]] = {}
    session = db.session()
    for award in session.scalars(matching.awards(call.id)).all():
        proposal = session.get_one(Proposal, award.proposal_id)
        for to in holder(proposal):
            found.setdefault(to.mark, (to, []))[1].append((award, proposal))
    return found


def _added(award: MatchAward, proposal: Proposal) -> W:
    if not award.cents:
        return W("The city adds nothing to what “%(title)s” raised.", title=proposal.title)
    amount = Amount(award.cents, "cent")
    return W("The city adds %(amount)s to what “%(title)s” raised.", amount=amount, title=proposal.title)


def undrawn(call: Call) -> list[tuple[Proposal, int, Recipient]]:
    """Return each project with what it has not drawn of its share in cents, and whom of it to tell."""
    session, found = db.session(), []
    pool = session.scalar(matching.own_pool(call))
    for proposal, share in session.execute(matching.shares(call)).all():
        has = session.scalar(aside.taken(pool.id if pool else 0, f"proposal:{proposal.code}")) or 0
        if share > has:
            found += [(proposal, share - has, to) for to in holder(proposal)]
    return found


def match_gave_back(news: News) -> None:
    """Tell the treasurer, the officers and each group with a share not drawn that the rest went back."""
    call, cents = _call(news), news.act.facts["cents"]
    back = W(
        "%(amount)s that no project of call %(ref)s had taken went back to its fund.",
        amount=Amount(cents, "cent"),
        ref=call.ref,
    )
    why = W("The reason: %(reason)s", reason=news.act.facts["reason"])
    title = W("The rest of the match went back")
    for proposal, _, to in undrawn(call):
        path = f"/proposals/{proposal.code}/campaign"
        tell(news, [to], Mail("E19", title, (back, why), path, topic=proposal.title, kind=Kind.LEGAL))
    staff = [*holding(Role.TREASURER), *holding(Role.OFFICER)]
    tell(news, staff, Mail("E24", title, (back, why), f"/desk/calls/{call.ref}/match"))


def match_goes_on(news: News, ref: str) -> None:
    """Tell each group with a share not drawn, and the officers, until when the match waits now."""
    session = db.session()
    call = session.scalars(select(Call).where(Call.ref == ref)).one()
    pool = session.scalars(matching.own_pool(call)).one()
    title = W("What the city adds waits for another year")
    for proposal, cents, to in undrawn(call):
        body = W(
            "%(amount)s of what the city adds to “%(title)s” goes on in the fund of %(year)s.",
            amount=Amount(cents, "cent"),
            title=proposal.title,
            year=pool.year,
        )
        path = f"/proposals/{proposal.code}/campaign"
        same = W("You can still have all of it written into a pact.")
        tell(news, [to], Mail("E19", title, (body, same), path, topic=proposal.title, kind=Kind.ACT))
    rest = W(
        "%(amount)s of what call %(ref)s sets aside goes on in the fund of %(year)s.",
        amount=Amount(pool.left, "cent"),
        ref=call.ref,
        year=pool.year,
    )
    tell(news, holding(Role.OFFICER), Mail("E24", title, (rest,), f"/desk/calls/{call.ref}/match"))


def surplus_arrived(news: News) -> None:
    """Tell those who speak for the group that its surplus is in the commons fund."""
    session, facts = db.session(), news.act.facts
    surplus = session.get_one(Surplus, facts["surplus"])
    group = session.get_one(Organisation, surplus.organisation_id)
    amount = Amount(facts["cents"], "cent")
    body = W(
        "%(amount)s of the surplus of “%(group)s” in %(year)s arrived in the commons fund. Thank you.",
        amount=amount,
        group=group.name,
        year=surplus.year,
    )
    speaking = session.scalars(speakers_of(group.id, clock.now()))
    title = W("Your surplus arrived in the commons fund")
    mail = Mail("E13", title, (body,), f"/organisations/{group.slug}/surplus")
    tell(news, people([one.person_id for one in speaking]), mail)


def surplus_moved(news: News) -> None:
    """Tell both groups that money was entered for the wrong one, and whose it is."""
    session, facts = db.session(), news.act.facts
    amount = Amount(facts["cents"], "cent")
    right, wrong = (session.get_one(Surplus, facts[name]) for name in ("surplus", "former"))
    came = W("It was entered for another group by mistake. The page of your surplus counts it now.")
    went = W("It belongs to another group. Nothing of what you declared has changed.")
    if right.organisation_id == wrong.organisation_id:
        came = W("It was entered for another year by mistake. The page of your surplus counts it now.")
    _tell_group(
        news,
        right,
        W("%(amount)s in the commons fund is of your surplus of %(year)s.", amount=amount, year=right.year),
        came,
    )
    if right.organisation_id != wrong.organisation_id:
        gone = W(
            "%(amount)s in the commons fund was entered as your surplus of %(year)s by mistake.",
            amount=amount,
            year=wrong.year,
        )
        _tell_group(news, wrong, gone, went)


def _tell_group(news: News, surplus: Surplus, *body: W) -> None:
    session = db.session()
    group = session.get_one(Organisation, surplus.organisation_id)
    speaking = session.scalars(speakers_of(group.id, clock.now()))
    title = W("Money in the commons fund was entered anew")
    mail = Mail("E13", title, body, f"/organisations/{group.slug}/surplus")
    tell(news, people([one.person_id for one in speaking]), mail)


def _call(news: News) -> Call:
    return db.session().scalars(select(Call).where(Call.ref == news.code)).one()


TOLD: dict[str, Callable[[News], None]] = {
    Did.VENTURE_DECIDED: stage_decided,
    Did.MATCH_SETTLED: match_settled,
    Did.MATCH_GAVE_BACK: match_gave_back,
    Did.SURPLUS_ARRIVED: surplus_arrived,
    Did.SURPLUS_MOVED: surplus_moved,
}
