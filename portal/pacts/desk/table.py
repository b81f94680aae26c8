"""The desk itself: one view as table, board, calendar and file, under the counters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import g, request

from portal import clock, db, policy
from portal.pacts import calendar, waiting
from portal.pacts.desk import chosen as views
from portal.pacts.desk.doors import pacts_desk
from portal.pacts.desk.menus import menu
from portal.pacts.queries import table
from portal.people import queries as people
from portal.policy import Can, Role
from portal.proposals.shapes import KINDS
from portal.support.desk.waiting import changes_waiting
from portal.web import me, needs, render
from portal.web.chrome import day, district_name, kind_words, profile, said
from portal.web.sheets import sheet
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue
    from sqlalchemy import Row

    from portal.pacts.desk.chosen import Chosen
    from portal.pacts.models import DeskCase

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Line:
    """One case as the desk shows it."""

    case: DeskCase
    owner_name: str
    stands_in: str
    on: date

    @property
    def days_left(self) -> int | None:
        """Return the days until the last day; negative when it has passed, None without one."""
        return None if self.case.due_on is None else (self.case.due_on - self.on).days

    @property
    def action(self) -> W:
        """Return the next action."""
        return waiting.action_of(self.case)

    @property
    def public_state(self) -> str:
        """Return the state whose public word the case bears."""
        case = self.case
        if case.thing == "proposal":
            return case.state
        return calendar.public_state(
            case.state, case.starts_on, case.ends_on, has_paper=case.has_paper, on=self.on
        )


@pacts_desk.get("/desk")
@needs(Can.DESK_READ)
def desk() -> ResponseReturnValue:
    return desk_page()


def desk_page(*, outcome: Any = None, kept: Any = None, status: int = 200) -> ResponseReturnValue:
    """Return the desk as the address asks for it, with what became of a press of a button."""
    chosen, today, away = asked(), clock.today(), _away()
    viewer = viewer_of(away)
    context = _board(chosen, viewer, away) if chosen.view else _table(chosen, viewer, away)
    return render(
        "desk/desk.html",
        chosen=chosen,
        here=urlencode(chosen.address()),
        options=options(),
        counters=db.session().execute(table.counters(viewer, today)).one(),
        strip=_strip(chosen, viewer, today),
        views=db.session().scalars(table.views_of(me().person_id)).all(),
        chips=_chips(chosen),
        today=today,
        absent=[one for one in away.values() if one.deputy_id == me().person_id],
        funds=changes_waiting(),
        outcome=outcome,
        kept=kept,
        **context,
    ), status


def asked() -> Chosen:
    """Return the view that the address of this request asks for."""
    return views.read(
        request.args, offered={name: {key for key, _ in found} for name, found in offered().items()}
    )


def offered() -> dict[str, list[tuple[str, Any]]]:
    """Return the kinds, districts and offices of this city, with their names."""
    city = profile()
    return {
        "kind": [(one, kind_words(one)) for one in KINDS],
        "district": [(one.id, one.name) for one in city.districts],
        "office": [
            (one.id, one.name[g.language]) for one in city.offices if not one.opinion or one.id in _owning()
        ],
    }


def _owning() -> set[str]:
    return {one.signer_office for one in profile().classes}


def options() -> dict[str, list[tuple[str, Any]]]:
    """Return what each box of the filters offers, the choice of everything first."""
    every = {"kind": W("All kinds"), "district": W("All districts"), "office": W("All offices")}
    own = {name: [("", every[name]), *found] for name, found in offered().items()}
    fixed = {
        "step": views.STEPS,
        "who": views.WHO,
        "due": views.DUE,
        "waits": views.WAITS,
        "sort": views.SORTS,
    }
    return own | {name: list(found) for name, found in fixed.items()}


def _away() -> dict[int, Any]:
    return {one.person_id: one for one in db.session().execute(table.absences(clock.today()))}


def viewer_of(away: dict[int, Any]) -> table.Viewer:
    """Return whose cases are "mine" for the reader: their own, and those of whom they stand in for today."""
    mine = [one.person_id for one in away.values() if one.deputy_id == me().person_id]
    return table.Viewer(me().person_id, mine, signs=me().holds(Role.SIGNATORY))


def _line(row: Row[*tuple[Any, ...]], away: dict[int, Any]) -> Line:
    absent = away.get(row.DeskCase.owner_id)
    return Line(row.DeskCase, row.owner_name or "", absent.deputy if absent else "", clock.today())


def _table(chosen: Chosen, viewer: table.Viewer, away: dict[int, Any]) -> dict[str, Any]:
    found = db.session().execute(table.page(chosen, viewer, clock.today())).all()
    shown = found[: table.PAGE]
    return {
        "lines": [_line(row, away) for row in shown],
        "next_page": chosen.address(after=_place(chosen, shown[-1].DeskCase))
        if len(found) > table.PAGE
        else None,
        "shown_count": db.session().scalar(table.how_many(chosen, viewer, clock.today())),
        "officers": officers() if policy.may_ever(me(), Can.CASE_HAND) else [],
    }


def officers() -> Sequence[Any]:
    """Return who can have a case today."""
    return db.session().scalars(people.holding(Role.OFFICER, clock.now())).all()


def _place(chosen: Chosen, last: DeskCase) -> tuple[Any, int]:
    value = {"due": last.sort_on, "newest": last.since, "title": last.words}[chosen.sort]
    return value, last.proposal_id


def _board(chosen: Chosen, viewer: table.Viewer, away: dict[int, Any]) -> dict[str, Any]:
    found: dict[str, list[Line]] = {step: [] for step in views.SHORT}
    totals = dict.fromkeys(found, 0)
    for row in db.session().execute(table.board(chosen, viewer, clock.today())):
        found[row.DeskCase.step].append(_line(row, away))
        totals[row.DeskCase.step] = row.of_step
    return {
        "columns": [
            {
                "step": step,
                "name": views.SHORT[step],
                "total": totals[step],
                "cards": [(one, menu(one.case, me())) for one in lines],
            }
            for step, lines in found.items()
        ],
        "shown_count": sum(totals.values()),
    }


def _strip(chosen: Chosen, viewer: table.Viewer, today: date) -> dict[str, Any]:
    """Return the weeks of the next sixty days, each day with how many rows of this view are due on it."""
    due = dict(db.session().execute(table.by_day(chosen, viewer, today)).all())
    first = today - timedelta(days=today.weekday())
    days = [first + ONE_DAY * n for n in range((table.STRIP.days + today.weekday()) // 7 * 7 + 7)]
    cells = [(one, due.get(one, 0), today <= one <= today + table.STRIP) for one in days]
    return {"weeks": [cells[n : n + 7] for n in range(0, len(cells), 7)], "total": sum(due.values())}


def _chips(chosen: Chosen) -> list[tuple[str, dict[str, str]]]:
    """Return each filter in words, with the address that is left without it."""
    found = []
    names = {name: dict(one) for name, one in options().items()}
    for name, value in chosen.filters.items():
        words = names[name].get(value, value) if name in names else value
        if name == "q":
            words = W("“%(words)s”", words=value)
        elif name == "on" and chosen.on is not None:
            words = W("Due on %(day)s", day=day(chosen.on))
        found.append((str(words), chosen.address(**{name: None if name == "on" else ""})))
    return found


@pacts_desk.get("/desk.csv")
@needs(Can.DESK_READ)
def desk_file() -> ResponseReturnValue:
    chosen, away = asked(), _away()
    found = db.session().execute(table.every(chosen, viewer_of(away), clock.today()))
    heads = [
        W("Case"), W("Title"), W("State"), W("Next action"), W("Deadline"), W("With"), W("Deputy"),
        W("What is shared"), W("District"), W("Office"),
    ]  # fmt: skip
    offices = dict(offered()["office"])
    return sheet("desk", heads, (_cells(_line(row, away), offices) for row in found))


def _cells(line: Line, offices: dict[str, Any]) -> list[object]:
    case = line.case
    return [
        case.code,
        case.title,
        said(case.thing, line.public_state),
        line.action,
        case.due_on.isoformat() if case.due_on else "",
        line.owner_name,
        line.stands_in,
        kind_words(case.kind),
        district_name(case.district),
        offices.get(case.office, case.office),
    ]
