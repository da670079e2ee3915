from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..markup import Picture, Source
from .kept import Kept

# In pixels: from a telephone's column to a cover on a dense screen.
RENDITION_WIDTHS = (480, 800, 1200, 1600)
# By the endings of their names, the smallest first: a browser takes the first that it can show.
RENDITION_FORMATS = {"avif": "image/avif", "webp": "image/webp"}


class ShownPicture(NamedTuple):
    """All that a page shows of a picture, beside its description."""

    url: str
    width: int
    height: int
    sources: tuple[Source, ...]


class Image(Kept):
    """A picture that readers may see: decoded, turned upright and encoded again, without EXIF (see `posts.files`).

    Renditions are smaller copies (see `posts.files.renditions`): their names follow from the picture alone, so that
    pages can name them before they are there.
    """

    file = models.ImageField(_("file"), width_field="width", height_field="height", max_length=200)
    width = models.PositiveIntegerField(_("width in pixels"), editable=False)
    height = models.PositiveIntegerField(_("height in pixels"), editable=False)
    moves = models.BooleanField(editable=False, default=False)
    alt = models.CharField(_("description"), max_length=300, blank=True)

    class Meta(Kept.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")

    def __str__(self) -> str:
        return self.alt or str(self.file)

    @property
    def rendition_widths(self) -> list[int]:
        """In pixels, none wider than the picture. Tiny pictures and those that move have no renditions."""
        if self.moves or self.width < RENDITION_WIDTHS[0]:
            return []
        return sorted({min(width, self.width) for width in RENDITION_WIDTHS})

    def rendition_name(self, width: int, extension: str) -> str:
        return f"{str(self.file).rpartition('.')[0]}-{width}.{extension}"

    @property
    def rendition_names(self) -> list[str]:
        return [self.rendition_name(width, ending) for ending in RENDITION_FORMATS for width in self.rendition_widths]

    @property
    def sources(self) -> list[Source]:
        """The renditions as <picture> lists them."""
        if not self.rendition_widths:
            return []
        return [Source(media_type, self._srcset(ending)) for ending, media_type in RENDITION_FORMATS.items()]

    @property
    def shown(self) -> ShownPicture:
        return ShownPicture(self.file.url, self.width, self.height, tuple(self.sources))

    @staticmethod
    @lru_cache(maxsize=1000)
    def shown_as(file: str, width: int, height: int, moves: bool) -> ShownPicture:
        """What is shown of the picture with these columns."""
        return Image(file=file, width=width, height=height, moves=moves).shown

    @property
    def picture(self) -> Picture:
        return Picture(self.width, self.height, self.sources)

    def _srcset(self, ending: str) -> str:
        url = self.file.storage.url
        return ", ".join(f"{url(self.rendition_name(width, ending))} {width}w" for width in self.rendition_widths)
