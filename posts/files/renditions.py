"""Smaller copies of the pictures, in formats that weigh less than JPEG and PNG.

Encoding takes seconds, so that it is a task after the upload. Until a copy is there, and where it got lost, its address
leads to the picture itself, and asking for it has it made.
"""

from __future__ import annotations

import io
import logging
import re
from pathlib import Path

from django.core.files.storage import default_storage
from django.tasks import task
from PIL import Image as Pillow

from .. import hints
from ..models import Image
from ..models.image import RENDITION_FORMATS
from .storing import write_whole
from .unreadable import UNREADABLE

logger = logging.getLogger(__name__)

# Measured: as near to the original as each other, and a fifth of its weight at half of its width.
ENCODING = {"avif": {"quality": 50, "speed": 6}, "webp": {"quality": 78, "method": 4}}
# A picture that is asked for by a thousand readers at once is made once, and one that cannot be made not all the time.
SECONDS_BETWEEN_REQUESTS = 60

_NAME = re.compile(rf"(images/[0-9a-f]{{2}}/[0-9a-f]{{1,64}})-\d{{1,5}}\.(?:{'|'.join(RENDITION_FORMATS)})")


def image_of(name: str) -> Image | None:
    """The picture that has a rendition of this name."""
    found = _NAME.fullmatch(name)
    if not found:
        return None
    image = Image.objects.filter(file__startswith=f"{found[1]}.").first()
    return image if image and name in image.rendition_names else None


def request(image: Image) -> None:
    """Have the renditions made that are missing, soon."""
    if image.rendition_widths and hints.is_first(f"renditions:{image.pk}", SECONDS_BETWEEN_REQUESTS):
        make_missing.enqueue(image.pk)


@task
def make_missing(image_id: int) -> None:
    image = Image.objects.filter(pk=image_id).first()
    if image:
        make(image)


def make(image: Image) -> int:
    """Make the renditions that are missing; return how many.

    None of a picture whose file cannot be read any more, which is logged: readers are led to the file anyway.
    """
    missing = [name for name in image.rendition_names if not default_storage.exists(name)]
    if not missing:
        return 0
    try:
        with default_storage.open(str(image.file)) as file, Pillow.open(file) as source:
            return _encode(image, source, set(missing))
    except UNREADABLE as error:
        logger.warning("No renditions of %s can be made: %r", image.file.name, error)
        return 0


def remove(image: Image) -> None:
    """Delete the file of a picture, and those of its renditions."""
    for name in [str(image.file), *image.rendition_names]:
        default_storage.delete(name)


def _encode(image: Image, source: Pillow.Image, missing: set[str]) -> int:
    made = 0
    largest = max(image.rendition_widths)
    # A JPEG decoder can leave out at once what nobody will see.
    source.draft("RGB", (largest, round(image.height * largest / image.width)))
    options = {"icc_profile": source.info.get("icc_profile")}
    picture = _in_colours(source)
    for width in reversed(image.rendition_widths):
        picture = picture.resize((width, max(1, round(image.height * width / image.width))), reducing_gap=3)
        for ending, settings in ENCODING.items():
            name = image.rendition_name(width, ending)
            if name in missing:
                _write(picture, name, {**options, **settings})
                made += 1
    return made


def _in_colours(source: Pillow.Image) -> Pillow.Image:
    """The picture in a mode that both encoders take."""
    if source.mode in {"RGB", "RGBA"}:
        return source
    if source.mode.startswith("I"):
        # Sixteen bits of grey; what eight cannot hold would otherwise be white.
        source = source.convert("I").point(lambda grey: grey * (1 / 256)).convert("L")
    return source.convert("RGBA" if source.has_transparency_data else "RGB")


def _write(picture: Pillow.Image, name: str, options: dict[str, object]) -> None:
    out = io.BytesIO()
    path = Path(default_storage.path(name))
    picture.save(out, path.suffix[1:].upper(), exif=b"", xmp=b"", **options)
    write_whole(path, out.getvalue())
