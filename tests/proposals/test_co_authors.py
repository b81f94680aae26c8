"""Writing a proposal with others: invited, joined, gone; and nothing lost where two write at once."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import select

from portal import city, db
from portal.errors import Invalid, NotAllowed, NotFound
from portal.people.models import Share
from portal.policy import Can, Rel, allows
from portal.proposals import actions, queries
from portal.proposals.actions import co_authors
from portal.proposals.models import Proposal
from portal.record import Act
from tests.browser import Browser
from tests.conftest import CAST
from tests.organisations.groups import mailed_link


def begun(cast: Any) -> str:
    rosa = cast.rosa
    with db.writing():
        profile = city.profile("bologna")
        return actions.start(by=rosa, profile=profile, language="en").proposal.code


def whole(code: str, actor: Any) -> Proposal:
    return db.session().scalars(queries.by_code(queries.held_by(actor), code)).unique().one()


def invited(cast: Any, code: str, email: str, *, decides: bool = False) -> str:
    rosa = cast.rosa
    with db.writing():
        return co_authors.invite_co_author(whole(code, rosa), email, decides=decides, by=rosa)


def join(cast: Any, token: str, name: str, **how: Any) -> None:
    actor, person = getattr(cast, name), cast.person(name)
    with db.writing():
        there = db.session().get_one(type(person), person.id)
        co_authors.join_as_co_author(token, there, by=actor, **how)


def joined(cast: Any, name: str = "teo", *, decides: bool = False) -> str:
    code = begun(cast)
    join(cast, invited(cast, code, CAST[name][1], decides=decides), name)
    return code


def test_a_co_author_fills_but_neither_sends_nor_takes_back(cast: Any) -> None:
    code, teo = joined(cast), cast.teo
    with db.writing():
        proposal = whole(code, teo)
        actions.save_touched(proposal, "I vicini", by=teo)
        assert allows(teo, Can.PROPOSAL_SUPPLY, proposal)
        assert not allows(teo, Can.PROPOSAL_SHARE, proposal)
    with pytest.raises(NotAllowed), db.writing():
        actions.withdraw(whole(code, teo), by=teo)
    with pytest.raises(NotAllowed), db.writing():
        actions.submit(whole(code, teo), by=teo)


def test_the_holder_may_let_a_co_author_decide_too(cast: Any) -> None:
    code = joined(cast)
    rosa, pseudonym = cast.rosa, cast.person("teo").pseudonym
    with db.writing():
        co_authors.let_decide(whole(code, rosa), pseudonym, decides=True, by=rosa)
    teo = cast.teo
    with db.writing():
        actions.withdraw(whole(code, teo), by=teo)


def test_who_was_removed_or_left_sees_nothing_at_the_next_request(cast: Any) -> None:
    code, rosa = joined(cast), cast.rosa
    with db.writing():
        co_authors.remove_co_author(whole(code, rosa), cast.person("teo").pseudonym, by=rosa)
    with db.reading() as session:
        assert session.scalars(queries.by_code(queries.held_by(cast.teo), code)).unique().all() == []
    join(cast, invited(cast, code, "nina@example.org"), "nina")
    nina = cast.nina
    with db.writing():
        co_authors.leave_proposal(whole(code, nina), by=nina)
    with db.reading() as session:
        assert session.scalars(queries.by_code(queries.held_by(cast.nina), code)).unique().all() == []


def test_an_official_who_ever_wrote_it_decides_nothing_about_it(cast: Any) -> None:
    code, rosa = joined(cast, "giulia"), cast.rosa
    with db.writing():
        co_authors.remove_co_author(whole(code, rosa), cast.person("giulia").pseudonym, by=rosa)
    giulia = cast.giulia
    with db.reading():
        proposal = db.session().scalars(select(Proposal).where(Proposal.code == code)).one()
        assert Rel.WROTE in proposal.relations(giulia)
        for can in (Can.CASE_ASSIGN, Can.CASE_ASSESS, Can.CASE_ACCEPT, Can.CASE_REFUSE):
            assert not allows(giulia, can, proposal)
            assert allows(cast.marco, can, proposal)


def test_the_holder_takes_up_no_invitation_to_the_own_proposal(cast: Any) -> None:
    code = begun(cast)
    token = invited(cast, code, "altra@example.org")
    with pytest.raises(Invalid):
        join(cast, token, "rosa", is_other_account=True)
    with pytest.raises(Invalid):
        invited(cast, code, "rosa@example.org")


def test_nobody_else_invites_and_no_group_link_opens_a_proposal(cast: Any) -> None:
    from portal.organisations import actions as organisations
    from tests.organisations import groups

    code, teo = joined(cast), cast.teo
    with pytest.raises(NotAllowed), db.writing():
        co_authors.invite_co_author(whole(code, teo), "x@example.org", by=teo)
    group, rosa = groups.founded(cast), cast.rosa
    with db.writing():
        token = organisations.invite(groups.here(group), "nina@example.org", by=rosa)
    with pytest.raises(NotFound):
        join(cast, token, "nina")
    to_proposal = invited(cast, code, "nina@example.org")
    nina = cast.nina
    with pytest.raises(NotFound), db.writing():
        organisations.accept(to_proposal, db.session().merge(cast.person("nina")), by=nina)


def test_one_link_taken_up_by_two_at_once_lets_one_in(both: db.Database, cast: Any) -> None:
    del both
    code = begun(cast)
    token = invited(cast, code, "teo@example.org")
    told: list[str] = []
    for name in ("teo", "nina"):
        cast.person(name)

    def take(name: str) -> None:
        try:
            join(cast, token, name, is_other_account=True)
            told.append("in")
        except NotFound:
            told.append("out")

    threads = [threading.Thread(target=take, args=(name,)) for name in ("teo", "nina")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["in", "out"]
    with db.reading() as session:
        assert len(session.scalars(select(Share)).all()) == 1


def test_the_record_of_co_authors_names_nobody(cast: Any) -> None:
    joined(cast)
    with db.reading() as session:
        told = b"".join(session.scalars(select(Act.canonical).where(Act.verb.like("co_author:%")))).decode()
    assert told
    assert not [word for word in ("Teo", "Rosa", "@") if word in told]


def enter(app: Any, cast: Any, name: str) -> Browser:
    cast.person(name)
    browser = Browser(app)
    browser.sign_in(CAST[name][1])
    return browser


def test_by_the_pages_from_the_invitation_to_the_removal(app: Any, cast: Any) -> None:
    code, rosa = begun(cast), enter(app, cast, "rosa")
    page = f"/en/propose/{code}/co-authors"
    rosa.get(page)
    assert rosa.post(page, {"email": "not an address"}).status_code == 422
    rosa.post(page, {"email": "teo@example.org"})
    link, teo = mailed_link("teo@example.org"), enter(app, cast, "teo")
    assert teo.get(page).status_code == 404
    teo.get(link)
    assert "Rosa Neri invites you" in teo.page
    assert teo.post(f"{link}/acceptance").status_code == 200
    assert code in teo.page
    assert teo.get(f"/en/track/{code}/withdrawal").status_code == 403
    pseudonym = cast.person("teo").pseudonym
    assert teo.post(f"{page}/{pseudonym}/rights", {"decides": "yes"}, at=page).status_code == 403
    rosa.post(f"{page}/{pseudonym}/removal", at=page)
    assert teo.get(f"/en/propose/{code}").status_code == 404
    eve = enter(app, cast, "eve")
    assert eve.get(page).status_code == 404
    eve.get("/en/account")
    for way in ("", "/leaving", f"/{pseudonym}/removal", f"/{pseudonym}/rights", "/invitations/1/recall"):
        assert eve.post(f"{page}{way}", {"email": "x@example.org"}).status_code == 404, way


def test_two_who_write_the_same_page_lose_nothing(app: Any, cast: Any) -> None:
    code = joined(cast)
    rosa, teo = enter(app, cast, "rosa"), enter(app, cast, "teo")
    page = f"/en/propose/{code}/what"
    forms = []
    for browser in (rosa, teo):
        browser.get(page)
        forms.append(dict(browser.parsed.forms[-1]["values"]))
    first = {"kind": "place", "title": "Orto di Rosa", "summary": "Il suo."}
    second = {"kind": "place", "title": "Orto di Teo", "summary": "Il mio."}
    assert rosa.post(page, {**forms[0], **first}).status_code == 200
    answer = teo.post(page, {**forms[1], **second})
    assert answer.status_code == 409
    assert "Orto di Rosa" in teo.page
    assert "Orto di Teo" in teo.page
    # Knowing both, the second one may put theirs in its place.
    again = dict(teo.parsed.forms[-1]["values"])
    assert teo.post(page, {**again, **second}).status_code == 200
    with db.reading() as session:
        assert session.scalars(select(Proposal.title)).one() == "Orto di Teo"


def test_two_who_write_different_pages_do_not_meet(app: Any, cast: Any) -> None:
    code = joined(cast)
    rosa, teo = enter(app, cast, "rosa"), enter(app, cast, "teo")
    for browser, page, values in (
        (rosa, "what", {"kind": "place", "title": "Orto", "summary": "Insieme."}),
        (teo, "touched", {"touched": "I vicini"}),
    ):
        browser.get(f"/en/propose/{code}/{page}")
        form = dict(browser.parsed.forms[-1]["values"])
        assert browser.post(f"/en/propose/{code}/{page}", {**form, **values}).status_code == 200
    with db.reading() as session:
        found = session.scalars(select(Proposal)).one()
    assert (found.title, found.touched) == ("Orto", "I vicini")
