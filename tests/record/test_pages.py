"""The record for everybody: what is public can be read and proven, the rest shows its fingerprint alone."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from portal import db
from portal.policy import SYSTEM, Actor
from portal.record import Did, checkpoints, merkle, notes, queries, record
from portal.record import actions as record_actions
from portal.record.keys import signer_for
from portal.record.publicity import PUBLIC, why_private
from portal.record.queries import Wanted
from tests.browser import Browser
from tests.conftest import CAST
from tests.counting import counting

VERIFIER = Path(__file__).resolve().parents[2] / "docs" / "verify_record.py"
ROSA = Actor(kind="person", pseudonym="p-ROSA")
ACTS = (
    (Did.PERSON_JOINED, "person:p-ROSA", {}),
    (Did.PROPOSAL_STARTED, "proposal:PR-SECRET", {}),
    (Did.PROPOSAL_SUBMITTED, "proposal:PR-OPEN", {}),
    (Did.PROPOSAL_WITHDRAWN, "proposal:PR-SECRET", {"was_sent": False}),
    (Did.PACT_SIGNED, "pact:BO-2026-001", {"version": 3}),
    (Did.DENIED, "person:p-EVE", {"endpoint": "pacts_desk.case"}),
    (Did.ROLE_GRANTED, "person:p-GIULIA", {"role": "officer"}),
    (Did.PAPER_ISSUED, "proposal:PR-OPEN", {"kind": "receipt", "code": "RECEIPTCODE"}),
    (Did.PAPER_ISSUED, "pact:BO-2026-001", {"kind": "agreement", "code": "AGREEDCODE"}),
)
HIDDEN = (0, 1, 3, 5, 6, 7)
SECRETS = ("PR-SECRET", "p-EVE", "p-GIULIA", "pacts_desk.case", "was_sent", "RECEIPTCODE")


@pytest.fixture
def signer(app: Any, config: Any) -> notes.Signer:
    with db.writing():
        for did, subject, facts in ACTS:
            record(did, subject, by=ROSA if subject != "pact:BO-2026-001" else SYSTEM, **facts)
    with db.writing():
        record_actions.sequence()
    signer = signer_for(config)
    checkpoints.sign(signer)
    return signer


def test_the_list_shows_what_is_public_the_newest_first(client: Browser, signer: notes.Signer) -> None:
    client.get("/en/record")
    shown = client.page.partition('<ol class="acts"')[2]
    places = [shown.index(words) for words in ("A paper was sealed", "Everybody had", "The proposal was")]
    assert places == sorted(places)
    for words in (*SECRETS, "p-ROSA", "An account was made", "refused for lack", "role"):
        assert words not in shown
    assert "signed the first 9 acts" in client.page


@pytest.mark.parametrize(
    ("query", "seen", "unseen"),
    [
        ("kind=pact:signed", "Everybody had signed", "The proposal was sent</a>"),
        ("about=PR-OPEN", "PR-OPEN", "BO-2026-001"),
        ("about=BO-2026-001", "BO-2026-001", "PR-OPEN"),
        ("from=2150-01-01", "No public act matches", "PR-OPEN"),
        ("to=1950-01-01", "No public act matches", "PR-OPEN"),
        ("about=PR-SECRET", "No public act matches", "withdrawn</a>"),
        ("kind=person:joined", "No public act matches", "An account was made"),
        ("kind=nonsense&from=yesterday&before=x", "PR-OPEN", "No public act"),
        ("about=%F0%9D%95%8F%27", "No public act", "PR-OPEN"),
    ],
)
def test_filters_stand_in_the_address(
    client: Browser, signer: notes.Signer, query: str, seen: str, unseen: str
) -> None:
    assert client.get(f"/en/record?{query}").status_code == 200
    shown = client.page.partition("</form>")[2] if "nonsense" not in query else client.page
    assert seen in shown
    assert unseen not in shown


def test_one_act_is_shown_with_its_proof(client: Browser, signer: notes.Signer) -> None:
    client.get("/en/record/4")
    assert "part of the record of 9 acts" in client.page
    assert "BO-2026-001" in client.page
    found = client.get("/en/record/4/proof.json").get_json()
    tree = notes.opened(found["checkpoint"], signer.key)
    proof = [bytes.fromhex(one) for one in found["proof"]]
    assert merkle.is_included(bytes.fromhex(found["leaf"]), 4, tree.size, proof, tree.root)
    assert json.loads(found["entry"])["subject"] == "pact:BO-2026-001"


@pytest.mark.parametrize("position", HIDDEN)
def test_an_outsider_gets_the_fingerprint_of_what_is_not_public(
    client: Browser, cast: Any, signer: notes.Signer, position: int
) -> None:
    cast.person("eve")
    for name in ("", "eve"):
        browser = Browser(client.app)
        if name:
            browser.sign_in(CAST[name][1])
        browser.get(f"/en/record/{position}")
        assert "An act that is not public" in browser.page
        assert "part of the record" in browser.page
        found = browser.get(f"/en/record/{position}/proof.json").get_json()
        assert found["entry"] is None
        for words in (*SECRETS, "It concerns", "Somebody tried"):
            assert words not in browser.page + json.dumps(found)


def test_the_auditor_reads_all_of_it(client: Browser, cast: Any, signer: notes.Signer) -> None:
    cast.person("aldo")
    client.sign_in(CAST["aldo"][1])
    client.get("/en/record")
    assert "PR-SECRET" in client.page
    client.get("/en/record/1")
    assert "PR-SECRET" in client.page
    assert "a draft that nobody has sent" in client.page


def test_what_is_unknown_is_private() -> None:
    assert why_private("person:anything_new", {}) is not None
    assert why_private("no such act", {}) is not None
    assert why_private("pact:signed", {}) is None
    assert not any(one.startswith(("person:", "role:", "factor:", "denied", "job:")) for one in PUBLIC)


FACTS = [
    {},
    {"was_sent": True},
    {"was_sent": False},
    {"was_published": True},
    {"kind": "agreement"},
    {"kind": "receipt"},
]


def test_the_list_and_the_rule_agree_on_every_kind_of_act(both: db.Database) -> None:
    with db.writing():
        made = [record(did, "proposal:PR-1", by=SYSTEM, **facts) for did in Did for facts in FACTS]
    with db.writing():
        while record_actions.sequence():
            pass
    with db.reading() as session:
        listed = {act.id for _, act in session.execute(queries.entries(Wanted(), most=1_000))}
    assert listed == {act.id for act in made if why_private(act.verb, act.facts) is None}


def test_nobody_can_guess_what_a_private_act_says_from_its_fingerprint(database: db.Database) -> None:
    with db.writing():
        twice = [record(Did.PERSON_SIGNED_IN, "person:p-EVE", by=ROSA) for _ in range(2)]
        public = record(Did.PACT_SIGNED, "pact:BO-2026-001", by=SYSTEM)
    assert twice[0].at == twice[1].at
    assert twice[0].canonical != twice[1].canonical
    assert b"salt" not in public.canonical


def test_feeds_follow_the_order_and_name_nothing_private(client: Browser, signer: notes.Signer) -> None:
    atom = "{http://www.w3.org/2005/Atom}"
    for path, count in (("/feeds/record.atom", 3), ("/feeds/checkpoints.atom", 1)):
        answer = client.client.get(path)
        assert answer.mimetype == "application/atom+xml"
        assert b"PR-SECRET" not in answer.data
        entries = ET.fromstring(answer.data).findall(f"{atom}entry")
        assert len(entries) == count
    found = ET.fromstring(client.client.get("/feeds/record.atom").data)
    places = [one.text.rpartition("/")[2] for one in found.iterfind(f"{atom}entry/{atom}id") if one.text]
    assert places == ["8", "4", "2"]
    assert client.client.get("/feeds/pacts/BO-2026-999.atom").status_code == 404


KEPT = ("/en/record", "/en/record?kind=pact:signed", "/en/record/4", "/en/record/checkpoints",
        "/feeds/record.atom", "/feeds/checkpoints.atom", "/record/export.jsonl")  # fmt: skip


@pytest.mark.parametrize("path", KEPT)
def test_what_stands_as_it_was_is_not_sent_again(client: Browser, signer: notes.Signer, path: str) -> None:
    mark = {"If-None-Match": client.client.get(path).headers["ETag"]}
    with counting() as asked:
        again = client.client.get(path, headers=mark)
    assert (again.status_code, again.data) == (304, b"")
    assert len(asked) <= 2
    client.client.set_cookie("portal", "x")  # who is known may be shown more
    assert client.client.get(path, headers=mark).status_code == 200
    client.client.delete_cookie("portal")
    assert client.client.get("/it/record", headers=mark).status_code == 200
    with db.writing():
        record(Did.PACT_SIGNED, "pact:BO-2026-002", by=SYSTEM)
    with db.writing():
        record_actions.sequence()
    checkpoints.sign(signer)
    anew = client.client.get(path, headers=mark)
    assert anew.status_code == 200
    assert anew.data


@pytest.mark.parametrize("path", ["/record/checkpoint", "/en/record/checkpoint"])
def test_the_newest_checkpoint_is_plain_text_with_and_without_a_language(
    client: Browser, signer: notes.Signer, path: str
) -> None:
    answer = client.client.get(path)
    assert answer.mimetype == "text/plain"
    assert notes.opened(answer.get_data(as_text=True), signer.key).size == len(ACTS)


def test_the_pages_ask_little(client: Browser, signer: notes.Signer) -> None:
    for path, most in (("/en/record", 4), ("/en/record?about=BO-2026-001", 4), ("/en/record/4", 6)):
        with counting() as asked:
            client.get(path)
        assert len(asked) <= most, (path, asked)


def verifies(tmp_path: Path, key: str, *texts: str) -> tuple[int, str]:
    files = []
    for number, content in enumerate(texts):
        files.append(tmp_path / f"given-{number}")
        files[-1].write_text(content, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(VERIFIER), key, *map(str, files)], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_a_stranger_checks_everything_with_the_small_program(
    client: Browser, signer: notes.Signer, tmp_path: Path
) -> None:
    key = client.client.get("/record/key").get_data(as_text=True).strip()
    kept = client.client.get("/record/checkpoint").get_data(as_text=True)
    with db.writing():
        record(Did.PACT_SUSPENDED, "pact:BO-2026-001", by=SYSTEM)
    with db.writing():
        record_actions.sequence()
    checkpoints.sign(signer)
    now = client.client.get("/record/checkpoint").get_data(as_text=True)
    lines = client.client.get("/record/export.jsonl").get_data(as_text=True)
    assert not [words for words in SECRETS if words in lines]
    assert verifies(tmp_path, key, lines, now, kept) == (0, "The record holds: 10 acts, 2 checkpoints.\n")
    proof = client.client.get("/en/record/2/proof.json").get_data(as_text=True)
    assert verifies(tmp_path, key, proof)[1] == "Act 2 stands in the signed record of 10 acts.\n"
    rewritten = lines.replace("PR-OPEN", "PR-PENO")
    assert verifies(tmp_path, key, rewritten, now)[1].startswith("act 2 does NOT hold")
    shorter = "".join(lines.splitlines(keepends=True)[:-1])
    assert "10 acts were signed, 9 are here" in verifies(tmp_path, key, shorter, now)[1]
    # Two checkpoints of one size: whoever signs both is found out, in whichever order they are given.
    fork = signer.sign(10, b"\0" * 32)
    for given in ((now, fork), (fork, now)):
        assert "one of its first 10 acts" in verifies(tmp_path, key, lines, *given)[1]
    moved = notes.Signer("commons.example.org/record", signer.seed)
    assert verifies(tmp_path, moved.key, lines, now, kept)[0] == 0
    other = notes.Signer(signer.name, "A" * 43 + "=").key
    assert "not signed by" in verifies(tmp_path, other, lines, now)[1]


def test_the_small_program_is_small() -> None:
    text = VERIFIER.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 100
    wanted = {
        line.split()[1].partition(".")[0]
        for line in text.splitlines()
        if line.startswith(("import ", "from "))
    }
    assert wanted - set(sys.stdlib_module_names) == {"cryptography"}
