"""A second step opens once, for one person; a city role counts only behind it."""

from __future__ import annotations

import logging
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pyotp
import pytest
from sqlalchemy import select, update

from portal import clock, crypto, db
from portal.cli import demo
from portal.errors import Invalid, NotAllowed, WrongState
from portal.notices.models import Message
from portal.people import actions, factors
from portal.people.actions import factors as seconds
from portal.people.held import look
from portal.people.models import CodeApp, OpenSession, Passkey, Person, RecoveryCode, Tally
from portal.policy import SYSTEM, Role
from portal.record import Act, Did
from tests.browser import Browser, unused_code
from tests.conftest import CAST, PASSWORD, Cast

GIULIA, ROSA = CAST["giulia"][1], CAST["rosa"][1]
SECRET = factors.seeded_secret(GIULIA)


def half(browser: Browser, email: str = GIULIA) -> Browser:
    """Type the right password, and no more."""
    browser.get("/en/sign-in")
    browser.post("/en/sign-in", {"email": email, "password": PASSWORD})
    return browser


def second(browser: Browser, code: str) -> int:
    return int(
        browser.post(
            "/en/sign-in/second", {"one_time_code": code}, at="/en/sign-in/second", follow=False
        ).status_code
    )


def is_in(browser: Browser) -> bool:
    return bool(browser.get("/en/account", follow=False).status_code == 200)


def recovery(cast: Cast, name: str) -> list[str]:
    with db.writing():
        return seconds.renew_codes(cast.person(name), by=cast.fresh(name))


def at_once(*acts: Any) -> list[Any]:
    """Do the acts in threads of their own, on connections of their own, and return what each said."""
    start, said = Barrier(len(acts)), []

    def run(act: Any) -> None:
        start.wait()
        said.append(act())

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


def test_our_codes_are_those_of_the_standard() -> None:
    # RFC 6238, appendix B, the SHA-1 rows cut to six digits.
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert [factors.code_at(secret, t // 30) for t in (59, 1111111109, 1234567890)] == [
        "287082",
        "081804",
        "005924",
    ]


def test_a_password_alone_opens_nothing_for_who_has_a_second_step(client: Browser, cast: Cast) -> None:
    cast.person("giulia")
    half(client)
    assert "Second step" in client.page
    assert ".venv/bin/portal demo code giulia@city.example" in client.page
    assert not is_in(client)
    assert client.get("/en/desk", follow=False).status_code == 303
    assert second(client, unused_code(GIULIA)) == 303
    assert client.get("/en/desk", follow=False).status_code == 200


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 303), (0, 303), (1, 303), (2, 422)])
def test_a_phones_clock_may_be_half_a_minute_off(
    client: Browser, cast: Cast, monkeypatch: pytest.MonkeyPatch, steps: int, status: int
) -> None:
    cast.person("giulia")
    half(client)
    at = clock.real()
    monkeypatch.setattr("portal.people.actions.factors.clock.real", lambda: at)
    code = factors.code_at(SECRET, factors.step_of(at) + steps)
    # Spaces are how people read codes.
    assert second(client, f" {code[:3]} {code[3:]} ") == status


@pytest.mark.parametrize("code", ["", "000000", "٠١٢٣٤٥", "12345", "1234567", "abc def", "x" * 61, "é" * 6])
def test_what_is_no_code_is_refused_in_words(client: Browser, cast: Cast, code: str) -> None:
    cast.person("giulia")
    half(client)
    with db.writing() as session:  # whatever the present code is, it is not this one
        session.execute(update(CodeApp).values(last_step=2**40))
    assert second(client, code) == 422
    assert "There is a problem" in client.page
    assert not is_in(client)


def test_a_code_opens_once_and_no_older_one_after_it(app: Any, client: Browser, cast: Cast) -> None:
    giulia = cast.person("giulia")
    now = factors.step_of(clock.real())
    codes = [factors.code_at(SECRET, step) for step in (now, now + 1)]
    assert seconds.use_code(giulia, codes[1])
    assert not seconds.use_code(giulia, codes[1])
    assert not seconds.use_code(giulia, codes[0])
    half(client)
    assert second(client, codes[1]) == 422
    assert "was used already" in client.page


