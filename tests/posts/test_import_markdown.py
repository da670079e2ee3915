"""What an owner who moves in can rely on, told with folders of a few files."""

from __future__ import annotations

import io
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.redirects.models import Redirect
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.utils import timezone
from PIL import Image as Pillow

from posts.importers.entry import Rules
from posts.importers.markdown import MarkdownImport, Options
from posts.models import Author, Category, Image, ImportRecord, Page, Post, Series
from posts.progress import INTERRUPTED
from tests.factories import make_author, make_page, make_post

pytestmark = pytest.mark.django_db

OLD_SITE = "https://old.example"


@pytest.fixture(autouse=True)
def media(settings, tmp_path_factory):
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")
    return Path(settings.MEDIA_ROOT)


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "content"
    path.mkdir()
    return path


def write(folder: Path, name: str, body: str = "Words.", **fields) -> Path:
    """A post with TOML front matter, dated and signed unless told otherwise."""
    fields = {"title": name, "date": "2024-01-31", "authors": ["Ada"], "categories": ["News"], **fields}
    lines = [f"{key.replace('__', '.')} = {toml(value)}" for key, value in fields.items() if value is not None]
    return write_raw(folder, name, "\n".join(["+++", *lines, "+++", "", body, ""]))


def toml(value) -> str:
    if isinstance(value, str) and len(value) == 10 and value[4] == "-":
        return value
    return str(value).lower() if isinstance(value, bool) else repr(value)


