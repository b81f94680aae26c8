"""What no honest hand types: taken as plain text or refused with a sentence, never an error, never markup."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from portal import db
from portal.notices.models import Message
from portal.notices.post_office import as_mail
from portal.pacts import jobs
from portal.pacts.models import PactVersion
from portal.proposals import jobs as receipts
from portal.proposals.models import Proposal
from tests.browser import Browser
from tests.conftest import Cast, _empty
from tests.outsider.test_matrix import pages
from tests.outsider.world import BASE, World, changed, fingerprint, free_clause
from tests.pacts import journey

MARKUP = "<img/src=x>\"'</textarea><script>alert(2)</script>{{7*7}}"
RAW = re.compile(r"<img/src=x|<script>alert")
HIDDEN = "\x00\u202e\u200b\u2066\ufeff"
LONG = "x" * 1_000_000
FIELDS = {
    "what": ("title", "summary"),
    "where": ("address",),
    "group": ("group_name", "contact_name", "contact_email", "contact_phone", "contact_postal", "adult_name"),
    "commitments": ("what", "unit", "evidence"),
    "asks/funding": ("what",),
    "touched": ("touched",),
}
GOOD = {
    "what": {"kind": "place", "title": "Garden", "summary": "A garden."},
    "where": {"address": "Via Uno", "district": "", "latitude": "", "longitude": ""},
    "group": {
        "group_kind": "informal_group",
        "group_name": "Group",
        "contact_name": "Ada",
        "contact_email": "ada@example.org",
        "is_adult": "yes",
    },
    "commitments": {"what": "Open", "quantity": "2", "unit": "hours", "per": "week", "evidence": "photos"},
    "dates": {"starts_on": "1/12/2090", "ends_on": "30/11/2092"},
    "asks": {"kinds": ["funding"]},
    "asks/funding": {"amount": "1,200", "what": "Tools"},
    "fences": {"fences": ["open_door"]},
    "limits": {"limit_open_door": "30"},
    "touched": {"touched": "Everybody"},
}


def begin(browser: Browser) -> str:
    """Start a draft and return the address of its task list."""
    browser.get("/en/propose")
    return str(browser.post("/en/propose", {"email": ""}, follow=False).headers["Location"])


def fill(browser: Browser, start: str, values: dict[str, dict[str, Any]]) -> None:
    for page, form in values.items():
        assert browser.post(f"{start}/{page}", form, follow=False).status_code == 303, (page, browser.page)


@pytest.fixture
def draft(enter: Any) -> tuple[Browser, str]:
    """A visitor's browser and the address of a draft with all its pages to be written."""
    browser = enter("")
    start = begin(browser)
    fill(browser, start, {"what": GOOD["what"], "asks": GOOD["asks"], "fences": GOOD["fences"]})
    return browser, start


@pytest.mark.parametrize("page", FIELDS)
def test_a_text_that_is_none_of_ours(draft: tuple[Browser, str], page: str) -> None:
    browser, start = draft
    before = fingerprint()
    for field in FIELDS[page]:
        assert browser.post(f"{start}/{page}", {**GOOD[page], field: LONG}).status_code == 422
    assert changed(before) == []
    for field in FIELDS[page]:
        for typed in (f"{HIDDEN}Ada{HIDDEN}", MARKUP, "\ud7ff\U0010ffff", "\r\nBcc: eve@example.org"):
            answer = browser.post(f"{start}/{page}", {**GOOD[page], field: typed}, follow=False)
            assert answer.status_code in {303, 422}
            shown = browser.get(f"{start}/check").get_data(as_text=True)
            assert not RAW.search(shown)
            assert not set(HIDDEN) & set(shown)


AMOUNTS = [
    "Infinity",
    "NaN",
    "1e400",
    "1e3",
    "0.001",
    "١٢",
    "²",
    "-1",
    "-0",
    "1_000",
    "0x10",
    "9" * 30,
    "1,2,3",
]
COUNTS = ["Infinity", "1e3", "1.5", "١٢", "²", "-1", "0", "1_000", "9" * 30]
DAYS = ["1/1/0001", "31/12/9999", "31/2/2027", "0/1/2027", "2027-13-01", "٣/1/2027", "tomorrow", "1/1/27"]
DEGREES = ["NaN", "inf", "91", "-91", "181", "1e1", "٤٤", "44..4", "9" * 30]
PLACES = [
    *(("asks/funding", "amount", one) for one in AMOUNTS),
    *(("commitments", "quantity", one) for one in COUNTS),
    *(("limits", "limit_open_door", one) for one in COUNTS if one != "0"),
    *(("dates", "starts_on", one) for one in DAYS),
    *(("dates", "ends_on", one) for one in DAYS),
    *(("where", "latitude", one) for one in DEGREES),
    *(("where", "longitude", one) for one in DEGREES if one not in {"91", "-91"}),
]


