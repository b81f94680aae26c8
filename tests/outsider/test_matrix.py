"""Every address, for everybody, with real things in it: nothing breaks, and what is private stays private."""

from __future__ import annotations

import itertools
from collections import Counter
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import delete
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.routing import IntegerConverter

from portal import city, db
from portal.pacts import jobs
from portal.people.models import Tally
from portal.proposals import jobs as receipts
from tests.outsider.around import AROUND, CALLS, GROUP, RESIDENT
from tests.outsider.world import BASE, CANARIES, NAMES, OBSERVED, World, changed, fingerprint

STRANGERS = ("", "eve", "nina")
# Lawyers and those who run the servers see what a treasurer sees.
STAFF = ("giulia", "tina", "nuria", "aldo", "ada", "carla")
# What one pool, one job and the rows of a text are called in the city.
ROWS = {"row": "s1", "row_key": "f1", "clause_id": "object", "name": "agreements", "page": "group"}
# The only address that a link's secret opens in these tests; elsewhere a token is a wrong one.
LINK = "proposals.link"


def addresses(app: Any, world: World, method: str) -> list[str]:
    """Return every address of the portal, with every thing of the city in it."""
    adapter = app.url_map.bind("127.0.0.1")
    found = set()
    for rule in app.url_map.iter_rules():
        if method not in rule.methods or rule.endpoint in {"static", "probes.ready"}:
            continue
        names = sorted(rule.arguments)
        choices = [_choices(world, rule, name, method) for name in names]
        for values in itertools.product(*choices):
            given = dict(zip(names, values, strict=True))
            if _may_be_there(world, given):
                found.add(adapter.build(rule.endpoint, given, method))
    return sorted(found)


def _may_be_there(world: World, given: dict[str, Any]) -> bool:
    """Say whether a case can have so many of what is counted within it; only the fullest have a second."""
    return given.get("number", 1) == 1 or given.get("code") in {None, *(_fullest(world))}


def _fullest(world: World) -> list[str]:
    cases = {**world.proposals, **world.pacts}
    return [code for name, code in cases.items() if name in FULLEST]


FULLEST = ("submitted", "draft", "helped_sent", "helped_draft", "signed", "alone", "hostile")


def share(app: Any, found: list[str], who: str, *codes: str) -> list[str]:
    """Return a third of the addresses of each kind, another for each person, and all with one of the codes.

    Each kind of page is opened by everybody, each address by somebody, each code by everybody somewhere.
    """
    adapter, place = app.url_map.bind("127.0.0.1"), (*STRANGERS, *STAFF).index(who)
    seen: Counter[str] = Counter()
    chosen = []
    for address in found:
        kind = _kind(adapter, address)
        if (seen[kind] + place) % SHARES == 0 or seen[kind] == 0 or any(code in address for code in codes):
            chosen.append(address)
        seen[kind] += 1
    return chosen


SHARES = 3


def _kind(adapter: Any, address: str) -> str:
    path = address.partition("?")[0]
    for method in ("GET", "POST"):
        with suppress(MethodNotAllowed):
            return str(adapter.match(path, method=method)[0])
    raise AssertionError(address)


def _choices(world: World, rule: Any, name: str, method: str) -> list[Any]:
    """Return what can stand at this place of an address."""
    around = world.around
    if name == "code":
        return _codes(world, rule.endpoint)
    if name == "ref" and "server" in rule.endpoint:
        return ["SV-AAAAAA"]
    if name in {"number", "suggestion_id"}:
        # What a sequence counts within a case, and what stands around the cases by its own number.
        return sorted({1, 2, 3, *around.numbers.values()} if method == "GET" else {1, *_numbers(world, rule)})
    found: dict[str, list[Any]] = {
        "language": ["en"],
        "year": [2026],
        "slug": _slugs(world, rule.endpoint),
        "ref": [*around.calls.values()],
        "pseudonym": [world.people["rosa"].pseudonym, *around.people.values()],
        "district": [city.profile("bologna").districts[0].id],
        "token": [world.token] if rule.endpoint == LINK else [],
        **{row: [value] for row, value in ROWS.items()},
    }
    return found.get(name) or [_sample(rule, name)]


