"""The finishing step: streams that end unluckily, header cells, annotations, and always the same bytes."""

from __future__ import annotations

import io
import zlib

import page
import pikepdf
from pikepdf import Array, Dictionary, Name

from portal.documents.finish import finish, page_count
from portal.documents.renderer import Renderer
from tests.documents.conftest import TITLE, body, make_sheet
from tests.documents.gate import assert_valid


def _with_unlucky_stream(pdf: bytes) -> tuple[bytes, bytes]:
    """The PDF with comments added to its page until the packed page ends with a carriage return."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        content = file.pages[0].obj.Contents
        before = content.read_bytes()
        tries = (before + b"\n%" + str(n).encode() for n in range(100_000))
        unlucky = next(each for each in tries if zlib.compress(each).endswith(b"\r"))
        content.write(zlib.compress(unlucky), filter=Name.FlateDecode)
        target = io.BytesIO()
        file.save(target, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
        return target.getvalue(), unlucky


def test_a_stream_that_ends_with_a_carriage_return_is_wrapped_and_keeps_its_content(
    renderer: Renderer,
) -> None:
    faulty, content = _with_unlucky_stream(renderer.render(make_sheet()))
    report = page.validate_pdf_bytes(faulty, profile=page.ValidationProfile.PDF_A_3A)
    assert any("STREAM" in failure.rule_id for failure in report.failures)
    mended = finish(faulty)
    assert_valid(mended, language="it", title=TITLE)
    with pikepdf.open(io.BytesIO(mended)) as file:
        assert file.pages[0].obj.Contents.read_bytes() == content


def test_a_packed_stream_with_parameters_is_wrapped_with_them(renderer: Renderer) -> None:
    with pikepdf.open(io.BytesIO(renderer.render(make_sheet()))) as file:
        # The checksum's last byte is one more than the sum of the bytes.
        raw = zlib.compress(b"\x00\x0c" + bytes(7))
        assert raw.endswith(b"\r")
        picture = pikepdf.Stream(file, b"")
        parameters = Dictionary(Predictor=15, Columns=8, Colors=1, BitsPerComponent=8)
        picture.write(raw, filter=Name.FlateDecode, decode_parms=parameters)
        file.Root.Extra = file.make_indirect(picture)
        wanted = picture.read_bytes()
        target = io.BytesIO()
        file.save(target, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    with pikepdf.open(io.BytesIO(finish(target.getvalue()))) as file:
        assert file.Root.Extra.Filter == Array([Name.ASCII85Decode, Name.FlateDecode])
        assert file.Root.Extra.read_bytes() == wanted


def test_finishing_twice_changes_nothing(renderer: Renderer) -> None:
    once = renderer.render(make_sheet())
    assert finish(once) == once


def test_header_cells_say_what_they_head(renderer: Renderer) -> None:
    with pikepdf.open(io.BytesIO(renderer.render(make_sheet()))) as file:
        scopes = [
            str(item.A.Scope)
            for item in file.objects
            if isinstance(item, Dictionary) and item.get("/S") == "/TH"
        ]
    assert sorted(scopes) == ["/Column", "/Column", "/Row", "/Row"]


def test_pages_are_counted(renderer: Renderer) -> None:
    two = make_sheet(html=body("<p>x</p><p>y</p>"), css="p + p { break-before: page }")
    assert page_count(renderer.render(two)) == 2
