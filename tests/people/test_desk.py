"""Administrators find people, give and end roles and suspend accounts; never their own, never the last one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.errors import NotAllowed, Refused, WrongState
from portal.people import actions, queries
from portal.people.models import Grant, Person, Suspension
from portal.policy import SYSTEM, Role
from tests.browser import Browser
from tests.conftest import CAST, Cast
from tests.people.letters import acts, stored

ADA = CAST["ada"][1]


@pytest.fixture
def desk(client: Browser, cast: Cast) -> Browser:
    """Ada's browser, freshly signed in."""
    cast.person("ada")
    client.sign_in(ADA)
    return client


def _page(person: Person) -> str:
    return f"/en/desk/people/{person.pseudonym}"


def _day(distance: int) -> str:
    return f"{clock.today() + timedelta(days=distance):%d/%m/%Y}"


def _role(role: str = "officer", first: int = 0, last: int = 365, **other: str) -> dict[str, str]:
    return {"role": role, "office": "commons", "starts_on": _day(first), "ends_on": _day(last), **other}


def _grants(person: Person) -> list[Grant]:
    with db.reading() as session:
        return list(session.scalars(select(Grant).where(Grant.person_id == person.id).order_by(Grant.id)))


def test_people_are_found_by_name_or_address_and_never_all_at_once(desk: Browser, cast: Cast) -> None:
    for name in ("rosa", "teo", "giulia"):
        cast.person(name)
    desk.get("/en/desk/people")
    assert "Giulia Bassi" in desk.page
    assert "Rosa Neri" not in desk.page
    for q in ("neri", "ROSA@", "Rosa+Neri"):
        desk.get(f"/en/desk/people?q={q}")
        assert "Rosa Neri" in desk.page
        assert "Teo Galli" not in desk.page
    for q in ("%25", "_", "x" * 5000):
        assert desk.get(f"/en/desk/people?q={q}").status_code == 200
        assert "Teo Galli" not in desk.page


def test_long_answers_come_in_pages(desk: Browser) -> None:
    with db.writing():
        for number in range(45):
            actions.join(f"Vicina {number:02}", f"v{number}@example.org", "lamp tide oven moss")
    seen: list[str] = []
    after = ["/en/desk/people?q=vicina"]
    for expected in (20, 20, 5):
        desk.get(after[0])
        rows = [href for href in desk.parsed.links if "/desk/people/p-" in href]
        assert len(rows) == expected
        seen += rows
        after = [href for href in desk.parsed.links if href.startswith("/en/desk/people?q=vicina&after=")]
    assert after == []
    assert len(set(seen)) == 45


@pytest.mark.parametrize("name", ["rosa", "eve", "giulia", "nuria"])
def test_nobody_else_reads_or_changes_accounts(client: Browser, cast: Cast, name: str) -> None:
    teo = cast.person("teo")
    cast.person(name)
    client.sign_in(CAST[name][1])
    assert client.get("/en/desk/people").status_code == 403
    assert client.get(_page(teo)).status_code == 403
    for path, values in _posts(teo):
        assert client.post(path, values, at="/en/account").status_code == 403
    assert _grants(teo) == []
    assert stored(teo.id).is_active


def _posts(person: Person) -> list[tuple[str, dict[str, str]]]:
    page = _page(person)
    return [
        (f"{page}/roles", _role()),
        (f"{page}/roles/1/end", {}),
        (f"{page}/suspension", {"reason": "x"}),
        (f"{page}/reinstatement", {}),
        (f"{page}/sessions/ending", {}),
    ]


def test_an_auditor_reads_and_changes_nothing(client: Browser, cast: Cast) -> None:
    giulia = cast.person("giulia")
    cast.person("aldo")
    client.sign_in(CAST["aldo"][1])
    client.get(_page(giulia))
    assert "Giulia Bassi" in client.page
    assert "Give a role" not in client.page
    assert "Suspend" not in client.page
    for path, values in _posts(giulia):
        assert client.post(path, values).status_code == 403
    assert len(_grants(giulia)) == 1


