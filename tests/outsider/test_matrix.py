"""Every address, for everybody, with real things in it: nothing breaks, and what is private stays private."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.routing import IntegerConverter

from portal import db
from portal.pacts import jobs
from portal.proposals import jobs as receipts
from tests.outsider.world import BASE, CANARIES, NAMES, OBSERVED, World, changed, fingerprint

STRANGERS = ("", "eve", "nina")
# Lawyers and those who run the servers see what a treasurer sees.
STAFF = ("giulia", "tina", "nuria", "aldo", "ada")
# What one pool, one job and the rows of a text are called in the city.
ROWS = {"row": "s1", "row_key": "f1", "name": "agreements", "slug": "test-funding", "page": "group"}


def addresses(app: Any, world: World, method: str) -> list[str]:
    """Return every address of the portal, with every thing of the city in it."""
    adapter = app.url_map.bind("127.0.0.1")
    found = set()
    for rule in app.url_map.iter_rules():
        if method not in rule.methods or rule.endpoint in {"static", "probes.ready"}:
            continue
        for code in _codes(world, rule.endpoint) if "code" in rule.arguments else [""]:
            for number in (
                (1, 2, 3) if {"number", "suggestion_id"} & rule.arguments and method == "GET" else [1]
            ):
                values = {
                    name: _value(world, name, code, number) or _sample(rule, name) for name in rule.arguments
                }
                found.add(adapter.build(rule.endpoint, values, method))
    return sorted(found)


def _codes(world: World, endpoint: str) -> list[str]:
    if endpoint in OF_OBSERVATIONS:
        return [*world.observations.values()]
    if endpoint.startswith("observations."):
        return [*world.proposals.values(), *world.pacts.values()]
    # A case of the desk bears either code; elsewhere one of the wrong kind stands for all of them.
    proposals, pacts = [*world.proposals.values()], [*world.pacts.values()]
    if "desk" in endpoint and "support" not in endpoint:
        return [*proposals, *pacts]
    of_proposals = endpoint.startswith("proposals.") or endpoint == "front.proposal"
    return [*proposals, pacts[0]] if of_proposals else [*pacts, proposals[0]]


OF_OBSERVATIONS = {
    *(f"observations.{name}" for name in ("one", "key", "judge", "contest", "ask_report", "report")),
    *(
        f"observations_desk.{name}"
        for name in ("one", "answer", "publish", "hide", "decide", "identify", "settle")
    ),
}


def _value(world: World, name: str, code: str, number: int) -> object:
    if name in {"number", "suggestion_id"}:
        return number
    rosa = world.people["rosa"].pseudonym
    known = {"language": "en", "code": code, "year": 2026, "token": world.token, "pseudonym": rosa, **ROWS}
    return known.get(name)


def _sample(rule: Any, name: str) -> object:
    """Return something that the address takes, for a thing of which there is none in the city."""
    converter = rule._converters[name]
    if isinstance(converter, IntegerConverter):
        return 1
    return next(iter(getattr(converter, "items", ["x"])))


def pages(app: Any, world: World) -> list[str]:
    """Return what can be opened, without the secret link itself, which is a key and no page."""
    extra = [f"/en/pacts/{code}/agreement.pdf?edition=original" for code in world.pacts.values()]
    extra += [f"/en/propose/{code}/asks/funding" for code in world.proposals.values()]
    return [one for one in addresses(app, world, "GET") + extra if world.token not in one]


def leaks(text: str, words: Any) -> list[str]:
    return [word for word in words if word in text]


@pytest.mark.parametrize("who", STRANGERS)
def test_a_stranger_reads_nothing_private_anywhere(app: Any, world: World, enter: Any, who: str) -> None:
    browser, before = enter(who), fingerprint()
    wrong = {}
    for address in pages(app, world):
        answer = browser.client.get(address)
        text = answer.get_data().decode("utf-8", "replace")
        known = {CANARIES["contact_name"]} if who and "/account" in address else set()
        found = [word for word in leaks(text, [*world.secrets.values(), *NAMES]) if word not in known]
        if answer.status_code >= 500 or found:
            wrong[address] = answer.status_code, found
    assert not wrong
    assert changed(before) == []


def hidden_from(world: World, who: str) -> list[str]:
    """Return what even those inside must not read."""
    if who == "ada":
        return [*world.secrets.values()]  # accounts and the city profile, no cases
    draft = [world.token, world.word, CANARIES["draft_title"]]
    return [*draft, CANARIES["note"], *OBSERVED.values()] if who == "rosa" else draft


@pytest.mark.parametrize("who", ["rosa", *STAFF])
def test_nothing_breaks_for_those_inside(app: Any, world: World, enter: Any, who: str) -> None:
    browser, before = enter(who), fingerprint()
    secrets = hidden_from(world, who)
    wrong = {}
    for address in pages(app, world):
        answer = browser.client.get(address)
        found = leaks(answer.get_data().decode("utf-8", "replace"), secrets)
        if answer.status_code >= 500 or found:
            wrong[address] = answer.status_code, found
    assert not wrong
    assert changed(before) == []


@pytest.mark.parametrize("who", STRANGERS)
def test_nothing_can_be_sent_by_a_stranger(app: Any, world: World, enter: Any, who: str) -> None:
    browser = enter(who)
    browser.get("/en/sign-in")
    before, own, token = fingerprint(), own_posts(world, who), browser.token()
    wrong = {}
    for address in addresses(app, world, "POST"):
        if address in own or world.token in address or is_of_oneself(address, who):
            continue
        answer = browser.client.post(address, data={"csrf_token": token, **GUESSES})
        if not _is_refusal(answer):
            wrong[address] = answer.status_code, answer.headers.get("Location")
    assert not wrong
    assert changed(before) == []


# What a form might ask for, so that no verb is spared by an empty field.
GUESSES = {
    "reason": "x",
    "source": "x",
    "version": "1",
    "content_hash": "0" * 64,
    "password": "not mine",
    "decision": "accept",
    "answer": "x",
    "reply": "x",
    "clause": "object",
    "text-it": "x",
    "verb": "suspend",
    "supplement_request": "x",
    "notice_reason": "x",
    "notice_source": "x",
    "refusal_reason": "x",
    "refusal_source": "x",
    "pact_class": "ordinary",
    "word": "acero-onda-0000",
    "email": "x",
    "outcome": "accepted",
    "answer_text": "x",
    "hidden_for": "insult",
    "hidden_why": "x",
    "decided_why": "x",
    "how": "known",
    "judged": "yes",
    "contest": "x",
    "first": "1/1/2199",
    "last": "1/3/2199",
}
OPEN = (
    "/en/join",
    "/en/sign-in",
    "/en/sign-out",
    "/en/verify",
    "/en/propose",
    "/en/propose/resume",
    "/en/propose/check",
)


def is_of_oneself(address: str, who: str) -> bool:
    """Say whether this is a way in, which is everybody's, or a page of one's own account."""
    ways_in = ("/en/sign-in/", "/en/join/", "/en/propose/check")
    return address.startswith((*ways_in, *(["/en/account/"] if who else [])))


def own_posts(world: World, who: str) -> set[str]:
    """Return what is everybody's to send, or that person's own."""
    mine = {*OPEN, *(f"/en/observations/{code}/report" for code in world.observations.values())}
    # Whoever wants to may speak about anything public.
    mine |= {f"/en/proposals/{code}/observations/new" for code in world.codes}
    if who:
        mine.add("/en/organisations/join")
    if who == "nina":
        code = world.pacts["of_nina"]
        mine |= {f"/en/pacts/{code}/{path}" for path in NINAS_OWN}
    return mine


NINAS_OWN = (
    "agreement",
    "co-design/reopening",
    "co-design/suggestions",
    "co-design/terms",
    "fences/f1/measurements",
    "reports",
    "reports/new",
    "signature",
)


def _is_refusal(answer: Any) -> bool:
    if answer.status_code in {303, 302}:
        return "/sign-in" in answer.headers["Location"]
    # Words and passwords can be tried by everybody, and are counted before anything is said of the thing.
    is_try = answer.request.path.endswith(("/word", "/signature"))
    return answer.status_code in ({403, 404, 422, 429} if is_try else {403, 404})


def test_a_draft_opens_by_its_secret_alone(world: World, enter: Any) -> None:
    code = world.proposals["draft"]
    visitor = enter("")
    for path in (
        f"/en/propose/{code}",
        f"/en/track/{code}",
        f"/en/proposals/{code}",
        f"/en/propose/{code}/check",
    ):
        assert visitor.get(path).status_code == 404
    wrong = world.token[:-1] + ("A" if world.token[-1] != "A" else "B")
    assert visitor.get(f"/en/propose/link/{wrong}").status_code == 404
    assert visitor.post(f"/en/track/{code}/word", {"word": "acero-onda-0000"}).status_code == 422
    assert visitor.get(f"/en/propose/{code}").status_code == 404
    assert visitor.post(f"/en/track/{code}/word", {"word": world.word.upper()}).status_code == 200
    assert CANARIES["draft_title"] in visitor.get(f"/en/propose/{code}/check").get_data(as_text=True)


def test_a_public_paper_holds_nothing_private(world: World, database: db.Database) -> None:
    del database
    with db.writing() as session:
        session.execute(db.Base.metadata.tables["paper"].delete())
    with db.reading():
        due = [*jobs.agreements_due(BASE), *jobs.progress_reports_due(BASE)]
        public = [one.build() for one in due if one.edition == "public"]
        private = [one.build() for one in due if one.edition == "original"]
    assert len(public) == 5
    assert len(private) == 2
    for sheet in public:
        said = sheet.html + sheet.title + sheet.attachment.decode()
        assert leaks(said, [*CANARIES.values(), *NAMES]) == [], sheet.title
    # The test would see it if it were there.
    assert any(CANARIES["tax_code"] in sheet.html for sheet in private)
    assert any(CANARIES["adult_name"] in sheet.html for sheet in private)


def test_a_receipt_keeps_its_private_answers_between_two(world: World, enter: Any) -> None:
    code = world.proposals["submitted"]
    path = f"/en/track/{code}/receipt"
    for who, status in (("", 404), ("eve", 404), ("nina", 404), ("ada", 404), ("rosa", 200), ("giulia", 200)):
        answer = enter(who).get(path)
        assert answer.status_code == status, who
        if status == 200:
            assert answer.headers["Cache-Control"] == "no-store", who
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Content-Disposition"].startswith("attachment")
    with db.reading():
        assert receipts.receipts_due(BASE)
