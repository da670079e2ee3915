"""What crawlers are told of the whole site, and the texts that some of them may have as Markdown."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from django.urls import reverse

from .addresses import Whole
from .exporters.markdown import front_matter
from .models import CrawlerPolicy, Page, Post, SiteSettings

LIST = Path(__file__).with_name("crawlers.txt")
# Of the posts that llms.txt names, the newest.
MAX_POSTS = 50
MAX_PAGES = 50
_IN_LABELS = str.maketrans({character: f"\\{character}" for character in "\\[]<>`*_"})


@cache
def training_crawlers() -> tuple[str, ...]:
    """The names of those that gather texts to train machines, as posts/crawlers.txt lists them."""
    lines = (line.partition("#")[0].strip() for line in LIST.read_text().splitlines())
    return tuple(filter(None, lines))


def robots_txt(policy: str, closed: Iterable[str], sitemap: str) -> str:
    """The Robots Exclusion Protocol, RFC 9309. `closed` are the paths that no crawler needs."""
    groups = [["User-agent: *", *(f"Disallow: {path}" for path in closed)]]
    if policy == CrawlerPolicy.REFUSE_TRAINING:
        groups.append([*(f"User-agent: {name}" for name in training_crawlers()), "Disallow: /"])
    groups.append([f"Sitemap: {sitemap}"])
    return "\n\n".join("\n".join(group) for group in groups) + "\n"


def llms_txt(site: SiteSettings, posts: Iterable[Post], pages: Iterable[Page], whole: Whole) -> str:
    """What there is to read, for machines that answer questions: https://llmstxt.org"""
    sections = {
        "Posts": [entry(post.title, whole(markdown_path(post)), post.teaser) for post in posts],
        "Pages": [entry(page.title, whole(page.get_absolute_url()), page.excerpt) for page in pages],
    }
    summary = " ".join((site.description or site.tagline).split())
    blocks = [f"# {site.title}", *([f"> {summary}"] if summary else [])]
    blocks += [f"## {name}\n\n" + "\n".join(entries) for name, entries in sections.items() if entries]
    return "\n\n".join(blocks) + "\n"


def entry(title: str, url: str, about: str) -> str:
    about = " ".join(about.split())
    return f"- [{title.translate(_IN_LABELS)}]({url})" + (f": {about}" if about else "")


def markdown_path(post: Post) -> str:
    return reverse("posts:markdown", args=[post.slug])


def markdown_of(post: Post, site: SiteSettings, url: str) -> str:
    """A post as it was written, below a few particulars in YAML."""
    particulars: dict[str, Any] = {
        "title": post.title,
        "authors": [author.display_name for author in post.byline],
        "date": post.publish_at.date().isoformat() if post.publish_at else None,
        "updated": post.updated_at.date().isoformat(),
        "language": post.language or site.language,
        "url": url,
    }
    return f"{front_matter(particulars)}{post.body}\n"
