"""Smaller copies of pictures: named before they are there, made beside requests, and never half or unasked."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.tasks import default_task_backend
from PIL import Image as Pillow

from posts.files import images, renditions
from posts.models import Image, Post
from tests.factories import make_image, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_was_asked(media):
    cache.clear()
    default_task_backend.clear()


def make_photograph(size: tuple[int, int] = (1000, 500), kind: str = "JPEG", mode: str = "RGB", **options) -> Image:
    file = io.BytesIO()
    Pillow.effect_noise(size, 60).convert(mode).save(file, kind, **options)
    file.seek(0)
    return images.keep(file)


def asked() -> list[int]:
    """The pictures whose renditions are to be made, by their ids, in the order of asking."""
    return [result.args[0] for result in default_task_backend.results]


def test_a_picture_has_copies_of_several_widths_and_none_wider_than_itself():
    assert make_photograph((1000, 500)).rendition_widths == [480, 800, 1000]
    assert make_photograph((2000, 100)).rendition_widths == [480, 800, 1200, 1600]
    assert make_photograph((480, 800)).rendition_widths == [480]
    assert make_photograph((479, 800)).rendition_widths == []


def test_a_picture_that_moves_has_none():
    file = io.BytesIO()
    frames = [Pillow.new("RGB", (600, 600), colour) for colour in ("red", "blue")]
    frames[0].save(file, "WEBP", save_all=True, append_images=frames[1:])
    file.seek(0)
    image = images.keep(file)
    assert (image.moves, image.sources, renditions.make(image)) == (True, [], 0)


def test_a_page_names_them_before_they_are_there(media):
    image = make_photograph()
    stem = image.file.url.rpartition(".")[0]
    body = make_post(body=f"![Boats]({image.file.url})").body_html
    assert f'<source type="image/avif" srcset="{stem}-480.avif 480w, {stem}-800.avif 800w, {stem}-1000.avif' in body
    assert '<img alt="Boats" src="' in body
    assert body.index("image/avif") < body.index("image/webp") < body.index("<img")


def test_an_upload_has_them_made_once_it_is_committed(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        image = make_photograph()
        assert asked() == []
    assert asked() == [image.pk]


def test_a_tiny_picture_needs_no_work(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        make_image()
    assert asked() == []


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "RGB"), ("JPEG", "L"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "1"), ("PNG", "I;16"), ("WEBP", "RGBA")],
)
def test_copies_are_of_the_size_and_kind_that_their_names_tell(media, kind, mode):
    image = make_photograph((600, 300), kind, mode)
    assert renditions.make(image) == 4
    for name in image.rendition_names:
        with Pillow.open(media / name) as copy:
            width, ending = int(name.rpartition("-")[2].partition(".")[0]), name.rpartition(".")[2]
            assert (copy.format, copy.size) == (ending.upper(), (width, width // 2))
    assert renditions.make(image) == 0


def test_a_copy_is_lighter_and_a_transparent_picture_stays_so(media):
    image = make_photograph((800, 400), "PNG", "RGBA")
    renditions.make(image)
    assert (media / image.rendition_name(800, "avif")).stat().st_size < (media / image.file.name).stat().st_size / 2

    clear = io.BytesIO()
    Pillow.new("RGBA", (500, 500), (255, 0, 0, 0)).save(clear, "PNG")
    clear.seek(0)
    image = images.keep(clear)
    renditions.make(image)
    for ending in ("avif", "webp"):
        with Pillow.open(media / image.rendition_name(480, ending)) as copy:
            assert copy.convert("RGBA").getpixel((5, 5))[3] == 0


def test_a_file_that_is_gone_or_broken_is_no_disaster(media, caplog):
    image = make_photograph()
    (media / image.file.name).write_bytes(b"broken")
    assert renditions.make(image) == 0
    (media / image.file.name).unlink()
    assert renditions.make(image) == 0
    assert caplog.text.count("No renditions of") == 2


def test_nothing_half_is_ever_found_under_the_name(media, monkeypatch):
    image = make_photograph()

    def full_disk(self, file, *args, **options):
        file.write(b"half")
        raise OSError("No space left on device")

    monkeypatch.setattr(Pillow.Image, "save", full_disk)
    assert renditions.make(image) == 0
    assert [path.name for path in (media / image.file.name).parent.iterdir()] == [Path(image.file.name).name]


def test_the_command_makes_those_that_are_missing(capsys, media):
    first, second = make_photograph((600, 400)), make_photograph((500, 500))
    renditions.make(first)
    (media / first.rendition_names[0]).unlink()
    call_command("make_renditions")
    assert capsys.readouterr().out.strip() == f"Made {1 + len(second.rendition_names)} renditions of 2 pictures."


def test_a_deleted_picture_leaves_no_copy_behind(media):
    image = make_photograph((600, 300))
    renditions.make(image)
    renditions.remove(image)
    assert list(media.rglob("*.*")) == []


# Asked for by its address


def test_a_missing_copy_leads_to_the_picture_and_is_made(client, media):
    image = make_photograph()
    address = image.file.storage.url(image.rendition_names[0])

    response = client.get(address)
    assert (response.status_code, response.headers["Location"]) == (302, image.file.url)
    assert response.headers["Cache-Control"] == "no-store"
    assert asked() == [image.pk]

    renditions.make_missing.func(image.pk)
    response = client.get(address)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "image/avif")
    assert "immutable" in response.headers["Cache-Control"]
    response.close()


def test_a_thousand_readers_have_it_made_once(client):
    image = make_photograph()
    for name in image.rendition_names * 3:
        client.get(image.file.storage.url(name))
    assert asked() == [image.pk]


@pytest.mark.parametrize(
    "name",
    [
        "images/{folder}/{stem}-481.avif",
        "images/{folder}/{stem}-1600.avif",
        "images/{folder}/{stem}-480.png",
        "images/{folder}/{stem}-480.avif.avif",
        "images/{folder}/{stem}-0480.avif",
        "images/{folder}/{stem}-99999.webp",
        "images/{folder}/{short}-480.avif",
        "images/00/{stem}-480.avif",
        "images/{folder}/../{folder}/{stem}-480.avif",
        "images/{folder}/%25-480.avif",
        "{stem}-480.avif",
    ],
)
def test_no_other_name_has_anything_made(client, name):
    image = make_photograph()
    path = Path(image.file.name)
    asked_for = name.format(folder=path.parent.name, stem=path.stem, short=path.stem[:-1])
    assert client.get(f"/media/{asked_for}").status_code == 404
    assert asked() == []


def test_only_what_looks_like_a_copy_costs_a_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert renditions.image_of("images/ab/nothing.jpg") is None
    with django_assert_num_queries(1):
        assert renditions.image_of("images/ab/abcdef-480.avif") is None


# On pages


def test_the_first_cover_of_a_page_is_not_to_wait(client):
    cover = make_photograph()
    for _ in range(3):
        make_post(cover=cover)
    page = client.get("/").text
    assert (page.count('fetchpriority="high"'), page.count('loading="lazy"')) == (1, 2)
    assert page.count("<picture>") == 3

    page = client.get(Post.objects.first().get_absolute_url()).text
    assert page.count('fetchpriority="high"') == 1


def test_below_what_is_pinned_every_cover_waits(client):
    cover = make_photograph()
    make_post(cover=cover, pinned=True)
    make_post(cover=cover)
    assert client.get("/").text.count('fetchpriority="high"') == 1


def test_a_feed_has_the_picture_alone(client):
    image = make_photograph()
    post = make_post(body=f"![Boats]({image.file.url})")
    feed = client.get("/feed/").text
    assert image.file.url in feed
    assert "srcset" not in feed
    assert "srcset" in post.body_html