def test_the_same_code_sent_to_two_nodes_opens_one(both: db.Database, cast: Cast) -> None:
    giulia = cast.person("giulia")
    code = unused_code(GIULIA)
    said = at_once(*[lambda: seconds.use_code(giulia, code)] * 4)
    assert sorted(said) == [False, False, False, True]


def test_the_same_recovery_code_sent_to_two_nodes_opens_one(both: db.Database, cast: Cast) -> None:
    giulia, (code, *_) = cast.person("giulia"), recovery(cast, "giulia")
    said = at_once(*[lambda: seconds.use_code(giulia, code.lower())] * 4)
    assert sorted(said) == [False, False, False, True]
    with db.reading() as session:
        used = session.scalars(select(Act).where(Act.verb == Did.RECOVERY_USED.value)).all()
    assert [(act.actor, act.facts) for act in used] == [(giulia.pseudonym, {})]
    assert look(giulia.id).codes_left == 9


def test_a_recovery_code_signs_in_and_the_page_says_how_many_are_left(client: Browser, cast: Cast) -> None:
    code = recovery(cast, "giulia")[3]
    half(client)
    assert second(client, code) == 303
    client.get("/en/account/factors")
    assert "9 recovery codes are left" in client.page
    assert code not in client.page


def test_new_recovery_codes_are_shown_once_and_void_the_old(client: Browser, cast: Cast) -> None:
    giulia, old = cast.person("giulia"), recovery(cast, "giulia")
    client.sign_in(GIULIA)
    client.post("/en/account/factors/recovery", at="/en/account/factors")
    new = client.page.split('<li class="code">')[1:]
    assert len(new) == 10
    assert client.get("/en/account/factors").headers["Cache-Control"] == "no-store"
    assert not seconds.use_code(giulia, old[0])
    assert seconds.use_code(giulia, new[0].partition("<")[0])


def test_recovery_codes_of_another_person_open_nothing(cast: Cast) -> None:
    codes = recovery(cast, "marco")
    assert not seconds.use_code(cast.person("giulia"), codes[0])


def test_five_minutes_after_the_password_it_is_asked_again(client: Browser, cast: Cast) -> None:
    cast.person("giulia")
    half(client)
    with db.writing() as session:
        row = session.scalars(select(OpenSession)).one()
        old = {**row.content["half"], "until": (clock.real() - timedelta(seconds=1)).isoformat()}
        row.content = {**row.content, "half": old}
    answer = client.post("/en/sign-in/second", {"one_time_code": unused_code(GIULIA)}, follow=False)
    assert answer.headers["Location"] == "/en/sign-in"
    assert not is_in(client)


def test_half_a_sign_in_ends_with_the_password_it_began_with(client: Browser, cast: Cast) -> None:
    giulia = cast.person("giulia")
    half(client)
    with db.writing() as session:
        session.execute(
            update(Person)
            .where(Person.id == giulia.id)
            .values(password_set_at=clock.now(), version_id=Person.version_id + 1)
        )
    assert second(client, unused_code(GIULIA)) == 303
    assert not is_in(client)


def test_the_second_step_gives_a_new_secret(client: Browser, cast: Cast, app: Any) -> None:
    cast.person("giulia")
    half(client)
    before = client.client.get_cookie("portal").value
    second(client, unused_code(GIULIA))
    assert client.client.get_cookie("portal").value != before
    other = Browser(app)
    other.client.set_cookie("portal", before)
    assert not is_in(other)


def test_wrong_codes_are_counted_and_a_right_one_is_given_back(client: Browser, cast: Cast, app: Any) -> None:
    cast.person("giulia")
    half(client)
    with db.writing() as session:
        session.execute(update(CodeApp).values(last_step=2**40))
    tries = [second(client, "000000") for _ in range(11)]
    assert tries == [422] * 10 + [429]
    assert second(client, unused_code(GIULIA)) == 429
    marco = cast.person("marco")
    assert second(half(Browser(app), marco.email), unused_code(marco.email)) == 303
    with db.reading() as session:
        counts = session.scalars(select(Tally.count).where(Tally.key.startswith("second-step"))).all()
    assert sorted(counts) == [0, 0, 0, 12, 12, 12]


