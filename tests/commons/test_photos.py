"""Pictures of shared things: drawn anew, described, refused where they are none, served to everybody."""

from __future__ import annotations

import io
import zlib
from struct import pack
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from portal import db
from portal.commons import actions, queries
from portal.commons.actions import Described, Listing
from portal.commons.photos import LARGE_BYTES, SMALL_BYTES, cleaned
from portal.documents.store import FolderStore
from portal.errors import Invalid, NotAllowed
from portal.policy import SYSTEM, VISITOR
from portal.record import Act
from tests.browser import Browser
from tests.conftest import Cast

GPS_BLOCK, ORIENTATION, MAKE = 0x8825, 0x0112, 0x010F
TOLD = Described("Un prato con tre alberi e una panchina rossa.", "it", "Comune di Bologna")


def _jpeg(size: tuple[int, int] = (1600, 900), **told: Any) -> bytes:
    target = io.BytesIO()
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    image.putpixel((0, 0), (255, 0, 0))
    image.save(target, "JPEG", quality=90, **told)
    return target.getvalue()


def _with_position() -> bytes:
    exif = Image.Exif()
    exif[MAKE], exif[ORIENTATION] = "Fotocamera segreta", 6
    exif.get_ifd(GPS_BLOCK).update({1: "N", 2: (44.0, 29.0, 53.0), 3: "E", 4: (11.0, 23.0, 6.0)})
    return _jpeg(exif=exif)


def _bomb() -> bytes:
    """Return a PNG of 13,000 by 13,000 points in some twenty kilobytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return pack(">I", len(body)) + kind + body + pack(">I", zlib.crc32(kind + body))

    side = 13_000
    rows = zlib.compress(bytes((side // 8 + 1) * side), 9)
    head = pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.fixture
def store(tmp_path: Any) -> FolderStore:
    return FolderStore(tmp_path / "pictures")


def _listed(by: Any) -> Any:
    with db.writing():
        return actions.list_it(Listing("place", "Giardino"), by=by)


def test_the_place_and_the_camera_are_gone_and_the_picture_stands_upright() -> None:
    sent = _with_position()
    assert b"Fotocamera" in sent
    made = cleaned(sent)
    for content in (made.large, made.small):
        shown = Image.open(io.BytesIO(content))
        assert not dict(shown.getexif())
        assert b"Fotocamera" not in content
        assert b"EXIF" not in content
    assert made.height > made.width, "turned as the camera was held"
    assert len(made.large) <= LARGE_BYTES
    assert len(made.small) <= SMALL_BYTES


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    sent = _bomb()
    assert len(sent) < 30_000
    with pytest.raises(Invalid, match="too large"):
        cleaned(sent)


@pytest.mark.parametrize(
    "sent", [b"", b"Io sono un testo, non una foto.jpg\n" * 40, b"<svg xmlns='x'/>", _jpeg()[:900]]
)
def test_what_is_no_picture_is_refused_with_a_sentence(sent: bytes) -> None:
    with pytest.raises(Invalid, match="no picture we can read"):
        cleaned(sent)


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "1", "LA", "I;16", "CMYK"])
def test_every_kind_of_point_becomes_a_plain_picture(mode: str) -> None:
    target = io.BytesIO()
    Image.new(mode, (300, 200)).save(target, "JPEG" if mode == "CMYK" else "PNG")
    assert cleaned(target.getvalue()).width == 300


def test_a_picture_without_a_description_is_refused(both: Any, cast: Cast, store: FolderStore) -> None:
    commons = _listed(cast.giulia)
    for told in (Described("  "), Described("x" * 301), Described("Un prato", credit="x" * 121)):
        with db.writing(), pytest.raises(Invalid):
            actions.add_photo(commons, _jpeg(), told, store=store, by=cast.giulia)
    assert not store.folder.exists()


def test_pictures_are_counted_remembered_and_found(both: Any, cast: Cast, store: FolderStore) -> None:
    commons = _listed(cast.giulia)
    for by in (cast.giulia, SYSTEM):
        with db.writing():
            actions.add_photo(commons, _jpeg(), TOLD, store=store, by=by)
    with db.reading() as session:
        found = session.scalars(queries.photos(commons.id)).all()
        assert [(one.position, one.width, one.height) for one in found] == [(1, 1200, 675), (2, 1200, 675)]
        first = session.execute(queries.page(kind="", district="", before=0, limit=2)).one()
        assert (first[0].id, first[1].alternative) == (commons.id, TOLD.alternative)
        acts = session.scalars(select(Act).where(Act.verb == "commons:photo_added")).all()
    assert store.read(found[0].file_hash)[:4] == b"RIFF"
    assert {act.facts["position"] for act in acts} == {1, 2}
    assert all("panchina" not in str(act.facts) for act in acts)


def test_only_an_officer_adds_a_picture(database: Any, cast: Cast, store: FolderStore) -> None:
    commons = _listed(cast.giulia)
    for who in (VISITOR, cast.eve, cast.rosa, cast.tina):
        with db.writing(), pytest.raises(NotAllowed):
            actions.add_photo(commons, _jpeg(), TOLD, store=store, by=who)
    assert not store.folder.exists()


def test_a_picture_is_sent_for_good_while_its_commons_is_listed(
    client: Browser, app: Any, cast: Cast
) -> None:
    commons = _listed(cast.giulia)
    with db.writing():
        photo = actions.add_photo(commons, _jpeg(), TOLD, store=app.extensions["store"], by=SYSTEM)
    http = client.client
    answer = http.get(f"/files/photo-{photo.id}/small.webp")
    assert (answer.status_code, answer.mimetype) == (200, "image/webp")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
    again = http.get(f"/files/photo-{photo.id}/small.webp", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    for gone in ("photo-999/small.webp", f"photo-{photo.id}/huge.webp", f"photo-{photo.id}/small.png"):
        assert http.get(f"/files/{gone}").status_code == 404
    with db.writing() as session:
        from portal import clock

        session.merge(commons).withdrawn_at = clock.now()
    assert http.get(f"/files/photo-{photo.id}/large.webp").status_code == 404
