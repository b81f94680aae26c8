"""In the morning of a working day staff read what is due on their desk; and once that a case is late."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, and_, func, select

from portal import clock, db
from portal.notices.actions import Text
from portal.notices.telling import tell
from portal.pacts.models import Absence, DeskCase
from portal.pacts.standing import profile_named
from portal.pacts.waiting import action_of
from portal.proposals.models import Proposal
from portal.subscriptions.recipients import in_words, people
from portal.words import W

if TYPE_CHECKING:
    from datetime import date

    from portal.notices.actions import Recipient

AHEAD, MOST_LINES = timedelta(days=7), 10


def _with_deputies(*columns: Any) -> Select[*tuple[Any, ...]]:
    """Select from the desk with whoever sees to a case today: its owner, or the deputy of one who is away."""
    on = clock.today()
    is_away = and_(Absence.person_id == DeskCase.owner_id, Absence.from_on <= on, Absence.until_on >= on)
    found: Select[*tuple[Any, ...]] = select(*columns).select_from(DeskCase).outerjoin(Absence, is_away)
    return found.where(DeskCase.owner_id.is_not(None))


_sees_to_it: ColumnElement[int] = func.coalesce(Absence.deputy_id, DeskCase.owner_id)


def due() -> Select[*tuple[Any, ...]]:
    """Select who has something overdue or due within a week."""
    return _with_deputies(_sees_to_it).where(DeskCase.sort_on < clock.today() + AHEAD).distinct()


def write(person_id: int, base_url: str) -> None:
    """Say what is due, overdue cases first, once a day; nothing on a day on which the city rests (E21)."""
    today = clock.today()
    with db.writing() as session:
        mine = (_sees_to_it == person_id, DeskCase.sort_on < today + AHEAD)
        found = session.scalars(
            _with_deputies(DeskCase).where(*mine).order_by(DeskCase.sort_on, DeskCase.proposal_id)
        ).all()
        for to in people([person_id]) if found and _works(found[0], today) else []:
            late = sum(row.sort_on < today for row in found)
            lines = [_line(row, to) for row in found[:MOST_LINES]]
            body = [
                W("Overdue: %(late)s. Due within a week: %(due)s.", late=late, due=len(found) - late),
                *lines,
            ]
            text = Text(W("Your desk today"), body, f"{base_url}/{to.language}/desk?who=mine")
            tell("E21", f"E21:{today}:{to.mark}", to, text)


def _works(row: DeskCase, on: date) -> bool:
    rules = db.session().get_one(Proposal, row.proposal_id).profile_version
    return profile_named(rules).calendar.is_working(on)


def _line(row: DeskCase, to: Recipient) -> W:
    day = in_words(row.due_on, to)
    return W(
        "Until %(day)s: %(code)s, %(title)s. %(action)s.",
        day=day,
        code=row.code,
        title=row.title,
        action=action_of(row),
    )


def overdue() -> Select[*tuple[Any, ...]]:
    """Select the cases whose last day has passed, where somebody sees to them."""
    return _with_deputies(DeskCase.proposal_id).where(DeskCase.sort_on < clock.today())


def remind_of(proposal_id: int, base_url: str) -> None:
    """Tell whoever sees to the case once that its last day has passed (E22)."""
    with db.writing() as session:
        chosen = _with_deputies(DeskCase, _sees_to_it.label("who")).where(DeskCase.proposal_id == proposal_id)
        found = session.execute(chosen).first()
        if found is None or found.DeskCase.sort_on >= clock.today():
            return
        row = found.DeskCase
        for to in people([found.who]):
            body = [
                W("The last day of a case has passed: %(day)s.", day=in_words(row.due_on, to)),
                W("Next: %(action)s", action=action_of(row)),
            ]
            link = f"{base_url}/{to.language}/desk/cases/{row.code}"
            text = Text(W("A case is overdue"), body, link, row.title)
            tell("E22", f"E22:{row.code}:{row.due_on}:{to.mark}", to, text, about=f"{row.thing}:{row.code}")