def test_a_role_is_given_from_a_day_to_the_end_of_a_day(desk: Browser, cast: Cast) -> None:
    teo = cast.person("teo")
    desk.get(_page(teo))
    assert f'value="{_day(365)}"' in desk.page
    assert desk.post(f"{_page(teo)}/roles", _role(first=3, last=10)).status_code == 200
    (given,) = _grants(teo)
    assert (given.role, given.office) == ("officer", "commons")
    assert clock.local(given.starts_at).strftime("%d/%m/%Y %H:%M") == f"{_day(3)} 00:00"
    assert clock.local(given.until).strftime("%d/%m/%Y %H:%M") == f"{_day(11)} 00:00"
    assert "begins later" in desk.page
    (act,) = [act for act in acts("role:granted") if act.subject == f"person:{teo.pseudonym}"]
    assert act.actor == stored(cast.person("ada").id).pseudonym
    assert teo.email not in str(act.facts)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (_role(first=5, last=4), "must end after it starts"),
        (_role(first=-9, last=-2), "must end after it starts"),
        (_role(role="emperor"), "Not a valid choice"),
        (_role(starts_on="tomorrow"), "Enter a day"),
        (_role(ends_on=""), "Enter the last day"),
        (_role(ends_on="31/12/9999"), "Enter a day"),
        (_role(starts_on="01/01/0001"), "Enter a day"),
    ],
)
def test_a_role_that_cannot_be_given_is_said_and_not_given(
    desk: Browser, cast: Cast, values: dict[str, str], sentence: str
) -> None:
    teo = cast.person("teo")
    assert desk.post(f"{_page(teo)}/roles", values, at=_page(teo)).status_code == 422
    assert sentence in desk.page
    assert _grants(teo) == []


def test_the_same_role_is_not_held_twice_at_once(desk: Browser, cast: Cast) -> None:
    teo = cast.person("teo")
    assert desk.post(f"{_page(teo)}/roles", _role(last=10), at=_page(teo)).status_code == 200
    assert desk.post(f"{_page(teo)}/roles", _role(first=5)).status_code == 422
    assert desk.post(f"{_page(teo)}/roles", _role(first=11)).status_code == 200
    assert desk.post(f"{_page(teo)}/roles", _role("clerk")).status_code == 200
    assert len(_grants(teo)) == 3


def test_a_role_ends_now_and_one_that_has_not_begun_is_withdrawn(desk: Browser, cast: Cast) -> None:
    giulia = cast.person("giulia")
    with db.writing():
        actions.grant(giulia, Role.CLERK, by=SYSTEM, starts_at=clock.now() + timedelta(days=5))
    now, later = _grants(giulia)
    for given in (now, later):
        path = f"{_page(giulia)}/roles/{given.id}/end"
        assert desk.post(path, at=_page(giulia)).status_code == 200
        assert desk.post(path).status_code in {404, 409}
    (left,) = _grants(giulia)
    assert not left.is_valid(clock.now())
    assert [act.facts["role"] for act in acts("role:ended")] == ["officer", "clerk"]


def test_a_role_is_ended_on_the_page_of_whoever_holds_it(desk: Browser, cast: Cast) -> None:
    giulia, teo = cast.person("giulia"), cast.person("teo")
    (given,) = _grants(giulia)
    assert desk.post(f"{_page(teo)}/roles/{given.id}/end", at=_page(teo)).status_code == 404
    assert _grants(giulia)[0].is_valid(clock.now())


def test_a_suspension_says_why_ends_the_sessions_and_can_be_taken_back(
    desk: Browser, app: Any, cast: Cast
) -> None:
    rosa = cast.person("rosa")
    inside = Browser(app)
    inside.sign_in(rosa.email)
    assert desk.post(f"{_page(rosa)}/suspension", {"reason": " "}, at=_page(rosa)).status_code == 422
    assert desk.post(f"{_page(rosa)}/suspension", {"reason": "Sends abuse to Teo"}).status_code == 200
    assert "Sends abuse to Teo" in desk.page
    assert inside.get("/en/account", follow=False).status_code == 303
    assert "Teo" not in str([(act.facts, act.canonical) for act in acts("person:suspended")])
    assert desk.post(f"{_page(rosa)}/suspension", {"reason": "again"}).status_code == 409
    inside.sign_in(rosa.email)
    assert inside.get("/en/account", follow=False).status_code == 303
    assert desk.post(f"{_page(rosa)}/reinstatement", at=_page(rosa)).status_code == 200
    assert desk.post(f"{_page(rosa)}/reinstatement").status_code == 409
    inside.sign_in(rosa.email)
    assert inside.get("/en/account", follow=False).status_code == 200
    with db.reading() as session:
        (kept,) = session.scalars(select(Suspension)).all()
    assert kept.ended_at is not None
    assert kept.started_by_id == kept.ended_by_id == cast.person("ada").id