def test_no_number_or_day_is_read_into_something_else(draft: tuple[Browser, str]) -> None:
    browser, start = draft
    before, taken = fingerprint(), []
    for page, field, typed in PLACES:
        whole = {**GOOD[page], field: typed}
        if page == "where":
            whole = {"latitude": "44.49", "longitude": "11.34", **whole, field: typed}
        if browser.post(f"{start}/{page}", whole, follow=False).status_code != 422:
            taken.append((page, field, typed))
    assert not taken
    assert changed(before) == []


def test_a_last_day_beyond_the_calendar_is_refused(draft: tuple[Browser, str]) -> None:
    browser, start = draft
    for first, last in (("1/1/9995", "31/12/9999"), ("29/2/2196", "31/12/2199"), ("1/1/2199", "31/12/2199")):
        answer = browser.post(f"{start}/dates", {"starts_on": first, "ends_on": last})
        assert answer.status_code in {200, 422}, (first, last)


@pytest.mark.parametrize(
    "typed",
    ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", " JaVaScRiPt:alert(1)//https://a.b"],
)
def test_a_repository_that_is_no_address_is_refused(enter: Any, typed: str) -> None:
    browser = enter("")
    start = begin(browser)
    fill(browser, start, {"what": {**GOOD["what"], "kind": "software"}})
    form = {"csrf_token": browser.token(), "repository": typed, "about": "x", "licence": ""}
    answer = browser.client.post(f"{start}/where", data=form)
    assert answer.status_code == 422
    assert not re.search(r"href=.(?!/|http|#|mailto:|tel:)", answer.get_data(as_text=True))


@pytest.fixture
def hostile(world: World, cast: Any, app: Any) -> Any:
    """A signed pact in which every text that anybody may write is markup."""
    pact = journey.accepted(cast, title=MARKUP[:120])
    clause = free_clause(pact)
    pact = journey.settle(cast, journey.change(cast, pact, clause, {"text": {"it": MARKUP, "en": MARKUP}}))
    journey.agree(pact, cast.rosa)
    pact = journey.resource(cast, journey.agree(pact, cast.giulia))
    with db.writing():
        journey.actions.open_signing(journey.here(pact), by=cast.giulia)
    pact = journey.sign(journey.sign(journey.reload(pact), cast.rosa), cast.nuria)
    rosa = cast.rosa
    figure = {"label": MARKUP, "value": 1, "unit": MARKUP[:40], "source": MARKUP}
    content = journey.told(
        pact, objectives=MARKUP, actions=MARKUP, results=MARKUP, next_steps=MARKUP, figures=(figure,)
    )
    with db.writing():
        report = journey.actions.send_report(journey.here(pact), 1, content, by=rosa)
        journey.actions.validate_report(report, pact=journey.here(pact), by=cast.giulia)
    return pact


@pytest.mark.parametrize("who", ["", "rosa", "giulia"])
def test_markup_is_shown_as_it_was_typed(hostile: Any, app: Any, world: World, enter: Any, who: str) -> None:
    browser = enter(who)
    only = World(people=world.people, pacts={"hostile": hostile.code}, proposals={"x": hostile.proposal_code})
    only.token = "never"
    for address in pages(app, only):
        browser.get(address)
        assert not RAW.search(browser.page), address
    browser.get(f"/en/pacts/{hostile.code}")
    assert "&lt;img/src=x" in browser.page


def test_markup_reaches_no_paper(hostile: Any) -> None:
    with db.reading():
        due = [*jobs.agreements_due(BASE), *jobs.progress_reports_due(BASE), *receipts.receipts_due(BASE)]
        sheets = [
            one.build() for one in due if hostile.code in one.subject or hostile.proposal_code in one.subject
        ]
    assert len(sheets) == 5
    for sheet in sheets:
        assert not RAW.search(sheet.html)
        assert "javascript:" not in sheet.html
    assert any("&lt;img/src=x" in sheet.html for sheet in sheets)


