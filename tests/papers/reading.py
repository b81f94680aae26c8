"""Reads a finished PDF back: its text, its pictures, its tags and everything that travels inside it."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pikepdf
import pytest

needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
needs_zbar = pytest.mark.skipif(
    shutil.which("zbarimg") is None or shutil.which("pdftoppm") is None,
    reason="zbarimg or pdftoppm is not installed",
)


@dataclass(frozen=True)
class Read:
    """One finished paper, opened."""

    content: bytes

    @cached_property
    def pdf(self) -> pikepdf.Pdf:
        return pikepdf.open(io.BytesIO(self.content))

    @cached_property
    def pages(self) -> list[str]:
        """The text of each page as a person reads it, with line breaks and soft hyphens joined."""
        text = _run(["pdftotext", "-layout", "-", "-"], self.content).decode()
        return text.split("\f")[:-1]

    @cached_property
    def all_bytes(self) -> bytes:
        """Every object of the file, unpacked: content, fonts, metadata, tags and attachments."""
        found = []
        for thing in self.pdf.objects:
            if isinstance(thing, pikepdf.Stream):
                found.append(thing.read_bytes())
            found.append(thing.unparse())
        return b"\n".join(found)

    def tags(self) -> Iterator[tuple[str, Any]]:
        """Give each structure element in reading order, with its role."""
        yield from _walk(self.pdf.Root.StructTreeRoot.K)

    def codes(self, page: int, folder: Path) -> set[str]:
        """Return what the square codes of a page say."""
        picture = folder / "page"
        number = str(page)
        _run(
            ["pdftoppm", "-r", "200", "-f", number, "-l", number, "-png", "-singlefile", "-", str(picture)],
            self.content,
        )
        said = _run(["zbarimg", "--quiet", "--raw", f"{picture}.png"], b"").decode()
        return set(said.split())


def _run(command: list[str], given: bytes) -> bytes:
    return subprocess.run(command, input=given, capture_output=True, check=True, timeout=60).stdout


def _walk(node: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from _walk(child)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield str(node.S).lstrip("/"), node
        if "/K" in node:
            yield from _walk(node.K)


def heading_levels(read: Read) -> list[int]:
    """Return the levels of all headings in reading order."""
    return [int(role[1]) for role, _ in read.tags() if re.fullmatch(r"H[1-6]", role)]
