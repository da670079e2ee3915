"""What a search asks of the database: how often, and along which indexes."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from posts.models import Author, Post, SearchDocument
from posts.models.search import describe
from posts.search import Filters, finding, near, search
from posts.search.candidates import in_texts_or_titles
from posts.search.engines import ALL
from posts.search.facets import passing
from posts.search.reading import read
from posts.search.tables import BLOCK, FTS, index_of
from tests.costs import analyze, explained, queries_of
from tests.factories import make_author, make_category, make_post

NUMBER = 1_200
# One of the six is for the state, which the page cache has asked before.
MOST = 6


@pytest.fixture
def large(db) -> None:
    """Posts of five blocks, all with the word of the title, each with a body of its own."""
    author, now = make_author(), timezone.now()
    ids = [number * 5 * BLOCK // NUMBER + 1 for number in range(NUMBER)]
    posts = Post.objects.bulk_create(
        Post(
            pk=pk,
            title="Bread",
            slug=f"bread-{pk}",
            body_html=f"<p>Rye number{pk} and salt</p>",
            author=author,
            status="published",
            publish_at=now - timedelta(hours=NUMBER - number),
        )
        for number, pk in enumerate(ids)
    )
    SearchDocument.objects.bulk_create(describe(post, "en") for post in posts)
    analyze()


def plans(work, how: str = "") -> str:
    """How the queries of this work for search documents are run, in one text; "ANALYZE" tells what they did, too."""
    with CaptureQueriesContext(connection) as captured:
        work()
    asked = (query["sql"] for query in captured)
    found = [explained(f"{how} {sql}") for sql in asked if "title_vector" in sql or "text_vector" in sql]
    assert found
    return "\n".join(found)


READS_ALL = re.compile(r"Seq Scan on posts_(searchdocument|post)\b|SCAN (posts_searchdocument|posts_post)\b")


@pytest.mark.parametrize("text", ["brea", "bread salt", "sal rye", '"bread rye"', "nothing"])
def test_texts_and_titles_are_found_by_their_indexes(large, text):
    plan = plans(lambda: in_texts_or_titles(read(text, ["en"]).wanted, 400, 200, ALL))
    assert not READS_ALL.search(plan), plan
    if connection.vendor == "postgresql":
        assert index_of("text_vector") in plan, plan
        assert index_of("title_vector") in plan, plan
        # Nothing that PostgreSQL would compile first, which takes longer than to search.
        assert max(map(float, re.findall(r"cost=[\d.]+\.\.([\d.]+)", plan))) < 100_000
    else:
        assert set(re.findall(r"SCAN (\w+) VIRTUAL TABLE INDEX \d+:M", plan)) == set(FTS.values()), plan


def test_titles_that_resemble_an_address_are_found_by_theirs(large):
    plan = plans(lambda: near("of-bread", languages=["en"]))
    assert not READS_ALL.search(plan), plan


def test_the_newest_of_a_common_word_are_found_block_by_block(large):
    newest = list(Post.objects.order_by("-pk").values_list("pk", flat=True)[: finding.MAX_CANDIDATES + 1])
    (found, is_complete), titled = in_texts_or_titles(read("brea", ["en"]).wanted, 400, 200, ALL)
    assert (found, is_complete) == (newest, True)
    assert titled == newest[:200]


def test_each_is_found_once_below_filters(large):
    """Those that are read at first stand in the blocks, too."""
    bread = make_category("Bread")
    links = Post.categories.through
    links.objects.bulk_create(links(post_id=pk, category=bread) for pk in Post.objects.values_list("pk", flat=True))
    old = Post.objects.order_by("pk").first()
    found = search(f"number{old.pk} rye", Filters(category="bread"))
    assert [hit.post.pk for hit in found.hits] == [old.pk]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite tells of no plan how often a table is looked at.")
@pytest.mark.parametrize("author", ["", "anna"])
def test_of_a_year_no_more_posts_are_looked_up_than_are_found(large, author):
    Author.objects.update(slug="anna")
    only = passing(Filters(author=author, year=timezone.now().year))
    plan = plans(lambda: in_texts_or_titles(read("bread", ["en"]).wanted, 400, 200, only), "ANALYZE")
    looked_up = re.findall(r"on posts_post\b.*loops=(\d+)", plan)
    assert looked_up, plan
    assert max(map(int, looked_up)) <= finding.MAX_CANDIDATES + 1, plan
    assert not READS_ALL.search(plan), plan


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["", "instant/"])
@pytest.mark.parametrize("number", [1, 8])
def test_however_many_words_are_misspelt_they_cost_alike(client, page, number):
    words = ["borrowing", "checkers", "sourdough", "raspberry", "telephone", "gardening", "carpentry", "furniture"]
    make_post("Everything", body=" ".join(words * 2))
    typed = "+".join(f"{word[:3]}x{word[3:]}" for word in words[:number])
    answer = client.get(f"/search/{page}?q={typed}").content.decode()
    assert words[0] in answer
    assert queries_without_chrome(client, f"/search/{page}?q={typed}") <= MOST


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["", "instant/"])
def test_more_finds_than_are_looked_at_cost_no_more(client, page, monkeypatch):
    for _ in range(4):
        make_post("Bread", tags=["rye"], categories=[make_category()])
    few = queries_of(client, f"/search/{page}?q=bread")
    monkeypatch.setattr(finding, "MAX_CANDIDATES", 2)
    assert queries_of(client, f"/search/{page}?q=bread") == few
    assert queries_without_chrome(client, f"/search/{page}?q=bread") <= MOST


def queries_without_chrome(client, address: str) -> int:
    """Those that an answer takes beside what each process keeps: settings, menus and languages."""
    return queries_of(client, address) - queries_of(client, address.partition("?")[0]) + 1