def _slugs(world: World, endpoint: str) -> list[str]:
    if "pool" in endpoint or "support" in endpoint:
        return ["test-funding"]
    if "space" in endpoint:
        return [slug for name, slug in world.around.slugs.items() if name == "space"]
    return [*world.around.slugs.values()] if "organisation" in endpoint else []


def _numbers(world: World, rule: Any) -> set[int]:
    """Return the numbers of the things that this address does something with."""
    return {number for word, number in world.around.numbers.items() if word.partition("_")[0] in rule.rule}


def _codes(world: World, endpoint: str) -> list[str]:
    if endpoint in OF_OBSERVATIONS:
        return [*world.observations.values()] or ["OS-AAAA-AA"]
    if endpoint.startswith("observations."):
        return [*world.proposals.values(), *world.pacts.values()]
    # A case of the desk bears either code; elsewhere one of the wrong kind stands for all of them.
    proposals, pacts = [*world.proposals.values()], [*world.pacts.values()]
    if "desk" in endpoint and "support" not in endpoint:
        return [*proposals, *pacts]
    of_proposals = endpoint.startswith(("proposals.", "counter.")) or endpoint == "front.proposal"
    return [*proposals, pacts[0]] if of_proposals else [*pacts, proposals[0]]


OF_OBSERVATIONS = {
    *(f"observations.{name}" for name in ("one", "key", "judge", "contest", "ask_report", "report")),
    *(
        f"observations_desk.{name}"
        for name in ("one", "answer", "publish", "hide", "decide", "identify", "settle")
    ),
}


def _sample(rule: Any, name: str) -> object:
    """Return something that the address takes, for a thing of which there is none in the city."""
    converter = rule._converters[name]
    if isinstance(converter, IntegerConverter):
        return 1
    return min(getattr(converter, "items", ["x"]))


def pages(app: Any, world: World) -> list[str]:
    """Return what can be opened, without the secret link itself, which is a key and no page."""
    extra = [f"/en/pacts/{code}/agreement.pdf?edition=original" for code in world.pacts.values()]
    extra += [f"/en/propose/{code}/asks/funding" for code in world.proposals.values()]
    extra += [f"/en/{page}?q={word}" for page in SEARCHED for word in ("canarina", "canarino", *SURNAMES)]
    return [one for one in addresses(app, world, "GET") + extra if world.token not in one]


SEARCHED = ("search", "proposals", "pacts", "commons", "organisations")
SURNAMES = ("sportella", "taciuta", "doppia", "solingo")


def asked(app: Any, world: World, who: str, every: list[str]) -> list[str]:
    """Return what this stranger asks: Eve has no right that Nina has not, but Nina's own things are new to her."""
    return share(app, every, who, world.pacts["of_nina"]) if who == "eve" else every


def leaks(text: str, words: Any) -> list[str]:
    return [word for word in words if word in text]


@pytest.mark.parametrize("who", STRANGERS)
def test_a_stranger_reads_nothing_private_anywhere(app: Any, world: World, enter: Any, who: str) -> None:
    browser, before = enter(who), fingerprint()
    wrong = {}
    for address in asked(app, world, who, pages(app, world)):
        answer = browser.client.get(address)
        text = answer.get_data().decode("utf-8", "replace")
        known = {CANARIES["contact_name"]} if who and "/account" in address else set()
        found = [word for word in leaks(text, [*world.secrets.values(), *NAMES]) if word not in known]
        if answer.status_code >= 500 or found:
            wrong[address] = answer.status_code, found
    assert not wrong, sorted(wrong.items())
    assert changed(before) == []


def hidden_from(world: World, who: str) -> list[str]:
    """Return what even those inside must not read."""
    return [word for name, word in world.secrets.items() if name not in SEEN[who]]


