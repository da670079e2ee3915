"""What becomes of each address in a text: a page of this site, a picture in its media, or the old site's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from django.core.exceptions import ValidationError
from django.core.files import File

from .. import markup
from ..files import images, recordings
from ..models import Audio, Image
from ..models.written import picture_of
from .addresses import SiteMap
from .entry import Entry
from .report import Report

RASTER = (".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif")


@dataclass
class Pictures:
    """The pictures of the folder on their way into media. A rehearsal checks them and keeps none."""

    rehearsal: bool
    _addresses: dict[Path, str] = field(default_factory=dict)
    _shown: dict[str, markup.Picture] = field(default_factory=dict)

    def address(self, path: Path) -> str:
        """Where readers will find it. Raises ValidationError for what is no picture that we take."""
        if path not in self._addresses:
            with path.open("rb") as file:
                self._addresses[path] = images.address(file) if self.rehearsal else self._kept(images.keep(file))
        return self._addresses[path]

    def _kept(self, image: Image) -> str:
        self._shown[image.file.url] = image.picture
        return image.file.url

    def picture_of(self, address: str) -> markup.Picture | None:
        """What rendering has to know of a picture of this site."""
        return self._shown.get(address) or picture_of(address)

    def row(self, path: Path) -> Image | None:
        """Its row, which a rehearsal does not have. Raises ValidationError."""
        if self.rehearsal:
            self.address(path)
            return None
        with path.open("rb") as file:
            return images.keep(file)


@dataclass
class Resolver:
    """Gives the addresses in one entry's text their new form, and notes those that have none."""

    site: SiteMap
    entry: Entry
    pictures: Pictures
    report: Report

    def __call__(self, address: str) -> str | None:
        """The new address, or None to leave it as it is."""
        try:
            parts = urlsplit(address)
        except ValueError:  # no address at all, such as http://[
            return None
        if parts.scheme or parts.netloc:
            return self.whole(parts)
        return self.local(address, parts) if parts.path else None

    def whole(self, parts: SplitResult) -> str | None:
        page = self.site.page(self.entry, parts.path or "/") if self.site.is_own(parts) else None
        return with_tail(page, parts) if page else None

    def local(self, address: str, parts: SplitResult) -> str | None:
        if page := self.site.page(self.entry, parts.path):
            return with_tail(page, parts)
        if parts.path.lower().endswith((".svg", *RASTER)):
            picture = self.picture(address)
            return with_tail(picture, parts) if picture else self.site.original(self.entry, address)
        if self.stays(parts.path):
            return None
        if self.file(parts.path):
            self.note("A file that is no picture is not taken.", address)
        elif not self.site.base_url:
            self.note("A link leads to nothing in the folder. With --base-url, it would lead to the old site.", address)
        return self.site.original(self.entry, address)

    def stays(self, path: str) -> bool:
        """Whether a text that never was on another site means this one."""
        return not self.site.base_url and path.startswith("/") and self.site.live.answer(path)

    def cover(self) -> Image | None:
        """The row of the entry's cover picture; None, with a note, when it cannot be had."""
        path = self.picture_file(self.entry.cover) if self.entry.cover else None
        try:
            return self.pictures.row(path) if path else None
        except (ValidationError, OSError) as error:
            self.note("A picture cannot be taken.", f"{self.entry.cover}: {reason(error)}")
            return None

    def audio(self) -> Audio | None:
        """The row of the entry's recording; None, with a note, when it cannot be had, and in a rehearsal."""
        own = self.entry.own
        path = self.file(own.audio) if own.audio else None
        if own.audio and not path:
            self.note("A recording is not in the folder.", own.audio)
        if not path or self.pictures.rehearsal:
            return None
        try:
            with path.open("rb") as file:
                return recordings.keep(File(file, path.name), title=own.audio_title)
        except (ValidationError, OSError) as error:
            self.note("A recording cannot be taken.", f"{own.audio}: {reason(error)}")
            return None

    def picture(self, address: str) -> str | None:
        path = self.picture_file(address)
        try:
            return self.pictures.address(path) if path else None
        except (ValidationError, OSError) as error:
            self.note("A picture cannot be taken.", f"{address}: {reason(error)}")
            return None

    def picture_file(self, address: str) -> Path | None:
        """The file of a picture; for an SVG, which is a program and stays out, the picture of its name beside it."""
        path = urlsplit(address).path
        if path.lower().endswith(".svg"):
            found = next(filter(None, map(self.file, raster_names(path))), None)
            if not found:
                self.note("An SVG is not taken, and no PNG or JPEG of its name is beside it.", address)
            return found
        found = self.file(path)
        if not found:
            self.note("A picture is not in the folder.", address)
        return found

    def file(self, path: str) -> Path | None:
        folder = self.site.tree.root if path.startswith("/") else self.entry.file.parent
        return self.site.tree.file(folder / unquote(path).lstrip("/"))

    def note(self, reason: str, detail: str) -> None:
        self.report.note(self.entry.name, reason, detail)


def raster_names(path: str) -> Iterator[str]:
    return (path[: -len(".svg")] + suffix for suffix in RASTER)


def reason(error: ValidationError | OSError) -> str:
    return error.messages[0] if isinstance(error, ValidationError) else str(error.strerror)


def with_tail(page: str, parts: SplitResult) -> str:
    """A page's address with the query and the fragment of the old one."""
    return urlunsplit(("", "", page, parts.query, parts.fragment))
