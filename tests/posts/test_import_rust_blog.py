"""Twelve years of a real blog moved in at once: 745 posts of the Rust project, read where they lie."""

from __future__ import annotations

import tomllib
from pathlib import Path
from urllib.parse import unquote

import feedparser
import pytest
from django.contrib.redirects.middleware import RedirectFallbackMiddleware
from django.http import HttpResponse, HttpResponseNotFound
from django.test import Client, RequestFactory
from django.urls import is_valid_path

from posts.importers.addresses import redirect_path
from posts.importers.entry import Rules
from posts.importers.markdown import MarkdownImport, Options
from posts.importers.report import Report
from posts.models import Author, Category, ImportRecord, Post, Tag
from posts.search import near, search
from tests.posts.old_site import everything

BLOG = Path(__file__).parents[3] / "shared" / "corpora" / "rust-blog"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.xdist_group("rust blog"),
    pytest.mark.skipif(not BLOG.is_dir(), reason="The posts of the Rust blog are not beside the checkout."),
]


def move_in() -> Report:
    rules = Rules(category_when=(("extra.release", "Release announcements"),), tags_from=("extra.team",))
    return MarkdownImport(BLOG, Options(source="rust", base_url="https://blog.rust-lang.org", rules=rules)).run()


# One test, since moving in takes most of its time.
def test_the_rust_blog_moves_in(media, client: Client):
    assert move_in().counts == {"created": 745, "skipped": 4}
    assert Author.objects.count() == 165
    assert {category.name for category in Category.objects.all()} == {
        "Inside Rust Blog",
        "Release announcements",
        "Rust Blog",
    }

    moved_in = everything()
    assert move_in().counts == {"unchanged": 745, "skipped": 4}
    assert everything() == moved_in

    assert_search_finds_its_way()
    assert wrong_pages(client) == {}
    assert lost_addresses(client) == []
    assert_the_feed_parses(client)


# The best of what both engines must find alike.
FOUND = {
    "async/await": ["async-await-hits-beta", "async-await-stable", "asyncawait-not-send-error-improvements"],
    '"borrow checker"': ["nll-hard-errors", "enabling-polonius-alpha-on-nightly", "nll-by-default"],
    "GATs": ["gats-stabilization-push", "gats-stabilization", "rtn-call-for-testing"],
    "const gen": ["const-generics-mvp-beta", "splitting-const-generics", "inferred-const-generic-arguments"],
    "cargo registry sparse": ["sparse-registry-testing", "cve-2026-5222", "cargo-sparse-protocol"],
    "docs.rs": ["docsrs-outage-postmortem", "upcoming-docsrs-changes", "announcing-the-docsrs-team"],
}


def assert_search_finds_its_way() -> None:
    assert {query: [hit.post.slug for hit in search(query, limit=3).hits] for query in FOUND} == FOUND
    assert search("borrow chekcer").suggestion == "borrow checker"
    assert next(post.slug for post in near("/blog/asinc-await-hits-beta.html")) == "async-await-hits-beta"
    assert search("rust").is_capped


def wrong_pages(client: Client) -> dict[str, int]:
    """Of every fifth page of the site, those that do not answer 200."""
    posts = list(Post.objects.order_by("pk"))
    subjects = [*posts, *Category.objects.all(), *Author.objects.all(), *Tag.objects.all()]
    addresses = [subject.get_absolute_url() for subject in subjects]
    addresses += sorted({f"/{post.publish_at:%Y/%m}/" for post in posts})
    addresses = ["/", "/archive/", *addresses[::5]]
    answers = {address: client.get(address).status_code for address in addresses}
    return {address: status for address, status in answers.items() if status != 200}


def lost_addresses(client: Client) -> list[str]:
    """Every old address that does not lead to its post at once.

    Each is looked up as a request for it would be; to ask for them all would be to render the 404 page 1480 times.
    """
    lost = []
    for number, record in enumerate(ImportRecord.objects.select_related("post")):
        address = record.post.get_absolute_url()
        for alias in aliases(record.source.removeprefix("rust:")):
            path = redirect_path(alias)
            answer = client.get(path) if number % 50 == 0 else redirected(path)
            if answer is None or (answer.status_code, answer.get("Location")) != (301, address):
                lost.append(alias)
    return lost


def redirected(path: str) -> HttpResponse | None:
    """What the middleware makes of an address that no view has."""
    if is_valid_path(unquote(path)):
        return None
    request = RequestFactory().get(path)
    return RedirectFallbackMiddleware(lambda _: HttpResponseNotFound())(request)


def aliases(key: str) -> list[str]:
    """The addresses that a post's file claims, by the plainest reading of it."""
    file = BLOG / key / "index.md" if (BLOG / key / "index.md").exists() else BLOG / f"{key}.md"
    fields = tomllib.loads(file.read_text().split("\n+++", 1)[0].removeprefix("+++"))
    return [fields["path"], *fields.get("aliases", [])]


def assert_the_feed_parses(client: Client) -> None:
    feed = feedparser.parse(client.get("/feed/").content)
    assert not feed.bozo
    newest = Post.published.listed().newest_first().first()
    assert feed.entries[0].title == newest.title
