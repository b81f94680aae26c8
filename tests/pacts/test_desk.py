"""The desk shows what waits, by urgency, with a constant number of statements."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Self

import pytest
from sqlalchemy import event

from portal import clock, db
from tests.browser import Browser
from tests.pacts import journey


class Count:
    """Counts the statements of a database while it is open."""

    def __init__(self, database: db.Database) -> None:
        self.engine = database.engine
        self.statements: list[str] = []

    def __enter__(self) -> Self:
        event.listen(self.engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self.engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            self.statements.append(statement)


@pytest.fixture
def officer(app: Any, cast: Any) -> Browser:
    browser = Browser(app)
    browser.sign_in(cast.person("giulia").email)
    return browser


def test_the_desk_needs_the_same_few_statements_for_many_cases(
    database: Any, officer: Browser, cast: Any
) -> None:
    journey.submitted(cast)
    with Count(database) as few:
        officer.get("/en/desk")
    for n in range(3):
        journey.submitted(cast, title=f"Posto {n}")
    journey.accepted(cast, title="Altro")
    with Count(database) as many:
        assert officer.get("/en/desk").status_code == 200
    assert len(many.statements) == len(few.statements)
    assert len(many.statements) <= 10, many.statements


def test_room_and_case_stay_within_their_budgets(database: Any, officer: Browser, cast: Any) -> None:
    pact = journey.signed(cast)
    for path, most in ((f"/en/pacts/{pact.code}/co-design", 16), (f"/en/desk/cases/{pact.code}", 32)):
        with Count(database) as counted:
            assert officer.get(path).status_code == 200
        assert len(counted.statements) <= most, (path, len(counted.statements))


def test_the_most_urgent_case_stands_first_and_counters_agree(officer: Browser, cast: Any) -> None:
    early = journey.submitted(cast, title="Vecchia")
    clock.set_offset(timedelta(days=20))
    late = journey.submitted(cast, title="Nuova")
    clock.set_offset(timedelta(days=40))
    officer.get("/en/desk")
    assert officer.page.index(early.code) < officer.page.index(late.code)
    assert "days late" in officer.page
    assert '<span class="fact">1</span> <a href="/en/desk?due=overdue">overdue' in officer.page
    assert '<span class="fact">2</span>' in officer.page
    officer.get("/en/desk?who=mine")
    assert "No cases match" in officer.page
    officer.get("/en/desk?q=vecchia&step=checking&who=unassigned")
    assert early.code in officer.page
    assert late.code not in officer.page


@pytest.mark.parametrize(
    "query",
    [
        "step=nonsense",
        "who=nonsense&q=%F0%9D%95%8F%25",
        "after=9~x",
        "after=%C2%B2~2026-01-01&on=2026-13-01",
        "after=99999999999999~a&sort=title&view=board",
    ],
)
def test_odd_filters_do_no_harm(officer: Browser, cast: Any, query: str) -> None:
    assert officer.get(f"/en/desk?{query}").status_code == 200


def test_waiting_for_my_signature(app: Any, cast: Any, officer: Browser) -> None:
    pact = journey.signing(cast)
    signatory = Browser(app)
    signatory.sign_in(cast.person("nuria").email)
    signatory.get("/en/desk?who=signature")
    assert pact.code in signatory.page
    assert "Sign for the city" in signatory.page
    officer.get("/en/desk?who=signature")
    assert pact.code not in officer.page


@pytest.mark.parametrize("who", ["lea", "ivan", "tina", "nuria", "aldo"])
def test_all_case_staff_read_a_case_and_see_no_button_they_may_not_press(
    app: Any, cast: Any, who: str
) -> None:
    proposal = journey.checked(cast)
    browser = Browser(app)
    browser.sign_in(cast.person(who).email)
    assert browser.get(f"/en/desk/cases/{proposal.code}").status_code == 200
    assert "/acceptance" not in browser.page


def test_an_acceptance_without_reason_keeps_the_page(officer: Browser, cast: Any) -> None:
    proposal = journey.checked(cast)
    path = f"/en/desk/cases/{proposal.code}"
    officer.get(path)
    assert officer.post(f"{path}/acceptance", {"pact_class": "ordinary"}).status_code == 422
    assert "Say why" in officer.page
    assert officer.post(f"{path}/acceptance", {"pact_class": "nonsense", "reason": "x"}).status_code == 422
    assert officer.post(f"{path}/supplement", {"supplement_request": ""}).status_code == 422
    assert journey.reload_proposal(proposal.code).state == "submitted"
