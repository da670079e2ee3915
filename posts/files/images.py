"""Pictures at the door: decode for real, turn upright, encode again. What was sent is never what is served.

Encoding again drops EXIF (with its GPS position), comments, and anything hidden behind the picture's end. There is no
SVG: it is a program, not a picture.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from typing import IO, Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image as Pillow
from PIL import ImageOps, ImageSequence

from ..models import Image
from . import renditions, storing
from .unreadable import BOMBS, UNREADABLE

EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "AVIF": "avif", "GIF": "gif"}
# For the `accept` of a file input.
MEDIA_TYPES = ",".join(f"image/{kind.lower()}" for kind in EXTENSIONS)

# All frames of an animation are in memory at once.
ANIMATION_ALLOWANCE = 2


class Picture(NamedTuple):
    content: bytes
    extension: str
    moves: bool


def keep(sent: IO[bytes], *, alt: str = "", uploaded_by: Any = None) -> Image:
    """Store a picture and return its row; the one that is there already when the same file was sent before.

    Raises ValidationError, with a sentence for whoever sent it, when it is too large or no picture we take.
    """
    content = read(sent)
    digest = hashlib.sha256(content).hexdigest()
    known = Image.objects.filter(digest=digest).first()
    if known:
        return known
    picture = encoded_again(content)
    image = Image(alt=alt[:300], digest=digest, moves=picture.moves, uploaded_by=uploaded_by)
    name = name_of(digest, picture)
    kept = storing.store(image, name, ContentFile(picture.content, name))
    if kept is image:
        transaction.on_commit(lambda: renditions.request(image))
    return kept


def address(sent: IO[bytes]) -> str:
    """The address that `keep` would give this picture. Nothing is stored. Raises ValidationError as `keep` does."""
    content = read(sent)
    digest = hashlib.sha256(content).hexdigest()
    known = Image.objects.filter(digest=digest).first()
    return known.file.url if known else default_storage.url(name_of(digest, encoded_again(content)))


def read(sent: IO[bytes]) -> bytes:
    """The whole of a file. Raises ValidationError when it is larger than we take."""
    content = sent.read(settings.IMAGE_MAX_BYTES + 1)
    if len(content) > settings.IMAGE_MAX_BYTES:
        limit = settings.IMAGE_MAX_BYTES // (1024 * 1024)
        raise ValidationError(
            _("This picture is too large. The limit is %(limit)d MB.") % {"limit": limit}, "too_large"
        )
    return content


def name_of(digest: str, picture: Picture) -> str:
    return storing.name_of("images", digest, picture.extension)


def encoded_again(content: bytes) -> Picture:
    """The picture in `content`, upright and without metadata, in the same format. Raises ValidationError."""
    try:
        source = Pillow.open(io.BytesIO(content), formats=list(EXTENSIONS))
        # Many telephones put a second picture behind the JPEG; Pillow then speaks of MPO.
        kind = "JPEG" if source.format == "MPO" else str(source.format)
        frames = 1 if kind == "JPEG" else getattr(source, "n_frames", 1)
        refuse_bombs(source, frames)
        out = io.BytesIO()
        picture, options = still(source, kind) if frames == 1 else animation(source)
        # Said outright: some encoders would otherwise take them over from the source.
        picture.save(out, kind, exif=b"", xmp=b"", comment=b"", **options)
    except BOMBS as error:
        raise too_many_pixels(settings.IMAGE_MAX_PIXELS) from error
    except UNREADABLE as error:
        message = _("This file is not a picture that can be read. JPEG, PNG, WebP, AVIF and GIF are taken.")
        raise ValidationError(message, "unreadable") from error
    return Picture(out.getvalue(), EXTENSIONS[kind], moves=frames > 1)


def refuse_bombs(source: Pillow.Image, frames: int) -> None:
    """Raise ValidationError for a small file that would fill the memory; only its header has been read so far."""
    allowance = settings.IMAGE_MAX_PIXELS * (1 if frames == 1 else ANIMATION_ALLOWANCE)
    if source.width * source.height * frames > allowance:
        raise too_many_pixels(allowance)


def too_many_pixels(allowance: int) -> ValidationError:
    message = _("This picture has too many pixels. The limit is %(limit)d megapixels.")
    return ValidationError(message % {"limit": allowance // 1_000_000}, "too_large")


def still(source: Pillow.Image, kind: str) -> tuple[Pillow.Image, dict[str, Any]]:
    """A picture of one frame, and the options to save it with."""
    picture = ImageOps.exif_transpose(source)
    options = {"icc_profile": picture.info.get("icc_profile")}
    if kind == "JPEG":
        options |= {"quality": 88, "optimize": True, "progressive": True}
        if picture.mode not in {"RGB", "L"}:
            picture = picture.convert("RGB")
            # It described the inks of the old mode.
            options["icc_profile"] = None
    return picture, options


def animation(source: Pillow.Image) -> tuple[Pillow.Image, dict[str, Any]]:
    """A picture that moves, and the options to save it with: each frame as long as before."""
    options: dict[str, Any] = {"save_all": True, "duration": list(durations(source))}
    source.seek(0)
    if "loop" in source.info:
        options["loop"] = source.info["loop"]
    return source, options


def durations(source: Pillow.Image) -> Iterator[int]:
    """How long each frame is shown, in milliseconds."""
    for frame in ImageSequence.Iterator(source):
        frame.load()  # WebP knows only then
        yield frame.info.get("duration", 100)