def test_where_the_person_was_going_is_kept_over_both_steps(client: Browser, cast: Cast) -> None:
    cast.person("giulia")
    client.get("/en/desk/pools")
    onto = client.parsed.forms[-1]["values"]["next"]
    client.post("/en/sign-in", {"email": GIULIA, "password": PASSWORD, "next": onto})
    kept = client.parsed.forms[-1]["values"]
    answer = client.post("/en/sign-in/second", {**kept, "one_time_code": unused_code(GIULIA)}, follow=False)
    assert answer.headers["Location"] == "/en/desk/pools"


# Adding one


def enrol(browser: Browser) -> tuple[str, list[str]]:
    """Set up an app through the pages; return its secret and the recovery codes."""
    browser.post("/en/account/factors/app", at="/en/account/factors")
    secret = browser.page.partition('<span class="code">')[2].partition("<")[0].replace(" ", "")
    browser.post("/en/account/factors/app/code", {"one_time_code": pyotp.TOTP(secret).now()})
    codes = [part.partition("<")[0] for part in browser.page.split('<li class="code">')[1:]]
    return secret, codes


def test_a_role_without_a_second_step_does_not_count_and_leads_to_one(client: Browser, cast: Cast) -> None:
    rosa = cast.person("rosa")
    with db.writing():
        actions.grant(rosa, Role.OFFICER, by=SYSTEM)
    client.sign_in(ROSA)
    assert "your account needs a second step before your role counts" in client.page
    for path in ("/en/desk", "/en/account/messages", "/en/pacts"):
        assert client.get(path, follow=False).headers["Location"] == "/en/account/factors"
    assert client.post("/en/desk/cases/BO-2026-001/assignment", follow=False).status_code in {403, 404}
    secret, codes = enrol(client)
    assert len(codes) == 10
    assert client.get("/en/desk", follow=False).status_code == 200
    client.post("/en/sign-out")
    half(client, ROSA)
    assert second(client, factors.code_at(secret, factors.step_of(clock.real()) + 1)) == 303
    assert client.get("/en/desk", follow=False).status_code == 200


def test_a_role_that_is_still_to_begin_asks_for_one_already() -> None:
    at = clock.real()
    assert factors.is_obliged([None], at)
    assert factors.is_obliged([at - timedelta(1), at + timedelta(1)], at)
    assert not factors.is_obliged([at, at - timedelta(1)], at)
    assert not factors.is_obliged([], at)


def test_a_role_that_begins_while_somebody_is_signed_in_does_not_count(client: Browser, cast: Cast) -> None:
    rosa = cast.person("rosa")
    client.sign_in(ROSA)
    with db.writing():
        actions.grant(rosa, Role.OFFICER, by=SYSTEM)
    # The sessions end with the grant; even one that came back would hold no role.
    with db.writing() as session:
        token = client.client.get_cookie("portal").value
        instant = clock.real()
        content = {
            "_user_id": str(rosa.id),
            "fresh_at": instant.isoformat(),
            "password_of": rosa.password_stamp,
        }
        session.add(
            OpenSession(
                token_hash=crypto.token_hash(token),
                person_id=rosa.id,
                content=content,
                created_at=instant,
                seen_at=instant,
                expires_at=instant + timedelta(hours=1),
            )
        )
    assert client.get("/en/desk", follow=False).headers["Location"] == "/en/account/factors"


def test_whoever_adds_one_stays_and_every_other_browser_is_out(client: Browser, cast: Cast, app: Any) -> None:
    cast.person("rosa")
    other = Browser(app)
    other.sign_in(ROSA)
    client.sign_in(ROSA)
    enrol(client)
    assert is_in(client)
    assert not is_in(other)


def test_a_wrong_first_code_binds_nothing_and_shows_the_same_picture(client: Browser, cast: Cast) -> None:
    rosa = cast.person("rosa")
    client.sign_in(ROSA)
    client.post("/en/account/factors/app", at="/en/account/factors")
    picture = client.page.partition('<img src="')[2].partition('"')[0]
    assert picture.startswith("data:image/svg+xml")
    assert client.post("/en/account/factors/app/code", {"one_time_code": "12"}).status_code == 422
    assert picture in client.page
    assert not look(rosa.id).any


