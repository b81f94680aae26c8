"""The pages of groups as people use them, without scripts; and what strangers find there."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from portal import db
from portal.organisations import actions
from portal.organisations.models import Membership, Organisation
from portal.proposals.models import Proposal
from portal.record import Act, Did
from tests.browser import Browser
from tests.conftest import CAST
from tests.organisations import groups

ENTRY = {"name": groups.NAME, "kind": "informal_group", "summary": "Puliamo la riva."}
AT = "/en/organisations"


def enter(app: Any, cast: Any, name: str) -> Browser:
    cast.person(name)
    browser = Browser(app)
    browser.sign_in(CAST[name][1])
    return browser


def registered(app: Any, cast: Any) -> Browser:
    rosa = enter(app, cast, "rosa")
    rosa.get(f"{AT}/join")
    assert rosa.post(f"{AT}/join", ENTRY).status_code == 200
    assert "you speak for it" in rosa.page
    return rosa


def test_a_group_is_registered_and_invites_by_mail(app: Any, cast: Any) -> None:
    rosa, teo = registered(app, cast), enter(app, cast, "teo")
    rosa.post(
        f"{AT}/{groups.SLUG}/invitations", {"email": "teo@example.org"}, at=f"{AT}/{groups.SLUG}/members"
    )
    assert "on its way" in rosa.page
    link = groups.mailed_link("teo@example.org")
    teo.get(link)
    assert "Rosa Neri invites you" in teo.page
    assert "t…@example.org" in teo.page
    teo.post(f"{link}/acceptance")
    assert "You belong to this group now." in teo.page
    assert "Enter a mandate" not in teo.page
    assert teo.get(link).status_code == 404


def test_a_visitor_with_the_link_is_led_to_sign_in_and_back(app: Any, cast: Any) -> None:
    rosa = registered(app, cast)
    rosa.post(
        f"{AT}/{groups.SLUG}/invitations", {"email": "teo@example.org"}, at=f"{AT}/{groups.SLUG}/members"
    )
    visitor, link = Browser(app), groups.mailed_link("teo@example.org")
    visitor.get(link)
    assert "sign in or make an account" in visitor.page
    assert visitor.post(f"{link}/refusal", at=link).status_code == 200
    assert visitor.get(link).status_code == 404


def test_an_invitation_to_ones_own_address_waits_on_the_page_of_groups(app: Any, cast: Any) -> None:
    rosa, teo = registered(app, cast), enter(app, cast, "teo")
    rosa.post(
        f"{AT}/{groups.SLUG}/invitations", {"email": "TEO@example.org"}, at=f"{AT}/{groups.SLUG}/members"
    )
    teo.get("/en/account/groups")
    assert groups.NAME in teo.page
    address = next(form["action"] for form in teo.parsed.forms if "/groups/invitations/" in form["action"])
    eve = enter(app, cast, "eve")
    eve.get("/en/account/groups")
    assert eve.post(address, {"decision": "yes"}).status_code == 404
    assert teo.post(address, {"decision": "yes"}).status_code == 200
    assert "You belong to this group now." in teo.page


def test_a_request_is_sent_and_answered(app: Any, cast: Any) -> None:
    rosa, nina = registered(app, cast), enter(app, cast, "nina")
    nina.get(f"{AT}/{groups.SLUG}/requests")
    nina.post(f"{AT}/{groups.SLUG}/requests", {"message": "Abito sul canale."})
    assert "You asked on" in nina.page
    rosa.get(f"{AT}/{groups.SLUG}/members")
    assert "Abito sul canale." in rosa.page
    address = next(form["action"] for form in rosa.parsed.forms if form["action"].endswith("/answer"))
    rosa.post(address, {"decision": "yes"})
    assert nina.get(f"{AT}/{groups.SLUG}/members").status_code == 200


def test_what_is_missing_is_said_and_kept(app: Any, cast: Any) -> None:
    rosa = enter(app, cast, "rosa")
    rosa.get(f"{AT}/join")
    typed = {"name": "Ruota due", "kind": "cooperative", "tax_id": "123", "summary": "Consegne lente"}
    assert rosa.post(f"{AT}/join", typed).status_code == 422
    assert "This is not a tax number" in rosa.page
    assert "Consegne lente" in rosa.page
    assert rosa.post(f"{AT}/join", {**typed, "tax_id": ""}).status_code == 422
    assert (
        rosa.post(f"{AT}/join", {**typed, "website": "data:text/html,x", "tax_id": "97103880585"}).status_code
        == 422
    )
    assert rosa.post(f"{AT}/join", {"name": "\u200b\u2060", "kind": "school"}).status_code == 422
    assert rosa.post(f"{AT}/join", {**ENTRY, "kind": "bank"}).status_code == 422
    with db.reading() as session:
        assert session.scalars(select(Organisation)).all() == []


def test_a_group_like_another_is_registered_only_on_purpose(app: Any, cast: Any) -> None:
    registered(app, cast)
    nina = enter(app, cast, "nina")
    nina.get(f"{AT}/join")
    again = {**ENTRY, "name": "AMICI  del Canàle"}
    assert nina.post(f"{AT}/join", again).status_code == 422
    assert "Is it one of these?" in nina.page
    assert nina.post(f"{AT}/join", {**again, "is_another": "y"}).status_code == 200


def test_names_are_public_only_of_who_chose_it(app: Any, cast: Any) -> None:
    rosa, visitor = registered(app, cast), Browser(app)
    visitor.get(f"{AT}/{groups.SLUG}")
    assert "One member." in visitor.page
    assert "Rosa Neri" not in visitor.page
    rosa.post(f"{AT}/{groups.SLUG}/name", {"shown": "yes"}, at=f"{AT}/{groups.SLUG}/members")
    assert "Rosa Neri" in visitor.get(f"{AT}/{groups.SLUG}").get_data(as_text=True)


def test_what_is_not_ticked_is_not_public(app: Any, cast: Any) -> None:
    rosa, visitor = registered(app, cast), Browser(app)
    private = {"seat": "Via Segreta 9", "contact_phone": "347 1928374", "contact_email": "canale@example.org"}
    rosa.get(f"{AT}/{groups.SLUG}/entry")
    rosa.post(f"{AT}/{groups.SLUG}/entry", {**ENTRY, **private, "website": "https://canale.example.org"})
    page = visitor.get(f"{AT}/{groups.SLUG}").get_data(as_text=True)
    assert not [word for word in private.values() if word in page]
    # Nobody is served a link by who registered a moment ago.
    assert 'href="https://canale.example.org"' not in page
    rosa.get(f"{AT}/{groups.SLUG}/entry")
    rosa.post(f"{AT}/{groups.SLUG}/entry", {**ENTRY, **private, "is_seat_public": "y"})
    assert "Via Segreta 9" in visitor.get(f"{AT}/{groups.SLUG}").get_data(as_text=True)


def test_who_was_slower_keeps_what_was_typed(app: Any, cast: Any) -> None:
    rosa = registered(app, cast)
    rosa.get(f"{AT}/{groups.SLUG}/entry")
    page = dict(rosa.parsed.forms[-1]["values"])
    rosa.post(f"{AT}/{groups.SLUG}/entry", {**ENTRY, **page, "summary": "Prima"})
    answer = rosa.post(f"{AT}/{groups.SLUG}/entry", {**ENTRY, **page, "summary": "Seconda"})
    assert answer.status_code == 409
    assert "Prima" in rosa.page
    assert "Seconda" in rosa.page
    with db.reading() as session:
        assert session.scalars(select(Organisation.summary)).one() == "Prima"


ROOMS = ("members", "entry", "leaving", "mandates/new", "mandates/1/document")
VERBS = (
    "entry",
    "invitations",
    "invitations/1/recall",
    "requests/1/answer",
    "members/{rosa}/role",
    "members/{rosa}/removal",
    "leaving",
    "name",
    "mandates/new",
    "mandates/1/end",
)


@pytest.mark.parametrize("name", ["eve", ""])
def test_a_stranger_sees_and_changes_nothing(app: Any, cast: Any, name: str) -> None:
    rosa = registered(app, cast)
    del rosa
    stranger = enter(app, cast, name) if name else Browser(app)
    for path in ROOMS:
        answer = stranger.get(f"{AT}/{groups.SLUG}/{path}")
        assert answer.status_code in {403, 404} or "Sign in" in stranger.page, path
        assert "Rosa Neri" not in stranger.page
    stranger.get("/en/sign-in")
    for path in VERBS:
        address = f"{AT}/{groups.SLUG}/{path.format(rosa=cast.person('rosa').pseudonym)}"
        answer = stranger.post(address, {**ENTRY, "decision": "yes", "email": "x@example.org"})
        assert answer.status_code in {403, 404}, path
    with db.reading() as session:
        assert [one.speaks_for_it for one in session.scalars(select(Membership))] == [True]


def test_a_member_does_not_what_only_speakers_do(app: Any, cast: Any) -> None:
    rosa = registered(app, cast)
    del rosa
    group = _group()
    groups.admitted(cast, group, "teo")
    teo = enter(app, cast, "teo")
    assert teo.get(f"{AT}/{groups.SLUG}/members").status_code == 200
    for path in VERBS:
        if path in {"leaving", "name"}:
            continue
        address = f"{AT}/{groups.SLUG}/{path.format(rosa=cast.person('rosa').pseudonym)}"
        answer = teo.post(
            address, {**ENTRY, "email": "x@example.org", "decision": "yes"}, at="/en/account/groups"
        )
        assert answer.status_code in {403, 404}, path


def _group() -> Organisation:
    with db.reading() as session:
        return session.scalars(select(Organisation)).one()


def act_for(browser: Browser, slug: str) -> Any:
    return browser.post("/en/account/acting", {"organisation": slug}, at="/en/account/groups")


def test_for_whom_one_acts_stands_on_every_page_and_in_the_record(app: Any, cast: Any) -> None:
    rosa = registered(app, cast)
    act_for(rosa, groups.SLUG)
    for path in ("/en/", "/en/pacts", "/en/account", f"{AT}"):
        rosa.get(path)
        assert f"You are acting for {groups.NAME}." in rosa.page, path
    rosa.get("/en/propose")
    rosa.post("/en/propose", {"email": ""})
    assert "Secret link" not in rosa.page
    with db.reading() as session:
        proposal = session.scalars(select(Proposal)).one()
        act = session.scalars(select(Act).where(Act.verb == Did.PROPOSAL_STARTED.value)).one()
    assert proposal.organisation_id == _group().id
    assert proposal.group_name == groups.NAME
    assert act.behalf == f"organisation:{groups.SLUG}"
    assert act.actor == cast.person("rosa").pseudonym
    act_for(rosa, "")
    rosa.get("/en/")
    assert "You are acting for" not in rosa.page


def test_nobody_acts_for_a_group_they_do_not_speak_for(app: Any, cast: Any) -> None:
    registered(app, cast)
    groups.admitted(cast, _group(), "teo")
    assert act_for(enter(app, cast, "eve"), groups.SLUG).status_code == 404
    teo = enter(app, cast, "teo")
    assert act_for(teo, groups.SLUG).status_code == 403
    teo.get("/en/")
    assert "You are acting for" not in teo.page


def test_a_page_opened_for_one_does_nothing_for_another(app: Any, cast: Any) -> None:
    rosa = registered(app, cast)
    rosa.get("/en/account/profile")
    form = dict(rosa.parsed.forms[-1]["values"])
    act_for(rosa, groups.SLUG)
    answer = rosa.post("/en/account/profile", {**form, "name": "Altra Rosa", "language": "en"})
    assert answer.status_code == 409
    assert "Altra Rosa" in rosa.page
    with db.reading() as session:
        assert session.get_one(type(cast.person("rosa")), cast.person("rosa").id).name == "Rosa Neri"


def test_who_was_removed_acts_and_sees_no_more_on_any_machine(app: Any, cast: Any, config: Any) -> None:
    """Two applications over one database: the second knows nothing of what the first did but the tables."""
    from portal.app import create_app

    registered(app, cast)
    group, other = _group(), create_app(config)
    groups.admitted(cast, group, "teo", speaks=True)
    teo = enter(app, cast, "teo")
    act_for(teo, groups.SLUG)
    teo.get("/en/propose")
    address = teo.post("/en/propose", {"email": ""}, follow=False).headers["Location"]
    there = Browser(other)
    there.client.set_cookie("portal", teo.client.get_cookie("portal").value)
    for browser in (teo, there):
        assert browser.get(address).status_code == 200
        assert browser.get(f"{AT}/{groups.SLUG}/members").status_code == 200
    rosa = cast.rosa
    with db.writing():
        actions.remove(groups.here(group), cast.person("teo").pseudonym, by=rosa)
    for browser in (there, teo):
        assert browser.get(address).status_code == 404
        assert browser.get(f"{AT}/{groups.SLUG}/members").status_code == 403
        browser.get("/en/")
        assert "You are acting for" not in browser.page
    assert (
        there.post(f"{address}/what", {"kind": "place", "title": "Mio"}, at="/en/account").status_code == 409
    )
    with db.reading() as session:
        assert session.scalars(select(Proposal)).one().title == ""


def test_pages_of_groups_ask_the_database_little(app: Any, cast: Any) -> None:
    from tests.counting import counting

    registered(app, cast)
    for name in ("teo", "nina"):
        groups.admitted(cast, _group(), name)
    visitor = Browser(app)
    visitor.get(AT)
    with counting() as counted:
        visitor.get(f"{AT}?kind=informal_group&q=amici")
    assert len(counted) <= 4
    with counting() as counted:
        visitor.get(f"{AT}/{groups.SLUG}")
    assert len(counted) <= 6
