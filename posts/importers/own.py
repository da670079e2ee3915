"""The particulars that an export of this software writes, and hardly any static site has: see `posts.exporters`."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from .. import markup
from ..models import CommentPolicy
from .front_matter import Fields, Unfit

POST, PAGE = "post", "page"
KINDS = (POST, PAGE)


@dataclass(frozen=True)
class Own:
    """`guid` is what feed readers know the post by; "" for a new one. `audio` is a file, as `Entry.cover` is."""

    kind: str
    guid: str
    language: str
    translation_key: UUID | None
    in_feeds: bool
    comment_policy: str
    canonical_url: str
    seo_title: str
    seo_description: str
    audio: str
    audio_title: str


def read_own(fields: Fields) -> Own:
    """Raises Unfit."""
    return Own(
        kind=one_of(fields, "kind", KINDS) or POST,
        guid=read_guid(fields),
        language=read_language(fields),
        translation_key=read_key(fields),
        in_feeds=fields.flag("in_feeds") is not False,
        comment_policy=one_of(fields, "comment_policy", CommentPolicy.values),
        canonical_url=fields.text("canonical_url"),
        seo_title=fields.text("seo_title"),
        seo_description=fields.text("seo_description"),
        audio=fields.text("audio"),
        audio_title=fields.text("audio_title"),
    )


def one_of(fields: Fields, name: str, values: tuple[str, ...] | list[str]) -> str:
    value = fields.text(name)
    if value and value not in values:
        raise Unfit(f'"{name}" is none of {", ".join(values)}.')
    return value


def read_guid(fields: Fields) -> str:
    """A GUID that is a URI, as feeds want it; others' numbers are none."""
    guid = markup.clean_line(fields.text("guid"))
    return guid if ":" in guid and len(guid.split()) == 1 else ""


def read_language(fields: Fields) -> str:
    """A language that a text here can be in; "" for any other word."""
    language = fields.text("language").lower()
    return language if language in dict(settings.LANGUAGES) else ""


def read_key(fields: Fields) -> UUID | None:
    key = fields.text("translation_key")
    try:
        return UUID(key) if key else None
    except ValueError as error:
        raise Unfit('"translation_key" is not a UUID.') from error
