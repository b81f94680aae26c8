"""A seal holds, shows every change, and its absence is never passed over in silence."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import tsp
from pyhanko.sign.signers.pdf_cms import SimpleSigner
from pyhanko.sign.timestamps import DummyTimeStamper

from portal.documents.refusals import NoCertificate, SealFailed
from portal.documents.renderer import Renderer
from portal.documents.seal import DEMO_PASSPHRASE, Sealer, SealReport, inspect, make_demo_certificate
from tests.documents.conftest import AT, TITLE, make_sheet
from tests.documents.gate import assert_valid

STAMPED_AT = AT + timedelta(seconds=3)


@pytest.fixture(scope="module")
def drawn(renderer: Renderer) -> bytes:
    return renderer.render(make_sheet())


@pytest.fixture(scope="module")
def sealed(drawn: bytes, demo_certificate: Path) -> bytes:
    return Sealer(demo_certificate, DEMO_PASSPHRASE).seal(drawn, AT)


def test_a_sealed_paper_is_intact_whole_and_ours(sealed: bytes, sealer: Sealer) -> None:
    report = inspect(sealed, sealer=sealer)
    assert report == SealReport(
        is_sealed=True,
        is_intact=True,
        covers_whole_file=True,
        is_ours=True,
        signer="Demonstration city: demonstration seal, not valid",
        sealed_at=AT,
    )


def test_a_sealed_paper_is_still_valid_and_starts_with_the_drawn_one(drawn: bytes, sealed: bytes) -> None:
    assert_valid(sealed, language="it", title=TITLE, sealed=True)
    assert sealed.startswith(drawn)


def test_a_changed_byte_breaks_the_seal(sealed: bytes) -> None:
    changed = bytearray(sealed)
    changed[len(changed) // 4] ^= 1
    assert not inspect(bytes(changed)).is_intact


def test_something_added_behind_the_seal_breaks_it(sealed: bytes) -> None:
    with pikepdf.open(io.BytesIO(sealed)) as file:
        file.docinfo["/Title"] = "Another title"
        target = io.BytesIO()
        file.save(target)
    for changed in (sealed + b"\n% more\n", target.getvalue()):
        report = inspect(changed)
        assert report.is_sealed
        assert not report.is_intact


def test_what_is_not_sealed_is_said_not_to_be(drawn: bytes) -> None:
    assert inspect(drawn) == inspect(b"no PDF at all") == inspect(b"") == SealReport(is_sealed=False)


def test_somebody_elses_seal_is_not_ours(drawn: bytes, sealer: Sealer, tmp_path: Path) -> None:
    stranger = Sealer(make_demo_certificate(tmp_path, city="Elsewhere"), DEMO_PASSPHRASE)
    report = inspect(stranger.seal(drawn, AT), sealer=sealer)
    assert report.is_intact
    assert not report.is_ours


def test_without_a_usable_certificate_nothing_is_sealed(demo_certificate: Path, tmp_path: Path) -> None:
    garbage = tmp_path / "garbage.p12"
    garbage.write_bytes(b"garbage")
    for sealer in (
        Sealer(None, ""),
        Sealer(tmp_path / "absent.p12", ""),
        Sealer(garbage, ""),
        Sealer(demo_certificate, "wrong"),
    ):
        with pytest.raises(NoCertificate):
            sealer.check()
        with pytest.raises(NoCertificate):
            sealer.seal(b"%PDF-1.7", AT)


def test_an_expired_certificate_seals_nothing(sealer: Sealer, drawn: bytes) -> None:
    with pytest.raises(NoCertificate):
        sealer.seal(drawn, datetime(2126, 1, 1, tzinfo=UTC))


@pytest.fixture
def time_stamps(demo_certificate: Path) -> Iterator[str]:
    """The address of a time stamp service (RFC 3161) on this machine."""
    signer = SimpleSigner.load_pkcs12_data(demo_certificate.read_bytes(), [], DEMO_PASSPHRASE.encode())
    clerk = DummyTimeStamper(signer.signing_cert, signer.signing_key, fixed_dt=STAMPED_AT)

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(asyncio.run(clerk.async_request_tsa_response(asked)).dump())

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_a_time_stamped_seal_shows_the_services_instant(
    demo_certificate: Path, drawn: bytes, time_stamps: str
) -> None:
    sealed = Sealer(demo_certificate, DEMO_PASSPHRASE, tsa_url=time_stamps).seal(drawn, AT)
    assert_valid(sealed, language="it", title=TITLE, sealed=True)
    report = inspect(sealed)
    assert report.is_intact
    assert report.is_time_stamped
    assert report.sealed_at == STAMPED_AT


def test_without_its_time_stamp_a_paper_is_not_sealed(demo_certificate: Path, drawn: bytes) -> None:
    with pytest.raises(SealFailed):
        Sealer(demo_certificate, DEMO_PASSPHRASE, tsa_url="http://127.0.0.1:9/").seal(drawn, AT)


def test_what_is_no_pdf_cannot_be_sealed(sealer: Sealer) -> None:
    with pytest.raises(SealFailed):
        sealer.seal(b"no PDF", AT)


def test_the_demonstration_certificate_is_kept_and_private(tmp_path: Path) -> None:
    first = make_demo_certificate(tmp_path)
    before = first.read_bytes()
    assert make_demo_certificate(tmp_path).read_bytes() == before
    assert first.stat().st_mode & 0o077 == 0
