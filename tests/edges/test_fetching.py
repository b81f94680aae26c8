"""The guarded client asks only whom an administrator named, and takes only a small text from them."""

from __future__ import annotations

import contextlib
import datetime as dt
import http.server
import ipaddress
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from config import Config, ConfigError
from portal.web.fetching import MOST_BYTES, Guarded, NotFetched, is_public

HOST = "code.example.org"
SENTENCE = "We could not open that address. You can go on; we check again later."
ANSWERS: dict[str, Callable[[Any], None]] = {}


def answer(path: str) -> Callable[[Callable[[Any], None]], None]:
    def keep(made: Callable[[Any], None]) -> None:
        ANSWERS[path] = made

    return keep


def send(to: Any, body: bytes, *, status: int = 200, kind: str = "text/plain", **headers: str) -> None:
    to.send_response(status)
    for name, value in {"Content-Type": kind, **headers}.items():
        to.send_header(name.replace("_", "-"), value)
    to.end_headers()
    to.wfile.write(body)


ANSWERS["/good.yml"] = lambda to: send(to, b"name: Tool\n")
ANSWERS["/html"] = lambda to: send(to, b"<p>name: Tool</p>", kind="text/html")
ANSWERS["/moved"] = lambda to: send(to, b"", status=302, Location="https://code.example.org/good.yml")
ANSWERS["/gone"] = lambda to: send(to, b"", status=404)
ANSWERS["/large"] = lambda to: send(to, b"x" * (MOST_BYTES + 1))
ANSWERS["/packed"] = lambda to: send(to, b"x", Content_Encoding="gzip")
ANSWERS["/cut-short"] = lambda to: send(to, b"name: T", Content_Length="900")
ANSWERS["/broken"] = lambda to: to.wfile.write(b"\x00\x01\x02\r\n\r\n")


@answer("/dripping")
def _drip(to: Any) -> None:
    to.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for _ in range(100):
        to.wfile.write(b"X-Slow: yes\r\n")
        to.wfile.flush()
        time.sleep(0.05)


class Page(http.server.BaseHTTPRequestHandler):
    asked: list[str] = []  # noqa: RUF012 - the server makes a new one for each question

    def do_GET(self) -> None:
        Page.asked.append(self.path)
        with contextlib.suppress(OSError):  # the other side has had enough
            ANSWERS[self.path](self)
        self.close_connection = True

    def log_message(self, *_more: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)]),
    )
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture(scope="module")
def port(certificate: Path) -> Iterator[int]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_more: None  # type: ignore[method-assign] - handshakes are broken off on purpose
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def guarded(port: int, certificate: Path) -> Guarded:
    trusting = ssl.create_default_context(cafile=str(certificate))
    return Guarded(
        frozenset({HOST}),
        resolve=lambda _host: ["127.0.0.1"],
        may_reach=lambda address: address == "127.0.0.1",
        port=port,
        context=trusting,
        seconds=0.7,
    )


def changed(guarded: Guarded, **rules: Any) -> Guarded:
    return Guarded(**{**{name: getattr(guarded, name) for name in guarded.__dataclass_fields__}, **rules})


def test_a_small_text_of_a_named_host_is_fetched(guarded: Guarded) -> None:
    assert guarded.text(f"https://{HOST}/good.yml") == b"name: Tool\n"
    assert guarded.opens(f"https://{HOST}/html")
    assert not guarded.opens(f"https://{HOST}/gone")


@pytest.mark.parametrize(
    "path", ["html", "moved", "gone", "large", "packed", "cut-short", "broken", "dripping"]
)
def test_anything_else_is_not_taken(guarded: Guarded, path: str) -> None:
    began = time.monotonic()
    with pytest.raises(NotFetched, match="We could not open that address"):
        guarded.text(f"https://{HOST}/{path}")
    assert time.monotonic() - began < 3


def test_a_redirect_is_not_followed(guarded: Guarded) -> None:
    Page.asked.clear()
    assert not guarded.opens(f"https://{HOST}/moved")
    assert Page.asked == ["/moved"]


@pytest.mark.parametrize(
    "address",
    [
        "http://code.example.org/good.yml",
        "https://other.example.org/good.yml",
        "https://code.example.org.evil.example/good.yml",
        "https://code.example.org@127.0.0.1/good.yml",
        "https://rosa:secret@code.example.org/good.yml",
        "https://code.example.org:8443/good.yml",
        "https://127.0.0.1/good.yml",
        "https://[::1]/good.yml",
        "file:///etc/passwd",
        "https://",
        "https://code.example.org:99999/",
        "",
    ],
)
def test_nobody_else_is_asked(guarded: Guarded, address: str) -> None:
    Page.asked.clear()
    with pytest.raises(NotFetched):
        guarded.text(address)
    assert not Page.asked


def test_with_no_host_named_nobody_is_asked(guarded: Guarded) -> None:
    with pytest.raises(NotFetched):
        changed(guarded, hosts=frozenset()).text(f"https://{HOST}/good.yml")


def test_a_name_that_leads_within_is_refused_and_never_connected(guarded: Guarded) -> None:
    Page.asked.clear()
    for found in (["127.0.0.1"], ["93.184.215.14", "10.0.0.1"], [], ["::ffff:127.0.0.1"]):
        inner = changed(guarded, may_reach=is_public, resolve=lambda _host, found=found: found)
        with pytest.raises(NotFetched):
            inner.text(f"https://{HOST}/good.yml")
    assert not Page.asked


def test_the_address_that_was_checked_is_the_one_that_is_asked(guarded: Guarded) -> None:
    answers = iter([["127.0.0.1"], ["203.0.113.9"]])
    assert changed(guarded, resolve=lambda _host: next(answers)).text(f"https://{HOST}/good.yml")
    assert next(answers) == ["203.0.113.9"]


def test_a_certificate_of_somebody_else_is_not_believed(guarded: Guarded) -> None:
    with pytest.raises(NotFetched):
        changed(guarded, context=ssl.create_default_context()).text(f"https://{HOST}/good.yml")
    with pytest.raises(NotFetched):
        changed(guarded, hosts=frozenset({"other.example.org"})).text("https://other.example.org/good.yml")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
        ("ff02::1", False),
    ],
)
def test_only_the_internet_is_public(address: str, public: bool) -> None:
    assert is_public(address) == public
    assert ipaddress.ip_address(address.partition("%")[0])


@pytest.mark.parametrize(
    "typed", ["127.0.0.1", "localhost", "https://code.example.org", "code.example.org/x", "a b"]
)
def test_a_host_that_is_no_name_stops_the_start(typed: str) -> None:
    with pytest.raises(ConfigError, match="FETCH_HOSTS"):
        Config.from_env({"PORTAL_FETCH_HOSTS": typed})


def test_hosts_are_named_in_the_configuration() -> None:
    named = Config.from_env({"PORTAL_FETCH_HOSTS": "Code.Example.org, github.com"})
    assert named.fetch_hosts == ("code.example.org", "github.com")
    assert Config.from_env({}).fetch_hosts == ()
