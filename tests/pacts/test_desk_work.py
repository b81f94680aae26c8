"""Working at the desk: counters, pages, views, handing over, absences."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.errors import Invalid, NotAllowed
from portal.pacts import actions
from portal.pacts.actions.desk import Away
from portal.pacts.models import Absence, DeskCase, DeskView
from portal.people.models import Grant
from portal.proposals.models import Proposal
from portal.record import Act, Did
from tests.benchmarks import measuring
from tests.browser import Browser
from tests.pacts import journey


@pytest.fixture
def officer(app: Any, cast: Any) -> Browser:
    browser = Browser(app)
    browser.sign_in(cast.person("giulia").email)
    return browser


def copies(code: str, count: int, *, first: int = 0) -> None:
    """Put more rows on the desk, each of a proposal of its own, due one day after the other."""
    with db.writing() as session:
        sample = session.scalars(select(DeskCase).where(DeskCase.code == code)).one()
        proposal = session.get_one(Proposal, sample.proposal_id)
        plain = {one.name: getattr(proposal, one.name) for one in Proposal.__table__.columns}
        row = {one.name: getattr(sample, one.name) for one in DeskCase.__table__.columns}
        session.execute(
            db.insert(Proposal),
            [
                plain | {"id": 10_000 + n, "code": f"PX-{n:04}", "link_hash": f"{n}", "title": f"Copy {n}"}
                for n in range(first, first + count)
            ],
        )
        session.execute(
            db.insert(DeskCase),
            [
                row
                | {
                    "proposal_id": 10_000 + n,
                    "code": f"PX-{n:04}",
                    "title": f"Copy {n}",
                    "words": f"copy {n:04} px-{n:04}",
                    "sort_on": clock.today() + timedelta(days=n % 90 - 10),
                    "due_on": clock.today() + timedelta(days=n % 90 - 10),
                }
                for n in range(first, first + count)
            ],
        )


def test_pages_and_counters_hold_every_row_once(officer: Browser, cast: Any) -> None:
    copies(journey.submitted(cast).code, 60)
    for sort in ("due", "newest", "title"):
        seen, path = [], f"/en/desk?sort={sort}"
        while path:
            officer.get(path)
            seen += re.findall(r'name="case" value="([^"]+)"', officer.page)
            onward = re.search(r'<a href="([^"]+)">The next cases', officer.page)
            path = onward[1].replace("&amp;", "&") if onward else ""
        assert len(seen) == len(set(seen)) == 61
    for query in ("due=overdue", "due=week", "who=unassigned", "who=mine", "who=signature"):
        officer.get("/en/desk")
        counted = int(
            re.search(rf'<span class="fact">(\d+)</span> <a href="/en/desk\?{query}"', officer.page)[1]
        )
        officer.get(f"/en/desk?{query}")
        told = re.search(r'role="status">(One|\d+) case', officer.page)
        assert counted == (int(told[1]) if told else 0), query


def test_a_page_costs_the_same_for_sixty_and_for_hundreds(app: Any, officer: Browser, cast: Any) -> None:
    code = journey.submitted(cast).code
    cookie = officer.client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    views = ("", "?sort=newest", "?who=unassigned", "?view=board")
    calls = {
        query: measuring.caller(app, f"/en/desk{query}", Cookie=f"{cookie.key}={cookie.value}")
        for query in views
    }

    def costs() -> dict[str, tuple[int, int]]:
        found = {}
        for query, call in calls.items():
            with measuring.asked() as asked:
                assert call()[0] == 200
            # What counts all cases (the counters, and the cards of each step) may take longer for more.
            found[query] = len(asked), measuring.vm_steps(call, but="count(")
        return found

    copies(code, 60)
    few = costs()
    copies(code, 540, first=60)
    many = costs()
    for query in views:
        assert few[query][0] == many[query][0] <= 10, query
        assert many[query][1] <= few[query][1] * 1.10, (query, few[query], many[query])


def test_a_view_is_kept_by_name_for_oneself_alone(app: Any, officer: Browser, cast: Any) -> None:
    journey.submitted(cast)
    officer.get("/en/desk?step=checking&view=board&nonsense=1")
    assert (
        officer.post("/en/desk/views?step=checking&view=board&nonsense=1", {"name": "My board"}).status_code
        == 200
    )
    officer.get("/en/desk")
    assert 'href="/en/desk?step=checking&amp;view=board">My board</a>' in officer.page
    officer.get("/en/desk?step=checking&view=board")
    assert 'aria-current="page">My board</a>' in officer.page
    assert officer.post("/en/desk/views", {"name": " "}).status_code == 422
    assert "Give the view a name" in officer.page
    with db.reading() as session:
        kept = session.scalars(select(DeskView)).one()
    other = Browser(app)
    other.sign_in(cast.person("marco").email)
    other.get("/en/desk")
    assert "My board" not in other.page
    assert other.post(f"/en/desk/views/{kept.id}/removal", {}).status_code == 404
    assert officer.post(f"/en/desk/views/{kept.id}/removal", {}).status_code == 200


def test_the_board_offers_the_verbs_of_the_state(officer: Browser, cast: Any) -> None:
    proposal, pact = journey.submitted(cast), journey.signed(cast)
    officer.get("/en/desk?view=board")
    assert f"/en/desk/cases/{proposal.code}#panel-completeness" in officer.page
    assert f"/en/desk/cases/{pact.code}#later" in officer.page
    assert f"/en/desk/cases/{pact.code}#panel-completeness" not in officer.page


def test_the_file_holds_exactly_the_view(officer: Browser, cast: Any) -> None:
    journey.submitted(cast, title="=HYPERLINK(1)")
    journey.submitted(cast, title="Altro")
    text = officer.get("/en/desk.csv?q=hyperlink").get_data(as_text=True)
    assert "'=HYPERLINK(1)" in text
    assert "Altro" not in text
    assert len(text.splitlines()) == 2


def test_several_cases_go_to_a_colleague_and_the_refused_are_named(officer: Browser, cast: Any) -> None:
    own = journey.submitted(cast, title="Di Marco", holder="marco")
    others = [journey.submitted(cast, title=f"Posto {n}") for n in range(2)]
    marco = cast.person("marco")
    officer.get("/en/desk")
    assert officer.post("/en/desk/assignment", {"to": str(marco.id)}).status_code == 422
    ticked = [own.code, *(one.code for one in others), "PR-AAAA-AA"]
    officer.post("/en/desk/assignment", {"to": str(marco.id), "case": ticked})
    assert "2 cases are now with" in officer.page
    assert f"{own.code}: " in officer.page
    assert "a case of their own side" in officer.page
    assert [journey.reload_proposal(one.code).owner_id for one in (own, *others)] == [
        None,
        marco.id,
        marco.id,
    ]


@pytest.mark.parametrize(
    "standing",
    [
        lambda marco: {"conflicted_ids": [marco.id]},
        lambda marco: {"entered_by_id": marco.id},
        lambda marco: {"person_id": marco.id},
    ],
    ids=["stated a conflict", "entered it at the counter", "belongs to the group"],
)
def test_who_stands_on_the_other_side_gets_no_case(officer: Browser, cast: Any, standing: Any) -> None:
    proposal, marco = journey.submitted(cast), cast.person("marco")
    with db.writing() as session:
        for name, value in standing(marco).items():
            setattr(session.get_one(Proposal, proposal.id), name, value)
    officer.get("/en/desk")
    officer.post("/en/desk/assignment", {"to": str(marco.id), "case": [proposal.code]})
    assert "One case was not handed over" in officer.page
    path = f"/en/desk/cases/{proposal.code}"
    answer = officer.post(f"{path}/handover", {"to": str(marco.id)}, at=path)
    assert answer.status_code == 403
    assert "cannot have it" in officer.page
    assert journey.reload_proposal(proposal.code).owner_id is None


def test_a_case_is_handed_to_one_colleague_from_its_page(officer: Browser, cast: Any) -> None:
    proposal, marco = journey.submitted(cast), cast.person("marco")
    path = f"/en/desk/cases/{proposal.code}"
    assert officer.post(f"{path}/handover", {"to": "0"}, at=path).status_code == 422
    assert "Choose a colleague" in officer.page
    officer.post(f"{path}/handover", {"to": str(marco.id)}, at=path)
    assert journey.reload_proposal(proposal.code).owner_id == marco.id


def test_a_case_is_taken_over_before_and_after_it_became_a_pact(cast: Any) -> None:
    pact = journey.accepted(cast)
    marco = cast.person("marco")
    with db.writing() as session:
        held = journey.reload(pact)
        proposal = session.get_one(Proposal, held.proposal_id)
        actions.hand(proposal, session.merge(held, load=False), marco, by=cast.marco)
    assert journey.reload(pact).owner_id == marco.id
    with db.reading() as session:
        act = session.scalars(
            select(Act).where(Act.verb == Did.CASE_ASSIGNED).order_by(Act.id.desc())
        ).first()
        assert act.subject == pact.key
        assert act.facts["to"] == marco.pseudonym
        assert act.facts["former"] == cast.person("giulia").pseudonym


def away(person: Any, deputy: Any, by: Any, days: tuple[int, int] = (0, 5)) -> Absence:
    first, last = (clock.today() + timedelta(days=n) for n in days)
    with db.writing():
        return actions.enter_absence(person, Away(first, last, deputy), by=by)


def test_a_deputy_has_the_cases_and_no_right_more(app: Any, officer: Browser, cast: Any) -> None:
    proposal = journey.submitted(cast, holder="marco")
    with db.writing() as session:
        session.get_one(Proposal, proposal.id).owner_id = cast.person("giulia").id
    away(cast.person("giulia"), cast.person("marco"), cast.giulia)
    deputy = Browser(app)
    deputy.sign_in(cast.person("marco").email)
    deputy.get("/en/desk?who=mine")
    assert proposal.code in deputy.page
    assert "You stand in for" in deputy.page
    assert deputy.post(f"/en/desk/cases/{proposal.code}/owner", {}).status_code == 403


def test_who_may_say_that_somebody_is_away(cast: Any) -> None:
    giulia, marco, lea = (cast.person(name) for name in ("giulia", "marco", "lea"))
    for person, deputy, by in (
        (giulia, giulia, cast.giulia),
        (giulia, lea, cast.giulia),
        (lea, giulia, cast.ada),
    ):
        with pytest.raises(Invalid):
            away(person, deputy, by)
    for by in (cast.marco, cast.rosa):
        with pytest.raises(NotAllowed):
            away(giulia, marco, by)
    with pytest.raises(Invalid):
        away(giulia, marco, cast.giulia, (3, 1))
    away(giulia, marco, cast.ada)
    for person, deputy in ((giulia, marco), (marco, giulia)):
        with pytest.raises(Invalid):
            away(person, deputy, cast.ada, (5, 9))


def test_absences_are_entered_and_ended_on_their_page(officer: Browser, cast: Any) -> None:
    marco = cast.person("marco")
    officer.get("/en/desk/absences")
    typed = {
        "person": str(cast.person("giulia").id),
        "from_on": "1/1/2199",
        "until_on": "x",
        "deputy": str(marco.id),
    }
    assert officer.post("/en/desk/absences", typed).status_code == 422
    assert "1/1/2199" in officer.page
    assert officer.post("/en/desk/absences", typed | {"until_on": "5/1/2199"}).status_code == 200
    officer.get("/en/desk/absences")
    assert "1 Jan 2199" in officer.page
    with db.reading() as session:
        absence = session.scalars(select(Absence)).one()
    assert officer.post(f"/en/desk/absences/{absence.id}/end", {}).status_code == 200


def test_nobody_outside_the_desk_opens_it(app: Any, cast: Any) -> None:
    citizen = Browser(app)
    citizen.sign_in(cast.person("eve").email)
    for path in ("/en/desk", "/en/desk.csv", "/en/desk/absences", "/en/desk/calendar"):
        assert citizen.get(path).status_code in {403, 404}, path


def test_the_calendar_opens_by_its_newest_secret_alone(officer: Browser, app: Any, cast: Any) -> None:
    proposal = journey.submitted(cast, title="Orti")
    with db.writing() as session:
        session.get_one(Proposal, proposal.id).owner_id = cast.person("giulia").id

    def address() -> str:
        officer.post("/en/desk/calendar", {}, at="/en/desk/calendar")
        return re.search(r"/calendars/desk/[^<]+\.ics", officer.page)[0]

    old, new = address(), address()
    anybody = app.test_client()
    assert anybody.get(old).status_code == anybody.get("/calendars/desk/x.ics").status_code == 404
    text = anybody.get(new).get_data(as_text=True)
    assert f"SUMMARY:{proposal.code}: Orti. " in text.replace("\r\n ", "")
    assert f"UID:case-{proposal.id}@" in text
    assert "SEQUENCE:1" in text
    assert f"DTSTART;VALUE=DATE:{proposal.answer_due_on:%Y%m%d}" in text
    assert "Rosa" not in text
    with db.writing() as session:
        for grant in session.scalars(select(Grant).where(Grant.person_id == cast.person("giulia").id)):
            grant.until = clock.now()
    assert anybody.get(new).status_code == 404
