"""How long each phase of a case really takes, office by office and year by year, as a page and as a file."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from flask import g, request

from portal.front import phase_times
from portal.front.durations import Lasted, Phase
from portal.front.views.room import front
from portal.web import public, render
from portal.web.chrome import profile
from portal.web.sheets import sheet
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.city import Profile

PHASES = {
    Phase.TAKEN: W("From sent to taken in charge"),
    Phase.DECIDED: W("From sent to the decision"),
    Phase.AGREED: W("From co-design to a text both agree to"),
    Phase.SIGNED: W("From agreed to signed"),
}
# The clock of the city that bounds a phase, where one does, and how its promise reads.
_PROMISES = {
    Phase.DECIDED: ("examination", W("%(term)s, not counting days on which the clock stands still")),
    Phase.SIGNED: ("signature", W("%(term)s once it is open for signature")),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the page and of the file."""

    office: str
    lasted: Lasted
    phase: W
    promise: W


@front.get("/service")
@public
def service_times() -> ResponseReturnValue:
    """Show how long cases really took."""
    years = phase_times.years()
    year = _year(years)
    lines = _lines(year)
    longest = max((line.lasted.nine_of_ten or 0 for line in lines), default=0)
    offices = [(name, list(found)) for name, found in groupby(lines, lambda line: line.office)]
    return render("front/service.html", year=year, years=years, offices=offices, longest=longest)


@front.get("/service.csv")
@public
def service_file() -> ResponseReturnValue:
    """Give exactly the rows of the page."""
    year = _year(phase_times.years())
    heads = [
        W("Year"), W("Office"), W("Phase"), W("Cases"), W("Finished"), W("Half took at most (days)"),
        W("Nine of ten took at most (days)"), W("Still open"), W("Open for at most (days)"),
        W("Ended by the group"), W("The city promises"),
    ]  # fmt: skip
    return sheet(f"service-{year}", heads, (_cells(year, line) for line in _lines(year)))


def _year(years: list[int]) -> int:
    """Return the year of the address; one without cases is as if it were not there."""
    asked = request.args.get("year", "")
    return next((one for one in years if str(one) == asked), years[0])


def _lines(year: int) -> list[Line]:
    city = profile()
    names = {one.id: one.name[g.language] for one in city.offices}
    return [
        Line(names.get(one.office, one.office), one, PHASES[one.phase], _promise(city, one.phase))
        for one in phase_times.in_year(year)
    ]


def _promise(city: Profile, phase: Phase) -> W:
    if phase not in _PROMISES:
        return W("No term is set")
    name, words = _PROMISES[phase]
    return W(words.id, term=city.clock(name).term)


def _cells(year: int, line: Line) -> list[object]:
    one = line.lasted
    return [
        year, line.office, line.phase, one.cases, one.finished, one.median, one.nine_of_ten, one.still_open,
        one.longest_open if one.still_open else None, one.ended, line.promise,
    ]  # fmt: skip
