"""From a post to an item of a feed."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from .. import markup
from ..addresses import absolute
from ..files.images import EXTENSIONS
from ..models import Audio, Author, Category, Image, Post, SiteSettings, Tag
from .documents import Enclosure, Item, Person, Picture, Term

MEDIA_TYPES = {extension: f"image/{format_.lower()}" for format_, extension in EXTENSIONS.items()}


def item_of(post: Post, site: SiteSettings, request: HttpRequest) -> Item:
    url = absolute(request, post.get_absolute_url())
    published = post.publish_at or post.updated_at
    picture = picture_of(post.cover, post.cover_alt, request) if post.cover else None
    return Item(
        guid=post.guid,
        url=url,
        title=post.title,
        published=published,
        updated=max(post.updated_at, published),
        authors=tuple(person_of(author, request) for author in post.byline),
        summary=post.teaser,
        content=content_of(post, picture, url) if site.feed_full_text else "",
        language="" if post.language == site.language else post.language,
        terms=tuple(term_of(row, request) for row in [*post.categories.all(), *post.tags.all()]),
        picture=picture,
        audio=audio_of(post.audio, request) if post.audio else None,
    )


def content_of(post: Post, picture: Picture | None, url: str) -> str:
    """The text with whole addresses, below its cover, which the page shows apart from it."""
    text = markup.for_feed(post.html, url)
    return f"{cover_of(picture)}\n{text}" if picture else text


def cover_of(picture: Picture) -> SafeString:
    return format_html(
        '<figure><img src="{}" alt="{}" width="{}" height="{}"></figure>',
        picture.url,
        picture.alt,
        picture.width,
        picture.height,
    )


def person_of(author: Author, request: HttpRequest) -> Person:
    return Person(author.display_name, absolute(request, author.get_absolute_url()))


def term_of(row: Category | Tag, request: HttpRequest) -> Term:
    url = absolute(request, row.get_absolute_url())
    # Where all categories, or all tags, have their addresses.
    scheme = url.rstrip("/").rpartition("/")[0] + "/"
    return Term(row.name, row.slug, scheme)


def picture_of(image: Image, alt: str, request: HttpRequest) -> Picture:
    extension = str(image.file).rpartition(".")[2]
    return Picture(
        url=absolute(request, image.file.url),
        media_type=MEDIA_TYPES.get(extension, "application/octet-stream"),
        size=size_of(image),
        width=image.width,
        height=image.height,
        alt=alt or image.alt,
    )


def size_of(image: Image) -> int:
    """In bytes; 0 for a file that is not there."""
    try:
        return image.file.size
    except OSError:
        return 0


def audio_of(audio: Audio, request: HttpRequest) -> Enclosure:
    return Enclosure(
        url=absolute(request, audio.file.url),
        media_type=audio.media_type,
        size=audio.size,
        title=audio.title,
        seconds=audio.seconds,
    )