# What belongs to the two sides of a case; the note is the city's own.
CASE = CANARIES.keys() - {"draft_title", "payee_account"} - OBSERVED.keys() - AROUND.keys()
HELPED = {"helped_name", "helped_postal", "helped_phone", "scan_sent"}
# Who asked to come in or was invited is between them and the group; whoever checks it reaches its members.
REGISTER = GROUP.keys() - {"asker", "asked_why", "invited", "member_email"}
CHECKS = {"member_email"}
DESK = CASE | OBSERVED.keys() | HELPED | REGISTER | CALLS.keys() | {"rating"}
# A document is known by its hash alone; of the letters every line is read by who prints them.
RESIDENTS = RESIDENT.keys() - {"document"}
LETTERS = {"letter_street", "claimant", "helped_name", "helped_postal"}
ACCOUNTS = {"member", "member_email", "asker", "claimant", "claimant_email", "reader"}
SEEN: dict[str, set[str]] = {
    "rosa": CASE - {"note", "prepared"},
    "giulia": DESK | CHECKS,
    # Who prepares and who releases can open the file for the bank, in which accounts stand.
    **dict.fromkeys(("tina", "nuria"), DESK | {"payee_account"}),
    "aldo": DESK | RESIDENTS | LETTERS | ACCOUNTS,
    "ada": RESIDENTS | ACCOUNTS | {"rating"},
    "carla": OBSERVED.keys() | REGISTER | CHECKS | RESIDENTS | LETTERS | {"rating"},
}


@pytest.mark.parametrize("who", ["rosa", *STAFF])
def test_nothing_breaks_for_those_inside(app: Any, world: World, enter: Any, who: str) -> None:
    browser, before = enter(who), fingerprint()
    secrets, wrong = hidden_from(world, who), {}
    # The group and its officer open the most, and open all of it.
    every = pages(app, world)
    for address in every if who in {"rosa", "giulia"} else share(app, every, who):
        answer = browser.client.get(address)
        found = leaks(answer.get_data().decode("utf-8", "replace"), secrets)
        if answer.status_code >= 500 or found:
            wrong[address] = answer.status_code, found
    assert not wrong, sorted(wrong.items())
    assert changed(before) == []


@pytest.mark.parametrize("who", STRANGERS)
def test_nothing_can_be_sent_by_a_stranger(app: Any, world: World, enter: Any, who: str) -> None:
    browser = enter(who)
    browser.get("/en/sign-in")
    before, own, token = fingerprint(), own_posts(world, who), browser.token()
    wrong = {}
    for address in asked(app, world, who, addresses(app, world, "POST")):
        if address in own or world.token in address or is_of_oneself(address, who):
            continue
        answer = browser.client.post(address, data={"csrf_token": token, **GUESSES})
        if answer.status_code == 429:
            # So many acts in one minute are counted before it is looked who acts; only the second is asked here.
            with db.writing() as session:
                session.execute(delete(Tally))
            answer = browser.client.post(address, data={"csrf_token": token, **GUESSES})
        if not _is_refusal(answer):
            wrong[address] = answer.status_code, answer.headers.get("Location")
    assert not wrong, sorted(wrong.items())
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
    "/en/follow",
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
    mine |= {f"/en/{room}/{code}/observations/new" for code in world.codes for room in ("proposals", "pacts")}
    if who:
        group = f"/en/organisations/{world.around.slugs['group']}"
        # To take back an endorsement that nobody gave is nothing.
        public = [code for name, code in world.proposals.items() if "draft" not in name]
        mine |= {f"/en/proposals/{code}/endorsement/removal" for code in public}
        mine |= {"/en/organisations/join", "/en/connect", f"{group}/requests", f"{group}/requests/recall"}
    if who == "nina":
        code = world.pacts["of_nina"]
        mine |= {f"/en/pacts/{code}/{path}" for path in NINAS_OWN}
    return mine


NINAS_OWN = (
    "agreement",
    "co-design/reopening",
    "co-design/suggestions",
    "co-design/clauses/object/remarks",
    "co-design/terms",
    "fences/f1/measurements",
    "legal",
    "meetings",
    "reports",
    "reports/new",
    "signature",
)


def _is_refusal(answer: Any) -> bool:
    if answer.status_code in {303, 302}:
        return "/sign-in" in answer.headers["Location"]
    if answer.request.path.startswith("/unsubscribe/") and answer.status_code == 400:
        return True  # what programs of mail send there is not what this form says
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
