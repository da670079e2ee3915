"""Moving out, and in again: what is written is read back, and no feed reader notices."""

from __future__ import annotations

import io
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings as configuration
from django.contrib.redirects.models import Redirect
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from posts.exporters.markdown import MarkdownExport
from posts.files import recordings
from posts.importers.markdown import MarkdownImport, Options
from posts.importers.report import Report
from posts.models import Author, Category, Image, ImportRecord, Page, Post, Series, Tag
from tests import sounds
from tests.factories import make_author, make_category, make_draft, make_image, make_page, make_post, make_series
from tests.posts.old_site import write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

# What an export carries of a post, by the model's own names.
CARRIED = [
    *("guid", "slug", "title", "summary", "body", "status", "visibility", "publish_at", "unpublish_at"),
    *("pinned", "pinned_until", "in_feeds", "comment_policy", "canonical_url", "language", "translation_key"),
    *("seo_title", "seo_description", "created_at", "updated_at", "series_position"),
]


@pytest.fixture
def root(tmp_path) -> Path:
    return tmp_path / "export"


def export(root: Path) -> None:
    MarkdownExport(root).run()


def read_back(root: Path, **options: Any) -> Report:
    return MarkdownImport(root, Options(source="export", **options)).run()


def empty_the_site() -> None:
    ImportRecord.objects.all().delete()
    Post.all_objects.all().purge()
    for model in (Page, Series, Category, Author):
        model.all_objects.all().purge()
    for rows in (Tag.objects, Image.objects, Redirect.objects):
        rows.all().delete()


def told(post: Post) -> dict[str, Any]:
    names = {
        "byline": [author.display_name for author in post.byline],
        "categories": sorted(category.name for category in post.categories.all()),
        "tags": sorted(tag.name for tag in post.tags.all()),
        "series": post.series.title if post.series else "",
    }
    return {name: getattr(post, name) for name in CARRIED} | names


def everything_told() -> dict[str, dict[str, Any]]:
    return {post.slug: told(post) for post in Post.objects.all()}


def furnish() -> None:
    """Posts in every state, with all that a post can have."""
    ada, grace = make_author("Ada: Lovelace"), make_author("Grace")
    key = uuid.uuid4()
    rich = make_post(
        'Of "bread" & salt: #1',
        slug="Of_Bread",
        author=ada,
        categories=[make_category("Kitchen, cold"), make_category("yes")],
        tags=["sour dough", "2024", "a, b"],
        series=make_series("Baking"),
        series_position=7,
        summary="Two\n---\nlines.",
        body="## Dough\n\nSee [salt](/posts/salt/) and [me](/about/).\n\n```\n---\n/posts/salt/\n```",
        publish_at=datetime(2024, 2, 29, 23, 59, 59, 123456, tzinfo=UTC),
        unpublish_at=timezone.now() + timedelta(days=900),
        pinned=True,
        pinned_until=datetime(2031, 1, 2, 3, 4, 5, tzinfo=UTC),
        in_feeds=False,
        comment_policy="members",
        canonical_url="https://first.example/bread",
        language="de",
        translation_key=key,
        seo_title="Bread!",
        seo_description="All: of it.",
    )
    rich.co_authors.add(grace)
    Post.objects.filter(pk=rich.pk).update(updated_at=datetime(2025, 1, 1, 5, tzinfo=UTC))
    make_post("Salt", author=grace, slug="salt", visibility="unlisted", translation_key=key, language="en")
    make_post("Closed", author=grace, visibility="private", comment_policy="off", publish_at=timezone.now())
    make_post("Later", author=ada, publish_at=timezone.now() + timedelta(days=30))
    make_draft("Not yet", author=ada)
    make_draft("Dated", author=ada, publish_at=timezone.now() + timedelta(days=3))
    make_post("日本語 " * 20, author=ada, slug="日" * 100)
    make_post("Gone", author=ada).delete()
    make_page("About", body="Who [bakes](/posts/salt/).", seo_title="We")
    make_page("Plans", status="draft", language="es")


