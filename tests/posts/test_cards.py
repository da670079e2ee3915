"""The picture that stands for a post where its address is shared."""

from __future__ import annotations

import io
import re
import threading
from pathlib import Path

import pytest
from django.conf import settings as configuration
from django.utils import timezone
from PIL import Image as Pillow
from PIL import features

from posts.cards import Card, card_of, drawing, faces, shelf
from posts.models import Post, SiteSettings
from tests.factories import make_author, make_draft, make_image, make_post

CSS = Path(__file__).parents[2] / "static" / "css" / "site.css"
HOSTILE = [
    "",
    " ",
    "x" * 200,
    "Wo " * 66,
    "🎉" * 100,
    "日本語のタイトル",
    "\u202e\u0301\u200b",
    "</script><!--",
    "كيف تكتب مدونة هادئة",
    "\U000e0041" * 50,
]


@pytest.fixture(autouse=True)
def drawer(settings, tmp_path) -> Path:
    """The folder that cards are kept in, empty."""
    settings.DATA_DIR = tmp_path
    return tmp_path / "cards"


def card(**overrides: str) -> Card:
    fields = {"title": "Of bread", "byline": "Ada", "site_title": "Crumbs", "day": "4", "month": "March 2026"}
    return Card(**{**fields, "accent": "rust", **overrides})


def address(post: Post) -> str:
    return f"/posts/{post.slug}/card-{card_of(post, SiteSettings.load()).version}.png"


def opened(content: bytes) -> Pillow.Image:
    return Pillow.open(io.BytesIO(content)).convert("RGB")


# Drawing


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_any_text_makes_a_card(number):
    text = HOSTILE[number]
    assert opened(drawing.png(card(title=text, byline=text, site_title=text, month=text))).size == (1200, 630)


def test_the_colours_are_those_of_the_site():
    css = CSS.read_text()
    light = {name: re.search(rf"--{name}: light-dark\((#\w+)", css)[1] for name in ("paper", "ink", "muted")}
    accents = dict(re.findall(r'\[data-accent="(\w+)"\] \{ --accent: light-dark\((#\w+)', css))
    accents["rust"] = re.search(r":root \{ --accent: light-dark\((#\w+)", css)[1]
    assert light == {"paper": drawing.PAPER, "ink": drawing.INK, "muted": drawing.MUTED}
    assert accents == drawing.ACCENTS


def test_a_card_has_the_accent_and_the_paper_of_the_site():
    picture = opened(drawing.png(card(accent="blue")))
    assert picture.getpixel((600, 620)) == (0x04, 0x65, 0xAF)
    assert picture.getpixel((3, 3)) == (0xFD, 0xFD, 0xFC)


def test_every_letter_that_a_face_claims_is_one_that_it_can_draw():
    for face in {*faces.BOLD, *faces.REGULAR}:
        font = face.at(40)
        box = font.getmask("\ufffe").getbbox(), bytes(font.getmask("\ufffe"))
        for code in sorted(faces.characters(face))[::7]:
            if chr(code).isalpha():
                mask = font.getmask(chr(code))
                assert (mask.getbbox(), bytes(mask)) != box, f"{face.name} has no U+{code:04X}"


def test_what_no_face_can_write_gives_its_place_to_the_name_of_the_site():
    assert faces.written("日本語", faces.BOLD) is None
    foreign, named = (drawing.Sheet(card(title=title)) for title in ("日本語", "Crumbs"))
    assert foreign.title.text == named.title.text == "Crumbs"
    assert foreign.head is None, "it is not said twice"


def test_pictures_of_things_are_left_out_of_a_title():
    assert faces.written("🎉 Party 🎈 time", faces.BOLD).text == "Party time"


@pytest.mark.skipif(not features.check("raqm"), reason="this Pillow shapes no Arabic")
def test_a_title_from_right_to_left_mirrors_the_card():
    arabic = drawing.Sheet(card(title="كيف تكتب مدونة"))
    assert arabic.is_rtl
    assert not drawing.Sheet(card()).is_rtl


def test_without_the_library_that_joins_letters_no_arabic_is_written(monkeypatch):
    monkeypatch.setattr(features, "check", lambda name: False)
    assert faces.written("كيف تكتب مدونة", faces.BOLD) is None


@pytest.mark.parametrize("words", [1, 8, 20, 40, 100])
def test_a_title_never_leaves_its_room(words):
    line = faces.written("Wandering " * words, faces.BOLD)
    font, lines = drawing.set_in(line, 780, 300)
    assert len(lines) * drawing.leading(font) <= 300
    assert all(font.getlength(text) <= 780 for text in lines)


# Addresses


