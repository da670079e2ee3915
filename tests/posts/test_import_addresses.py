"""Slugs, old addresses, links and pictures: where all of them are after the move."""

from __future__ import annotations

import pytest
from django.contrib.redirects.models import Redirect

from posts.models import Image, ImportRecord, Post
from tests.factories import make_page, make_post
from tests.posts.old_site import OLD_SITE, draw, run, write, write_raw

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


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
