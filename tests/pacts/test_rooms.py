"""The rooms of a pact in a browser: what each side can do there, step by step, without scripts."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.browser import Browser
from tests.pacts import journey


@pytest.fixture
def seat(app: Any, cast: Any):
    """Return a signed-in browser for a member of the cast."""

    def sit(name: str) -> Browser:
        person = cast.person(name)
        browser = Browser(app)
        browser.sign_in(person.email)
        return browser

    return sit


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def test_the_whole_pact_by_pages(app: Any, cast: Any, seat: Any) -> None:
    proposal = journey.checked(cast)
    officer, group, signatory = seat("giulia"), seat("rosa"), seat("nuria")
    case = f"/en/desk/cases/{proposal.code}"
    assert officer.get(case).status_code == 200
    answer = officer.post(f"{case}/acceptance", {"reason": "Good for all", "pact_class": "ordinary"})
    assert answer.status_code == 200, officer.page[:3000]
    code = re.search(r"BO-\d{4}-\d{3}", officer.page)[0]

    room = f"/en/pacts/{code}/co-design"
    assert group.get(room).status_code == 200
    settle(app, cast, code)
    group.get(room)
    version = {"version": hidden(group.page, "version"), "content_hash": hidden(group.page, "content_hash")}
    assert "Agree to this version" in group.page
    group.post(f"/en/pacts/{code}/agreement", version)
    assert "You have agreed to this version" in group.page
    officer.get(room)
    officer.post(f"/en/pacts/{code}/agreement", version)
    assert "Both sides agreed to this text" in officer.page

    pact = journey.resource(cast, by_code(code))
    officer.get(f"/en/desk/cases/{code}")
    assert "Prepare for signature" in officer.page
    officer.post(f"/en/desk/cases/{code}/signing")
    for who in (group, signatory):
        assert who.get(f"/en/pacts/{code}/signature").status_code == 200
        assert pact.agreed_hash in who.page
        who.post(
            f"/en/pacts/{code}/signature", {"content_hash": pact.agreed_hash, "confirm-password": "wrong one"}
        )
        assert "That is not your password" in who.page
        who.post(
            f"/en/pacts/{code}/signature",
            {"content_hash": pact.agreed_hash, "confirm-password": "commons-demo-2026"},
        )
    assert "Everybody has signed" in signatory.page
    assert by_code(code).state == "signed"


def test_a_report_by_pages(app: Any, cast: Any, seat: Any) -> None:
    code = journey.signed(cast).code
    officer, group = seat("giulia"), seat("rosa")
    for path in (f"/en/pacts/{code}/reports", f"/en/pacts/{code}/history", f"/en/pacts/{code}/versions/1"):
        assert Browser(app).get(path).status_code == 200, path
    assert group.get(f"/en/pacts/{code}/reports/new").status_code == 200
    report = {
        "number": "1",
        "objectives": "An open garden",
        "actions": "Five openings a week",
        "results": "More neighbours",
        "spent": "1,200",
        "volunteer_hours": "80",
        "people": "12",
        "figures-0-label": "Visitors",
        "figures-0-value": "300",
        "figures-0-unit": "people",
        "figures-0-source": "Log",
    }
    for n in range(3):
        report |= {
            f"outcomes-{n}-promise": f"c{n + 1}",
            f"outcomes-{n}-state": "kept",
            f"outcomes-{n}-done": "1",
        }
    answer = group.post(f"/en/pacts/{code}/reports", {**report, "outcomes-1-state": ""})
    assert answer.status_code == 422
    assert "Choose Kept, Late or Not done" in group.page
    assert "An open garden" in group.page
    assert group.post(f"/en/pacts/{code}/reports", report).status_code == 200, group.page[:2000]
    assert Browser(app).get(f"/en/pacts/{code}/reports/1").status_code == 404
    officer.get(f"/en/desk/cases/{code}")
    officer.post(f"/en/desk/cases/{code}/reports/1/return", {"reason": "Say how many visitors"})
    group.get(f"/en/pacts/{code}/reports/new?number=1")
    assert "Say how many visitors" in group.page
    group.post(f"/en/pacts/{code}/reports", report)
    officer.get(f"/en/desk/cases/{code}")
    officer.post(f"/en/desk/cases/{code}/reports/1/validation")
    visitor = Browser(app)
    assert visitor.get(f"/en/pacts/{code}/reports/1").status_code == 200
    assert "€ 1,200" in visitor.page.replace("\u00a0", " ")
    assert officer.get(f"/it/desk/cases/{code}").status_code == 200


def by_code(code: str) -> Any:
    from portal import db
    from portal.pacts import queries

    with db.reading() as session:
        return session.scalars(queries.by_code(code)).one()


def settle(app: Any, cast: Any, code: str) -> None:
    """Fill what the first draft lacks, as both sides would in the room."""
    journey.settle(cast, by_code(code))


def test_every_fault_of_a_clause_is_named_at_its_box(cast: Any, seat: Any) -> None:
    pact, group = journey.accepted(cast), seat("rosa")
    room = f"/en/pacts/{pact.code}/co-design"
    values = {
        "clause": "own-new",
        "version": "1",
        "heading-it": "",
        "plain-it": "",
        "text-it": "",
        "comment": "Tidier",
    }
    values |= {"heading-en": "", "plain-en": "", "text-en": ""}
    group.get(f"{room}/clauses/new")
    assert (
        group.post(f"{room}/suggestions", {**values, "clause": hidden(group.page, "clause")}).status_code
        == 422
    )
    for box, sentence in (
        ("heading-it", "Write a heading for the clause."),
        ("plain-it", "Say in one plain sentence what the clause means."),
        ("text-it", "Write the clause in the language that prevails."),
    ):
        assert f'<a href="#{box}">{sentence}' in group.page
        assert f'id="{box}-error"' in group.page
        assert re.search(rf'name="{box}"[^>]*aria-describedby="{box}-error" aria-invalid="true"', group.page)
    assert "Tidier" in group.page
    assert 'id="comment-error"' not in group.page


def test_suggest_and_answer_by_pages(cast: Any, seat: Any) -> None:
    pact = journey.accepted(cast)
    group, officer = seat("rosa"), seat("giulia")
    room = f"/en/pacts/{pact.code}/co-design"
    text = journey.version_of(pact).text
    row = next(one for one in text["clauses"] if not one["locked"] and not one["none_because"])
    words = {f"text-{language}": row["text"][language] for language in ("it", "en")}
    values = {"clause": row["id"], "version": "1", "comment": "Clearer", **words}
    page = f"{room}/clauses/{row['id']}"
    group.get(page)
    assert group.post(f"{room}/suggestions", values).status_code == 422
    assert "Nothing was changed" in group.page
    assert "Clearer" in group.page
    assert group.post(f"{room}/suggestions", {**values, "text-it": "Parole nostre."}).status_code == 200
    assert "Take it back" in group.page
    officer.get(room)
    assert "To answer: 1" in officer.page
    assert "It is your turn" in officer.page
    officer.get(page)
    assert "Clearer" in officer.page
    answer = re.search(r"/suggestions/(\d+)/answer", officer.page)[1]
    assert officer.post(f"{room}/suggestions/{answer}/answer", {"decision": "decline"}).status_code == 422
    assert "Say why" in officer.page
    assert officer.post(f"{room}/suggestions/{answer}/answer", {"decision": "accept"}).status_code == 200
    late = group.post(f"{room}/suggestions", {**values, "text-it": "Altre parole."})
    assert late.status_code == 409
    assert "had suggested was accepted while you were writing. Your text is kept below." in group.page
    assert group.page.count("Altre parole.") == 2
    # What was typed is marked against the text that is there now.
    assert re.search(r"<ins><span[^>]*>[^<]*</span>Altre", group.page)
    assert re.search(r"<del><span[^>]*>[^<]*</span>Parole", group.page)
    assert hidden(group.page, "version") == "2"


def test_versions_are_compared_by_pages(cast: Any, seat: Any) -> None:
    pact, officer = journey.accepted(cast), seat("giulia")
    pact = journey.change(cast, pact, "object", {"text": {"it": "Parole nostre.", "en": "Our words."}})
    assert officer.get(f"/it/pacts/{pact.code}/versions/2").status_code == 200
    compared = f"/it/pacts/{pact.code}/versions/1/compare/2"
    assert officer.get(compared).status_code == 200
    assert "[aggiunto: </span>" in officer.page
    choice = f"/en/pacts/{pact.code}/versions/compare?from=1&to=99"
    assert officer.get(choice).status_code == 200
    assert "What changed from version 1 to version 2" in officer.page
    assert officer.get(f"/en/pacts/{pact.code}/versions/compare").status_code == 200
    assert "What changed from version 1 to version 2" in officer.page, "the last change, when none is named"


def test_terms_by_pages(cast: Any, seat: Any) -> None:
    pact = journey.accepted(cast)
    officer = seat("giulia")
    path = f"/en/pacts/{pact.code}/co-design/terms"
    officer.get(path)
    values = form_values(officer.page)
    answer = officer.post(path, {**values, "support-0-euro": "many"})
    assert answer.status_code == 422
    assert "Enter an amount in euros" in officer.page
    assert officer.post(path, {**values, "ends_on": values["starts_on"]}).status_code == 422
    assert officer.post(path, {**values, "support-0-euro": "2,500"}).status_code == 200, officer.page[:3000]
    changed = journey.version_of(journey.reload(pact))
    assert changed.number == 2
    assert changed.text["support"][0]["amount"] == 250_000
    assert officer.post(path, values).status_code == 409


def form_values(page: str) -> dict[str, str]:
    """Return what a browser would send of the main form, unchanged."""
    from html import unescape

    main = page[page.index("<main") :]
    found = {
        m[1]: unescape(m[2]) for m in re.finditer(r'<input[^>]*? name="([^"]+)"[^>]*? value="([^"]*)"', main)
    }
    found |= {
        m[2]: unescape(m[1]) for m in re.finditer(r'<input[^>]*? value="([^"]*)"[^>]*? name="([^"]+)"', main)
    }
    found |= {
        m[1]: unescape(m[2]).strip("\n")
        for m in re.finditer(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)<', main)
    }
    for select in re.finditer(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', main, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', select[2])
        found[select[1]] = chosen[1] if chosen else re.search(r'<option value="([^"]*)"', select[2])[1]
    return {name: value for name, value in found.items() if name != "csrf_token"}