@pytest.mark.parametrize("site_url", ["", "https://elsewhere.example"])
def test_what_is_exported_and_imported_is_the_same_site(root, settings, site_url):
    furnish()
    before = everything_told()
    pages = list(Page.objects.order_by("slug").values("slug", "title", "body", "status", "language", "seo_title"))
    export(root)
    empty_the_site()
    settings.SITE_URL = site_url
    settings.GUID_AUTHORITY = "elsewhere.example"

    report = read_back(root)

    assert report.counts == {"created": len(before) + len(pages)}, report.skipped
    assert report.noted == {}
    assert everything_told() == before
    after = list(Page.objects.order_by("slug").values("slug", "title", "body", "status", "language", "seo_title"))
    assert after == pages


def test_no_guid_changes_so_that_no_feed_shows_a_post_twice(root, client):
    furnish()
    Post.objects.update(in_feeds=True)
    before = {item.guid for item in Post.published.syndicated()}
    export(root)
    empty_the_site()
    read_back(root)
    feed = client.get("/feed/").content.decode()
    assert before
    assert all(guid in feed for guid in before)


def test_a_second_run_changes_nothing(root):
    furnish()
    export(root)
    empty_the_site()
    created = read_back(root).counts["created"]
    before = everything_told()
    assert read_back(root).counts == {"unchanged": created}
    assert everything_told() == before


def test_a_guid_that_another_post_has_is_told_and_nothing_is_written(root):
    post = make_post("Bread", author=make_author("Ada"))
    export(root)
    report = read_back(root)
    assert report.counts == {"skipped": 1}
    assert "GUID" in next(iter(report.skipped))
    assert Post.objects.get() == post


def test_old_addresses_come_along(root):
    make_post("Bread", slug="bread")
    for old in ("/2019/loaf.html", "/loaf/"):
        Redirect.objects.create(site_id=configuration.SITE_ID, old_path=old, new_path="/posts/bread/")
    export(root)
    empty_the_site()
    read_back(root)
    assert set(Redirect.objects.values_list("old_path", "new_path")) == {
        ("/2019/loaf.html", "/posts/bread/"),
        ("/loaf/", "/posts/bread/"),
    }


def test_pictures_come_along(root):
    cover, inside = make_image("A loaf", size=(20, 10)), make_image(size=(9, 7))
    body = f'![crumb]({inside.file.url} "Soft")\n\n<img src="{inside.file.url}" alt="">\n\n`{inside.file.url}`'
    make_post("Bread", slug="bread", cover=cover, body=body)
    export(root)
    folder = root / "posts" / "bread"
    assert sorted(path.suffix for path in folder.iterdir()) == [".md", ".png", ".png"]
    assert "media" not in (folder / "index.md").read_text().replace(f"`{inside.file.url}`", "")
    empty_the_site()
    assert read_back(root).noted == {}
    post = Post.objects.get()
    assert (post.cover.width, post.cover.height, post.cover_alt) == (20, 10, "A loaf")
    [picture] = Image.objects.exclude(pk=post.cover_id)
    assert (picture.width, picture.height) == (9, 7)
    assert f'![crumb]({picture.file.url} "Soft")' in post.body
    assert f'<img src="{picture.file.url}" alt="">' in post.body


def test_a_recording_comes_along(root, media):
    audio = recordings.keep(ContentFile(sounds.mp3(), "talk.mp3"), title="The talk")
    make_post("Talk", slug="talk", audio=audio)
    export(root)
    empty_the_site()
    read_back(root)
    kept = Post.objects.get().audio
    assert (kept.title, kept.digest, kept.seconds) == ("The talk", audio.digest, audio.seconds)


def test_a_picture_that_the_site_has_lost_does_not_stop_the_export(root, media):
    image = make_image()
    (media / str(image.file)).unlink()
    make_post("Bread", slug="bread", cover=image)
    export = MarkdownExport(root)
    assert export.run() == 1
    assert export.missing == [str(image.file)]


@pytest.mark.parametrize("name", ["", ".", "ab", "ab/c.png/d.png", f"{'a' * 300}.png"])
def test_an_address_that_is_no_file_does_not_stop_the_export(name, root, media):
    (media / "images" / "ab").mkdir(parents=True)
    (media / "images" / "ab" / "c.png").touch()
    make_post("Crooked", body=f"![x](/media/images/{name})")
    export(root)
    assert (root / "posts" / "crooked" / "index.md").exists()


