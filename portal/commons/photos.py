"""A picture sent to the portal becomes two small clean ones: nothing of the camera, no bombs."""

from __future__ import annotations

import io
import struct
import warnings
from dataclasses import dataclass

from PIL import ExifTags, Image, ImageFile, ImageOps, UnidentifiedImageError

from portal.errors import Invalid
from portal.words import W

# A phone of today takes 50 million points; more than this is refused before a single one is unpacked.
MOST_PIXELS = 60_000_000
MOST_BYTES = 10 * 1024 * 1024
READABLE = ("JPEG", "PNG", "WEBP")
LARGE_WIDTH, SMALL_WIDTH = 1200, 480
LARGE_BYTES, SMALL_BYTES = 60_000, 15_000
# A picture is made coarser until it is light enough; the last one is taken as it comes.
QUALITIES = (80, 66, 52, 38, 24)
_NO_PICTURE = W("This is no picture we can read. Choose a JPEG, PNG or WebP file.")
_TOO_LARGE = W("This picture is too large. Choose one with at most 60 million points and 10 MB.")


@dataclass(frozen=True, slots=True)
class Picture:
    """The two WebP files of a picture and the size of the large one, in points.

    `had_place` says that the camera had written down where it stood, which is not in them any more.
    """

    large: bytes
    small: bytes
    width: int
    height: int
    had_place: bool = False


def cleaned(content: bytes) -> Picture:
    """Return the picture drawn anew: upright, without position or camera, light enough for a phone.

    Refuses with Invalid what is no picture, what is broken, and what would unpack to too much.
    """
    if len(content) > MOST_BYTES:
        raise Invalid(_TOO_LARGE, field="photo")
    image, had_place = _opened(content)
    large, small = _within(image, LARGE_WIDTH), _within(image, SMALL_WIDTH)
    return Picture(
        _packed(large, LARGE_BYTES), _packed(small, SMALL_BYTES), large.width, large.height, had_place
    )


def _opened(content: bytes) -> tuple[Image.Image, bool]:
    try:
        with warnings.catch_warnings():
            # The library only warns of a bomb that is not twice its own limit; ours is asked below.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            # Half a picture is none; what draws papers lets it pass, wherever it is imported.
            ImageFile.LOAD_TRUNCATED_IMAGES = False
            image = Image.open(io.BytesIO(content), formats=READABLE)
        if image.width * image.height > MOST_PIXELS:
            raise Invalid(_TOO_LARGE, field="photo")
        # A JPEG is unpacked at about the size that is kept, which spares most of the work.
        image.draft("RGB", (LARGE_WIDTH, LARGE_WIDTH))
        return _bare(ImageOps.exif_transpose(image)), _had_place(image)
    except Image.DecompressionBombError as error:
        raise Invalid(_TOO_LARGE, field="photo") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, struct.error) as error:
        raise Invalid(_NO_PICTURE, field="photo") from error


def _had_place(image: Image.Image) -> bool:
    return bool(image.getexif().get_ifd(ExifTags.IFD.GPSInfo))


def _bare(image: Image.Image) -> Image.Image:
    """Return the points alone on white ground; whatever came with them stays behind."""
    if image.has_transparency_data:
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image.convert("RGBA"))
    return Image.frombytes("RGB", image.size, image.convert("RGB").tobytes())


def _within(image: Image.Image, width: int) -> Image.Image:
    if image.width <= width:
        return image
    size = (width, max(1, round(image.height * width / image.width)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _packed(image: Image.Image, most_bytes: int) -> bytes:
    content = b""
    for quality in QUALITIES:
        target = io.BytesIO()
        image.save(target, "WEBP", quality=quality, method=1)
        content = target.getvalue()
        if len(content) <= most_bytes:
            break
    return content
