"""The city's rules for giving: what fits, what needs a look, what is stopped, and where it is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from portal import city, clock, db
from portal.errors import Invalid, WrongState
from portal.support import actions, valuing
from portal.support.checks import said as checks_said
from portal.support.checks.models import Declaration
from portal.support.checks.rules import Facts, Fit, Grant, Payee, Request, stopping, weigh, years_before
from portal.support.models import Allocation, Pool
from tests.support.conftest import PACT, row

TODAY = date(2026, 11, 28)
ASKED = Request(PACT, "funding", "Sensors and cables", 400_000, 2026, "ordinary", ("materials",), 5000)
RULES = {"pact_class": "ordinary", "profile_version": "bologna/2023/2023-01-01"}
CASE = RULES | {"commons": "commons:1"}


def grant(cents: int, **more) -> Grant:
    facts = {"subject": "pact:BO-2026-002", "kind": "funding", "what": "Paint", "year": 2026, "on": TODAY}
    return Grant(cents=cents, **(facts | more))


def said(check: str, request: Request = ASKED, payee: Payee | None = None, *grants: Grant, where="bologna"):
    """Return how the request stands to one rule, and the sentence."""
    payee = payee or Payee()
    found = weigh(Facts(request, payee, grants, TODAY), city.profile(where))
    return next(((one.fit, str(one.words)) for one in found if one.check.id == check), None)


@pytest.mark.parametrize(
    ("cents", "fit"), [(1_500_000, Fit.FITS), (1_500_001, Fit.UNFIT)], ids=["at the cap", "a cent above"]
)
def test_money_for_one_pact_stays_below_the_cap_of_its_class(cents, fit):
    assert said("contribution_cap", replace(ASKED, cents=cents))[0] is fit


def test_what_the_pact_got_before_in_the_year_counts_and_another_pact_does_not():
    mine, other = grant(1_200_000, subject=PACT), grant(1_200_000)
    assert said("contribution_cap", ASKED, None, mine)[0] is Fit.UNFIT
    assert said("contribution_cap", ASKED, None, other)[0] is Fit.FITS
    assert said("contribution_cap", ASKED, None, replace(mine, year=2025))[0] is Fit.FITS
    assert said("contribution_cap", replace(ASKED, kind="legal")) is None


def test_an_advance_above_the_cap_of_the_class_does_not_fit():
    assert said("advance")[0] is Fit.FITS
    assert said("advance", replace(ASKED, advance_bp=5001))[0] is Fit.UNFIT


@pytest.mark.parametrize(("where", "holds"), [("bologna", True), ("barcelona", False), ("seoul", False)])
def test_each_city_says_whether_publication_holds_the_payment_and_by_which_source(where, holds):
    profile = city.profile(where)
    words, source = checks_said.publication(profile)
    assert (words is checks_said.HOLDS) == holds
    assert source == (profile.citation("dlgs33").words["en"] if holds else "")
    with_number = Payee("association", has_tax_number=True)
    large = replace(ASKED, cents=profile.publish_benefit_above_cents + 1)
    assert ("no effect" in said("publication", large, with_number, where=where)[1]) == holds


def test_of_what_is_not_paid_no_payment_is_held():
    row_of = {"profile_version": "bologna/2023/2023-01-01"}
    assert checks_said.publication_of(Allocation(kind="funding", **row_of))[0] is checks_said.HOLDS
    assert checks_said.publication_of(Allocation(kind="legal", **row_of)) is None
    assert checks_said.publication_of(Allocation(kind="funding", profile_version="")) is None


def test_care_work_is_never_paid():
    assert said("care_work")[0] is Fit.FITS
    assert said("care_work", replace(ASKED, costs=()))[0] is Fit.LOOK
    fit, words = said("care_work", replace(ASKED, costs=("materials", "care_work")))
    assert (fit, words) == (Fit.UNFIT, "These costs may not be paid: Pay for care work.")


def test_the_same_thing_is_not_funded_twice():
    assert said("double_funding")[0] is Fit.FITS
    same = grant(1000, what="sensors, and CABLES", subject=PACT)
    fit, words = said("double_funding", ASKED, None, same)
    assert fit is Fit.UNFIT
    assert "BO-2026-041" in words
    garden = replace(same, subject="pact:BO-2026-002", commons="commons:2")
    here = replace(ASKED, commons="commons:1")
    assert said("double_funding", here, None, garden)[0] is Fit.LOOK
    assert said("double_funding", here, None, replace(garden, commons="commons:1"))[0] is Fit.UNFIT
    assert said("double_funding", ASKED, None, replace(same, year=2025))[0] is Fit.FITS
    assert said("double_funding", ASKED, None, replace(same, kind="legal"))[0] is Fit.FITS
    assert said("double_funding", ASKED, None, grant(1, costs=("materials",)))[0] is Fit.LOOK
    assert said("double_funding", ASKED, Payee(other_funding="Region, 2026"))[0] is Fit.LOOK


def test_aid_to_an_undertaking_counts_over_any_three_years_in_kind_included():
    coop = Payee("cooperative", True, other_aid_cents=0)
    full = grant(29_600_000, kind="server", on=date(2023, 11, 29), year=2023)
    assert said("de_minimis", ASKED, coop, full)[0] is Fit.FITS  # exactly 300,000 euro
    assert said("de_minimis", ASKED, coop, replace(full, cents=29_600_001))[0] is Fit.UNFIT
    # Three years ago to the day lies outside.
    assert (
        said("de_minimis", ASKED, coop, replace(full, cents=29_600_001, on=date(2023, 11, 28)))[0] is Fit.FITS
    )
    assert (
        said("de_minimis", ASKED, coop, replace(full, cents=29_600_001, is_same_payee=False))[0] is Fit.FITS
    )
    assert said("de_minimis", ASKED, replace(coop, other_aid_cents=29_700_000))[0] is Fit.UNFIT


def test_an_undertaking_is_asked_to_declare_and_a_group_of_neighbours_is_none():
    assert said("de_minimis", ASKED, Payee("cooperative"))[0] is Fit.LOOK
    assert said("de_minimis", ASKED, Payee("association"))[0] is Fit.LOOK
    assert said("de_minimis", ASKED, Payee("association", is_undertaking=False))[0] is Fit.FITS
    assert said("de_minimis", ASKED, Payee("informal_group"))[0] is Fit.FITS
    assert said("de_minimis", ASKED, Payee("cooperative"), where="seoul") is None


def test_above_a_thousand_euro_the_benefit_is_published_with_the_tax_number():
    small = replace(ASKED, cents=100_000)
    assert said("publication", small, Payee("association"))[0] is Fit.FITS
    above = replace(ASKED, cents=100_001)
    assert said("publication", above, Payee("association"))[0] is Fit.UNFIT
    assert said("publication", above, Payee("association", has_tax_number=True))[0] is Fit.FITS
    assert said("publication", small, Payee("association"), grant(1))[0] is Fit.UNFIT
    assert said("publication", above, Payee())[0] is Fit.LOOK


@pytest.mark.parametrize("where", ["bologna", "barcelona", "seoul"])
def test_every_rule_of_every_city_names_its_source(where):
    profile = city.profile(where)
    assert all(profile.citation(one.citation).source.startswith("https://") for one in profile.support_checks)
    assert [one.id for one in profile.cost_kinds if not one.eligible] == ["care_work"]


def test_a_leap_day_has_a_day_three_years_before():
    assert years_before(date(2028, 2, 29), 3) == date(2025, 2, 28)


def test_a_blocking_rule_stops_the_proposal_and_says_why(desk, cast):
    pool = desk.opened()
    (asked,) = desk.asked(row(costs=["care_work"]), **CASE)
    with pytest.raises(Invalid, match="These costs may not be paid"), db.writing() as session:
        actions.propose(
            session.get_one(Allocation, asked.id), session.get_one(Pool, pool.id), "Because", by=cast.giulia
        )
    assert desk.allocation(asked.id).state == "asked"


def test_what_came_between_proposal_and_approval_stops_the_approval(desk, cast):
    pool = desk.opened()
    (asked,) = desk.proposed(pool, row(costs=["materials"]), **CASE)
    desk.approved(pool, row("s9"), subject="pact:BO-2026-077", **CASE)
    fresh = cast.fresh("marco")
    with pytest.raises(WrongState, match="already, in BO-2026-077"), db.writing() as session:
        actions.approve(session.get_one(Allocation, asked.id), by=fresh)
    assert desk.allocation(asked.id).state == "proposed"


def test_what_the_rules_said_and_how_it_was_valued_is_kept_with_the_approval(desk):
    pool = desk.opened(100, slug="legal", kind="legal")
    (asked,) = desk.approved(pool, row(kind="legal", amount=10, value_cents=90_000), **CASE)
    kept = desk.allocation(asked.id)
    assert kept.weighed == "double_funding:fits de_minimis:fits publication:fits"
    valued = valuing.read(kept.valued_by)
    assert valued is not None
    assert (valued.unit_cents, valued.as_of) == (9000, date(2026, 1, 1))


def test_the_newest_declaration_counts(desk):
    from portal.support.checks import queries as checks

    (asked,) = desk.asked(row(kind="server", amount=4), **CASE)
    with db.writing() as session:
        for cents in (0, 30_000_000):
            told = {"is_undertaking": True, "other_aid_cents": cents, "other_funding": ""}
            session.add(Declaration(subject=PACT, made_at=clock.now(), **told))
            session.flush()
    with db.reading() as session:
        stop = stopping(checks.findings([session.get_one(Allocation, asked.id)])[asked.id])
    assert stop is not None
    assert stop.check.id == "de_minimis"
