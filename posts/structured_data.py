"""What search engines read of a page: JSON-LD in the words of https://schema.org. Pure: from rows to dictionaries.

Callers pass rows that are listed. `whole` makes an address of this site a whole one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from .addresses import Link, Whole
from .entries import Entry
from .models import Author, Post, SiteSettings
from .sharing import SharedPicture

type Data = dict[str, Any]

VOCABULARY = "https://schema.org"
# https://developers.google.com/search/docs/appearance/structured-data/article
MAX_HEADLINE = 110


def web_site(site: SiteSettings, search_path: str, whole: Whole) -> Data:
    """The site as a whole, and how to search it: `search_path` takes the words in a parameter `q`."""
    target = {"@type": "EntryPoint", "urlTemplate": f"{whole(search_path)}?q={{search_term_string}}"}
    action = {"@type": "SearchAction", "target": target, "query-input": "required name=search_term_string"}
    return told(
        {
            "@context": VOCABULARY,
            "@type": "WebSite",
            "@id": f"{whole('/')}#site",
            "url": whole("/"),
            "name": site.title,
            "description": site.description or site.tagline,
            "inLanguage": site.language,
            "publisher": publisher(site, whole),
            "potentialAction": action,
        }
    )


def blog_posting(post: Post, site: SiteSettings, picture: SharedPicture, whole: Whole) -> Data:
    """A post on its own page."""
    url = whole(post.get_absolute_url())
    return told(
        {
            "@context": VOCABULARY,
            "@type": "BlogPosting",
            "mainEntityOfPage": {"@type": "WebPage", "@id": url},
            "url": url,
            "headline": post.head_title[:MAX_HEADLINE],
            "description": post.seo_description or post.teaser,
            "datePublished": moment(post.publish_at),
            "dateModified": moment(max(filter(None, (post.publish_at, post.updated_at)), default=None)),
            "author": [person(author, whole) for author in post.byline],
            "publisher": publisher(site, whole),
            "image": image(picture, whole),
            "inLanguage": post.language or site.language,
            "wordCount": post.word_count,
            "articleSection": [category.name for category in post.categories.all()],
            "keywords": [tag.name for tag in post.tags.all()],
            "isPartOf": wholes_of(post, site, whole),
        }
    )


def wholes_of(post: Post, site: SiteSettings, whole: Whole) -> list[Data]:
    """What a post is a part of: the blog, and its series."""
    wholes: list[Data] = [{"@type": "Blog", "@id": f"{whole('/')}#blog", "name": site.title, "url": whole("/")}]
    if series := post.live_series:
        address = whole(series.get_absolute_url())
        wholes.append({"@type": "CreativeWorkSeries", "name": series.title, "url": address})
    return wholes


def breadcrumb_list(links: Iterable[Link], whole: Whole) -> Data:
    """The way from the top of the site to a page, which is the last step: of a single step nothing could be made.

    https://developers.google.com/search/docs/appearance/structured-data/breadcrumb
    """
    crumbs = [
        {"@type": "ListItem", "position": number, "name": link.name, "item": whole(link.url)}
        for number, link in enumerate(links, start=1)
    ]
    return {"@context": VOCABULARY, "@type": "BreadcrumbList", "itemListElement": crumbs}


def collection_page(here: Link, description: str, posts: Iterable[Entry], whole: Whole) -> Data:
    """A list of posts."""
    items = [
        {"@type": "ListItem", "position": number, "name": post.title, "url": whole(post.url)}
        for number, post in enumerate(posts, start=1)
    ]
    return told(
        {
            "@context": VOCABULARY,
            "@type": "CollectionPage",
            "name": here.name,
            "url": whole(here.url),
            "description": description,
            "isPartOf": {"@id": f"{whole('/')}#site"},
            "mainEntity": {"@type": "ItemList", "itemListElement": items},
        }
    )


def profile_page(author: Author, whole: Whole) -> Data:
    """The page of an author."""
    picture = author.picture
    portrait = SharedPicture(picture.file.url, picture.width, picture.height, "") if picture else None
    about = {"description": author.bio, "image": image(portrait, whole) if portrait else None}
    return {
        "@context": VOCABULARY,
        "@type": "ProfilePage",
        "url": whole(author.get_absolute_url()),
        "mainEntity": told({**person(author, whole), **about}),
    }


def person(author: Author, whole: Whole) -> Data:
    return {"@type": "Person", "name": author.display_name, "url": whole(author.get_absolute_url())}


def publisher(site: SiteSettings, whole: Whole) -> Data:
    return {"@type": "Organization", "name": site.title, "url": whole("/")}


def image(picture: SharedPicture, whole: Whole) -> Data:
    return {"@type": "ImageObject", "url": whole(picture.url), "width": picture.width, "height": picture.height}


def moment(time: datetime | None) -> str:
    return time.isoformat() if time else ""


def told(data: Data) -> Data:
    """Without what there is nothing to tell of."""
    return {name: value for name, value in data.items() if value not in ("", None, [], 0)}
