"""The store keeps what it was given, all of it or nothing, and notices damage."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal import crypto
from portal.documents import store as module
from portal.documents.refusals import NotStored, StoreFailed
from portal.documents.store import FolderStore


def _files(store: FolderStore) -> list[Path]:
    return [path for path in store.folder.rglob("*") if path.is_file()]


def test_what_is_put_can_be_opened_under_its_hash(store: FolderStore) -> None:
    file_hash = store.put(b"paper")
    assert file_hash == crypto.sha256_hex(b"paper")
    assert store.read(file_hash) == b"paper"
    with store.open(file_hash) as file:
        assert file.read() == b"paper"


def test_the_same_bytes_are_kept_once(store: FolderStore) -> None:
    assert store.put(b"paper") == store.put(b"paper")
    assert len(_files(store)) == 1


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "g" * 64, "A" * 64, "0" * 64])
def test_what_is_not_there_is_not_there(store: FolderStore, name: str) -> None:
    with pytest.raises(NotStored):
        store.open(name)


def test_a_crash_while_writing_leaves_nothing(store: FolderStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", crash)
    with pytest.raises(StoreFailed):
        store.put(b"paper")
    assert _files(store) == []


def test_bytes_that_come_back_different_are_not_taken_as_kept(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_write", lambda path, _content: _spoil(path))
    with pytest.raises(StoreFailed):
        store.put(b"paper")


def test_damage_is_noticed_when_read_and_mended_when_put_again(store: FolderStore) -> None:
    file_hash = store.put(b"paper")
    _spoil(_files(store)[0])
    with pytest.raises(StoreFailed):
        store.read(file_hash)
    store.put(b"paper")
    assert store.read(file_hash) == b"paper"


def _spoil(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"spoiled")
