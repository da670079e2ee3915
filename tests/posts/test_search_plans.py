"""What a search asks of the database: how often, and along which indexes."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from posts.models import Author, Category, Post, SearchDocument, Tag, TaggedPost
from posts.models.search import describe
from posts.search import Filters, finding, near, search
from posts.search.candidates import in_texts_or_titles
from posts.search.narrowing import Narrowing, passing
from posts.search.reading import read
from posts.search.tables import BLOCK, FTS, index_of
from tests.costs import analyze, explained, queries_of
from tests.factories import make_author, make_category, make_post

NUMBER = 1_200
# One of the six is for the state, which the page cache has asked before.
MOST = 6
THIS_YEAR = timezone.now().year


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
    plan = plans(lambda: in_texts_or_titles(read(text, ["en"]).wanted, 400, 200, Narrowing()))
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
    (found, is_complete), titled = in_texts_or_titles(read("brea", ["en"]).wanted, 400, 200, Narrowing())
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


@pytest.fixture
def filtered(large) -> None:
    """All of them by Anna, with the category and the tag "common"; every second one by Ben, too, with "other" ones.

    The tag "rare" is that of five.
    """
    Author.objects.update(slug="anna")
    ids = list(Post.objects.order_by("pk").values_list("pk", flat=True))
    link(ids, make_category("Common"), Tag.objects.create(name="Common"))
    link(ids[::2], make_category("Other"), Tag.objects.create(name="Other"))
    link(ids[:5], tag=Tag.objects.create(name="Rare"))
    authors = Post.co_authors.through
    ben = make_author("Ben")
    authors.objects.bulk_create(authors(post_id=pk, author=ben) for pk in ids[::2])
    analyze()


def link(ids: list[int], category: Category | None = None, tag: Tag | None = None) -> None:
    links = Post.categories.through
    if category:
        links.objects.bulk_create(links(post_id=pk, category=category) for pk in ids)
    if tag:
        TaggedPost.objects.bulk_create(TaggedPost(content_object_id=pk, tag=tag) for pk in ids)


def test_filters_hold_beyond_the_texts_that_are_read(filtered, monkeypatch):
    for module in ("narrowing", "postgresql"):
        monkeypatch.setattr(f"posts.search.{module}.MAX_READ", 20)
    within, without = Post.objects.order_by("pk").values_list("pk", flat=True)[100:102]
    for filters in (Filters(category="other"), Filters(tag="other"), Filters(author="ben"), Filters("common", "other")):
        assert [hit.post.pk for hit in search(f"number{within} rye", filters).hits] == [within], filters
        assert not search(f"number{without} rye", filters).hits, filters


# Below filters, no more posts are looked up than are found.
LOOKED_UP = {
    Filters(year=THIS_YEAR): finding.MAX_CANDIDATES + 1,
    Filters(author="anna", year=THIS_YEAR): finding.MAX_CANDIDATES + 1,
    Filters(category="common"): finding.MAX_CANDIDATES + 1,
    Filters(tag="common"): finding.MAX_CANDIDATES + 1,
    Filters(author="anna"): finding.MAX_CANDIDATES + 1,
    Filters(category="common", tag="common", author="anna"): finding.MAX_CANDIDATES + 1,
    Filters(category="common", tag="rare", author="anna"): 5,
    Filters(tag="rare", year=THIS_YEAR): 5,
    Filters(category="common", tag="nowhere"): 0,
}
IN_ORDER_BY = {
    Filters(category="common"): "posts_search_in_category",
    Filters(tag="common"): "posts_search_with_tag",
    Filters(author="anna"): "posts_search_by_author",
}


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite asks of each find whether filters let it through."
)
def test_filters_are_gone_along_in_the_order_of_their_posts_as_far_as_it_takes(filtered):
    for filters, most in LOOKED_UP.items():
        plan = plans_below(filters, "ANALYZE")
        looked_up = re.findall(r"on posts_post\b.*loops=(\d+)", plan)
        assert max(map(int, looked_up), default=0) <= most, plan
        assert bool(looked_up) == bool(most), plan
        assert not READS_ALL.search(plan), plan
    with connection.cursor() as cursor:
        # Of so few rows it would read all at once: what is asked is whether it could do without.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL jit = off")
    for filters, index in IN_ORDER_BY.items():
        plan = plans_below(filters)
        assert re.search(rf"Index (Only )?Scan Backward using {index}\b", plan), plan


def plans_below(filters: Filters, how: str = "") -> str:
    return plans(lambda: in_texts_or_titles(read("bread", ["en"]).wanted, 400, 200, passing(filters)), how)


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
