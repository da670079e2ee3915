"""What a file says becomes its post; what says nothing is reported."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from posts.importers.entry import Rules
from posts.models import Author, Category, ImportRecord, Post, Series, Tag
from tests.factories import make_author, make_post
from tests.posts.old_site import run, write, write_raw

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def test_a_post_is_as_its_file_says(folder):
    write(
        folder,
        "gales.md",
        "The *autumn* gales.",
        title="The autumn gales",
        date="2019-10-28",
        authors=["Ruth", "Piet"],
        categories=["Weather", "Boats"],
        tags=["wind", "C++"],
        summary="It blew.",
        series="Seasons",
        series_position=4,
        pinned=True,
        pinned_until="2031-05-01T10:00:00Z",
        comments=False,
    )

    report = run(folder)

    post = Post.published.get()
    assert report.counts == {"created": 1}
    assert not report.noted
    assert (post.title, post.slug, post.summary, post.body) == (
        "The autumn gales",
        "gales",
        "It blew.",
        "The *autumn* gales.\n",
    )
    assert [author.display_name for author in post.byline] == ["Ruth", "Piet"]
    assert {category.name for category in post.categories.all()} == {"Weather", "Boats"}
    assert {tag.name for tag in post.tags.all()} == {"wind", "C++"}
    assert (post.series.title, post.series_position) == ("Seasons", 4)
    assert post.pinned
    assert post.pinned_until == datetime(2031, 5, 1, 10, tzinfo=UTC)
    assert post.comment_policy == "off"
    assert "<em>autumn</em>" in post.html
    assert post.created_at == post.updated_at == post.publish_at


def test_yaml_says_the_same_in_another_dialect(folder):
    write_raw(
        folder,
        "2019-10-28-gales.md",
        "---\ntitle: 2019\nauthor: Ruth\ncategory: Weather\ntags: wind, rain\npublished: true\n---\nIt blew.\n",
    )

    run(folder)

    post = Post.published.get()
    assert (post.title, post.slug, post.body) == ("2019", "gales", "It blew.\n")
    assert {tag.name for tag in post.tags.all()} == {"wind", "rain"}
    assert f"{post.publish_at:%Y-%m-%d}" == "2019-10-28"


def test_windows_line_ends_and_a_byte_order_mark_are_no_part_of_a_text(folder):
    write_raw(
        folder,
        "a.md",
        b"\xef\xbb\xbf+++\r\ntitle = 'A'\r\ndate = 2024-01-01\r\nauthor = 'Ada'\r\n+++\r\nOne.\r\nTwo.\r\n",
    )

    run(folder)

    assert Post.objects.get().body == "One.\nTwo.\n"


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("a.md", {"date": "2019-10-28"}),
        ("a.md", {"date": None, "published": "2019-10-28"}),
        ("a.md", {"date": None, "path": "2019/10/28/a"}),
        ("a.md", {"date": "2019-10-28 09:00:00 +0100"}),
        ("2019/10/28/a.md", {"date": None}),
        ("2019-10-28-a.md", {"date": None}),
        ("2019-10-28-a/index.md", {"date": None}),
    ],
)
def test_the_day_is_in_the_front_matter_or_in_the_path(folder, name, fields):
    write(folder, name, **fields)

    run(folder)

    post = Post.published.get()
    assert f"{post.publish_at:%Y-%m-%d}" == "2019-10-28"
    assert post.slug == "a"


def test_posts_of_one_day_keep_their_order_and_lie_at_noon_of_the_site(folder):
    for name in ("b.md", "a.md", "c.md"):
        write(folder, name, date="2019-10-28")

    with timezone.override("Europe/Berlin"):
        run(folder)

    times = list(Post.objects.order_by("slug").values_list("publish_at", flat=True))
    noon = datetime(2019, 10, 28, 11, tzinfo=UTC)
    assert times == [noon, noon + timedelta(seconds=1), noon + timedelta(seconds=2)]


def test_a_post_of_today_does_not_wait_for_noon(folder, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 3, 1, 9, tzinfo=UTC))
    write(folder, "a.md", date="2026-03-01")

    run(folder)

    assert Post.objects.get().publish_at == datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"draft": True}, Post.State.DRAFT),
        ({"draft": True, "date": None}, Post.State.DRAFT),
        ({"published": False}, Post.State.DRAFT),
        ({"date": "2090-01-01"}, Post.State.SCHEDULED),
        ({"unpublish": "2024-02-01"}, Post.State.EXPIRED),
    ],
)
def test_what_nobody_may_read_yet_stays_that_way(folder, fields, state):
    write(folder, "a.md", **fields)

    run(folder)

    assert Post.objects.get().state == state


@pytest.mark.parametrize("fields", [{"unlisted": True}, {"visibility": "unlisted"}])
def test_an_unlisted_post_is_in_no_list(folder, fields):
    write(folder, "a.md", **fields)

    run(folder)

    assert Post.published.readable().count() == 1
    assert Post.published.listed().count() == 0


def test_authors_categories_and_series_that_exist_are_used(folder):
    ada = make_author("Ada")
    news = Category.objects.create(name="News")
    seasons = Series.objects.create(title="Seasons")
    write(folder, "a.md", series="Seasons")
    write(folder, "b.md", series="Seasons")

    run(folder)

    assert list(Author.objects.all()) == [ada]
    assert list(Category.objects.all()) == [news]
    assert [post.slug for post in Post.objects.in_series(seasons)] == ["a", "b"]


def test_a_section_is_the_category_of_posts_that_name_none(folder):
    write_raw(folder, "_index.md", "+++\ntitle = 'The blog'\n+++\n")
    write_raw(folder, "inside/_index.md", "+++\ntitle = 'Inside'\n+++\n")
    write_raw(folder, "inside/latest.md", "+++\ntemplate = 'latest.html'\n+++\n")
    write(folder, "a.md", categories=None)
    write(folder, "inside/b.md", categories=None)
    write(folder, "inside/deep/c.md", categories=None)
    write(folder, "inside/d.md", categories=["Own"])

    report = run(folder)

    categories = {post.slug: [category.name for category in post.categories.all()] for post in Post.objects.all()}
    assert categories == {"a": ["The blog"], "b": ["Inside"], "c": ["Inside"], "d": ["Own"]}
    assert report.counts == {"created": 4, "skipped": 3}
    assert [len(remarks) for remarks in report.skipped.values()] == [3]


def test_rules_make_categories_and_tags_of_other_fields(folder):
    write(folder, "a.md", extra__release=True, extra__team="the compiler team")
    write(folder, "b.md", extra__release=False)
    rules = Rules(category_when=(("extra.release", "Releases"),), tags_from=("extra.team",))

    run(folder, rules=rules)

    first, second = Post.objects.order_by("slug")
    assert {category.name for category in first.categories.all()} == {"News", "Releases"}
    assert [tag.name for tag in first.tags.all()] == ["the compiler team"]
    assert {category.name for category in second.categories.all()} == {"News"}


def test_a_post_without_author_needs_one_from_the_command(folder):
    write(folder, "a.md", authors=None)

    assert "--author" in str(run(folder).skipped)
    assert run(folder, rules=Rules(author="Ruth")).counts["created"] == 1
    assert Post.objects.get().author.display_name == "Ruth"


# Files that are no posts


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"+++\ntitle = \n+++\n", "not valid TOML"),
        (b"+++\ndate = 2024-02-31\n+++\n", "not valid TOML"),
        (b"---\ntitle: [\n---\n", "not valid YAML"),
        (b"---\ntitle: !!python/object/apply:os.system ['true']\n---\n", "not valid YAML"),
        (b"---\ndate: 2024-02-31\n---\n", "not valid YAML"),
        (b"---\na: &a {k: v}\nb: {<<: [*a, *a]}\n---\n", "not valid YAML"),
        (b"---\nx: " + b"[" * 50_000 + b"\n---\n", "not valid YAML"),
        (b"+++\nx = " + b"[" * 50_000 + b"\n+++\n", "not valid TOML"),
        (b"---\n- a\n- b\n---\n", "not a table"),
        (b"---\n" + b"x: y\n" * 30_000 + b"---\n", "longer than"),
        (b"Words without any front matter.", "no title"),
        (b"+++\ntitle = ''\n+++\n", "no title"),
        (b"+++\ntitle = ['a']\n+++\n", "not a text"),
        (b"+++\ntitle = 'A'\n+++\n\xff\xfe", "not valid UTF-8"),
        (b"+++\ntitle = 'A'\n+++\na\0b", "NUL"),
        (b"+++\ntitle = 'A'\n+++\nNo date.", "no date"),
        (b"+++\ntitle = 'A'\ndate = 'some day'\n+++\n", "not a date"),
        (b"+++\ntitle = 'A'\ndate = '2024-13-01'\n+++\n", "date that exists"),
        (b"+++\ntitle = 'A'\ndate = 12:00:00\n+++\n", "not a date"),
        (b"+++\ntitle = 'A'\npath = '2024/13/01/a'\n+++\n", "does not exist"),
        (b"+++\ntitle = 'A'\ndate = 0001-01-01\n+++\n", "year 1"),
        (b"+++\ntitle = 'A'\ndate = 2024-01-01\ndraft = 'perhaps'\n+++\n", "neither true nor false"),
        (b"+++\ntitle = 'A'\ndate = 2024-01-01\nauthors = [['x']]\n+++\n", "names"),
        (b"+++\ntitle = 'A'\ndate = 2024-01-01\nvisibility = 'dim'\n+++\n", "unlisted"),
        (b"+++\ntitle = 'A'\ndate = 2024-01-01\n+++\n" + b"x " * 600_000, "longer than"),
        (b"+++\ntitle = 'A'\ndate = 2024-01-01\n+++\n" + b"x " * 5_000_000, "larger than"),
        (b"+++\ntitle = '" + b"A" * 201 + b"'\ndate = 2024-01-01\nauthor = 'Ada'\n+++\n", "title: "),
        (b"+++\ntitle = 'A'\ndate = 2024-01-02\nunpublish = 2024-01-01\nauthor = 'Ada'\n+++\n", "unpublish_at: "),
        (b"+++\ntitle = 'A'\ndate = 2024-01-02\nauthor = '" + b"A" * 200 + b"'\n+++\n", "display_name: "),
        (
            b"+++\ntitle = 'A'\ndate = 2024-01-02\nauthor = 'Ada'\ntags = ['" + b"A" * 200 + b"']\n+++\n",
            "100 characters",
        ),
    ],
)
def test_a_bad_file_is_reported_in_a_sentence_and_stops_nothing(folder, content, sentence):
    write_raw(folder, "bad.md", content)
    write(folder, "good.md")

    report = run(folder)

    [(reason, [remark])] = report.skipped.items()
    assert remark.file == "bad.md"
    assert sentence in f"{reason} {remark.detail}"
    assert [post.slug for post in Post.objects.all()] == ["good"]


def test_names_that_no_text_can_hold_are_reported_as_far_as_they_can_be_read(folder):
    write_raw(folder, os.fsdecode(b"b\xffd.md"), "x")
    write_raw(folder, "red\x1b[31m.md", "x")
    os.mkfifo(folder / "pipe.md")

    report = run(folder)

    files = {remark.file for remarks in report.skipped.values() for remark in remarks}
    assert files == {"b?d.md", "red[31m.md", "pipe.md"}


def test_what_the_database_refuses_is_reported(folder, monkeypatch):
    write(folder, "a.md")
    monkeypatch.setattr(
        ImportRecord.objects, "bulk_create", lambda *_, **__: (_ for _ in ()).throw(IntegrityError("no"))
    )

    report = run(folder)

    assert report.skipped.keys() == {"The database refuses it."}
    assert not Post.all_objects.exists()
    assert not Author.objects.exists()


@pytest.mark.parametrize("tag", ["wind\u200b", "\u202ewind", "wi\x00nd", "win\ud800d"])
def test_a_tag_with_letters_that_nobody_sees_is_the_tag_without_them(tag):
    for title in ("One", "Two"):
        make_post(title, tags=[tag])
    assert Tag.objects.get().name == "wind"
    assert Tag.objects.get().items.count() == 2