def test_all_sessions_of_somebody_are_ended(desk: Browser, app: Any, cast: Cast) -> None:
    rosa = cast.person("rosa")
    inside = Browser(app)
    inside.sign_in(rosa.email)
    desk.get(_page(rosa))
    assert "One session is open" in desk.page
    desk.post(f"{_page(rosa)}/sessions/ending")
    assert inside.get("/en/account", follow=False).status_code == 303
    assert len(acts("person:sessions_ended")) == 1


def test_nobody_gives_themselves_a_role_ends_one_or_suspends_themselves(desk: Browser, cast: Cast) -> None:
    ada = cast.person("ada")
    (given,) = _grants(ada)
    desk.get(_page(ada))
    assert "Give a role" not in desk.page
    for path, values in _posts(ada)[:4]:
        assert desk.post(path.replace("/1/", f"/{given.id}/"), values).status_code == 403
    assert len(_grants(ada)) == 1
    assert stored(ada.id).is_active


def test_the_last_administrator_stays(both: db.Database, cast: Cast) -> None:
    ada, rosa = cast.person("ada"), cast.person("rosa")
    (given,) = _grants(ada)
    with db.writing():
        # Who is suspended, or begins only later, administers nothing.
        actions.grant(rosa, Role.ADMINISTRATOR, by=SYSTEM, starts_at=clock.now() + timedelta(days=1))
    for _ in range(2):
        with pytest.raises(WrongState, match="last administrator"), db.writing():
            actions.end_role(ada, given.id, by=SYSTEM)
        with pytest.raises(WrongState, match="last administrator"), db.writing():
            actions.suspend(ada, "x", by=SYSTEM)
        with db.writing():
            teo = cast._people.get("teo") or actions.join("Teo Galli", "teo@example.org", "lamp tide oven")
            cast._people["teo"] = teo
            if not _grants_of(teo):
                actions.grant(teo, Role.ADMINISTRATOR, by=SYSTEM)
                db.session().flush()
                actions.suspend(teo, "x", by=SYSTEM)


def _grants_of(person: Person) -> list[int]:
    return list(db.session().scalars(select(Grant.id).where(Grant.person_id == person.id)))


@pytest.mark.parametrize("how", ["end", "suspend"])
def test_two_administrators_who_remove_each_other_at_once_leave_one(
    both: db.Database, cast: Cast, how: str
) -> None:
    ada, marco = cast.person("ada"), cast.person("marco")
    with db.writing():
        actions.grant(marco, Role.ADMINISTRATOR, by=SYSTEM)
    roles = {
        person.id: next(one.id for one in _grants(person) if one.role == "administrator")
        for person in (ada, marco)
    }
    pairs = [(ada, cast.fresh("marco")), (marco, cast.fresh("ada"))]

    def remove(pair: Any) -> bool:
        person, by = pair
        try:
            with db.writing():
                if how == "end":
                    actions.end_role(person, roles[person.id], by=by)
                else:
                    actions.suspend(person, "x", by=by)
        except WrongState:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(remove, pairs)) == [False, True]
    with db.reading() as session:
        assert len(session.scalars(queries.administrators(clock.now())).all()) == 1


def test_the_rules_hold_without_any_page(cast: Cast) -> None:
    teo = cast.person("teo")
    for name in ("eve", "giulia", "aldo"):
        for act in (
            lambda by: actions.grant(teo, Role.OFFICER, by=by),
            lambda by: actions.suspend(teo, "x", by=by),
            lambda by: actions.reinstate(teo, by=by),
            lambda by: actions.end_sessions_of(teo, by=by),
        ):
            with pytest.raises(NotAllowed), db.writing():
                act(cast.fresh(name))
    with pytest.raises(Refused, match="Confirm once more"), db.writing():
        actions.grant(teo, Role.OFFICER, by=cast.ada)