@pytest.mark.django_db
def test_a_post_has_a_card_that_caches_ask_about(client, drawer):
    post = make_post("Of bread")
    response = client.get(address(post))
    assert (response.status_code, response.headers["Content-Type"]) == (200, "image/png")
    assert opened(response.content).size == (1200, 630)
    assert response.headers["Cache-Control"] == "public, max-age=0"
    again = client.get(address(post), headers={"if-none-match": response.headers["ETag"]})
    assert again.status_code == 304
    assert len(list(drawer.rglob("*.png"))) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        lambda post: Post.objects.filter(pk=post.pk).update(title="Of salt"),
        lambda post: type(post.author).objects.update(display_name="Grace"),
        lambda post: SiteSettings(title="Crusts").save(),
        lambda post: SiteSettings(accent="blue").save(),
        lambda post: post.co_authors.add(make_author("Linus")),
        lambda post: Post.objects.filter(pk=post.pk).update(publish_at=timezone.now() - timezone.timedelta(days=40)),
    ],
    ids=["title", "author", "site", "accent", "co-author", "date"],
)
def test_what_a_card_shows_changes_its_address_and_the_old_one_leads_there(change, client):
    post = make_post("Of bread")
    before = address(post)
    change(post)
    after = address(Post.objects.get(pk=post.pk))
    assert before != after
    assert client.get(before).headers["Location"] == after


@pytest.mark.django_db
def test_a_trashed_post_has_no_card_from_that_moment(client):
    post = make_post("Of bread")
    known = address(post)
    assert client.get(known).status_code == 200
    post.delete()
    assert client.get(known).status_code == 404
    assert client.get(f"/posts/{post.slug}/card-0123456789abcdef.png").status_code == 404, "and no way to it"


@pytest.mark.django_db
def test_drafts_and_private_posts_have_no_card(client):
    for post in (make_draft("Secret"), make_post("Own", visibility="private")):
        assert client.get(f"/posts/{post.slug}/card-x.png").status_code == 404


@pytest.mark.django_db
def test_no_question_makes_another_drawing(client, drawer, monkeypatch):
    post = make_post("Of bread")
    drawn = []
    monkeypatch.setattr(shelf, "png", lambda card: drawn.append(card) or b"picture")
    for tail in ("", "?v=1", "?v=2", "?" + "x" * 2000):
        assert client.get(address(post) + tail).status_code == 200
    for version in ("0", "f" * 16, "x" * 500):
        assert client.get(f"/posts/{post.slug}/card-{version}.png").status_code == 302
    assert len(drawn) == 1


@pytest.mark.django_db
def test_a_card_costs_the_same_for_many_authors(client, django_assert_max_num_queries):
    post = make_post("Of bread")
    post.co_authors.set([make_author() for _ in range(9)])
    known = address(Post.objects.get())
    with django_assert_max_num_queries(3):
        client.get(known)


# The shelf


def test_a_shelf_keeps_a_bounded_number_of_cards(monkeypatch, drawer):
    monkeypatch.setattr(shelf, "png", lambda card: b"picture")
    monkeypatch.setattr(shelf, "place", lambda version: drawer / "00" / f"{version}.png")
    for number in range(shelf.KEPT + 5):
        shelf.picture(card(title=f"Post {number}"))
    assert len(list(drawer.rglob("*"))) <= shelf.KEPT + 1


def test_a_disk_that_cannot_be_written_keeps_nobody_from_the_card(monkeypatch, drawer):
    monkeypatch.setattr(shelf, "png", lambda card: b"picture")
    drawer.write_text("no folder")
    assert shelf.picture(card()) == b"picture"


def test_many_who_want_one_card_at_once_cost_one_drawing(monkeypatch):
    drawn, begun = [], threading.Event()

    def slowly(card: Card) -> bytes:
        begun.wait(60)
        drawn.append(card)
        return b"picture"

    monkeypatch.setattr(shelf, "png", slowly)
    monkeypatch.setattr(shelf, "PATIENCE", 120)
    threads = [threading.Thread(target=shelf.picture, args=(card(),)) for _ in range(5)]
    for thread in threads:
        thread.start()
    begun.set()
    for thread in threads:
        thread.join()
    assert len(drawn) == 1


@pytest.mark.django_db
def test_who_cannot_wait_is_asked_to_come_back(client, monkeypatch):
    post = make_post("Of bread")
    monkeypatch.setattr(shelf, "PATIENCE", 0.01)
    with shelf._easel:
        response = client.get(address(post))
    assert (response.status_code, response.headers["Retry-After"]) == (503, "10")


def test_a_line_for_many_cards_keeps_nobody_waiting(tmp_path, settings):
    """Each of those who wait would keep one of the few places at work."""
    settings.DATA_DIR = tmp_path
    with shelf.in_line("one"), shelf.in_line("another"), shelf.in_line("one"), pytest.raises(shelf.Busy):
        shelf.picture(card())
    assert shelf.picture(card()).startswith(b"\x89PNG")


# Which picture a page names


@pytest.mark.django_db
def test_a_page_names_the_cover_or_else_the_card(client, media):
    covered = make_post("Covered", cover=make_image("A loaf", size=(40, 30)))
    plain = make_post("Plain")
    head = client.get(covered.get_absolute_url()).content.decode()
    assert f'<meta property="og:image" content="http://testserver{covered.cover.file.url}">' in head
    assert '<meta property="og:image:width" content="40">' in head
    assert '<meta property="og:image:alt" content="A loaf">' in head
    head = client.get(plain.get_absolute_url()).content.decode()
    assert f'<meta property="og:image" content="http://testserver{address(plain)}">' in head
    assert configuration.MEDIA_URL not in re.search(r'og:image" content="(.*?)"', head)[1]


@pytest.fixture
def media(settings, tmp_path_factory) -> None:
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")
