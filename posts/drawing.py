"""A post's page as HTML: its parts, each from the values that it shows, and the whole of them."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.template import Context
from django.template.engine import Engine
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import ngettext

from . import markup, structured_data
from .addresses import Link, path_to, whole_address
from .compiled import Found
from .dates import day_in_words
from .middleware import SiteRequest
from .models import Author, Category, CrawlerPolicy, Page, Post, SiteSettings
from .sharing import SharedPicture, picture_of
from .stencils import Same, Stencil
from .templatetags.head import og_locale
from .templatetags.languages import lang
from .templatetags.pictures import picture
from .templatetags.pure import shown
from .ways import breadcrumbs, menus
from .ways.around import PostLink, Surroundings, arranged
from .ways.sequences import Progress

MAX_DESCRIPTION = 160
SHORTEST_TOC = 3
# Some ten kilobytes each.
MAX_KEPT = 300

_PAGE = Stencil("posts/post.html")
_HEAD = Stencil("_partials/post_head.html")
_HEADER = Stencil("_partials/post_header.html")
_FOOTER = Stencil("_partials/post_footer.html")
_SERIES = Stencil("_partials/series_box.html")
_TOC = Stencil("_partials/toc.html")

HERE, PREVIOUS, NEXT, ELSEWHERE = range(4)


class Alternate(NamedTuple):
    language: str
    url: str
    is_default: bool


class Heading(NamedTuple):
    level: str
    id: str
    text: str


class Person(NamedTuple):
    name: str
    url: str
    bio: str
    portrait: str


class Dated(NamedTuple):
    """A link to a post; `lang` are the attributes of its language."""

    url: str
    title: str
    lang: str
    day: str
    month: str


class Part(NamedTuple):
    """A part of a series; `place` is one of HERE, PREVIOUS, NEXT and ELSEWHERE."""

    url: str
    title: str
    lang: str
    place: int


class Drawn(NamedTuple):
    """What a post's page shows besides its text and what is said below it.

    `title` is that of its head, `lang` are the attributes of its language.
    """

    title: str
    lang: str
    head: SafeString
    header: SafeString
    media: SafeString
    toc: SafeString
    footer: SafeString


@dataclass(frozen=True)
class PageOf:
    """What a post's page shows, and where: equal to another one of which the same is drawn.

    `rows` are what the post was read from, `found` is what stands around it. `origin` is the site's, `path` the page's.
    """

    rows: tuple[Found, ...]
    found: Found
    settings: Same[SiteSettings]
    origin: str
    path: str
    is_listed: bool
    circumstances: tuple[Hashable, ...]
    post: Post = field(compare=False)
    category: Category | None = field(compare=False)
    is_preview: bool = False

    @property
    def drawn(self) -> Drawn:
        post = self.post
        return Drawn(post.head_title, lang(post), self.head, self.header, self.media, toc_of(post), self.footer)

    @property
    def notice(self) -> SafeString | str:
        """What its editors are told who see it before its readers do."""
        return rendered("_partials/preview_notice.html", post=self.post) if self.is_preview else ""

    @property
    def site(self) -> SiteSettings:
        return self.settings.it

    @property
    def url(self) -> str:
        return self.whole(self.path)

    def whole(self, path: str) -> str:
        return whole_address(self.origin, path)

    @cached_property
    def around(self) -> Surroundings:
        return arranged(self.post, self.category, self.site.language, self.found)

    @cached_property
    def breadcrumbs(self) -> tuple[Link, ...]:
        return breadcrumbs.to_post(self.category)

    @property
    def head(self) -> SafeString:
        post, site = self.post, self.site
        is_listed, is_readable = self.is_listed, post.is_readable
        shared = self.picture if is_readable else None
        feeds = [path_to(f"comments:post_feed{form}", post.slug) for form in ("", "_atom", "_json")]
        return _HEAD.fill(
            is_thin=self.is_preview or not is_listed,
            canonical=(post.canonical_url or self.url) if is_listed and not self.is_preview else "",
            alternates=self.alternates if is_listed and not self.is_preview else (),
            feeds=tuple(feeds) if is_readable else (),
            markdown=path_to("posts:markdown", post.slug) if is_readable and self.offers_markdown else "",
            post_title=post.title,
            title=post.head_title,
            description=Truncator(post.seo_description or post.teaser).chars(MAX_DESCRIPTION),
            authors=", ".join(author.display_name for author in post.byline),
            site_title=site.title,
            url=self.url,
            locale=og_locale(post.language or site.language),
            published=timezone.localtime(post.publish_at).isoformat() if post.publish_at else "",
            modified=timezone.localtime(post.updated_at).isoformat(),
            profiles=tuple([self.whole(author.get_absolute_url()) for author in post.byline]),
            section=post.first_category.name if post.first_category else "",
            tags=tuple([tag.name for tag in post.tags.all()]),
            picture=(self.whole(shared.url), str(shared.width), str(shared.height), shared.alt) if shared else (),
            about=self.about if is_listed else "",
            way=markup.data_block(structured_data.breadcrumb_list(self.way, self.whole)),
        )

    @property
    def offers_markdown(self) -> bool:
        return self.site.crawler_policy == CrawlerPolicy.MARKDOWN

    @property
    def alternates(self) -> tuple[Alternate, ...]:
        versions = self.around.versions
        return tuple([Alternate(one.language, self.whole(one.url), one.is_default) for one in versions])

    @property
    def about(self) -> SafeString:
        """Of a post that is listed alone: search engines are not to keep any other."""
        return markup.data_block(structured_data.blog_posting(self.post, self.site, self.picture, self.whole))

    @cached_property
    def picture(self) -> SharedPicture:
        return picture_of(self.post, self.site)

    @property
    def way(self) -> list[Link]:
        return [*self.breadcrumbs, Link(self.post.title, self.url)]

    @property
    def header(self) -> SafeString:
        post, progress = self.post, self.around.progress
        published = timezone.localdate(post.publish_at) if post.publish_at else None
        revised = timezone.localdate(post.revised_at) if post.revised_at else None
        others = tuple(version for version in self.around.versions if version.pk != post.pk)
        return _HEADER.fill(
            date=shown("_partials/date_mark.html", ("date",), published) if published else "",
            breadcrumbs=shown("_partials/breadcrumbs.html", ("breadcrumbs",), self.breadcrumbs),
            lang=lang(post),
            title=post.title,
            summary=post.summary,
            portrait=portrait(post.author),
            byline=tuple([Link(author.display_name, author.get_absolute_url()) for author in post.byline]),
            minutes=minutes_to_read(post.reading_minutes),
            revised=revised.isoformat() if revised else "",
            revised_on=day_in_words(revised) if revised else "",
            progress=(str(progress.number), str(progress.total), *series_of(progress)) if progress else (),
            has_versions=bool(others),
            versions=shown("_partials/other_versions.html", ("other_versions",), others),
        )

    @property
    def media(self) -> SafeString:
        """The cover and the player, where there are any."""
        return rendered("_partials/post_media.html", post=self.post)

    @property
    def footer(self) -> SafeString:
        post, beside = self.post, self.around.neighbours
        return _FOOTER.fill(
            tags=tuple([Link(tag.name, tag.get_absolute_url()) for tag in post.tags.all()]),
            others=tuple([Link(one.name, one.get_absolute_url()) for one in list(post.categories.all())[1:]]),
            people=tuple([person(author) for author in post.byline if author.bio]),
            series=self.series,
            previous=dated(beside.previous) if beside.previous else (),
            next=dated(beside.next) if beside.next else (),
            within=beside.within,
            related=tuple(map(dated, self.around.related)),
        )

    @property
    def series(self) -> SafeString | str:
        progress = self.around.progress
        if progress is None:
            return ""
        title, url = series_of(progress)
        return _SERIES.fill(
            title=title,
            url=url,
            number=str(progress.number),
            total=str(progress.total),
            first=str(progress.parts[0][0]),
            parts=tuple([part(post, number - progress.number) for number, post in progress.parts]),
            is_whole=progress.is_whole,
        )


def whole_page(request: SiteRequest, page: PageOf, html: SafeString, *, has_players: bool) -> SafeString:
    """The page with its text, and with what is said below it as this request shall see it."""
    return _PAGE.fill(
        site=page.settings,
        menus=menus.of(request),
        drawn=drawn(page),
        notice=page.notice,
        html=html,
        has_players=has_players,
        said=rendered("_partials/below_post.html", request=request, post=page.post, site=page.site),
    )


def rendered(template_name: str, **values: Any) -> SafeString:
    return Engine.get_default().get_template(template_name).render(Context(values))


def drawn(page: PageOf) -> Drawn:
    """What is drawn of a page: once, as long as it is asked for, whatever else on the page changes meanwhile."""
    return page.drawn if page.is_preview or settings.DEBUG else _drawn(page)


@lru_cache(maxsize=MAX_KEPT)
def _drawn(page: PageOf) -> Drawn:
    return page.drawn


def forget() -> None:
    """For tests that change what is otherwise settled once the process runs."""
    _drawn.cache_clear()


def toc_of(text: Post | Page) -> SafeString:
    """The contents of a text that has some."""
    headings = [Heading(str(entry["level"]), entry["id"], entry["text"]) for entry in text.toc]
    return _TOC.fill(headings=tuple(headings) if len(headings) >= SHORTEST_TOC else (), lang=lang(text))


def series_of(progress: Progress) -> Link:
    return Link(progress.series.title, progress.series.get_absolute_url())


def part(post: PostLink, distance: int) -> Part:
    """`distance` is how many parts it comes after the one that is read."""
    place = {0: HERE, -1: PREVIOUS, 1: NEXT}.get(distance, ELSEWHERE)
    return Part(post.get_absolute_url(), post.title, lang(post.language), place)


def dated(post: PostLink) -> Dated:
    day = timezone.localdate(post.publish_at)
    month = day_in_words(day, "YEAR_MONTH_FORMAT")
    return Dated(post.get_absolute_url(), post.title, lang(post.language), day.isoformat(), month)


def person(author: Author) -> Person:
    return Person(author.display_name, author.get_absolute_url(), author.bio, portrait(author))


def portrait(author: Author) -> str:
    return picture(author.picture.shown, "portrait") if author.picture else ""


def minutes_to_read(number: int) -> str:
    return ngettext("%(n)s min read", "%(n)s min read", number) % {"n": number} if number else ""
