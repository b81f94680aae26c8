"""An act that binds asks once more who it is, keeps what was typed, and does it after the right answer."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from portal import clock, db, models
from portal.pacts.models import Signature
from portal.people.actions.factors import enter_app
from portal.people.factors import seeded_secret
from portal.people.models import OpenSession
from portal.record import Act, Did
from portal.support import actions
from portal.support import queries as support
from tests.browser import Browser, unused_code
from tests.conftest import CAST, PASSWORD, Cast
from tests.pacts import journey

TINA, NURIA, ROSA = CAST["tina"][1], CAST["nuria"][1], CAST["rosa"][1]
LONG_AGO = timedelta(minutes=10, seconds=1)


def grow_old(*instants: str, by: timedelta = LONG_AGO) -> None:
    """Let the sessions that are open have been confirmed so long ago."""
    with db.writing() as session:
        for row in session.scalars(select(OpenSession)):
            old = (clock.real() - by).isoformat()
            row.content = {**row.content, **{name: old for name in instants if name in row.content}}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, _cheap_hashes: None) -> tuple[Path, str, dict[str, Any]]:
    """A database with a pact whose support waits for the second person, built once for all of this file."""
    path = tmp_path_factory.mktemp("freshness") / "portal.db"
    empty = db.Database(f"sqlite:///{path}")
    models.metadata.create_all(empty.engine)
    db.use(empty)
    cast = Cast()
    for name in CAST:
        cast.person(name)
    pact = journey.agreed(cast)
    with db.reading() as session:
        rows = session.scalars(support.current(pact.key)).all()
    funds, giulia = journey.pools(cast, rows[0].starts_on.year), cast.giulia
    with db.writing() as session:
        for row in session.scalars(support.current(pact.key)):
            actions.propose(row, session.merge(funds[row.kind]), "Because", by=giulia)
    with empty.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    empty.close()
    return path, str(pact.code), dict(cast._people)


@pytest.fixture(scope="module")
def sqlite_template(built: tuple[Path, str, dict[str, Any]]) -> Path:
    return built[0]


@pytest.fixture
def cast(database: db.Database, built: tuple[Path, str, dict[str, Any]]) -> Cast:
    found = Cast()
    found._people = dict(built[2])
    return found


@pytest.fixture
def proposed(cast: Cast, built: tuple[Path, str, dict[str, Any]]) -> str:
    """The code of the pact."""
    return built[1]


def states(code: str) -> set[str]:
    with db.reading() as session:
        return {row.state for row in session.scalars(support.current(f"pact:{code}"))}


def fields(browser: Browser) -> dict[str, str]:
    """Return what the confirm page holds."""
    return dict(browser.parsed.forms[-1]["values"])


def test_whoever_signed_in_just_now_approves_at_once(client: Browser, proposed: str) -> None:
    client.sign_in(TINA)
    client.post(f"/en/desk/allocate/{proposed}/approval", at=f"/en/desk/allocate/{proposed}")
    assert states(proposed) == {"approved"}


@pytest.mark.parametrize(
    ("old", "asks_code"), [(("fresh_at",), False), (("second_at",), True), (("fresh_at", "second_at"), True)]
)
def test_after_ten_minutes_approving_asks_again_and_then_does_it(
    client: Browser, proposed: str, old: tuple[str, ...], asks_code: bool
) -> None:
    client.sign_in(TINA)
    grow_old(*old)
    path = f"/en/desk/allocate/{proposed}/approval"
    assert client.post(path, at=f"/en/desk/allocate/{proposed}").status_code == 403
    assert "Confirm that it is you" in client.page
    assert states(proposed) == {"proposed"}
    assert ('name="confirm-one_time_code"' in client.page) == asks_code
    form = client.parsed.forms[-1]
    assert form["action"] == path
    answers = client.confirm(TINA if asks_code else "")
    client.post(form["action"], {**form["values"], **answers})
    assert states(proposed) == {"approved"}


def test_nine_minutes_are_still_fresh(client: Browser, proposed: str) -> None:
    client.sign_in(TINA)
    grow_old("fresh_at", "second_at", by=timedelta(minutes=9))
    client.post(f"/en/desk/allocate/{proposed}/approval", at=f"/en/desk/allocate/{proposed}")
    assert states(proposed) == {"approved"}


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"confirm-password": "wrong words here", "confirm-one_time_code": "1"}, "That is not your password"),
        ({"confirm-password": ""}, "Type your password"),
        ({"confirm-password": PASSWORD, "confirm-one_time_code": "000000"}, "This code is not right"),
        ({"confirm-password": PASSWORD}, "Type the code of your second step"),
        ({"confirm-password": "x" * 300}, "longer than"),
        ({"confirm-password": "", "confirm-passkey": "{}"}, "The passkey was not accepted"),
    ],
)
def test_a_wrong_answer_does_nothing_and_is_asked_again(
    client: Browser, proposed: str, answers: dict[str, str], sentence: str
) -> None:
    client.sign_in(TINA)
    grow_old("fresh_at", "second_at")
    path = f"/en/desk/allocate/{proposed}/approval"
    assert client.post(path, {"kept": "a word", **answers}, at="/en/account").status_code == 422
    assert sentence in client.page
    assert fields(client)["kept"] == "a word"
    assert "wrong words" not in client.page
    assert states(proposed) == {"proposed"}


def test_what_was_typed_is_kept_and_no_secret_is(client: Browser, proposed: str) -> None:
    client.sign_in(TINA)
    grow_old("fresh_at")
    typed = {
        "reason": "Perché sì",
        "password": "my new words",
        "new_password": "x y z",
        "word": "acero",
        "empty": "",
    }
    client.post(f"/en/desk/allocate/{proposed}/approval", typed, at="/en/account")
    kept = fields(client)
    assert (kept["reason"], kept["empty"]) == ("Perché sì", "")
    assert not {"password", "new_password", "word"} & set(kept)
    assert "my new words" not in client.page


def test_two_tabs_are_confirmed_one_after_the_other(client: Browser, proposed: str) -> None:
    client.sign_in(TINA)
    grow_old("fresh_at", "second_at")
    path = f"/en/desk/allocate/{proposed}"
    client.post(f"{path}/s1/approval", at=path)
    first = client.parsed.forms[-1]
    client.post(f"{path}/s2/approval", at=path)
    second = client.parsed.forms[-1]
    client.post(first["action"], {**first["values"], **client.confirm(TINA)})
    assert len(states(proposed)) == 2
    # The other tab asks for what it showed; the password is enough by now.
    client.post(second["action"], {**second["values"], **client.confirm()})
    assert states(proposed) == {"approved"}


def test_files_are_said_to_be_lost(client: Browser, proposed: str) -> None:
    client.sign_in(TINA)
    grow_old("fresh_at")
    client.get("/en/account")
    content = {"csrf_token": client.token(), "paper": (BytesIO(b"x"), "plan.pdf")}
    answer = client.client.post(f"/en/desk/allocate/{proposed}/approval", data=content)
    assert "Files cannot be kept" in answer.get_data(as_text=True)


def test_sending_back_asks_nothing_more(client: Browser, proposed: str) -> None:
    client.sign_in(TINA)
    grow_old("fresh_at", "second_at")
    path = f"/en/desk/allocate/{proposed}"
    client.get(path)
    assert "Approve" in client.page
    client.post(f"{path}/s1/return", {"reason": "Less would do"})
    assert "asked" in states(proposed)


def test_another_person_at_the_browser_confirms_nothing(client: Browser, proposed: str) -> None:
    client.sign_in(TINA)
    grow_old("fresh_at", "second_at")
    answers = {"confirm-password": PASSWORD, "confirm-one_time_code": unused_code(CAST["giulia"][1])}
    assert client.post(f"/en/desk/allocate/{proposed}/approval", answers, at="/en/account").status_code == 422
    assert states(proposed) == {"proposed"}


def test_the_outsider_confirms_and_still_may_not(client: Browser, cast: Cast, proposed: str) -> None:
    client.sign_in(cast.person("eve").email)
    answers = {"confirm-password": PASSWORD}
    assert client.post(f"/en/desk/allocate/{proposed}/approval", answers, at="/en/account").status_code == 403
    assert "You cannot do this" in client.page


def test_a_visitor_is_not_asked_for_a_password(client: Browser, proposed: str) -> None:
    answer = client.post(
        f"/en/desk/allocate/{proposed}/approval", {"confirm-password": "x"}, at="/en/sign-in"
    )
    assert answer.status_code == 403
    assert "Confirm that it is you" not in client.page


def test_tries_are_counted_over_all_pages(client: Browser, proposed: str) -> None:
    client.sign_in(TINA)
    grow_old("fresh_at", "second_at")
    paths = (f"/en/desk/allocate/{proposed}/approval", "/en/account/factors/app")
    client.get("/en/account")
    tries = [
        client.post(paths[number % 2], {"confirm-password": "wrong words"}).status_code
        for number in range(11)
    ]
    assert tries == [422] * 10 + [429]


def test_every_signature_is_confirmed_by_itself(client: Browser, cast: Cast) -> None:
    pact = journey.signing(cast)
    cast.person("nuria")
    client.sign_in(NURIA)
    path, text = f"/en/pacts/{pact.code}/signature", {"content_hash": pact.agreed_hash}
    assert client.post(path, text, at=path).status_code == 403
    assert fields(client)["content_hash"] == pact.agreed_hash
    # The code was shown a moment ago, at signing in.
    client.post(path, {**fields(client), **client.confirm()})
    with db.reading() as session:
        assert len(session.scalars(select(Signature)).all()) == 1


def test_changing_a_second_step_asks_for_the_old_one(client: Browser, cast: Cast) -> None:
    cast.person("nuria")
    client.sign_in(NURIA)
    grow_old("second_at")
    for path in ("factors/app", "factors/app/removal", "factors/recovery", "passkeys/new"):
        assert client.post(f"/en/account/{path}", at="/en/account/factors").status_code == 403, path
        assert "Code of your second step" in client.page
    with db.reading() as session:
        assert not session.scalars(select(Act).where(Act.verb == Did.RECOVERY_RENEWED.value)).all()


@pytest.mark.parametrize("page", ["password", "address"])
def test_changing_password_and_address_asks_for_the_second_step_too(
    client: Browser, cast: Cast, page: str
) -> None:
    cast.person("nuria")
    client.sign_in(NURIA)
    path = f"/en/account/{page}"
    assert client.get(path).status_code == 200
    grow_old("second_at")
    values = {"old": PASSWORD, "password": "lamp tide oven moss", "email": "other@example.org"}
    assert client.post(path, values).status_code == 403
    assert client.get(path).status_code == 403
    assert "lamp tide" not in client.page
    form = client.parsed.forms[-1]
    answer = client.post(form["action"], {**form["values"], **client.confirm(NURIA)}, follow=False)
    assert answer.headers["Location"] == path
    assert client.get(path).status_code == 200


def test_a_page_that_asks_first_leads_on_to_itself_and_nowhere_else(client: Browser, cast: Cast) -> None:
    cast.person("rosa")
    client.sign_in(ROSA)
    client.get("/en/account")
    for onto in ("//evil.example", "https://evil.example", "/en/pacts"):
        answer = client.post(
            "/en/account/confirm", {"next": onto, **client.confirm()}, at="/en/account", follow=False
        )
        assert answer.headers["Location"] == "/en/account"
    assert client.post("/en/account/confirm", at="/en/account").status_code == 403


def test_a_session_from_before_the_second_step_changes_nothing_with_the_password_alone(
    client: Browser, cast: Cast
) -> None:
    rosa = cast.person("rosa")
    client.sign_in(ROSA)
    with db.writing():  # as if it had been added while this sign-in was under way
        enter_app(rosa, seeded_secret(ROSA))
    assert client.post("/en/account/factors/app/removal", at="/en/account/factors").status_code == 403
    assert "Code of your second step" in client.page
    client.post("/en/account/factors/app/removal", client.confirm())
    assert "Type the code" in client.page
    client.post("/en/account/factors/app/removal", client.confirm(ROSA))
    assert "Set up an app" in client.page
