"""Keep the answers to a guide, one section at a time; what one side wrote the other one sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from portal import clock, db, policy
from portal.errors import Invalid, Stale
from portal.policy import Can
from portal.record import Did
from portal.support.legal import assessing, queries
from portal.support.legal.actions.held import Room, remember, side_of
from portal.support.legal.lifecycle import MATTER, MatterVerb
from portal.support.legal.models import LegalMatter, LegalSheet
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.city import Guide
    from portal.policy import Actor

LONGEST_ANSWER = 2000
OPTIONS = {"yes_no": ("yes", "no"), "point": ("done", "open", "na")}


def answer(
    room: Room, matter: LegalMatter, guide: Guide, section: str, typed: Mapping[str, str], *, by: Actor
) -> LegalSheet:
    """Keep the answers to one section; an empty one takes the answer back.

    Refuses with Invalid a choice that the question does not have, and too long a text.
    """
    policy.check(by, Can.LEGAL_ARRANGE, room)
    MATTER.after(matter.state, MatterVerb.WRITE)
    wanted = allowed(guide, section)
    kept = {key: value.strip() for key, value in typed.items() if key in wanted}
    for key, value in kept.items():
        if value and wanted[key] and value not in wanted[key]:
            raise Invalid(W("Choose one of the answers"), field=key)
        if len(value) > LONGEST_ANSWER:
            raise Invalid(W("Shorten this to %(most)s characters or fewer", most=LONGEST_ANSWER), field=key)
    sheet = _sheet(matter, guide.id)
    # A new table of answers, so that the change is seen.
    sheet.answers = {key: value for key, value in {**sheet.answers, **kept}.items() if value}
    sheet.changed_by, sheet.changed_at = side_of(room, by), clock.now()
    sheet.person_id = by.person_id
    db.session().flush()
    remember(Did.LEGAL_GUIDE_ANSWERED, room, matter, by=by, guide=guide.id, section=section)
    return sheet


def allowed(guide: Guide, section: str) -> dict[str, tuple[str, ...]]:
    """Return what may be answered in a section: the choices of each question, none where words are asked."""
    found: dict[str, tuple[str, ...]] = {}
    for question in guide.section(section).questions:
        found[question.id] = OPTIONS.get(question.kind, tuple(one.id for one in question.options))
        if question.kind == "point":
            found[assessing.why(question.id)] = ()
    return found


def _sheet(matter: LegalMatter, guide: str) -> LegalSheet:
    session = db.session()
    found = session.scalars(queries.sheet(matter.id, guide)).first()
    if found is not None:
        return found
    begun = LegalSheet(
        matter_id=matter.id, guide=guide, answers={}, changed_by="city", changed_at=clock.now()
    )
    try:
        with session.begin_nested():
            session.add(begun)
            session.flush()
    except IntegrityError as error:
        raise Stale(W("The other side began this guide a moment ago. Look again.")) from error
    return begun
