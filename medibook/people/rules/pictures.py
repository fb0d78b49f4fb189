"""Portraits: whatever somebody sends becomes a small, plain picture of ours, or is refused."""

import io
import warnings
from dataclasses import dataclass
from threading import BoundedSemaphore

from PIL import Image, ImageOps

from medibook.people.rules.refusals import UnfitPicture

MOST_BYTES = 5 * 1024 * 1024
# A small file may unfold into gigabytes, so this is judged before anything is decoded. A JPEG is
# decoded at a fraction of its size; the others stand in memory whole.
_MOST_PIXELS = {"JPEG": 40_000_000, "PNG": 12_000_000, "WEBP": 12_000_000}
# Six large pictures at once took two and a half gigabytes: they are drawn one after the other.
_AT_ONCE = BoundedSemaphore(1)
_EDGE = 512
# Judged by the first bytes, never by a name or a claimed type, which anybody can choose.
_MAGIC = {"JPEG": b"\xff\xd8\xff", "PNG": b"\x89PNG\r\n\x1a\n", "WEBP": b"RIFF"}


@dataclass(frozen=True, slots=True)
class Portrait:
    """A picture as we keep it."""

    media_type: str
    content: bytes


def portrait(content: bytes) -> Portrait:
    """Return the picture anew: upright, at most 512 px, WebP, without the camera's metadata.

    Takes tens of milliseconds for a large photograph. Raises UnfitPicture for everything else.
    """
    kind = next((kind for kind, magic in _MAGIC.items() if content.startswith(magic)), None)
    if kind is None or len(content) > MOST_BYTES:
        raise UnfitPicture
    try:
        with _AT_ONCE, warnings.catch_warnings():
            warnings.simplefilter("error")  # Pillow only warns of a decompression bomb
            return _redrawn(content, kind)
    except UnfitPicture:
        raise
    except Exception as error:  # decoders of hostile files fail in any way they like
        raise UnfitPicture from error


def _redrawn(content: bytes, kind: str) -> Portrait:
    with Image.open(io.BytesIO(content), formats=[kind]) as picture:
        if picture.width * picture.height > _MOST_PIXELS[kind] or min(picture.size) < 1:
            raise UnfitPicture
        picture.draft("RGB", (_EDGE, _EDGE))  # a JPEG is decoded at a fraction of its size
        picture.thumbnail((_EDGE, _EDGE))  # before it is turned: turning copies every pixel
        upright = ImageOps.exif_transpose(picture)
        plain = Image.new("RGB", upright.size, "white")
        seen = upright.convert("RGBA")
        plain.paste(seen, mask=seen.getchannel("A"))
    target = io.BytesIO()
    plain.save(target, "WEBP", quality=82, method=4)
    return Portrait("image/webp", target.getvalue())