def test_the_outsider_binds_nothing_to_somebody_else(client: Browser, cast: Cast) -> None:
    eve, rosa = cast.person("eve"), cast.person("rosa")
    client.sign_in(eve.email)
    client.post(
        "/en/account/factors/app", {"person_id": rosa.id, "person": rosa.id}, at="/en/account/factors"
    )
    secret = client.page.partition('<span class="code">')[2].partition("<")[0].replace(" ", "")
    values = {"one_time_code": pyotp.TOTP(secret).now(), "person_id": rosa.id, "pseudonym": rosa.pseudonym}
    client.post("/en/account/factors/app/code", values)
    assert (look(eve.id).any, look(rosa.id).any) == (True, False)
    with pytest.raises(NotAllowed), db.writing():
        seconds.remove_all(rosa, "lost", by=cast.fresh("eve"))
    assert client.get(f"/en/desk/people/{rosa.pseudonym}/factors").status_code == 403


def test_a_secret_begun_by_one_person_is_not_confirmed_by_the_next(client: Browser, cast: Cast) -> None:
    for name in ("rosa", "eve"):
        cast.person(name)
    client.sign_in(ROSA)
    client.post("/en/account/factors/app", at="/en/account/factors")
    with db.reading() as session:
        begun = session.scalars(select(OpenSession)).one().content["enrolling"]
    client.sign_in(CAST["eve"][1])
    with db.writing() as session:
        row = session.scalars(select(OpenSession).where(OpenSession.person_id == cast.person("eve").id)).one()
        row.content = {**row.content, "enrolling": begun}
    answer = client.post("/en/account/factors/app/code", {"one_time_code": "123456"}, follow=False)
    assert answer.headers["Location"] == "/en/account/factors"
    assert not look(cast.person("eve").id).any


# Losing one


def test_who_works_for_the_city_keeps_at_least_one(client: Browser, cast: Cast) -> None:
    giulia = cast.person("giulia")
    client.sign_in(GIULIA)
    assert client.post("/en/account/factors/app/removal", at="/en/account/factors").status_code == 409
    assert "add another one before you remove this one" in client.page
    assert look(giulia.id).any


def test_a_citizen_may_do_without_again_and_hears_of_it(client: Browser, cast: Cast) -> None:
    rosa = cast.person("rosa")
    client.sign_in(ROSA)
    enrol(client)
    client.post("/en/account/factors/app/removal", at="/en/account/factors")
    assert (look(rosa.id).any, look(rosa.id).codes_left) == (False, 0)
    assert is_in(client)
    with db.reading() as session:
        mails = session.scalars(select(Message.event).where(Message.person_id == rosa.id)).all()
        verbs = session.scalars(select(Act.verb).where(Act.subject == f"person:{rosa.pseudonym}")).all()
    assert [verb for verb in verbs if verb.startswith("factor")] == ["factor:added", "factor:removed"]
    assert mails.count("E50") == 2


def test_the_administrator_helps_who_lost_the_phone(client: Browser, cast: Cast, app: Any) -> None:
    giulia = cast.person("giulia")
    cast.person("ada")
    hers = Browser(app)
    hers.sign_in(GIULIA)
    client.sign_in(CAST["ada"][1])
    path = f"/en/desk/people/{giulia.pseudonym}/factors"
    assert client.post(path, {"reason": "because"}, at=path).status_code == 422
    assert client.post(path, {"reason": "lost"}, at=path, follow=False).status_code == 303
    assert not look(giulia.id).any
    assert not is_in(hers)
    hers.sign_in(GIULIA)
    assert "needs a second step" in hers.page
    with db.reading() as session:
        act = session.scalars(select(Act).where(Act.verb == Did.FACTOR_REMOVED.value)).one()
        mail = session.scalars(select(Message).where(Message.person_id == giulia.id)).one()
    assert act.facts == {"kind": "all", "reason": "lost"}
    assert act.actor == cast.person("ada").pseudonym
    assert mail.event == "E50"


