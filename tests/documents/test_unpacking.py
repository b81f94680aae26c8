"""The faces of the papers are unpacked once, and never taken for one another."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont, TTLibError  # type: ignore[import-untyped]

from portal.documents import fonts, unpacking

ONE = fonts.NEEDED[1].file  # a few hundred letters of Titillium Web
OTHER = fonts.NEEDED[3].file
TRUE_TYPE = b"\x00\x01\x00\x00"


@pytest.fixture
def folder(_typefaces: None, tmp_path: Path) -> Path:
    """A folder with one packed face."""
    shutil.copy(fonts.FOLDER / ONE, tmp_path / ONE)
    return tmp_path


def test_a_face_is_packed_until_it_was_unpacked_and_draws_the_same_letters(folder: Path) -> None:
    packed = unpacking.read(folder, ONE)
    assert packed == (folder / ONE).read_bytes()
    assert len(unpacking.unpack(folder)) == 1
    plain = unpacking.read(folder, ONE)
    assert plain.startswith(TRUE_TYPE)
    before, now = TTFont(io.BytesIO(packed)), TTFont(io.BytesIO(plain))
    assert now.getBestCmap() == before.getBestCmap()
    assert [now["hmtx"][name] for name in now.getGlyphOrder()] == [
        before["hmtx"][name] for name in before.getGlyphOrder()
    ]


def test_a_newer_face_of_the_same_name_is_not_drawn_with_the_older_one(folder: Path) -> None:
    unpacking.unpack(folder)
    newer = (fonts.FOLDER / OTHER).read_bytes()
    (folder / ONE).write_bytes(newer)
    assert unpacking.read(folder, ONE) == newer


def test_what_was_unpacked_is_not_unpacked_again(folder: Path) -> None:
    unpacking.unpack(folder)
    assert unpacking.unpack(folder) == []


def test_a_broken_face_leaves_nothing_that_could_be_taken_for_one(folder: Path) -> None:
    (folder / ONE).write_bytes(b"half of a page that said: no such file")
    with pytest.raises(TTLibError):
        unpacking.unpack(folder)
    assert list((folder / unpacking.KEPT).iterdir()) == []