@pytest.mark.parametrize("slug", ["index", "_index"])
def test_a_slug_that_names_a_folder_s_own_file_comes_along(slug, root):
    guid = make_post("The alphabet", slug=slug).guid
    export(root)
    empty_the_site()
    read_back(root)
    assert Post.objects.get(guid=guid).slug == slug


def test_a_body_cannot_fetch_other_files_of_the_site(root, media):
    (media.parent / "secret.txt").write_text("secret")
    make_post("Bread", slug="bread", body="![x](/media/images/../../secret.txt) ![y](/media/images/%2e%2e/x.png)")
    export(root)
    assert not [path for path in root.rglob("*") if path.name == "secret.txt"]


def test_what_is_as_it_is_anyway_is_not_said(root):
    make_post("Bread", slug="bread", author=make_author("Ada"))
    export(root)
    text = (root / "posts" / "bread.md").read_text()
    said = yaml.safe_load(text.split("---\n")[1])
    assert set(said) == {"title", "guid", "path", "slug", "created", "updated", "date", "authors"}


# What only an export says, in the files of others


def test_a_slug_is_taken_as_it_stands_if_it_can_be_one(folder):
    write(folder, "a.md", slug="My_Post")
    write(folder, "b.md", slug="My other post")
    read_back(folder)
    assert {post.slug for post in Post.objects.all()} == {"My_Post", "my-other-post"}


@pytest.mark.parametrize(
    "fields", [{"kind": "poem"}, {"comment_policy": "anyone"}, {"translation_key": "about"}], ids=str
)
def test_a_particular_that_makes_no_sense_is_told(fields, folder):
    write(folder, "a.md", **fields)
    assert read_back(folder).counts == {"skipped": 1}


def test_a_language_or_a_number_of_others_is_no_reason_to_refuse_a_post(folder):
    write(folder, "a.md", language="klingon", guid="17")
    read_back(folder)
    post = Post.objects.get()
    assert post.language == ""
    assert post.guid.startswith("tag:")


def test_a_guid_of_letters_that_are_none_is_cleaned(folder):
    said = 'title: Of bread\ndate: 2026-01-01\nauthor: Ada\nguid: "tag:a.example,2026:\\ud800b"'
    folder.mkdir(exist_ok=True)
    (folder / "a.md").write_text(f"---\n{said}\n---\n\nFlour.\n")
    read_back(folder)
    assert Post.objects.get().guid == "tag:a.example,2026:b"


def test_a_page_that_is_there_with_another_text_is_left_alone_unless_it_is_to_be_overwritten(root):
    make_page("About", body="From the folder.")
    export(root)
    Page.objects.all().purge()
    make_page("About", body="From the desk.")
    assert read_back(root).counts == {"skipped": 1}
    assert Page.objects.get().body == "From the desk."
    assert read_back(root, overwrite=True).counts == {"updated": 1}
    assert Page.objects.get().body == "From the folder."


def test_a_page_cannot_take_an_address_of_the_site(folder):
    write(folder, "a.md", kind="page", slug="archive", date=None)
    assert read_back(folder).counts == {"skipped": 1}
    assert not Page.objects.exists()


def test_a_rehearsal_writes_no_page(root):
    make_page("About")
    export(root)
    Page.objects.all().purge()
    assert read_back(root, rehearsal=True).counts == {"created": 1}
    assert not Page.objects.exists()


# The command


def test_the_command_says_how_much_it_wrote(root):
    make_post()
    make_page("About")
    out = io.StringIO()
    call_command("export_markdown", str(root), stdout=out, stderr=io.StringIO())
    assert out.getvalue() == f"Wrote 2 posts and pages to {root}.\n"


def test_the_command_writes_into_no_folder_that_holds_something(folder):
    (folder / "x").write_text("")
    with pytest.raises(CommandError, match="not empty"):
        call_command("export_markdown", str(folder))


def test_many_posts_cost_a_few_queries_a_hundred(root, django_assert_max_num_queries):
    author = make_author()
    for number in range(30):
        make_post(f"Post {number}", author=author, tags=["x"], categories=[make_category()])
    with django_assert_max_num_queries(12):
        export(root)
