"""A document that shows a mandate: taken by what it is, never by what its name says."""

from __future__ import annotations

import io
import warnings
import zipfile
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

from portal.errors import Invalid
from portal.words import W

MOST_BYTES = 1_900_000
MOST_PIXELS = 60_000_000
PDF, ODT = "application/pdf", "application/vnd.oasis.opendocument.text"
ENDINGS = {PDF: "pdf", ODT: "odt", "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
_IMAGES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_TOO_LARGE = W("The document may hold 1.9 MB. Scan it in grey, or leave pages out that say nothing of it.")
_UNKNOWN = W("We take PDF, ODT, JPEG, PNG and WebP. This file is none of them, or it is damaged.")


@dataclass(frozen=True, slots=True)
class Document:
    """The bytes to be kept and what they are."""

    content: bytes
    media_type: str


def read(content: bytes) -> Document:
    """Return the document, a picture without what the camera wrote into it. Refuses with Invalid."""
    if len(content) > MOST_BYTES:
        raise Invalid(_TOO_LARGE, field="document")
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]:
        return Document(content, PDF)
    if content.startswith(b"PK\x03\x04"):
        return Document(_text(content), ODT)
    return _image(content)


def _text(content: bytes) -> bytes:
    # The first entry of an ODT says what it is, unpacked (OpenDocument 1.3, part 2, 3.3).
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            first = file.infolist()[0]
            is_text = (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
            is_text = is_text and first.file_size == len(ODT) and file.read(first).decode("ascii") == ODT
            has_text = "content.xml" in file.namelist()
    except (zipfile.BadZipFile, IndexError, UnicodeDecodeError, NotImplementedError, RuntimeError) as error:
        raise Invalid(_UNKNOWN, field="document") from error
    if not (is_text and has_text):
        raise Invalid(_UNKNOWN, field="document")
    return content


def _image(content: bytes) -> Document:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=tuple(_IMAGES))
            if image.width * image.height > MOST_PIXELS:
                raise Invalid(_TOO_LARGE, field="document")
            kind, bare = image.format or "", image.convert("RGB")
    except Image.DecompressionBombError as error:
        raise Invalid(_TOO_LARGE, field="document") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise Invalid(_UNKNOWN, field="document") from error
    target = io.BytesIO()
    # Drawn anew: where the picture was taken is nobody's business.
    Image.frombytes("RGB", bare.size, bare.tobytes()).save(target, kind, quality=85)
    return Document(target.getvalue(), _IMAGES[kind])
