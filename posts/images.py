"""Pictures at the door: decode for real, turn upright, encode again. What was sent is never what is served.

Re-encoding drops EXIF (with its GPS position), comments and anything hidden behind the picture's end. There is no SVG:
it is a program, not a picture.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from typing import IO, Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from PIL import Image as Pillow
from PIL import ImageOps

from .models import Image

EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "AVIF": "avif", "GIF": "gif"}
UNREADABLE = (
    Pillow.UnidentifiedImageError,
    Pillow.DecompressionBombError,
    Pillow.DecompressionBombWarning,
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    MemoryError,
)


class Picture(NamedTuple):
    content: bytes
    extension: str


def keep(sent: IO[bytes], *, alt: str = "", uploaded_by: Any = None) -> Image:
    """Store a picture and return its row; the one that is there already when the same file was sent before.

    Raises ValidationError, with a sentence for whoever sent it, when it is too large or no picture we take.
    """
    content = sent.read(settings.IMAGE_MAX_BYTES + 1)
    digest = hashlib.sha256(content).hexdigest()
    known = Image.objects.filter(digest=digest).first()
    if known:
        return known
    picture = reencode(content)
    image = Image(alt=alt[:300], digest=digest, uploaded_by=uploaded_by)
    name = f"images/{digest[:2]}/{digest[2:26]}.{picture.extension}"
    image.file.save(name, ContentFile(picture.content), save=False)
    try:
        with transaction.atomic():
            image.save()
    except IntegrityError:  # the same file arrived twice at once
        image.file.delete(save=False)
        return Image.objects.get(digest=digest)
    return image


def reencode(content: bytes) -> Picture:
    """The picture in `content` as clean bytes of the same format. Raises ValidationError."""
    if len(content) > settings.IMAGE_MAX_BYTES:
        limit = settings.IMAGE_MAX_BYTES // (1024 * 1024)
        raise ValidationError(_("This picture is too large. The limit is %(limit)d MB.") % {"limit": limit}, "too_large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Pillow.DecompressionBombWarning)
            return _reencode(io.BytesIO(content))
    except UNREADABLE as error:
        message = _("This file is not a picture that can be read. JPEG, PNG, WebP, AVIF and GIF are taken.")
        raise ValidationError(message, "unreadable") from error


def _reencode(file: IO[bytes]) -> Picture:
    source = Pillow.open(file, formats=list(EXTENSIONS))
    if source.width * source.height > settings.IMAGE_MAX_PIXELS:
        limit = settings.IMAGE_MAX_PIXELS // 1_000_000
        raise ValidationError(
            _("This picture has too many pixels. The limit is %(limit)d megapixels.") % {"limit": limit}, "too_large"
        )
    extension = str(source.format)
    animated = getattr(source, "n_frames", 1) > 1
    options: dict[str, Any] = {"icc_profile": source.info.get("icc_profile")}
    if animated:
        options["save_all"] = True
        picture = source
    else:
        picture = ImageOps.exif_transpose(source)
    if extension == "JPEG":
        picture = picture if picture.mode in {"RGB", "L"} else picture.convert("RGB")
        options |= {"quality": 88, "optimize": True, "progressive": True}
    out = io.BytesIO()
    picture.info.pop("exif", None)
    picture.save(out, extension, exif=b"", **options) if extension in {"JPEG", "WEBP", "AVIF", "PNG"} else picture.save(
        out, extension, **options
    )
    return Picture(out.getvalue(), EXTENSIONS[extension])
