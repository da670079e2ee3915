"""Where everything was on the old site, and where it is on this one."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from django.urls import Resolver404, resolve, reverse
from django.utils.encoding import escape_uri_path

from .entry import Entry
from .tree import Tree


def plain(path: str) -> str:
    """A path by which two spellings of one page meet: /a/b, /a/b/, /a/b.html and /a/b/index.html."""
    return unquote(path).strip("/").removesuffix("index.html").removesuffix(".html").strip("/")


def redirect_path(alias: str) -> str:
    """An alias as the redirect middleware looks it up, "" if it is no path of ours.

    A static site serves an alias as it stands when it names an HTML file, and else as a folder.
    """
    parts = urlsplit(alias.strip())
    path = re.sub("/+", "/", f"/{unquote(parts.path)}")
    if parts.scheme or parts.netloc or path == "/" or "/../" in f"{path}/":
        return ""
    if not path.endswith(("/", ".html", ".htm", ".php")):
        path += "/"
    return escape_uri_path(path) + (f"?{parts.query}" if parts.query else "")


@dataclass
class LivePlaces:
    """The slugs of what answers on this site, or will once the import has run."""

    posts: set[str]
    pages: set[str]

    def answer(self, path: str) -> bool:
        """Whether this site itself has something at `path`."""
        try:
            match = resolve(unquote(urlsplit(path).path))
        except Resolver404:
            return False
        places = {"posts:post": self.posts, "posts:page": self.pages}
        return match.view_name not in places or match.kwargs["slug"] in places[match.view_name]


@dataclass
class SiteMap:
    """The old site's addresses. `slugs` has the new slug of each entry that readers will find, by its key."""

    tree: Tree
    slugs: dict[str, str]
    live: LivePlaces
    base_url: str = ""
    category_slugs: dict[str, str] = field(default_factory=dict)
    by_name: dict[str, Entry] = field(default_factory=dict)
    by_address: dict[str, Entry] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by_name = {entry.name: entry for entry in self.tree.entries}
        for entry in self.tree.entries:
            for address in (entry.address, entry.key, *entry.aliases):
                self.by_address.setdefault(plain(urlsplit(address).path), entry)

    def page(self, entry: Entry, path: str) -> str | None:
        """The address here of the page that `path` led to from an entry; None if it led to none of ours."""
        for candidate in self.candidates(entry, path):
            target = self.by_name.get(candidate) or self.by_address.get(plain(candidate))
            if target and target.key in self.slugs:
                return reverse("posts:post", args=[self.slugs[target.key]])
        return self.section(path) if path.startswith("/") else None

    @staticmethod
    def candidates(entry: Entry, path: str) -> list[str]:
        """What `path` may mean: a file of the folder, or an address seen from the entry's own old one."""
        path = unquote(path)
        if path.startswith("@/"):
            return [path[2:]]
        if path.startswith("/"):
            return [path.strip("/"), path]
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(entry.name), path))
        return [beside, urljoin(f"/{entry.address}/", path), urljoin(f"/{entry.address}", path)]

    def section(self, path: str) -> str | None:
        """The category that a section of the old site became; the home page for the site as a whole."""
        if plain(path) not in self.tree.sections:
            return None
        if not plain(path):
            return reverse("posts:home")
        slug = self.category_slugs.get(self.tree.sections[plain(path)])
        return reverse("posts:category", args=[slug]) if slug else None

    def is_own(self, parts: SplitResult) -> bool:
        """Whether a whole address is one of the old site's."""
        base = urlsplit(self.base_url)
        return bool(base.netloc) and parts.scheme in {"http", "https"} and parts.netloc == base.netloc

    def original(self, entry: Entry, address: str) -> str | None:
        """The address on the old site that stays there; None if nobody said where that is."""
        return urljoin(f"{self.base_url}/{entry.address}/", address) if self.base_url else None
