"""Who asks is believed from the proxies there are, and from nobody's own words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import request

from config import Config
from portal import db
from portal.app import create_app


@pytest.fixture(scope="module")
def made(demo_seal: Path) -> Any:
    """The applications behind no, one and two proxies, and what each believed of its last request."""
    found = {}
    for hops in (0, 1, 2):
        env = {"PORTAL_DATA_DIR": str(demo_seal.parent), "PORTAL_PROXY_HOPS": str(hops)}
        app, seen = create_app(Config.from_env(env)), []
        app.before_request(
            lambda seen=seen: seen.append((request.remote_addr or "", request.scheme, request.host))
        )
        found[hops] = app, seen
    return found


@pytest.fixture
def build(made: Any, database: db.Database) -> Any:
    """Return a browser before so many proxies."""
    return lambda hops: (made[hops][0].test_client(), made[hops][1])


LIES = {
    "X-Forwarded-For": "203.0.113.7, 198.51.100.9",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Prefix": "/evil",
    "X-Real-IP": "203.0.113.8",
    "Forwarded": "for=203.0.113.8;host=evil.example",
}


@pytest.mark.parametrize(("hops", "address"), [(0, "127.0.0.1"), (1, "198.51.100.9"), (2, "203.0.113.7")])
def test_the_address_is_the_one_that_the_last_of_so_many_proxies_saw(
    build: Any, hops: int, address: str
) -> None:
    client, seen = build(hops)
    answer = client.get("/en/sign-in", headers=LIES)
    assert answer.status_code == 200
    assert [(seen[-1][0], seen[-1][2])] == [(address, "localhost")]
    assert b"evil" not in answer.data
    assert seen[-1][1] == ("https" if hops == 1 else "http")  # two proxies, and one word about the scheme
    assert not any("evil" in value for _name, value in answer.headers)


@pytest.mark.parametrize("hops", [0, 1])
def test_a_forged_host_is_refused_behind_a_proxy_too(build: Any, hops: int) -> None:
    client, _seen = build(hops)
    for host in ("evil.example", "localhost.evil.example", "localhost@evil.example", "localhost:80@evil", ""):
        answer = client.get("/en/sign-in", headers={**LIES, "Host": host})
        assert answer.status_code == 400, host
        assert b"evil" not in answer.data


@pytest.mark.parametrize(
    "given",
    ["rosa@example.org", "Rosa Neri", "x" * 200, "abc", "DEADBEEF" * 4, "0" * 16 + "\t", "../../../../etc"],
)
def test_the_number_of_a_request_is_ours_unless_a_proxy_made_it(build: Any, given: str) -> None:
    well_formed = "4bf92f3577b34da6a3ce929d0e0e4736"
    with_proxy, without = build(1)[0], build(0)[0]
    assert (
        with_proxy.get("/en/nothing", headers={"X-Request-ID": well_formed}).headers["X-Request-ID"]
        == well_formed
    )
    for client, header in ((without, well_formed), (without, given), (with_proxy, given)):
        answer = client.get("/en/nothing", headers={"X-Request-ID": header})
        made = answer.headers["X-Request-ID"]
        assert made != header
        assert len(made) == 8
        assert made in answer.get_data(as_text=True)  # the reference on the page finds the lines in the log


def test_a_header_shorter_than_the_chain_is_not_believed(build: Any) -> None:
    client, seen = build(2)
    client.get("/en/sign-in", headers={"X-Forwarded-For": "203.0.113.7"})
    assert seen[-1][0] == "127.0.0.1"
