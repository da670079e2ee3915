"""Every feed of a whole site, judged: of the demo, and of the Rust project's blog, read where it lies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from blogsite import demo_content
from posts.importers.entry import Rules
from posts.importers.markdown import MarkdownImport, Options
from posts.models import Author, Category, Post, Series, SiteSettings, Tag
from tests.feeds import PATHS, judge

BLOG = Path(__file__).parents[3] / "shared" / "corpora" / "rust-blog"
NEXT = re.compile(rb'rel="next"[^>]*href="([^"]+)"|"next_url": "([^"]+)"')

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def subjects() -> Iterator[str]:
    """The addresses of all pages that have feeds."""
    yield from ("/", "/comments/")
    for model in (Category, Tag, Author, Series):
        yield from (row.get_absolute_url() for row in model.objects.all())
    for post in Post.published.listed():
        yield f"{post.get_absolute_url()}comments/"


def judge_all(client: Client) -> int:
    """How many posts the pages of the site's feed hold, once every feed of the site has been judged."""
    for page in subjects():
        for kind, path in PATHS.items():
            address = f"{page}feed/{path}"
            response = client.get(address)
            if response.status_code == 404:
                assert client.get(page).status_code == 404, address
            else:
                judge(response, kind)
    return min(walk(client, kind) for kind in PATHS)


def walk(client: Client, kind: str) -> int:
    """Judge every page of the site's feed; return how many posts stand there."""
    address, posts = f"/feed/{PATHS[kind]}", 0
    while address:
        response = client.get(address)
        judge(response, kind)
        posts += len(re.findall(rb"</item>|</entry>|\"date_published\"", response.content))
        found = NEXT.search(response.content)
        address = (found[1] or found[2]).decode().replace("&amp;", "&") if found else ""
    return posts


def test_the_demo(client):
    demo_content.load()
    site = SiteSettings.load()
    site.feed_length = 5
    site.save()
    assert judge_all(client) == Post.published.syndicated().count()


@pytest.mark.skipif(not BLOG.is_dir(), reason="The posts of the Rust blog are not beside the checkout.")
def test_every_thirtieth_post_of_the_rust_blog(client, folder):
    for entry in sorted(BLOG.rglob("*.md"))[::30]:
        copy = folder / entry.relative_to(BLOG)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(entry.read_bytes())
    rules = Rules(category_when=(("extra.release", "Releases"),), tags_from=("extra.team",))
    report = MarkdownImport(folder, Options(source="rust", base_url="https://blog.rust-lang.org", rules=rules)).run()
    assert judge_all(client) == report.counts["created"] > 20


@pytest.fixture
def folder(tmp_path) -> Path:
    path = tmp_path / "content"
    path.mkdir()
    return path