CODES = [
    "%2e%2e",
    "%2e%2e%2fdesk",
    "%00",
    "%0d%0aX:y",
    "x" * 3000,
    "%ff",
    "%F0%9F%8C%B3",
    "BO-2026-001%00",
    "'--",
]
ODD = [
    *(f"{room}/{code}" for code in CODES for room in ("pacts", "proposals", "propose", "track", "verify")),
    *(f"desk/{room}/{code}" for code in CODES for room in ("cases", "allocate", "jobs", "pools/2026")),
    *(
        f"{room}/{number}"
        for number in ("9" * 10, "9" * 40, "%D9%A3", "-1", "1.5")
        for room in ("p", "pacts/{signed}/versions", "pacts/{signed}/reports")
    ),
    "pacts/{signed}/fences/%00/measurements",
    "propose/link/%00",
    "propose/link/" + "x" * 3000,
    "pacts/{signed}/reports/" + "9" * 30 + ".pdf",
]
ASKED = ["account/messages?before=", "desk/pools/2026/none?before=", "pacts?before=", "proposals?before=", "pacts/{signed}/reports/new?number=", "verify?code=", "money/rows?before=", "money/rows?pact=", "money?year=", "money?as_of=", "money/benefits?year=", "money/benefits?after=", "desk?q=", "desk?state=", "pacts?district=", "pacts/{signed}/agreement.pdf?edition_language="]  # fmt: skip


@pytest.mark.parametrize("base", ["sqlite", "postgres"])
def test_addresses_that_are_none_are_not_found(
    world: World, enter: Any, request: pytest.FixtureRequest, base: str
) -> None:
    if base == "postgres":
        # Its strictness is what counts here, so it may stay empty but for the officer.
        _empty(request.getfixturevalue(base))
        db.use(request.getfixturevalue(base))
        Cast().person("giulia")
    browser = enter("giulia")
    wrong = {}
    for path in ODD:
        status = browser.client.get("/en/" + path.format(**world.pacts)).status_code
        if status not in {308, 404}:
            wrong[path[:60]] = status
    for path in ASKED:
        for typed in ("9" * 40, "%00", "%D9%A3", "-1", "%C2%B2", "x" * 5000, "a" * 63 + "%00"):
            answer = browser.client.get("/en/" + path.format(**world.pacts) + typed)
            if answer.status_code >= 500:
                wrong[path + typed[:20]] = answer.status_code
    assert not wrong


def test_lower_case_codes_lead_to_the_same_or_to_nothing(world: World, enter: Any) -> None:
    browser = enter("")
    for path in (f"pacts/{world.pacts['signed'].lower()}", f"track/{world.proposals['submitted'].lower()}"):
        assert browser.get(f"/en/{path}").status_code in {200, 404}


TERMS = {
    "starts_on": "1/6/2027",
    "ends_on": "31/5/2029",
    "commitments-0-side": "community",
    "commitments-0-what": "Open",
    "commitments-0-per": "week",
    "support-0-kind": "funding",
    "support-0-what": "Seeds",
    "support-0-euro": "100",
    "support-0-plan": "",
}
ODD_TERMS = [
    {"commitments-²-what": "x"},
    {"commitments-" + "9" * 200 + "-what": "x"},
    {"version": "²"},
    {"version": "9" * 30},
    {"commitments-0-quantity": "١٢"},
    {"commitments-0-quantity": "1_000"},
    {"support-0-euro": "Infinity"},
    {"support-0-euro": "9" * 29},
    {"support-0-months": "9" * 20},
    {"starts_on": "1/1/0001"},
    {"ends_on": "31/12/9999"},
    {"starts_on": "31/2/2027"},
    {"fences-0-catalogue": "nothing", "fences-0-threshold": "1"},
    {"fences-0-catalogue": "open_door", "fences-0-threshold": ""},
    {"support-0-kind": "gold"},
    {"support-0-kind": "server", "support-0-plan": "galactic"},
    {"commitments-0-what": LONG},
    {"note": LONG},
]


def test_odd_terms_are_refused_or_harmless(world: World, enter: Any) -> None:
    giulia, code = enter("giulia"), world.pacts["co_design"]
    giulia.get(f"/en/pacts/{code}/co-design/terms")
    for odd in ODD_TERMS:
        answer = giulia.post(f"/en/pacts/{code}/co-design/terms", {**TERMS, **odd}, follow=False)
        assert answer.status_code in {303, 400, 409, 422}, str(odd)[:80]
        assert giulia.get(f"/en/pacts/{code}/co-design/terms").status_code == 200
        assert giulia.get(f"/en/pacts/{code}/co-design").status_code == 200


