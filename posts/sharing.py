"""The picture that goes with a post where its address is shared."""

from __future__ import annotations

from typing import NamedTuple

from .addresses import path_to
from .cards import HEIGHT, WIDTH, card_of
from .models import Post, SiteSettings

# What the programs that show previews can read. AVIF is not among it.
READABLE = (".gif", ".jpg", ".png", ".webp")


class SharedPicture(NamedTuple):
    """`url` is a path of this site, or wherever its media are; `width` and `height` are pixels."""

    url: str
    width: int
    height: int
    alt: str


def picture_of(post: Post, site: SiteSettings) -> SharedPicture:
    """The cover of a published post, or else its card."""
    cover = post.cover
    if cover and str(cover.file).endswith(READABLE):
        return SharedPicture(cover.file.url, cover.width, cover.height, post.cover_alt or cover.alt)
    address = path_to("posts:card", post.slug, card_of(post, site).version)
    return SharedPicture(address, WIDTH, HEIGHT, post.title)