def write_raw(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def draw(folder: Path, name: str, colour: str = "red") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    Pillow.new("RGB", (4, 3), colour).save(path)
    return path


def run(folder: Path, **options):
    return MarkdownImport(folder, Options(source="old", **options)).run()


def everything() -> dict[str, list]:
    """All rows of the site."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in {"posts", "redirects"} and model._meta.model_name != "generation"
    }


# What a file says


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
    assert not post.comments_open
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


# Slugs and old addresses


def test_a_slug_that_is_taken_gets_the_year_and_then_a_number(folder):
    make_post(slug="meeting")
    for name, date in {"a": "2019-01-01", "b": "2019-02-01", "c": "2020-01-01"}.items():
        write(folder, f"{name}.md", slug="meeting", date=date)

    run(folder)

    slugs = [record.post.slug for record in ImportRecord.objects.order_by("source")]
    assert slugs == ["meeting-2019", "meeting-2019-2", "meeting-2020"]


def test_versions_that_differ_by_a_dot_have_slugs_of_their_own(folder):
    write(folder, "Rust-1.10.1.md")
    write(folder, "Rust-1.1.01.md")

    run(folder)

    assert {post.slug for post in Post.objects.all()} == {"rust-1-10-1", "rust-1-1-01"}


@pytest.mark.parametrize(
    ("alias", "asked"),
    [
        ("2019/10/gales.html", "/2019/10/gales.html"),
        ("/2019/10/gales/", "/2019/10/gales/"),
        ("releases/1.94.1", "/releases/1.94.1/"),
        ("releases/1.94.1", "/releases/1.94.1"),
        ("/alt/gr%C3%BC%C3%9Fe/", "/alt/gr%C3%BC%C3%9Fe/"),
        ("/alt/grüße/", "/alt/gr%C3%BC%C3%9Fe/"),
        ("/a b/c.html", "/a%20b/c.html"),
        ("//evil.example/x/", "/evil.example/x/"),
    ],
)
def test_an_old_address_leads_to_the_post(folder, client, alias, asked):
    write(folder, "gales.md", aliases=[alias.replace("//evil", "/evil")])

    run(folder)

    response = client.get(asked)
    assert (response.status_code, response.get("Location")) == (301, "/posts/gales/")


def test_the_path_that_a_post_had_leads_to_it_too(folder, client):
    write(folder, "gales.md", path="2019/10/28/gales")

    run(folder)

    assert client.get("/2019/10/28/gales/")["Location"] == "/posts/gales/"


def test_an_old_address_hides_nothing_of_this_site(folder, client):
    make_page("About", slug="about")
    make_post(slug="other")
    aliases = ["/feed/", "/about/", "/posts/other/", "/posts/gales/", "/archive/", "https://old.example/x"]
    write(folder, "gales.md", aliases=aliases)

    report = run(folder)

    assert not Redirect.objects.exists()
    assert {remark.detail for remarks in report.noted.values() for remark in remarks} == {*aliases[:3], aliases[4], ""}
    assert client.get("/about/").status_code == 200


def test_an_old_address_belongs_to_one_post_and_what_an_editor_has_set_stays(folder):
    Redirect.objects.create(site_id=1, old_path="/mine/", new_path="/elsewhere/")
    write(folder, "a.md", aliases=["/x/", "/mine/"], date="2019-01-01")
    write(folder, "b.md", aliases=["/x/"])

    report = run(folder)

    assert dict(Redirect.objects.values_list("old_path", "new_path")) == {"/mine/": "/elsewhere/", "/x/": "/posts/a/"}
    assert len(report.noted) == 2


# Links and pictures


def test_links_between_posts_lead_to_their_new_addresses(folder):
    write(folder, "inside/b.md", path="2020/02/02/b", aliases=["2020/02/02/b.html"], slug="second")
    links = [
        "@/inside/b.md#part",
        "inside/b.md",
        "./inside/b.md?x=1",
        "/2020/02/02/b/",
        "/2020/02/02/b.html#part",
        "../../02/02/b.html",
        f"{OLD_SITE}/2020/02/02/b",
        "http://old.example/2020/02/02/b.html",
        "#own",
        "mailto:ruth@old.example",
        "https://elsewhere.example/2020/02/02/b/",
    ]
    body = "\n".join(f"- [x]({link})" for link in links)
    write(folder, "a.md", body + "\n\n`[x](inside/b.md)`", path="2020/01/01/a")

    report = run(folder, base_url=OLD_SITE)

    text = Post.objects.get(slug="a").body
    new = ["/posts/second/#part", "/posts/second/", "/posts/second/?x=1", "/posts/second/", "/posts/second/#part"]
    assert [line[6:-1] for line in text.splitlines()[:11]] == [*new, *["/posts/second/"] * 3, *links[8:]]
    assert "`[x](inside/b.md)`" in text
    assert not report.noted


def test_links_that_lead_to_no_post_go_to_the_old_site_or_stay(folder):
    write(folder, "a.md", "[x](gone.md) [y](/gone/) [z](/archive/)", path="2020/01/01/a")

    run(folder, base_url=OLD_SITE)
    there = Post.objects.get().body
    Post.all_objects.all().purge()
    report = run(folder)

    assert there == f"[x]({OLD_SITE}/2020/01/01/a/gone.md) [y]({OLD_SITE}/gone/) [z]({OLD_SITE}/archive/)\n"
    assert Post.objects.get().body == "[x](gone.md) [y](/gone/) [z](/archive/)\n"
    assert [remark.detail for remark in next(iter(report.noted.values()))] == ["gone.md", "/gone/"]


def test_a_link_to_a_section_leads_to_its_category(folder):
    write_raw(folder, "inside/_index.md", "+++\ntitle = 'Inside the house'\n+++\n")
    write(folder, "inside/a.md", categories=None)
    write(folder, "b.md", "[x](/inside/) [home](/)")
    write_raw(folder, "_index.md", "+++\ntitle = 'The blog'\n+++\n")

    run(folder, base_url=OLD_SITE)

    assert Post.objects.get(slug="b").body == "[x](/category/inside-the-house/) [home](/)\n"


def test_a_bundle_brings_its_pictures(folder, media):
    draw(folder, "a/one.png")
    draw(folder, "a/two words.jpg", "blue")
    draw(folder, "b/same.png")
    write(
        folder,
        "a/index.md",
        '![1](one.png "T")\n\n<img src="two%20words.jpg">\n\n[big][1]\n\n[1]: ./one.png',
        cover="one.png",
    )
    write(folder, "b/index.md", "![1](same.png)")

    report = run(folder)

    first, second = Image.objects.order_by("pk")
    post = Post.objects.get(slug="a")
    assert (
        post.body
        == f'![1]({first.file.url} "T")\n\n<img src="{second.file.url}">\n\n[big][1]\n\n[1]: {first.file.url}\n'
    )
    assert Post.objects.get(slug="b").body == f"![1]({first.file.url})\n"
    assert post.cover == first
    assert 'width="4"' in post.html
    assert len([path for path in media.rglob("*") if path.is_file()]) == 2
    assert not report.noted


def test_an_svg_gives_way_to_the_picture_beside_it(folder):
    draw(folder, "a/chart.png")
    write_raw(folder, "a/chart.svg", "<svg/>")
    write_raw(folder, "a/alone.svg", "<svg/>")
    write(folder, "a/index.md", "![1](chart.svg) ![2](alone.svg)", path="x/a")

    report = run(folder, base_url=OLD_SITE)

    image = Image.objects.get()
    assert Post.objects.get().body == f"![1]({image.file.url}) ![2]({OLD_SITE}/x/a/alone.svg)\n"
    assert [remark.detail for remark in next(iter(report.noted.values()))] == ["alone.svg"]


def test_pictures_that_are_none_or_not_there_are_noted(folder, settings):
    write_raw(folder, "a/broken.png", b"no picture")
    write_raw(folder, "a/notes.txt", "no picture")
    settings.IMAGE_MAX_PIXELS = 10
    draw(folder, "a/huge.png")
    write(folder, "a/index.md", "![](broken.png) ![](gone.png) ![](huge.png) [t](notes.txt)", cover="gone.jpg")

    report = run(folder)

    noted = [str(remark) for remarks in report.noted.values() for remark in remarks]
    assert report.counts["created"] == 1
    assert len(noted) == 5
    assert any("megapixels" in remark for remark in noted)
    assert Post.objects.get().cover is None


def test_no_link_and_no_name_leads_out_of_the_folder(folder):
    draw(folder.parent, "secret.png")
    write_raw(folder.parent, "secret.md", "+++\ntitle = 'x'\n+++\n")
    (folder / "a").mkdir()
    (folder / "a" / "out.png").symlink_to(folder.parent / "secret.png")
    (folder / "out.md").symlink_to(folder.parent / "secret.md")
    (folder / "up").symlink_to(folder.parent)
    (folder / "loop.md").symlink_to(folder / "loop.md")
    write(folder, "a/index.md", "![](../../secret.png) ![](/../secret.png) ![](out.png)", cover="../../secret.png")

    report = run(folder)

    assert not Image.objects.exists()
    assert report.counts == {"created": 1, "skipped": 3}
    assert {remark.file for remarks in report.skipped.values() for remark in remarks} == {"out.md", "up", "loop.md"}


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
        ImportRecord.objects, "update_or_create", lambda **_: (_ for _ in ()).throw(IntegrityError("no"))
    )

    report = run(folder)

    assert report.skipped.keys() == {"The database refuses it."}
    assert not Post.all_objects.exists()
    assert not Author.objects.exists()


# Again


def test_a_second_run_changes_nothing(folder):
    draw(folder, "a/one.png")
    write(folder, "a/index.md", "![](one.png) [b](../b.md)", cover="one.png", aliases=["/old/"], tags=["x"], series="S")
    write(folder, "b.md", "[a](a/index.md)")
    run(folder)
    before = everything()

    report = run(folder)

    assert report.counts == {"unchanged": 2}
    assert everything() == before


def test_a_changed_file_changes_its_post_and_keeps_its_place(folder):
    write(folder, "a.md", "Old.", aliases=["/x/"], tags=["old"])
    run(folder)
    before = Post.objects.get()
    write(folder, "a.md", "New.", title="New title", slug="new-slug", aliases=["/x/", "/y/"], tags=["new"])

    report = run(folder)

    post = Post.objects.get()
    assert report.counts == {"updated": 1}
    assert (post.pk, post.slug, post.guid, post.created_at) == (before.pk, "a", before.guid, before.created_at)
    assert (post.title, post.body, [tag.name for tag in post.tags.all()]) == ("New title", "New.\n", ["new"])
    assert set(Redirect.objects.values_list("old_path", "new_path")) == {("/x/", "/posts/a/"), ("/y/", "/posts/a/")}
    assert post.updated_at > before.updated_at


def test_a_changed_picture_changes_the_post(folder):
    draw(folder, "a/one.png")
    write(folder, "a/index.md", "![](one.png)")
    run(folder)
    draw(folder, "a/one.png", "blue")

    assert run(folder).counts == {"updated": 1}
    assert Image.objects.order_by("pk").last().file.url in Post.objects.get().body


def test_a_post_that_gets_a_folder_for_its_pictures_stays_one_post(folder):
    path = write(folder, "a.md")
    run(folder)
    path.unlink()
    write(folder, "a/index.md", "With pictures.")

    assert run(folder).counts == {"updated": 1}
    assert Post.objects.count() == 1


def test_what_an_editor_has_changed_here_is_kept_until_it_is_overwritten(folder):
    write(folder, "a.md", "From the file.")
    run(folder)
    post = Post.objects.get()
    post.body = "From the desk."
    post.save()

    assert run(folder).counts == {"unchanged": 1}
    write(folder, "a.md", "From the file, again.")
    report = run(folder)
    assert "--overwrite" in str(report.skipped)
    assert Post.objects.get().body == "From the desk."
    assert run(folder, overwrite=True).counts == {"updated": 1}
    assert Post.objects.get().body == "From the file, again.\n"


def test_a_trashed_post_stays_in_the_trash_and_no_link_leads_to_it(folder):
    write(folder, "a.md", aliases=["/old/"])
    run(folder)
    Post.objects.get().delete()
    write(folder, "a.md", "Changed.")
    write(folder, "b.md", "[a](a.md)")

    report = run(folder, base_url=OLD_SITE, overwrite=True)

    assert "trash" in str(report.skipped)
    assert [post.slug for post in Post.objects.all()] == ["b"]
    assert Post.objects.get().body == f"[a]({OLD_SITE}/b/a.md)\n"


def test_an_import_that_was_interrupted_goes_on_where_it_stopped(folder):
    for name in "abcde":
        write(folder, f"{name}.md", slug="same", date="2024-01-0" + str("abcde".index(name) + 1))
    whole = MarkdownImport(folder, Options(source="old"))

    def interrupt(done, total):
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        whole.run(interrupt)

    assert whole.report.counts == {"created": 3}
    assert Post.objects.count() == ImportRecord.objects.count() == 3
    assert run(folder).counts == {"unchanged": 3, "created": 2}
    slugs = [record.post.slug for record in ImportRecord.objects.order_by("source")]
    assert slugs == ["same", "same-2024", "same-2024-2", "same-2024-3", "same-2024-4"]


def test_two_folders_with_files_of_the_same_name_do_not_meet(folder, tmp_path):
    write(folder, "a.md", "One.")
    write(tmp_path / "other", "a.md", "Two.")

    run(folder)
    MarkdownImport(tmp_path / "other", Options(source="other")).run()

    assert {post.body for post in Post.objects.all()} == {"One.\n", "Two.\n"}


# The command


def command(folder: Path, *arguments: str) -> str:
    out = io.StringIO()
    call_command("import_markdown", str(folder), *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_a_dry_run_reports_the_same_and_writes_nothing(folder, media):
    draw(folder, "a/one.png")
    write(
        folder, "a/index.md", "![](one.png) ![](gone.png)", cover="one.png", aliases=["/old/"], tags=["x"], series="S"
    )
    write(folder, "bad.md", title="x" * 300)
    before = everything()

    rehearsal = command(folder, "--dry-run")

    assert everything() == before
    assert not list(media.iterdir())
    assert rehearsal.partition("\n")[2] == command(folder)
    assert Post.objects.count() == 1


def test_the_command_reads_its_rules(folder):
    write_raw(folder, "a.md", "+++\ntitle = 'A'\ndate = 2024-01-01\n[extra]\nhot = true\nteam = 'T'\n+++\n[x](/x/)\n")

    out = command(
        folder,
        "--author=Ruth",
        "--category=News",
        "--category-when=extra.hot=Hot things",
        "--tags-from=extra.team",
        f"--base-url={OLD_SITE}/",
    )

    post = Post.objects.get()
    assert out.startswith("1 created, 0 updated, 0 unchanged, 0 skipped.")
    assert {category.name for category in post.categories.all()} == {"News", "Hot things"}
    assert post.body == f"[x]({OLD_SITE}/x/)\n"
    assert ImportRecord.objects.get().source == "content:a"


@pytest.mark.parametrize("arguments", [["no-such-folder"], [".", "--base-url=old.example"], [".", "--category-when=x"]])
def test_the_command_says_what_is_wrong_with_its_arguments(arguments):
    with pytest.raises(CommandError):
        call_command("import_markdown", *arguments)


def test_ctrl_c_ends_with_a_report(folder, monkeypatch):
    write(folder, "a.md")
    monkeypatch.setattr(MarkdownImport, "take", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    err = io.StringIO()

    with pytest.raises(SystemExit) as end:
        call_command("import_markdown", str(folder), stdout=io.StringIO(), stderr=err)

    assert end.value.code == INTERRUPTED
    assert "run the same command again" in err.getvalue()


def test_a_terminal_sees_a_bar(folder):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    write(folder, "a.md")
    err = Terminal()
    call_command("import_markdown", str(folder), stdout=io.StringIO(), stderr=err)

    assert "1 of 1" in err.getvalue()


def test_ten_posts_need_the_queries_of_one_ten_times_at_most(folder, django_assert_max_num_queries):
    for number in range(10):
        write(folder, f"{number}.md", aliases=[f"/{number}.html"], tags=["x"])
    with django_assert_max_num_queries(10 * 40):
        run(folder)
    with django_assert_max_num_queries(6):
        run(folder)
    assert Page.objects.count() == 0