def test_nobody_takes_their_own_away_as_the_administrator(client: Browser, cast: Cast) -> None:
    ada = cast.person("ada")
    client.sign_in(ada.email)
    path = f"/en/desk/people/{ada.pseudonym}/factors"
    client.get(path)
    assert "Remove your own second step on the page of your account" in client.page
    assert client.post(path, {"reason": "lost"}).status_code == 403
    assert look(ada.id).any
    with pytest.raises(Invalid), db.writing():
        seconds.remove_all(cast.person("giulia"), "no such reason", by=cast.fresh("ada"))


# Secrets


def test_secrets_stand_nowhere_in_the_clear(
    client: Browser, cast: Cast, database: db.Database, caplog: pytest.LogCaptureFixture
) -> None:
    rosa = cast.person("rosa")
    caplog.set_level(logging.DEBUG)
    client.sign_in(ROSA)
    secret, codes = enrol(client)
    plain = {secret, *codes, *(factors.plain(code) for code in codes)}
    for path in ("/en/account", "/en/account/factors", "/en/account/sessions", "/en/account/messages"):
        client.get(path)
        assert not [one for one in plain if one in client.page], path
    with database.engine.connect() as connection:
        stored = "\n".join(
            str(row)
            for table in db.Base.metadata.sorted_tables
            for row in connection.execute(select(table)).all()
        )
    assert not [one for one in plain if one in stored]
    assert not [one for one in plain if one in caplog.text]
    assert rosa.pseudonym in stored


def test_a_sealed_secret_opens_under_its_person_and_its_key_only(cast: Cast) -> None:
    sealed = crypto.seal("secret", "app:1")
    assert crypto.unseal(sealed, "app:1") == "secret"
    assert crypto.unseal(sealed, "app:2") is None
    assert sealed != crypto.seal("secret", "app:1")
    present = "demonstration-only-this-key-is-public-knowledge"
    try:
        crypto.use_secret("another key altogether, of some length")
        assert crypto.unseal(sealed, "app:1") is None
        crypto.use_secret("another key altogether, of some length", [present])
        assert crypto.unseal(sealed, "app:1") == "secret"
        assert len(crypto.keyed_hashes("x", "recovery")) == 2
    finally:
        crypto.use_secret(present)


# The demonstration


def test_the_command_prints_a_code_that_opens(client: Browser, cast: Cast, config: Any) -> None:
    cast.person("giulia")
    half(client)
    first = demo.present_code(config, GIULIA)
    assert second(client, first) == 303
    # The present one is used: the next is good already, so nobody waits.
    again = demo.present_code(config, GIULIA)
    assert again != first
    assert seconds.use_code(cast.person("giulia"), again)


def test_the_command_waits_where_both_codes_at_hand_were_used(
    cast: Cast, config: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cast.person("giulia")
    with db.writing() as session:
        session.execute(update(CodeApp).values(last_step=factors.step_of(clock.real()) + 2))
    waited: list[float] = []
    monkeypatch.setattr("portal.cli.demo.time.sleep", waited.append)
    assert len(demo.present_code(config, GIULIA)) == 6
    assert 0 <= waited[0] <= 60
    assert "the next one comes in" in capsys.readouterr().err


def test_production_has_no_such_command(cast: Cast, config: Any) -> None:
    from dataclasses import replace

    cast.person("giulia")
    with pytest.raises(WrongState, match="no demonstration"):
        demo.present_code(replace(config, mode="production"), GIULIA)
    for email, words in ((ROSA, "Nobody"), ("x", "Nobody")):
        with pytest.raises(Exception, match=words):
            demo.present_code(config, email)
    with db.writing():
        seconds.enter_app(cast.person("giulia"), seconds.new_secret())
    with pytest.raises(WrongState, match="app of its own"):
        demo.present_code(config, GIULIA)


def test_the_tables_hold_nobody_twice(cast: Cast) -> None:
    giulia = cast.person("giulia")
    with db.writing():
        seconds.enter_app(giulia, seconds.new_secret())
    with db.reading() as session:
        assert len(session.scalars(select(CodeApp)).all()) == 1
        assert session.scalars(select(Passkey)).all() == session.scalars(select(RecoveryCode)).all() == []
