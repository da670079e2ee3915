"""What one Markdown file says about its post, before the site is asked anything."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from .. import markup, slugs
from .front_matter import Document, Fields, Unfit
from .own import PAGE, Own, read_own

YEARS = range(1900, 2100)
VISIBILITIES = {"public", "unlisted", "private"}

_DAY_IN_PATH = re.compile(r"(?:^|/)(\d{4})/(\d{1,2})/(\d{1,2})(?:/|$)")
_DAY_IN_NAME = re.compile(r"(\d{4})-(\d{2})-(\d{2})[-_](?=.)")

type Day = date | datetime
"""A day alone, or a day and a time of it."""


@dataclass(frozen=True)
class Rules:
    """How to read what the generators leave open.

    `author` and `category` are for posts that name none; `category_when` pairs the name of a field with the category
    that it gives when it is true; `tags_from` names fields whose values become tags.
    """

    author: str = ""
    category: str = ""
    category_when: tuple[tuple[str, str], ...] = ()
    tags_from: tuple[str, ...] = ()


@dataclass(frozen=True)
class Times:
    published: Day | None
    unpublished: Day | None
    unpinned: Day | None
    updated: Day | None
    created: Day | None


@dataclass(frozen=True)
class Filing:
    """By names: whose it is, and where it belongs."""

    authors: list[str]
    categories: list[str]
    tags: list[str]
    series: str
    series_position: int | None


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A post to be. `name` is its file's path below the folder; `address` is the path that it had on the old site."""

    name: str
    file: Path
    digest: str
    body: str
    title: str
    slug: str
    summary: str
    times: Times
    filing: Filing
    is_draft: bool
    visibility: str
    pinned: bool
    comments_open: bool
    cover: str
    cover_alt: str
    address: str
    aliases: list[str]
    own: Own

    @property
    def key(self) -> str:
        return key_of(PurePosixPath(self.name))

    @property
    def is_bundle(self) -> bool:
        """Whether its folder is its own, with its pictures in it."""
        return self.file.stem == "index"


def read_entry(name: str, file: Path, document: Document, rules: Rules, section: str = "") -> Entry:
    """Read one file; `section` is the category of posts that name none. Raises Unfit, with the reason in a sentence."""
    fields, body, digest = document
    title = fields.text("title")
    if not title:
        raise Unfit("It has no title in its front matter.")
    if len(body) > markup.MAX_BODY_LENGTH:
        raise Unfit(f"Its text is longer than {markup.MAX_BODY_LENGTH} characters.")
    own = own_address(fields)
    ours = read_own(fields)
    return Entry(
        name=name,
        file=file,
        digest=digest,
        body=body,
        title=title,
        slug=slug_of(fields, own, name) or slugs.slugify(title) or "post",
        summary=fields.text("summary", "description", "excerpt"),
        times=read_times(fields, own, name, may_lack=ours.kind == PAGE or is_draft(fields)),
        filing=read_filing(fields, rules, section),
        is_draft=is_draft(fields),
        visibility=read_visibility(fields),
        pinned=bool(fields.flag("pinned")),
        comments_open=fields.flag("comments") is not False,
        cover=fields.text("cover.image", "cover.src") or picture(fields, "cover") or picture(fields, "image"),
        cover_alt=fields.text("cover_alt", "cover.alt", "image_alt", "image.alt"),
        address=own or key_of(PurePosixPath(name)),
        aliases=[*fields.names("aliases", "redirect_from"), *nonempty(own)],
        own=ours,
    )


def key_of(path: PurePosixPath) -> str:
    """The same for `name.md` and for `name/index.md`: a post that was given pictures is still that post."""
    in_bundle = path.stem == "index" and path.parent.name
    return (path.parent if in_bundle else path.with_suffix("")).as_posix()


def own_address(fields: Fields) -> str:
    """The path that the file itself claims, without slashes around it; Jekyll's patterns such as /:title/ are none."""
    claimed = fields.text("path", "permalink", "url")
    return "" if ":" in urlsplit(claimed).path else urlsplit(claimed).path.strip("/")


def slug_of(fields: Fields, own: str, name: str) -> str:
    said = fields.text("slug")
    if is_slug(said):
        return said
    last = unquote(own).rpartition("/")[2].removesuffix(".html")
    bundle = PurePosixPath(key_of(PurePosixPath(name))).name
    return slugs.slugify(said or last or _DAY_IN_NAME.sub("", bundle))


def is_slug(text: str) -> bool:
    """Whether a text can be a slug as it stands."""
    return len(text) <= slugs.MAX_LENGTH and re.fullmatch(r"[-\w]+", text) is not None


def is_draft(fields: Fields) -> bool:
    # Jekyll says "published: false"; for others, "published" is the date.
    return bool(fields.flag("draft")) or fields.get("published") is False


def read_times(fields: Fields, own: str, name: str, *, may_lack: bool) -> Times:
    """`may_lack`: whether the text needs no time of publication."""
    dated = ("date", "publish_at", "pubDate") if isinstance(fields.get("published"), bool) else ("date", "published")
    published = fields.moment(*dated) or day_in(own, PurePosixPath(name))
    if published is None and not may_lack:
        raise Unfit('It has no date. Give it a "date", or mark it as a draft.')
    times = Times(
        published,
        fields.moment("unpublish", "unpublish_at", "expiryDate"),
        fields.moment("pinned_until"),
        fields.moment("updated", "lastmod", "last_modified_at"),
        fields.moment("created"),
    )
    for day in (times.published, times.unpublished, times.unpinned, times.updated, times.created):
        if day is not None and day.year not in YEARS:
            raise Unfit(f"It has a date in the year {day.year}; a blog has the years {YEARS[0]} to {YEARS[-1]}.")
    return times


def day_in(own: str, path: PurePosixPath) -> date | None:
    """The day that the old address, the folders or the name of the file tell."""
    bundle = PurePosixPath(key_of(path))
    found = _DAY_IN_PATH.search(own) or _DAY_IN_PATH.search(path.as_posix()) or _DAY_IN_NAME.match(bundle.name)
    if not found:
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError as error:
        raise Unfit(f"Its path has a date that does not exist: {'-'.join(found.groups())}.") from error


def read_filing(fields: Fields, rules: Rules, section: str) -> Filing:
    authors = fields.names("authors", "author", "taxonomies.authors")
    categories = fields.names("categories", "category", "taxonomies.categories", commas=True) or nonempty(
        section or rules.category
    )
    tags = fields.names("tags", "taxonomies.tags", commas=True)
    categories += [category for name, category in rules.category_when if fields.get(name)]
    for name in rules.tags_from:
        tags += fields.names(name)
    series = (fields.names("series", "taxonomies.series") or [""])[0]
    return Filing(
        authors=authors or nonempty(rules.author),
        categories=list(dict.fromkeys(categories)),
        tags=list(dict.fromkeys(tags)),
        series=series,
        series_position=fields.number("series_position", "series_order", "weight") if series else None,
    )


def nonempty(name: str) -> list[str]:
    return [name] if name else []


def read_visibility(fields: Fields) -> str:
    visibility = fields.text("visibility") or ("unlisted" if fields.flag("unlisted") else "public")
    if visibility not in VISIBILITIES:
        raise Unfit('"visibility" is not public, unlisted or private.')
    return visibility


def picture(fields: Fields, name: str) -> str:
    return "" if isinstance(fields.get(name), dict) else fields.text(name)
