"""One fund with its ledger, and the yearly list of benefits that the law wants, as pages and as files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import g, request, url_for

from portal import db
from portal.errors import NotFound
from portal.front.money import benefits, books
from portal.front.money.wanted import read_day, read_year
from portal.front.views.money import label, office_name
from portal.front.views.room import front
from portal.money import plain
from portal.support import said
from portal.support.actions.pools import YEARS
from portal.support.amounts import Amount, figure, named
from portal.support.checks import said as checks_said
from portal.typed import whole
from portal.web import public, render
from portal.web.access import NO_SUCH_PAGE
from portal.web.chrome import day, profile
from portal.web.sheets import streamed
from portal.words import W, in_language

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flask.typing import ResponseReturnValue

    from portal.front.money.benefits import Benefit
    from portal.support.models import Pool

NATURAL_PERSON = W("Natural person or people without a registered group: not named")
GROUPS = W("Groups of the track")
# The ways that lead to a pact: nobody is chosen without one of them.
BY_CALL = W("Public call %(code)s of the city")
BY_PROPOSAL = W("Proposal %(code)s, open to everybody's observations and assessed; no competition")
BY_PACT = W("Pact agreed between the two sides")


def _measures(year: int, slug: str) -> Sequence[Pool]:
    found = db.session().scalars(books.measured(year, slug)).all() if year in YEARS else ()
    if not found:
        raise NotFound(NO_SUCH_PAGE)
    return found


@front.get("/money/pools/<int:year>/<slug>")
@public
def money_pool(year: int, slug: str) -> ResponseReturnValue:
    """Show what came into a fund, what was promised out of it, and each row of its ledger in words."""
    as_of = read_day(request.args.get("as_of", ""))
    measures = _measures(year, slug)
    before = whole(request.args.get("before"))
    found = books.listed(measures, as_of, before)
    here: dict[str, Any] = {"year": year, "slug": slug, "as_of": as_of.isoformat() if as_of else None}
    last = found.rows[-1].entry.id if found.has_more else 0
    return render(
        "front/money_pool.html",
        pool=measures[0],
        found=found,
        as_of=as_of,
        here=here,
        older=url_for("front.money_pool", before=last, **here) if last else "",
        newest=url_for("front.money_pool", **here) if before is not None else "",
        said=said,
        amount=Amount,
        office_name=office_name,
    )


@front.get("/money/pools/<int:year>/<slug>.csv")
@public
def money_pool_file(year: int, slug: str) -> ResponseReturnValue:
    """Give all rows of the ledger as they stand on the page."""
    as_of = read_day(request.args.get("as_of", ""))
    measures = _measures(year, slug)
    heads = [
        W("Number"), W("When"), W("What"), W("Measure"), W("Amount"), W("Unit"), W("Pact"), W("Other fund"),
        W("Reason"), W("Corrects"),
    ]  # fmt: skip
    # How the city's money is called is asked before the answer begins; the rows are read while it is sent.
    units = {unit: named(unit) for unit in said.MEASURES}
    return streamed(f"{year}-{slug}", heads, _entries(books.every(measures, as_of), units, g.language))


def _entries(rows: Iterator[books.Row], units: dict[str, str], language: str) -> Iterator[list[object]]:
    for row in rows:
        one = row.entry
        with in_language(language):
            words, measure = str(said.booked(one.movement, row.code)), str(said.MEASURES[row.unit])
        amount = figure(one.amount, row.unit)
        yield [
            one.id, row.on, words, measure, amount, units[row.unit], row.code, row.other, one.reason,
            one.corrects_id,
        ]  # fmt: skip


@front.get("/money/benefits")
@public
def money_benefits() -> ResponseReturnValue:
    """List who got what in a year, where it adds up to more than the city's sum."""
    years = benefits.years()
    year = read_year(request.args.get("year", "")) or years[0]
    after = whole(request.args.get("after")) or 0
    above = profile().publish_benefit_above_cents
    found = benefits.listed(year, above, after, benefits.PAGE + 1)
    more = len(found) > benefits.PAGE
    return render(
        "front/money_benefits.html",
        year=year,
        years=years,
        rows=found[: benefits.PAGE],
        above=above,
        citation=_citation(),
        publication=checks_said.publication(profile()),
        following=url_for("front.money_benefits", year=year, after=found[benefits.PAGE - 1].fact.id)
        if more
        else "",
        first=url_for("front.money_benefits", year=year) if after else "",
        said=said,
        amount=Amount,
        responsible=responsible,
        chosen=chosen,
        basis=basis,
        unnamed=unnamed,
    )


