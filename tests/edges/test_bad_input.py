"""What no browser sends by itself is refused with a sentence, changes nothing, and breaks nothing."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from config import Config
from portal import db
from portal.app import create_app
from portal.people.models import MailedLink
from portal.web import sign_path
from portal.web.answers import signed_path
from tests.browser import Browser

TYPED = {"name": "Nina Costa", "email": "nina@example.org", "password": "lamp tide oven moss"}
SITE = "http://localhost"


def invitations() -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(MailedLink)) or 0


@pytest.fixture
def form(client: Browser) -> Any:
    """Send the form of joining with these headers; returns the status."""
    client.get("/en/join")
    token = client.token()

    def send(headers: dict[str, str] | None = None, **more: Any) -> int:
        content = {**TYPED, "csrf_token": token, **more}
        return int(client.client.post("/en/join", data=content, headers=headers or {}).status_code)

    return send


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "null"},
        {"Origin": f"{SITE}:8080"},
        {"Origin": "http://evil.localhost"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost@evil.example"},
        {"Origin": "http://[localhost"},
        {"Origin": ""},
        {"Origin": f"{SITE}, https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "anything"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
        {"Referer": "https://evil.example/en/join"},
        {"Referer": "https://localhost.evil.example/"},
        {"Referer": "not an address"},
    ],
)
def test_a_form_from_anywhere_else_is_refused_and_changes_nothing(
    form: Any, headers: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    assert form(headers) == 403
    assert "a form from another site at people" in caplog.text
    assert "evil" not in caplog.text
    assert invitations() == 0


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Referer": f"{SITE}/en/join"},
        {"Origin": SITE, "Referer": "https://proxy.example/"},
        {"Referer": ""},
    ],
)
def test_a_form_from_our_own_page_is_taken(form: Any, headers: dict[str, str]) -> None:
    assert form(headers) == 303


def test_over_tls_a_page_without_it_is_another_site(
    app: Any, form: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "IS_HTTPS", True)
    assert form({"Origin": "http://localhost"}) == 403
    assert form({"Origin": "https://localhost"}) == 303


@pytest.mark.parametrize(
    ("headers", "field"),
    [
        ({"X-HTTP-Method-Override": "POST"}, ""),
        ({"X-HTTP-Method": "DELETE"}, ""),
        ({"X-Method-Override": "PUT"}, ""),
        ({}, "_method"),
    ],
)
def test_a_method_is_what_it_is(client: Browser, headers: dict[str, str], field: str) -> None:
    query = {**TYPED, **({field: "POST"} if field else {})}
    assert client.client.get("/en/join", query_string=query, headers=headers).status_code == 200
    assert invitations() == 0
    for method in ("TRACE", "CONNECT", "PROPFIND", "post", "XYZ"):
        assert client.client.open("/en/join", method=method, data=TYPED).status_code in {400, 404, 405}
    assert invitations() == 0


ODD = ["\x00", "a\x00b", "\ud800", "a\udfffb", "\u202e", "\u0661\u0662", "%", "%ff%fe", "'", "\\", "\x1b[31m"]


@pytest.mark.parametrize("odd", ODD)
def test_odd_characters_in_an_address_break_nothing(client: Browser, odd: str) -> None:
    raw = "".join(f"%{byte:02x}" for byte in odd.encode("utf-8", "surrogatepass"))
    for path in (
        f"/en/{raw}", f"/en/pacts/{raw}", f"/en/proposals/{raw}", f"/en/propose/link/{raw}", f"/en/track/{raw}",
        f"/{raw}/", f"/static/{raw}", f"/en/sign-in?next={raw}", f"/en/pacts?after={raw}&{raw}=1", f"/en/?{raw}",
    ):  # fmt: skip
        answer = client.client.get(path)
        assert answer.status_code in {200, 301, 302, 303, 308, 400, 404}, (path, answer.status_code)
        assert odd not in answer.headers.get("Location", "") or odd.isprintable()
        answer.close()


@pytest.mark.parametrize("odd", ["\x01", "\xff\xfe", "\xed\xa0\x80", "x" * 60_000, "=;;=,", '"', "é" * 100])
def test_odd_cookies_and_headers_break_nothing(client: Browser, odd: str) -> None:
    for name in ("Cookie", "Accept-Language", "User-Agent", "Authorization", "Referer", "If-None-Match", "Range",
                 "If-Modified-Since", "Accept", "Accept-Encoding", "Content-Type", "Sec-Fetch-Site"):  # fmt: skip
        value = f"portal={odd}" if name == "Cookie" else odd
        jar = client.app.test_client(use_cookies=False)
        for path in ("/en/", "/en/account", "/healthz"):
            answer = jar.get(path, headers={name: value})
            assert answer.status_code in {200, 303, 304, 400, 404}, (name, path, answer.status_code)


@pytest.mark.parametrize("odd", ["\x00", "a\x00b", "\ud800", "\u202e\u2066"])
def test_odd_characters_in_a_form_are_refused_or_cleaned(form: Any, odd: str) -> None:
    raw = odd.encode("utf-8", "surrogatepass").decode("latin-1")
    for field in ("name", "email", "password", "csrf_token", "next", "nobody_asked"):
        assert form(None, **{field: TYPED.get(field, "") + odd if odd.isprintable() else raw}) in {
            303,
            400,
            422,
        }, field


def test_a_field_in_halves_of_characters_is_refused(client: Browser) -> None:
    client.get("/en/join")
    token = client.token()
    for half in ("%ed%a0%80", "%ff", "%c0%80", "%00"):
        body = f"csrf_token={token}&name=Nina{half}&email=nina{half}@example.org&password=lamp+tide+oven+moss"
        answer = client.client.post("/en/join", data=body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code in {303, 400, 422}, half
        assert "\ud800" not in answer.get_data(as_text=True)


def test_json_where_a_form_is_wanted_is_no_form(client: Browser) -> None:
    client.get("/en/join")
    for body in (b'{"name": "\\ud800"}', b"{", b"[" * 100_000, b"\xff\xfe", b""):
        for kind in ("application/json", "text/xml", "application/x-yaml", "multipart/form-data", "nonsense"):
            assert client.client.post("/en/join", data=body, content_type=kind).status_code == 400, kind


def test_the_name_of_a_file_is_never_believed(client: Browser) -> None:
    client.get("/en/verify")
    token = client.token()
    for name in (
        "../../etc/passwd",
        "a\x00.pdf",
        "\ud800.pdf",
        "x" * 5_000,
        "",
        "a.pdf\r\nX-Evil: 1",
        "\u202efdp.exe",
    ):
        part = (
            b'--b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n' + token.encode() + b"\r\n"
            b'--b\r\nContent-Disposition: form-data; name="file"; filename="'
            + name.encode("utf-8", "surrogatepass") + b'"\r\n\r\n%PDF-1.7\r\n--b--\r\n'
        )  # fmt: skip
        answer = client.client.post("/en/verify", data=part, content_type="multipart/form-data; boundary=b")
        assert answer.status_code in {200, 400, 422}, repr(name)
        assert "X-Evil" not in answer.headers


def test_too_long_a_query_is_refused(client: Browser) -> None:
    assert client.client.get("/en/pacts?q=" + "x" * 20_000).status_code == 400


def test_what_older_keys_signed_is_still_believed(
    config: Config, database: db.Database, demo_seal: Any
) -> None:
    old, new = "q9Zt4-xW1nKp8Rv3sLd6Mb2Hc7Jf5Gy0", "k3Jx9-vQ2mZr7Lw0pTf5Yb8Nc1Hd4Gs6"
    env = {"PORTAL_DATA_DIR": str(config.data_dir)}
    before = create_app(Config.from_env({**env, "PORTAL_SECRET_KEY": old}))
    after = create_app(Config.from_env({**env, "PORTAL_SECRET_KEY": new, "PORTAL_SECRET_KEY_FALLBACKS": old}))
    browser = Browser(before)
    browser.get("/en/join")
    with before.test_request_context("/en/"):
        signed = sign_path("/en/account")
    moved = after.test_client()
    moved.set_cookie("portal", browser.client.get_cookie("portal").value)
    assert moved.post("/en/join", data={**TYPED, "csrf_token": browser.token()}).status_code == 303
    with after.test_request_context("/en/"):
        assert signed_path(signed) == "/en/account"
        signed = sign_path("/en/account")
    with before.test_request_context("/en/"):
        assert signed_path(signed) is None  # the new key signs