def test_a_row_of_the_terms_gets_its_id_from_the_portal(world: World, enter: Any) -> None:
    giulia, code = enter("giulia"), world.pacts["co_design"]
    named = {"support-0-id": "../x", "commitments-0-id": "z" * 50}
    twice = {
        f"support-{n}-{name}": value
        for n in (1, 2)
        for name, value in {"id": "s1", "kind": "legal", "what": "Help", "number": "3", "plan": ""}.items()
    }
    giulia.post(
        f"/en/pacts/{code}/co-design/terms",
        {**TERMS, **named, **twice},
        at=f"/en/pacts/{code}/co-design/terms",
    )
    with db.reading() as session:
        text = session.scalars(select(PactVersion).order_by(PactVersion.id.desc()).limit(1)).one().text
    assert sorted(row["id"] for row in text["support"]) == ["s1", "s2", "s3"]
    assert all(re.fullmatch("c[0-9]+", row["id"]) for row in text["commitments"])


def test_terms_as_long_as_the_form_allows_can_be_opened_again(world: World, enter: Any) -> None:
    giulia, code = enter("giulia"), world.pacts["co_design"]
    rows = {
        f"commitments-{n}-{name}": value
        for n in range(45)
        for name, value in {"side": "community", "what": f"Row {n}", "per": "once"}.items()
    }
    address = f"/en/pacts/{code}/co-design/terms"
    assert giulia.post(address, {**TERMS, **rows}, at=address).status_code in {200, 422}
    assert giulia.get(address).status_code == 200


def test_a_report_of_odd_numbers_is_refused(world: World, enter: Any) -> None:
    rosa, before = enter("rosa"), fingerprint()
    whole = {"objectives": "x", "actions": "x", "results": "x"}
    for number in ("²", "9" * 30, "٣", "-1", "1e3", "1_000", "10000000"):
        for odd in ({"number": number}, {"number": "1", "people": number}):
            answer = rosa.post(f"/en/pacts/{world.pacts['alone']}/reports/new", {**whole, **odd})
            assert answer.status_code in {404, 422}, odd
    assert changed(before) == []


def test_a_comment_in_the_room_is_plain_text(world: World, enter: Any) -> None:
    rosa, code = enter("rosa"), world.pacts["co_design"]
    with db.reading() as session:
        found = session.scalars(select(journey.Pact).where(journey.Pact.code == code)).one()
        clause = free_clause(found)
    values = {"clause": clause, "text-it": MARKUP, "comment": f"{HIDDEN}Ada {MARKUP}", "version": "9" * 30}
    rosa.post(f"/en/pacts/{code}/co-design/suggestions", values, at=f"/en/pacts/{code}/co-design")
    rosa.get(f"/en/pacts/{code}/co-design")
    assert not RAW.search(rosa.page)
    assert not set(HIDDEN) & set(rosa.page)


HEADERS = ["Ada\r\nBcc: eve@example.org", "Ada\nSubject: x", "=?utf-8?q?=0aBcc:x?=", '"<x@y>" , z', "x" * 120]


@pytest.mark.parametrize("name", HEADERS)
def test_no_name_or_title_adds_a_line_to_a_mail(enter: Any, name: str) -> None:
    browser = enter("")
    browser.get("/en/join")
    form = {"name": name, "email": "ada@example.org", "password": "lamp tide oven moss"}
    assert browser.post("/en/join", form).status_code in {200, 422}
    with db.reading() as session:
        for message in session.scalars(select(Message)):
            mail = as_mail(
                message, message.address or "x@example.org", sender="city@example.org", city="Città"
            )
            assert mail["Bcc"] is None
            assert "\n" not in mail["Subject"]
            assert mail.get_all("Subject") == [mail["Subject"]]


@pytest.mark.parametrize(
    "email", ["ada@example.org\r\nBcc: eve@example.org", "a@b.org,eve@c.org", "ada@example.org>", "x" * 300]
)
def test_no_address_adds_a_recipient(enter: Any, email: str) -> None:
    browser, form = enter(""), {"name": "Ada", "password": "lamp tide oven moss"}
    browser.get("/en/join")
    browser.post("/en/join", {**form, "email": email})
    browser.get("/en/propose")
    browser.post("/en/propose", {"email": email})
    with db.reading() as session:
        addresses = [
            *session.scalars(select(Message.address)),
            *session.scalars(select(Proposal.contact_email)),
        ]
    assert not [one for one in addresses if "eve@" in one and one != "eve@example.org" and "ada" in one]
    assert not [one for one in addresses if re.search(r"[\s,<>]", one)]
