"""How a proposal of the demonstration lives: each step waits for its day, then goes through the actions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import clock, db
from portal.commons.photos import cleaned
from portal.organisations.models import Organisation
from portal.pacts.calendar import months_later
from portal.policy import SYSTEM
from portal.proposals.actions import casework, details, drafting, opening, pictures, sending
from portal.proposals.captions import Caption
from portal.proposals.shapes import Term
from seeds.demo.agreeing import write
from seeds.demo.calling import call_named
from seeds.demo.cast import actor
from seeds.demo.finding import proposal_of
from seeds.demo.hearing import hear
from seeds.demo.joining import join
from seeds.demo.judging import state
from seeds.demo.particulars import particulars_of
from seeds.demo.pictures import SCENES, paint
from seeds.demo.story import Story, Upto

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.city import Profile
    from portal.documents.store import Store

LAW = "Art. 10-bis, L. 241/1990"
# From the first draft to the first day of a pact that is signed by now.
DAYS_TO_START = 47
ASKED = "Chi verifica le segnalazioni, e come si può entrare nel gruppo?"
ANSWERED = "Quattro persone a turno; si entra scrivendo al gruppo o venendo alla riunione del mese."
REPLIED = "Abbiamo sentito le due persone che usano i posti: propongono uno scambio con la via accanto."


def tell_story(story: Story, profile: Profile, store: Store) -> Iterator[int]:
    """Yield the day of each step before it is done; stops where the story has come to."""
    yield story.sent - 2
    code = _draft(story, profile, store)
    if story.upto == Upto.DRAFT:
        return
    yield story.sent
    sending.submit(proposal_of(code), by=actor(story.by.holder))
    if story.upto == Upto.WITHDRAWN:
        yield story.sent + 9
        sending.withdraw(proposal_of(code), by=actor(story.by.holder))
    if story.upto >= Upto.TAKEN:
        yield story.sent + 3
        casework.assign(proposal_of(code), by=actor(story.officer))
        yield from _ask(story, code)
        yield from hear(story, code)
        yield from join(story, code)
        yield from _refuse(story, code)
        yield from write(story, code)


def _ask(story: Story, code: str) -> Iterator[int]:
    if Upto.SUPPLEMENT <= story.upto <= Upto.LAPSED:
        yield story.sent + 6
        casework.ask_supplement(proposal_of(code), ASKED, by=actor(story.officer))
    if story.upto == Upto.SUPPLIED:
        yield story.sent + 12
        sending.supply(proposal_of(code), ANSWERED, by=actor(story.by.holder))
    if story.upto == Upto.LAPSED:
        yield story.sent + 42
        sending.lapse(proposal_of(code), by=SYSTEM)


def _refuse(story: Story, code: str) -> Iterator[int]:
    if Upto.NOTICED <= story.upto <= Upto.REFUSED:
        yield story.sent + 15
        state(story, code)
        casework.notice_refusal(proposal_of(code), story.reason, LAW, by=actor(story.officer))
    if story.upto == Upto.REPLIED:
        yield story.sent + 22
        sending.reply(proposal_of(code), REPLIED, by=actor(story.by.holder))
    if story.upto == Upto.REFUSED:
        yield story.sent + 30
        casework.refuse(proposal_of(code), story.reason, LAW, by=actor(story.officer))


def _draft(story: Story, profile: Profile, store: Store) -> str:
    holder = actor(story.by.holder)
    proposal = opening.start(by=holder, profile=profile, language="it", call=call_named(story.call)).proposal
    db.session().flush()
    proposal = proposal_of(proposal.code)
    drafting.save_what(proposal, story.what, by=holder)
    drafting.save_where(proposal, story.where, by=holder)
    drafting.save_particulars(proposal, particulars_of(story), by=holder)
    drafting.save_group(proposal, story.by.group, by=holder, organisation_id=_own_group(story))
    for promise in story.promises:
        details.add_commitment(proposal, promise, by=holder)
    drafting.save_term(proposal, _term(story), by=holder)
    details.choose_asks(proposal, tuple(story.asks), by=holder)
    for kind, need in story.asks.items():
        details.detail_ask(proposal, kind, need, by=holder)
    details.choose_fences(proposal, story.fences, by=holder)
    touched = "Chi abita intorno lo sa: ne abbiamo parlato in una riunione aperta."
    caption = Caption(f"{SCENES[story.scene][1]}.", credit="Disegno per la dimostrazione")
    picture = cleaned(paint(story.scene, story.what.title))
    pictures.add_photo(proposal, picture, caption, store=store, by=holder)
    drafting.save_touched(proposal, touched, by=holder)
    return proposal.code


def _term(story: Story) -> Term:
    """Return from when to when; one that is not signed yet begins after today."""
    days = DAYS_TO_START if story.upto >= Upto.RUNNING else max(DAYS_TO_START, 30 - story.sent)
    first = clock.today() + timedelta(days=days)
    return Term(first, months_later(first, story.months) - timedelta(days=1))


def _own_group(story: Story) -> int | None:
    name = story.by.group.group_name
    found = db.session().scalars(select(Organisation.id).where(Organisation.name == name)).first()
    return found if name and found in actor(story.by.holder).organisations else None
