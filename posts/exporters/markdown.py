"""Every post and page as a Markdown file with front matter, and the pictures and recordings that they use beside it.

`posts.importers.markdown` reads all of it back. What a text says stays to the letter, but for the addresses of its
pictures, which become names of files.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath
from typing import Any

import yaml
from django.conf import settings
from django.contrib.redirects.models import Redirect
from django.core.files.storage import default_storage

from ..batches import batches
from ..importers.links import rewrite
from ..importers.own import PAGE
from ..models import CommentPolicy, Page, Post

# Of a file system that counts bytes: 255. A slug may have more.
MAX_NAME = 120
# What importers take for the file of the folder around it.
NAMES_OF_FOLDERS = {"index", "_index"}

type Fields = dict[str, Any]


class MarkdownExport:
    """`missing` collects the files that the site has lost: their texts are exported all the same."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.missing: list[str] = []

    def run(self, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
        """Write the files; returns how many posts and pages they are."""
        posts = Post.objects.for_page().select_related("author", "series", "cover", "audio")
        total, done = Post.objects.count() + Page.objects.count(), 0
        for batch in batches(posts):
            aliases = old_addresses(batch)
            for post in batch:
                self.write("posts", post, post_fields(post, aliases.get(post.get_absolute_url(), [])))
            done += len(batch)
            progress(done, total)
        for pages in batches(Page.objects.all()):
            for page in pages:
                self.write("pages", page, page_fields(page))
            done += len(pages)
            progress(done, total)
        return done

    def write(self, section: str, text: Post | Page, fields: Fields) -> None:
        used: set[str] = set()
        body = rewrite(text.body, lambda address: file_name(address, used))
        for name in ("cover", "audio"):
            if name in fields:
                used.add(fields[name])
                fields[name] = PurePosixPath(fields[name]).name
        name = name_of(text)
        path = self.root / section / (f"{name}/index.md" if used else f"{name}.md")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(f"{front_matter(fields)}{body}".encode())
        for stored in sorted(used):
            self.copy(stored, path.parent / PurePosixPath(stored).name)

    def copy(self, stored: str, target: Path) -> None:
        try:
            source = default_storage.open(stored)
        except OSError:  # whatever an author has written for the address of a picture, such as a folder's
            self.missing.append(stored)
            return
        with source, target.open("wb") as file:
            shutil.copyfileobj(source, file)


def old_addresses(posts: Iterable[Post]) -> dict[str, list[str]]:
    """What leads to each of these posts, by their addresses."""
    found: dict[str, list[str]] = {}
    redirects = Redirect.objects.filter(site_id=settings.SITE_ID, new_path__in=[p.get_absolute_url() for p in posts])
    for redirect in redirects.order_by("old_path"):
        found.setdefault(redirect.new_path, []).append(redirect.old_path)
    return found


def name_of(text: Post | Page) -> str:
    """The name of the file: the slug, unless a file system would find it too long, or the importer no post in it."""
    is_fit = len(text.slug.encode()) <= MAX_NAME and text.slug not in NAMES_OF_FOLDERS
    return text.slug if is_fit else f"{text.slug[: MAX_NAME // 4]}-{text.pk}"


def file_name(address: str, used: set[str]) -> str | None:
    """The name beside the text for a picture of ours, which is added to `used`; None for any other address."""
    root = default_storage.url("")
    if not address.startswith(f"{root}images/"):
        return None
    stored = address.removeprefix(root).partition("?")[0].partition("#")[0]
    if ".." in stored:
        return None
    used.add(stored)
    return PurePosixPath(stored).name


def post_fields(post: Post, aliases: list[str]) -> Fields:
    """The particulars of a post by the names that the importer knows; what is as it is anyway is left out."""
    return said(
        {
            "title": post.title,
            "guid": post.guid,
            "path": post.get_absolute_url(),
            **written_fields(post),
            "date": post.publish_at,
            "unpublish": post.unpublish_at,
            "draft": post.status == Post.Status.DRAFT,
            "visibility": post.visibility if post.visibility != Post.Visibility.PUBLIC else "",
            "pinned": post.pinned,
            "pinned_until": post.pinned_until,
            "authors": [author.display_name for author in post.byline],
            "categories": [category.name for category in post.categories.all() if not category.is_trashed],
            "tags": [tag.name for tag in post.tags.all()],
            "series": post.live_series.title if post.live_series else "",
            "series_position": post.series_position if post.live_series else None,
            "summary": post.summary,
            "in_feeds": None if post.in_feeds else False,
            "comments": False if post.comment_policy == CommentPolicy.OFF else None,
            "comment_policy": post.comment_policy,
            "canonical_url": post.canonical_url,
            "cover": str(post.cover.file) if post.cover else "",
            "cover_alt": post.cover_alt or (post.cover.alt if post.cover else ""),
            "audio": str(post.audio.file) if post.audio else "",
            "audio_title": post.audio.title if post.audio else "",
            "aliases": aliases,
        }
    )


def page_fields(page: Page) -> Fields:
    draft = {"draft": page.status == Page.Status.DRAFT}
    return said({"kind": PAGE, "title": page.title, "path": page.get_absolute_url(), **written_fields(page), **draft})


def written_fields(text: Post | Page) -> Fields:
    """What posts and pages have in common."""
    return {
        "slug": text.slug,
        "created": text.created_at,
        "updated": text.updated_at,
        "language": text.language,
        "translation_key": str(text.translation_key or ""),
        "seo_title": text.seo_title,
        "seo_description": text.seo_description,
    }


def said(fields: Fields) -> Fields:
    """Without the fields that say nothing; False is said by those alone that are true when left out."""
    silent = {name for name, value in fields.items() if value in (None, "", [])}
    silent |= {name for name in ("draft", "pinned") if fields.get(name) is False}
    return {name: value for name, value in fields.items() if name not in silent}


def front_matter(fields: Fields) -> str:
    return f"---\n{yaml.safe_dump(fields, allow_unicode=True, sort_keys=False)}---\n\n"
