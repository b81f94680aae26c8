"""Checking a paper by its code, by a hash or by the file, whatever the file is."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pytest

from portal import clock
from portal.documents.seal import DEMO_PASSPHRASE, Sealer, make_demo_certificate
from tests.browser import Browser


def _pdf(title: str = "Foreign") -> bytes:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.docinfo["/Title"] = title
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def _send(client: Browser, content: bytes, name: str = "paper.pdf", **more: Any) -> int:
    client.get("/en/verify")
    answer = client.post("/en/verify", {"file": (io.BytesIO(content), name), **more})
    return int(answer.status_code)


def test_a_paper_is_found_by_its_code_however_it_is_typed(client: Browser, issued: Any) -> None:
    paper, _ = issued
    for typed in (paper.code, paper.code.lower(), f" {paper.code[:5]}-{paper.code[5:]} "):
        client.get("/en/verify")
        assert client.post("/en/verify", {"code": typed}).status_code == 200
        assert "This paper exists" in client.page
    for path in (f"/en/verify?code={paper.code}", f"/en/verify/{paper.code}", f"/verify/{paper.code}"):
        assert client.get(path).status_code == 200
        assert paper.file_hash in client.page


@pytest.mark.parametrize("which", ["content_hash", "file_hash", "unsigned_hash"])
def test_a_paper_is_found_by_its_hashes(client: Browser, issued: Any, which: str) -> None:
    paper, _ = issued
    assert client.get(f"/en/verify?code={getattr(paper, which).upper()}").status_code == 200
    assert "This paper exists" in client.page


def test_a_code_of_no_paper_is_said_to_be_none(client: Browser) -> None:
    for code in ("AAAAAAAAAA", "a" * 64, "x"):
        assert client.get(f"/en/verify?code={code}").status_code == 404
        assert "Not found" in client.page


def test_a_code_that_is_no_code_is_answered(client: Browser) -> None:
    for code in ("%00", "%0d%0a", "<script>", "é" * 50, "9" * 6000):
        assert client.get(f"/en/verify?code={code}").status_code in {400, 404}


def test_a_genuine_file_is_said_to_be_intact(client: Browser, issued: Any) -> None:
    paper, content = issued
    assert _send(client, content) == 200
    assert "Genuine and intact" in client.page
    assert paper.content_hash in client.page
    assert "Rosa Neri" not in client.page


def test_the_check_names_the_pact_and_the_entries_of_the_record(
    client: Browser, issued: Any, world: Any
) -> None:
    _send(client, issued[1])
    assert "Patto in_force" in client.page
    assert f"/en/pacts/{world.codes['in_force']}" in client.parsed.links


def test_a_file_changed_after_its_seal_is_said_to_be_changed(client: Browser, issued: Any) -> None:
    content = bytearray(issued[1])
    place = content.find(b"MediaBox") + 2
    content[place] ^= 1
    assert _send(client, bytes(content)) == 200
    assert "Genuine" not in client.page
    assert "Do not rely on it" in client.page


def test_a_file_with_something_added_after_its_seal_is_said_to_be_changed(
    client: Browser, issued: Any
) -> None:
    for added in (b"\n", b"\n% harmless\n", issued[1]):
        assert _send(client, issued[1] + added) == 200
        assert "Genuine" not in client.page
        assert "Do not rely on it" in client.page


def test_a_foreign_paper_is_said_to_be_foreign(client: Browser) -> None:
    assert _send(client, _pdf()) == 200
    assert "Not issued by the city" in client.page


def test_another_citys_seal_is_not_ours(client: Browser, tmp_path: Any) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    other = Sealer(make_demo_certificate(folder, city="Elsewhere"), DEMO_PASSPHRASE)
    assert _send(client, other.seal(_pdf(), clock.real())) == 200
    assert "Not issued by the city" in client.page


def test_our_seal_on_a_file_the_store_does_not_know_is_said_to_be_odd(client: Browser, sealing: Any) -> None:
    assert _send(client, sealing.seal(_pdf("Never issued"), clock.real())) == 200
    assert "Sealed, but not known here" in client.page


@pytest.mark.parametrize(
    "content",
    [b"hello", b"%PDF-1.7", b"\0" * 1000, b"PK\x03\x04zip", b"%PDF-1.7\n/ByteRange [0 1 2 3]\n%%EOF"],
)
def test_what_is_no_pdf_is_answered_kindly(client: Browser, content: bytes) -> None:
    assert _send(client, content, "notes.txt") == 200
    assert "Do not rely on it" in client.page


def test_an_empty_file_or_nothing_at_all_asks_again(client: Browser) -> None:
    assert _send(client, b"") == 422
    client.get("/en/verify")
    assert client.post("/en/verify", {}).status_code == 422
    assert "Type a code or choose a file" in client.page


def test_a_file_of_three_megabytes_is_refused_with_a_sentence(client: Browser) -> None:
    client.get("/en/verify")
    part = 'Content-Disposition: form-data; name="file"; filename="big.pdf"'
    body = f"--b\r\n{part}\r\n\r\n{'x' * 3 * 1024 * 1024}\r\n--b--\r\n".encode()
    answer = client._keep(
        client.client.post("/en/verify", data=body, content_type="multipart/form-data; boundary=b")
    )
    assert answer.status_code == 413
    assert "2 MB" in client.page


def test_checking_keeps_nothing(client: Browser, issued: Any) -> None:
    from sqlalchemy import func, select

    from portal import db
    from portal.documents.models import Paper
    from portal.record import Act

    def amounts() -> tuple[int, int]:
        with db.reading() as session:
            count = select(func.count())
            return session.scalar(count.select_from(Paper)), session.scalar(count.select_from(Act))

    before = amounts()
    _send(client, _pdf())
    _send(client, issued[1])
    assert amounts() == before
