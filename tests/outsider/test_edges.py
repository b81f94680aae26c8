"""The edges around private pages: caches, referrers, secrets in sessions, and ways that lead elsewhere."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from portal import db
from portal.people.models import Grant
from portal.proposals.models import Proposal
from tests.browser import Browser
from tests.conftest import CAST, PASSWORD
from tests.outsider.world import CANARIES, World


def is_private(answer: Any) -> bool:
    return (
        answer.headers["Cache-Control"] == "no-store" and answer.headers["Referrer-Policy"] == "same-origin"
    )


def test_the_secret_link_stays_in_no_cache_and_no_referrer(world: World, enter: Any) -> None:
    visitor = enter("")
    answer = visitor.get(f"/en/propose/link/{world.token}", follow=False)
    assert answer.status_code == 303
    assert is_private(answer)
    assert world.token not in answer.headers["Location"]
    tasks = visitor.get(answer.headers["Location"])
    assert is_private(tasks)
    assert world.token not in visitor.page
    assert is_private(visitor.get("/en/propose/link/wrong"))


@pytest.mark.parametrize(
    "path",
    [
        "propose/{draft}/check",
        "track/{submitted}",
        "account",
        "account/sessions",
        "pacts/{co_design}/co-design",
    ],
)
def test_private_pages_stay_in_no_cache(world: World, enter: Any, path: str) -> None:
    rosa = enter("rosa")
    rosa.get(f"/en/propose/link/{world.token}")
    answer = rosa.get("/en/" + path.format(**world.proposals, **world.pacts))
    assert answer.status_code == 200
    assert is_private(answer)


@pytest.mark.parametrize(
    ("who", "path", "kept"),
    [
        ("", "pacts/{signed}/agreement.pdf", "no-cache"),
        ("rosa", "pacts/{signed}/agreement.pdf?edition=original", "no-store"),
        ("giulia", "pacts/{signed}/agreement.pdf?edition=original", "no-store"),
        ("rosa", "track/{submitted}/receipt", "no-store"),
        ("aldo", "track/{submitted}/receipt", "no-store"),
    ],
)
def test_a_paper_cannot_be_taken_for_a_page(world: World, enter: Any, who: str, path: str, kept: str) -> None:
    answer = enter(who).get("/en/" + path.format(**world.proposals, **world.pacts))
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == kept
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Disposition"].isascii()


def test_a_paper_asked_for_again_is_still_asked_for_first(world: World, enter: Any) -> None:
    path = f"/en/pacts/{world.pacts['signed']}/agreement.pdf?edition=original"
    tag = enter("rosa").get(path).headers["ETag"]
    assert enter("").client.get(path, headers={"If-None-Match": tag}).status_code == 403
    assert enter("eve").client.get(path, headers={"If-None-Match": tag}).status_code == 403


def test_a_session_known_before_the_link_was_opened_holds_nothing(world: World, app: Any) -> None:
    """Whoever left a session behind in a shared browser cannot follow what is opened there later."""
    victim, stranger = Browser(app), Browser(app)
    victim.get("/en/propose")
    left = victim.client.get_cookie("portal").value
    stranger.client.set_cookie("portal", left)
    victim.get(f"/en/propose/link/{world.token}")
    assert CANARIES["draft_title"] in victim.get(f"/en/propose/{world.proposals['draft']}/check").get_data(
        as_text=True
    )
    assert victim.client.get_cookie("portal").value != left
    assert stranger.get(f"/en/propose/{world.proposals['draft']}").status_code == 404


def test_signing_out_closes_the_drafts_too(world: World, enter: Any) -> None:
    rosa = enter("rosa")
    rosa.get(f"/en/propose/link/{world.token}")
    assert rosa.get(f"/en/propose/{world.proposals['draft']}").status_code == 200
    rosa.post("/en/sign-out", at="/en/account")
    assert rosa.get(f"/en/propose/{world.proposals['draft']}").status_code == 404


def test_an_official_takes_no_draft_along_that_was_opened_before(world: World, app: Any, cast: Any) -> None:
    del cast
    for name, status in (("rosa", 200), ("marco", 404)):
        browser = Browser(app)
        browser.get(f"/en/propose/link/{world.token}")
        browser.sign_in(CAST[name][1])
        assert browser.get(f"/en/propose/{world.proposals['draft']}").status_code == status, name


EVIL = [
    "//evil.example", "/%09/evil.example", "/\\evil.example", "https://evil.example", "/en/../../evil.example",
    "javascript:alert(1)", "//evil.example/%2e%2e", "/%5cevil.example", "/en//evil.example",
]  # fmt: skip


@pytest.mark.parametrize("path", EVIL)
def test_nobody_is_led_to_another_site(app: Any, cast: Any, path: str) -> None:
    cast.person("eve")
    for way in ("sign-in", "join"):
        browser = Browser(app)
        browser.get(f"/en/{way}")
        form = {"email": CAST["eve"][1], "password": PASSWORD, "name": "Eve", "next": path}
        answer = browser.post(f"/en/{way}", form, follow=False)
        assert answer.headers.get("Location", "/en/x").startswith("/en/"), way
        # What the page repeats of it stands in a hidden field and nowhere else.
        browser.client.get(f"/en/{way}", query_string={"next": path})
    answer = Browser(app).client.get("/" + path.lstrip("/") if path.startswith("j") else path)
    lead = answer.headers.get("Location", "")
    assert not lead.startswith(("//", "/\\", "/%5c", "javascript:")), lead
    assert "evil.example" not in lead.split("?")[0] or lead.startswith(("/it/", "/en/", "http://localhost/"))


@pytest.mark.parametrize(
    "path", ["/en/desk//evil.example", "/en/desk?next=//evil.example", "/en/account?x=%0d%0aY:z"]
)
def test_the_way_back_after_sign_in_is_our_own(app: Any, cast: Any, path: str) -> None:
    cast.person("giulia")
    browser = Browser(app)
    browser.get(path)
    forms = [form for form in browser.parsed.forms if "next" in form["values"]]
    if not forms:
        return
    form = {**forms[-1]["values"], "email": CAST["giulia"][1], "password": PASSWORD}
    lead = browser.post("/en/sign-in", form, follow=False).headers["Location"]
    assert lead.startswith("/en/")
    assert "\r" not in lead
    assert "\n" not in lead


EXTRA = {
    "state": "accepted", "owner_id": "1", "person_id": "2", "approved_by_id": "2", "version_id": "99", "id": "1",
    "organisation_id": "1", "assessor_id": "2", "code": "PR-AAAA-AA", "link_hash": "x", "word_hash": "x",
    "submitted_at": "2020-01-01", "saved_sections": "what", "profile_version": "x", "is_staff": "1",
    "roles": "administrator", "entered_by_id": "2", "completeness": "{}", "reason": "mine", "decided_at": "x",
}  # fmt: skip


def test_fields_that_are_not_on_the_form_change_nothing(world: World, enter: Any) -> None:
    eve = enter("eve")  # who never proposed before, so that nothing is taken over
    eve.get("/en/propose")
    start = eve.post("/en/propose", {"email": "", **EXTRA}, follow=False).headers["Location"]
    for page, form in (
        ("what", {"kind": "place", "title": "Orto", "summary": "Insieme"}),
        ("where", {"address": "Via Uno", "repository": "https://x.example/y", "holds_personal_data": "yes"}),
        ("touched", {"touched": "x"}),
        ("address", {"email": "eve@example.org"}),
    ):
        assert eve.post(f"{start}/{page}", {**EXTRA, **form}, follow=False).status_code == 303, page
    with db.reading() as session:
        made = session.scalars(select(Proposal).where(Proposal.code == start.rpartition("/")[2])).one()
    assert (made.state, made.owner_id, made.person_id) == ("draft", None, world.people["eve"].id)
    assert (made.organisation_id, made.assessor_id, made.entered_by_id, made.submitted_at) == (None,) * 4
    assert (made.reason, made.completeness, made.repository, made.holds_personal_data) == ("", {}, "", None)
    assert sorted(made.saved_sections) == ["touched", "what", "where"]


def test_joining_gives_no_role(enter: Any) -> None:
    with db.reading() as session:
        before = session.scalar(select(func.count()).select_from(Grant))
    browser = enter("")
    browser.get("/en/join")
    form = {"name": "Ada", "email": "new@example.org", "password": "lamp tide oven moss"}
    assert browser.post("/en/join", {**form, **EXTRA}).status_code == 200
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Grant)) == before