def _citation() -> str:
    """Return the rule that asks for the list, in words, where the city's rules name it."""
    city = profile()
    named = next((one.citation for one in city.support_checks if one.id == "publication"), "")
    return city.citation(named).words[g.language] if named else ""


def responsible(one: Benefit) -> str:
    """Return the office that answers for a benefit: the fund's, else the one that answers for pacts."""
    return office_name(one.fact.office or profile().interlocutor.id)


def unnamed(one: Benefit) -> W:
    """Return how a payee is called who is no group in public."""
    return GROUPS if one.is_of_track else NATURAL_PERSON


def chosen(one: Benefit) -> tuple[W, str]:
    """Return how the payee was chosen, and where the portal shows it."""
    if one.call:
        return W(BY_CALL.id, code=one.call), f"/calls/{one.call}"
    if one.fact.proposal:
        return W(BY_PROPOSAL.id, code=one.fact.proposal), f"/proposals/{one.fact.proposal}"
    return BY_PACT, one.place


def basis(one: Benefit) -> W:
    """Return on what the benefit rests: the call, or the pact with the rules of the city that held for it."""
    if one.is_of_track:
        return W(BY_CALL.id, code=one.call)
    if one.rules_of is None:
        return W("Pact %(code)s", code=one.code)
    return W("Pact %(code)s, by the city's rules of %(day)s", code=one.code, day=day(one.rules_of))


@front.get("/money/benefits.csv")
@public
def money_benefits_file() -> ResponseReturnValue:
    """Give the whole list of a year."""
    year = read_year(request.args.get("year", "")) or benefits.years()[0]
    heads = [
        W("Number"), W("Payee"), W("Tax number"), W("Benefit"), W("For"), W("Amount"), W("Currency"),
        W("Money or in kind"), W("Payee in the year"), W("Rule or title"), W("Office"),
        W("Responsible official"), W("How chosen"), W("Shown at"), W("Project"), W("Day"),
    ]  # fmt: skip
    return streamed(f"benefits-{year}", heads, _benefits(year, g.language))


def _benefits(year: int, language: str) -> Iterator[list[object]]:
    """Put together what every row says before the answer begins; the rows are read while it is sent."""
    city = profile()
    same = {
        "language": language,
        "kinds": {str(kind): label("kind", str(kind)) for kind in said.KINDS},
        "ways": {True: str(W("Money")), False: str(W("In kind"))},
        "offices": {one.id: one.name[language] for one in city.offices},
        "currency": city.currency,
        "office": city.interlocutor.id,
        "base": url_for("front.home", _external=True).rstrip("/"),
    }
    found = benefits.every(year, city.publish_benefit_above_cents)
    return (_benefit(one, same) for one in found)


def _benefit(one: Benefit, same: dict[str, Any]) -> list[object]:
    fact, base = one.fact, same["base"]
    office = fact.office or same["office"]
    with in_language(same["language"]):
        how, shown_at = chosen(one)
        said_of = [str(words) for words in (basis(one), one.role, how, unnamed(one))]
    title, role, way, payee = said_of
    return [
        fact.id, fact.name or payee, fact.tax_id, same["kinds"][fact.kind], fact.what,
        plain(one.cents), same["currency"], same["ways"][one.is_money], plain(one.total_cents), title,
        same["offices"].get(office, office), role, way, base + shown_at, base + one.place,
        one.on,
    ]  # fmt: skip
