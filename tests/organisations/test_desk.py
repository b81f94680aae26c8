"""The city's desk: what needs care is found, who entered or belongs does not check, and a group is hidden."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.errors import Invalid, NotAllowed, WrongState
from portal.organisations import actions
from portal.organisations.actions import About
from portal.organisations.models import Organisation, Scope
from tests.browser import Browser
from tests.conftest import CAST
from tests.organisations import groups

DESK = "/en/desk/organisations"


def represented(cast: Any, *, days: int = 300) -> tuple[Organisation, int]:
    group = groups.founded(cast)
    until = clock.real() + timedelta(days=days)
    given = groups.given(Scope.LEGAL_REPRESENTATIVE, until=until)
    return group, groups.mandated(cast, group, "rosa", given).id


def checked(cast: Any, group: Organisation, number: int, name: str, *, days: int = 200) -> None:
    actor = getattr(cast, name)
    with db.writing():
        until = clock.now() + timedelta(days=days)
        actions.check_representative(groups.here(group), number, "Visura", until, by=actor)


def enter(app: Any, cast: Any, name: str) -> Browser:
    cast.person(name)
    browser = Browser(app)
    browser.sign_in(CAST[name][1])
    return browser


def test_a_check_is_shown_and_runs_out_by_itself(app: Any, cast: Any, move_clock: Any) -> None:
    group, number = represented(cast)
    checked(cast, group, number, "giulia", days=20)
    visitor, giulia = Browser(app), enter(app, cast, "giulia")
    assert "checked by the city" in visitor.get(f"/en/organisations/{groups.SLUG}").get_data(as_text=True)
    giulia.get(f"{DESK}?care=soon")
    assert groups.NAME in giulia.page
    giulia.get(f"{DESK}?care=expired")
    assert groups.NAME not in giulia.page
    move_clock(timedelta(days=21))
    giulia.get(f"{DESK}?care=expired")
    assert groups.NAME in giulia.page


def test_nobody_checks_what_they_entered_or_belong_to(cast: Any) -> None:
    group, number = represented(cast)
    groups.admitted(cast, group, "giulia")
    with pytest.raises(NotAllowed, match="belong"):
        checked(cast, group, number, "giulia")
    for name in ("eve", "rosa", "ada", "aldo", "tina"):
        with pytest.raises(NotAllowed):
            checked(cast, group, number, name)
    marco, nina = cast.marco, cast.person("nina")
    with db.writing() as session:
        entered = actions.enter(
            About("Scuola del fiume", "school", tax_id="97103880585"), country="IT", by=marco
        )
        actions.admit(entered, session.get_one(type(nina), nina.id), speaks_for_it=True)
    held = groups.mandated(cast, entered, "nina", groups.given(), by="nina")
    with pytest.raises(NotAllowed, match="entered"):
        checked(cast, entered, held.id, "marco")


def test_no_check_outlasts_its_mandate(cast: Any) -> None:
    group, number = represented(cast, days=30)
    with pytest.raises(Invalid):
        checked(cast, group, number, "giulia", days=31)
    with pytest.raises(Invalid):
        checked(cast, group, number, "giulia", days=-1)
    rosa = cast.rosa
    with db.writing():
        actions.end_mandate(groups.here(group), number, by=rosa)
    with pytest.raises(WrongState):
        checked(cast, group, number, "giulia", days=5)


def test_an_officer_enters_a_group_and_invites_who_speaks_for_it(app: Any, cast: Any) -> None:
    giulia = enter(app, cast, "giulia")
    giulia.get(f"{DESK}/new")
    giulia.post(f"{DESK}/new", {"name": "Circolo anziani", "kind": "association"})
    assert "an official: Giulia Bassi" in giulia.page
    at = f"{DESK}/circolo-anziani"
    giulia.post(f"{at}/invitations", {"email": "teo@example.org", "decides": "y"}, at=at)
    teo, link = enter(app, cast, "teo"), groups.mailed_link("teo@example.org")
    teo.get(link)
    teo.post(f"{link}/acceptance")
    with db.reading() as session:
        assert session.scalars(select(Organisation.id)).one() in cast.teo.speaks_for


def test_two_alike_are_shown_as_perhaps_one(app: Any, cast: Any) -> None:
    groups.founded(cast)
    groups.founded(cast, "nina", About("AMICI DEL  CANALE", "association"))
    giulia = enter(app, cast, "giulia")
    giulia.get(f"{DESK}?care=double")
    assert giulia.page.count("perhaps twice") == 2


def test_a_hidden_group_is_gone_for_everybody_but_its_members(app: Any, cast: Any) -> None:
    group = groups.founded(cast)
    giulia, rosa, visitor = (enter(app, cast, "giulia"), enter(app, cast, "rosa"), Browser(app))
    assert (
        giulia.post(f"{DESK}/{groups.SLUG}/hiding", {"reason": ""}, at=f"{DESK}/{groups.SLUG}").status_code
        == 422
    )
    giulia.post(f"{DESK}/{groups.SLUG}/hiding", {"reason": "Solo pubblicità"}, at=f"{DESK}/{groups.SLUG}")
    assert visitor.get(f"/en/organisations/{groups.SLUG}").status_code == 404
    assert groups.NAME not in visitor.get("/en/organisations").get_data(as_text=True)
    assert groups.NAME not in visitor.get("/en/search?q=canale").get_data(as_text=True)
    rosa.get(f"/en/organisations/{groups.SLUG}/members")
    assert "Solo pubblicità" in rosa.page
    # Nobody asks to belong to it meanwhile: who may not see it finds nothing, staff read why not.
    asked = f"/en/organisations/{groups.SLUG}/requests"
    assert enter(app, cast, "eve").post(asked, {"message": "Ciao"}, at="/en/account").status_code == 404
    assert "takes no requests now" in giulia.get(asked).get_data(as_text=True)
    assert giulia.post(asked, {"message": "Ciao"}).status_code == 409
    giulia.post(f"{DESK}/{groups.SLUG}/showing", at=f"{DESK}/{groups.SLUG}")
    assert visitor.get(f"/en/organisations/{groups.SLUG}").status_code == 200
    del group
