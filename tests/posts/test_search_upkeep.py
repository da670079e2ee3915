"""What is searched stays true: through failures, migrations, bulk changes and commands."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from posts import generation
from posts.models import Post, SearchDocument, SiteSettings, SpellingKey
from posts.search import search, tables
from posts.terms import GAP
from tests.commits import as_if_committed
from tests.factories import make_post

pytestmark = pytest.mark.django_db

on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps triggers and indexes.")


def titles(query: str) -> list[str]:
    return [hit.post.title for hit in search(query).hits]


def reindex() -> str:
    out = io.StringIO()
    call_command("reindex", stdout=out, stderr=io.StringIO())
    return out.getvalue().strip()


def test_a_save_that_fails_leaves_no_trace():
    post = make_post("Bread")
    post.title = "Sourdough"
    with transaction.atomic():
        post.save()
        transaction.set_rollback(True)
    assert (titles("bread"), titles("sourdough")) == (["Bread"], [])
    assert not SpellingKey.objects.filter(word="sourdough").exists()


def test_to_save_something_else_does_not_index():
    post = make_post("Bread")
    SearchDocument.objects.all().delete()
    post.pinned = True
    post.save(update_fields=["pinned"])
    assert titles("bread") == []


def test_to_index_makes_nothing_look_new():
    post = make_post("Bread")
    as_if_committed()
    before = generation.current()
    SearchDocument.objects.write([post])
    SpellingKey.objects.learn([post])
    as_if_committed()
    assert generation.current() == before


@on_sqlite
def test_triggers_that_a_migration_dropped_come_back():
    make_post("Bread")
    with connection.cursor() as cursor:
        for column in tables.FTS:
            for event in ("insert", "update", "delete"):
                cursor.execute(f"DROP TRIGGER {tables.FTS[column]}_{event}")
    make_post("Cake")
    assert titles("cake") == []
    tables.install()
    assert (titles("cake"), titles("bread")) == (["Cake"], ["Bread"])
    make_post("Soup")
    assert titles("soup") == ["Soup"]


def test_to_migrate_again_changes_nothing():
    make_post("Bread")
    tables.install()
    assert titles("bread") == ["Bread"]


@on_sqlite
def test_the_index_is_what_the_documents_say():
    posts = [make_post(f"Bread {number}", body=f"Number {number}.", pk=number * 23_456 + 1) for number in range(5)]
    posts[0].purge()
    posts[1].title = "Cake"
    posts[1].save()
    SearchDocument.objects.filter(pk=posts[2].pk).delete()
    for column in tables.FTS:
        assert indexed(column) == written(column)
    reindex()
    for column in tables.FTS:
        assert indexed(column) == written(column)


def indexed(column: str) -> set[tuple[int, int, str]]:
    """Which document has which term at which place, by the index."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE VIRTUAL TABLE temp.seen USING fts5vocab(main, {tables.FTS[column]}, instance)")
        cursor.execute("SELECT doc, offset, term FROM seen")
        seen = set(cursor.fetchall())
        cursor.execute("DROP TABLE seen")
    return seen


def written(column: str) -> set[tuple[int, int, str]]:
    """The same by the documents, each term behind the number of its block."""
    return {
        (pk, place, f"{pk // tables.BLOCKS_ON_SQLITE[column]}{GAP}{term}")
        for pk, vector in SearchDocument.objects.values_list("pk", column)
        for place, term in enumerate(vector.split())
    }


def test_all_posts_are_indexed_anew():
    make_post("Brot", body="Die Katzen")
    make_post("Trashed").delete()
    Post.all_objects.update(title="Katzen")
    SiteSettings(language="de").save()
    assert titles('"katze"') == []
    assert reindex() == "Indexed 2 posts."
    assert titles('"katze"') == ["Katzen"]
    assert set(SearchDocument.objects.values_list("language", flat=True)) == {"de"}
    assert not SpellingKey.objects.filter(word="trashed").exists()


def test_to_render_again_indexes_what_has_changed():
    post = make_post("Bread", body="Flour.")
    Post.objects.filter(pk=post.pk).update(body="Barley.", body_html="stale")
    call_command("rerender", stdout=io.StringIO(), stderr=io.StringIO())
    assert (titles("barley"), titles("flour")) == (["Bread"], [])


def test_a_purged_post_takes_its_document_with_it():
    post = make_post("Bread")
    post.delete()
    post.purge()
    assert not SearchDocument.objects.exists()


def test_a_text_longer_than_an_index_can_hold_is_saved():
    words = " ".join(f"w{number}x" for number in range(40_000))
    make_post("Long", body=f"beginning {words} end")
    make_post("Repetitive", body="again " * 20_000)
    assert titles("beginning w7x") == ["Long"]
    assert titles("again") == ["Repetitive"]
    assert SearchDocument.objects.get(title="long").length <= 16_000


def test_time_alone_publishes_and_hides():
    post = make_post("Bread", publish_at=timezone.now() + timedelta(hours=1))
    assert titles("bread") == []
    Post.objects.filter(pk=post.pk).update(publish_at=timezone.now() - timedelta(seconds=1))
    assert titles("bread") == ["Bread"]
    Post.objects.filter(pk=post.pk).update(unpublish_at=timezone.now())
    assert titles("bread") == []
