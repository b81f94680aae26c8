"""Tries are counted by every node together, and no stranger uses up the owner's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from redis import Redis, RedisError
from sqlalchemy import select

from portal import clock, crypto, db
from portal.errors import TooMany
from portal.people import limits
from portal.people.limits import DAY, HOUR, MINUTE, QUARTER, Step, Tries, network_of, too_many
from portal.people.models import KnownBrowser, Tally
from tests.browser import Browser
from tests.conftest import CAST, PASSWORD, REQUIRED, Cast
from tests.people.letters import link

ROSA = CAST["rosa"][1]
REDIS_URL = os.environ.get("PORTAL_TEST_REDIS_URL", "redis://127.0.0.1:6379/9")


@pytest.fixture(autouse=True)
def _still(monkeypatch: pytest.MonkeyPatch) -> None:
    # A minute that ends in the middle of a test would begin to count anew.
    now = clock.real().replace(minute=7, second=30)
    monkeypatch.setattr(clock, "real", lambda: now)


@pytest.fixture
def redis() -> Iterator[Redis]:
    found = Redis.from_url(REDIS_URL, socket_connect_timeout=1)
    try:
        found.ping()
    except RedisError as error:
        if "redis" in REQUIRED:
            raise
        pytest.skip(f"Redis is not reachable at {REDIS_URL}: {error}")
    limits.use(REDIS_URL)
    yield found
    limits.use("")
    for key in found.scan_iter("portal:tries:*"):
        found.delete(key)
    found.close()


@pytest.fixture(params=["sqlite", "postgres", "redis"])
def counters(request: pytest.FixtureRequest) -> str:
    """Count in each place where tries can be counted."""
    request.getfixturevalue("database")
    if request.param == "redis":
        request.getfixturevalue("redis")
    elif request.param == "postgres":
        db.use(request.getfixturevalue("postgres"))
    return str(request.param)


def _tries(*steps: Step) -> Tries:
    return Tries("test", crypto.new_token(), steps)


def _is_taken(tries: Tries) -> bool:
    try:
        tries.spend()
    except TooMany:
        return False
    return True


def test_so_many_and_no_more_also_at_once(counters: str) -> None:
    tries = _tries(Step(5, DAY))
    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda _: _is_taken(tries), range(12)))
    assert taken.count(True) == 5
    assert _is_taken(_tries(Step(5, DAY)))


def test_what_was_right_is_given_back(counters: str) -> None:
    tries = _tries(Step(2, HOUR), Step(3, DAY))
    for _ in range(6):
        assert _is_taken(tries)
        tries.give_back()
    assert [_is_taken(tries) for _ in range(3)] == [True, True, False]


def test_the_longest_wait_that_still_runs_is_said(counters: str) -> None:
    tries = _tries(Step(1, MINUTE), Step(2, DAY))
    tries.spend()
    waits = []
    for _ in range(2):
        with pytest.raises(TooMany) as refused:
            tries.spend()
        waits.append(refused.value.wait_seconds)
    assert 1 <= waits[0] <= MINUTE
    assert waits[0] <= waits[1] <= DAY


def test_a_new_stretch_begins_anew(counters: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tries, now = _tries(Step(1, QUARTER)), clock.real()
    assert [_is_taken(tries), _is_taken(tries)] == [True, False]
    monkeypatch.setattr(clock, "real", lambda: now + timedelta(seconds=QUARTER))
    assert _is_taken(tries)


def test_a_counter_in_redis_ends_by_itself(redis: Redis, database: db.Database) -> None:
    tries = _tries(Step(1, MINUTE))
    tries.spend()
    (key,) = redis.scan_iter("portal:tries:test:*")
    assert 0 < redis.ttl(key) <= 2 * MINUTE
    with db.reading() as session:
        assert session.scalars(select(Tally)).all() == []


def test_without_redis_the_database_counts_and_the_gate_is_never_open(database: db.Database) -> None:
    limits.use("redis://127.0.0.1:9/0")
    try:
        tries = _tries(Step(2, DAY))
        assert [_is_taken(tries) for _ in range(4)] == [True, True, False, False]
    finally:
        limits.use("")


@pytest.mark.parametrize(
    ("seconds", "sentence"),
    [
        (1, "Wait a minute,"),
        (60, "Wait a minute,"),
        (61, "Wait 2 minutes,"),
        (900, "Wait 15 minutes,"),
        (7200, "Wait 120 minutes,"),
        (7201, "Wait 3 hours,"),
        (86_400, "Wait 24 hours,"),
    ],
)
def test_the_wait_is_said_in_words(seconds: int, sentence: str) -> None:
    assert sentence in str(too_many(seconds).words)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::1", "2001:0db8:0001:0002"),
        ("2001:db8:1:2:ffff::9", "2001:0db8:0001:0002"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80:0000:0000:0000"),
        ("unix:", "unix:"),
        (None, ""),
    ],
)
def test_a_customer_with_many_addresses_is_one_network(address: str | None, network: str) -> None:
    assert network_of(address) == network


def _try(browser: Browser, password: str = "wrong words here") -> Any:
    values = {"email": ROSA, "password": password}
    return browser.post("/en/sign-in", values, at="/en/sign-in", follow=False)


def _until_refused(browser: Browser) -> Any:
    return next(answer for answer in (_try(browser) for _ in range(20)) if answer.status_code == 429)


def test_a_refusal_says_how_long_to_wait(client: Browser, cast: Cast) -> None:
    cast.person("rosa")
    answer = _until_refused(client)
    assert 1 <= int(answer.headers["Retry-After"]) <= QUARTER
    assert "Wait" in client.page
    assert _try(client, PASSWORD).status_code == 429


def test_no_stranger_locks_out_a_browser_that_was_here_before(app: Any, cast: Cast) -> None:
    cast.person("rosa")
    own = Browser(app)
    own.sign_in(ROSA)
    own.post("/en/sign-out", at="/en/account")
    for address in ("127.0.0.1", "203.0.113.9"):  # from the same network too
        stranger = Browser(app)
        stranger.client.environ_base["REMOTE_ADDR"] = address
        _until_refused(stranger)
    assert _try(own, PASSWORD).status_code == 303
    newcomer = Browser(app)
    assert _try(newcomer, PASSWORD).status_code == 429


def test_an_attacker_from_everywhere_is_slowed_down(app: Any, cast: Cast, monkeypatch: Any) -> None:
    cast.person("rosa")
    monkeypatch.setattr(limits, "ACCOUNT", (Step(3, HOUR),))
    answers = []
    for number in range(5):
        browser = Browser(app)
        browser.client.environ_base["REMOTE_ADDR"] = f"203.0.113.{number}"
        answers.append(_try(browser).status_code)
    assert answers == [422, 422, 422, 429, 429]


def test_being_known_has_its_own_limit_and_is_no_way_in(app: Any, cast: Cast) -> None:
    cast.person("rosa")
    own = Browser(app)
    own.sign_in(ROSA)
    own.post("/en/sign-out", at="/en/account")
    _until_refused(own)
    assert own.get("/en/account", follow=False).status_code == 303


def _known(browser: Browser) -> str:
    return str(browser.client.get_cookie("portal-known").value)


def test_the_cookie_holds_nothing_about_the_person_and_changes_at_every_sign_in(app: Any, cast: Cast) -> None:
    person = cast.person("rosa")
    own = Browser(app)
    own.sign_in(ROSA)
    first = _known(own)
    own.sign_in(ROSA)
    assert _known(own) != first
    with db.reading() as session:
        (row,) = session.scalars(select(KnownBrowser)).all()
    assert (row.token_hash, row.person_id) == (crypto.token_hash(_known(own)), person.id)
    own.get("/en/account")
    answer = own.client.post(
        "/en/sign-in", data={"csrf_token": own.token(), "email": ROSA, "password": PASSWORD}
    )
    (cookie,) = [one for one in answer.headers.getlist("Set-Cookie") if one.startswith("portal-known=")]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}


def test_a_family_shares_a_browser_and_each_is_known_in_it(app: Any, cast: Cast) -> None:
    cast.person("rosa")
    cast.person("teo")
    shared = Browser(app)
    for name in ("rosa", "teo"):
        shared.sign_in(CAST[name][1])
        shared.post("/en/sign-out", at="/en/account")
    _until_refused(Browser(app))
    assert _try(shared, PASSWORD).status_code == 303


def test_a_new_password_forgets_the_browsers_and_the_mailed_link_knows_this_one(app: Any, cast: Cast) -> None:
    cast.person("rosa")
    old = Browser(app)
    old.sign_in(ROSA)
    own = Browser(app)
    own.post("/en/sign-in/forgotten", {"email": ROSA}, at="/en/sign-in/forgotten")
    path = link(ROSA)
    own.post(path, {"password": "lamp tide oven moss"}, at=path)
    _until_refused(Browser(app))
    assert _try(old, "lamp tide oven moss").status_code == 429
    assert _try(own, "lamp tide oven moss").status_code == 303


def test_a_made_up_or_old_cookie_counts_as_none(app: Any, cast: Cast) -> None:
    cast.person("rosa")
    own = Browser(app)
    own.sign_in(ROSA)
    kept = _known(own)
    with db.writing() as session:
        session.scalars(select(KnownBrowser)).one().expires_at = clock.real()
    _until_refused(Browser(app))
    for cookie in (kept, "", "x" * 3000, "ä\x01"):
        browser = Browser(app)
        browser.client.set_cookie("portal-known", cookie)
        assert _try(browser, PASSWORD).status_code == 429


def test_guessing_the_password_of_an_open_account_is_counted(app: Any, cast: Cast) -> None:
    cast.person("rosa")
    own = Browser(app)
    own.sign_in(ROSA)
    values = {"old": "wrong words here", "password": "lamp tide oven moss"}
    answers = [
        own.post("/en/account/password", values, at="/en/account/password").status_code for _ in range(6)
    ]
    assert answers[:5] == [422] * 5
    assert answers[5] == 429
