"""What the editor's script asks for: previews, pictures, suggestions; each guarded, each answered in JSON."""

from __future__ import annotations

import io

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache
from django.test import Client
from PIL import Image as Pillow

from posts.models import Image, Tag
from tests.factories import make_draft, make_staff
from tests.posts.desk import change_url, form_of, log_in, make_writer, picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

PREVIEW = "/admin/posts/post/preview/"
UPLOAD = "/admin/posts/post/upload/"
FRAME = "/admin/posts/post/preview/frame/"
SUGGEST = "/admin/posts/post/tags/"
ADDRESSES = [PREVIEW, UPLOAD, SUGGEST, "/admin/posts/page/preview/", "/admin/posts/page/upload/"]


@pytest.fixture(autouse=True)
def nothing_asked_yet():
    cache.clear()


def file_of(content: bytes, name: str = "x.png") -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file


# --- Who -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_is_logged_out_gets_a_plain_401(address, method):
    response = getattr(Client(), method)(address)
    assert response.status_code == 401
    assert "Log in again" in response.json()["error"]
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_reader_with_an_account_is_no_one_here(address, django_user_model):
    assert log_in(django_user_model.objects.create_user("reader")).post(address).status_code == 401


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_moderator_gets_a_plain_403(address):
    response = log_in(make_staff(group="Moderator")).post(address)
    assert (response.status_code, response.json()["error"]) == (403, "Your account may not do this.")


def test_the_page_s_tools_are_not_for_authors(anna):
    assert anna.post("/admin/posts/page/preview/", {"body": "x"}).status_code == 403


def test_without_its_token_a_form_is_refused():
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_staff(group="Author"))
    for address in (PREVIEW, UPLOAD):
        assert strict.post(address, {"body": "x"}).status_code == 403
    assert not Image.objects.exists()


# --- Preview ---------------------------------------------------------------------------------------------------------


def test_a_preview_is_what_readers_will_get(anna):
    answer = anna.post(PREVIEW, {"body": "# One\n\nTwo *three*. <script>alert(1)</script>"}).json()
    assert "<em>three</em>" in answer["html"]
    assert "<script" not in answer["html"]
    assert (answer["words"], answer["minutes"]) == (3, 1)


def test_a_preview_needs_a_text_and_not_too_long_a_one(anna):
    assert anna.post(PREVIEW).status_code == 400
    assert anna.get(PREVIEW).status_code == 400
    response = anna.post(PREVIEW, {"body": "x" * 1_000_001})
    assert response.status_code == 413
    assert "too long" in response.json()["error"]


def test_what_is_announced_as_huge_is_not_even_read(anna):
    response = anna.generic("POST", PREVIEW, b"body=x", CONTENT_LENGTH=str(10**9))
    assert response.status_code == 413


def test_a_hurry_is_slowed_down(anna, monkeypatch):
    monkeypatch.setattr("posts.admin.endpoints.time.time", lambda: 1_800_000_000)
    statuses = [anna.post(PREVIEW, {"body": "x"}).status_code for _ in range(242)]
    assert statuses[0] == 200
    assert statuses[-1] == 429


def test_only_the_frame_may_be_framed_and_only_by_us(anna):
    frame = anna.get(FRAME)
    assert frame["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in frame["Content-Security-Policy"]
    assert "<script" not in frame.content.decode()
    other = anna.get("/admin/posts/post/add/")
    assert other["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in other["Content-Security-Policy"]
    assert Client().get(FRAME).status_code == 302
    assert log_in(make_staff(group="Moderator")).get(FRAME).status_code == 403


# --- Pictures --------------------------------------------------------------------------------------------------------


def test_a_picture_is_kept_and_named(anna):
    response = anna.post(UPLOAD, {"file": picture()})
    answer = response.json()
    image = Image.objects.get()
    assert response.status_code == 201
    assert (answer["url"], answer["width"], answer["height"]) == (image.file.url, 40, 30)
    assert image.uploaded_by.get_full_name() == "Anna Reed"


def test_a_phone_s_picture_stands_upright_and_tells_no_place(anna):
    file = io.BytesIO()
    exif = Pillow.Exif()
    exif[0x0112] = 6  # turned a quarter
    exif[0x010F] = "Telltale"
    Pillow.new("RGB", (40, 30)).save(file, "JPEG", exif=exif)
    file.seek(0)
    file.name = "phone.jpg"
    answer = anna.post(UPLOAD, {"file": file}).json()
    assert (answer["width"], answer["height"]) == (30, 40)
    with Image.objects.get().file.open() as kept:
        assert b"Telltale" not in kept.read()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"garbage",
        b"GIF89a<script>alert(1)</script>",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"<html><script>alert(1)</script></html>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 64,
    ],
)
@pytest.mark.parametrize("name", ["x.png", "evil.html", "x.py"])
def test_what_is_no_picture_is_refused_whatever_it_is_called(anna, content, name):
    response = anna.post(UPLOAD, {"file": file_of(content, name)})
    assert response.status_code == 400
    assert response.json()["error"]
    assert not Image.objects.exists()


def test_a_picture_of_too_many_pixels_is_refused(anna, settings):
    settings.IMAGE_MAX_PIXELS = 1000
    response = anna.post(UPLOAD, {"file": picture(100, 100)})
    assert response.status_code == 413
    assert "too many pixels" in response.json()["error"]


def test_a_picture_of_too_many_bytes_is_refused(anna, settings):
    settings.IMAGE_MAX_BYTES = 50
    assert anna.post(UPLOAD, {"file": picture()}).status_code == 413


def test_no_file_is_said_so(anna):
    assert anna.post(UPLOAD).json()["error"] == "No file has arrived."
    assert anna.get(UPLOAD).status_code == 400


# --- Suggestions -----------------------------------------------------------------------------------------------------


def test_suggestions_begin_with_what_was_typed_and_are_few(anna):
    for name in ["Sea", "seaweed", "chelsea", *(f"sea {number}" for number in range(20))]:
        Tag.objects.create(name=name)
    Tag.objects.create(name="sealed letter").delete()
    found = anna.get(SUGGEST, {"q": "SEA"}).json()["tags"]
    assert found[0] == "Sea"
    assert len(found) == 10
    assert "sealed letter" not in found
    assert anna.get(SUGGEST, {"q": "chel"}).json() == {"tags": ["chelsea"]}
    assert anna.get(SUGGEST).json() == {"tags": []}


def test_a_form_takes_no_picture_from_who_may_not_add_any():
    novice, profile = make_writer("New Hand")
    Group.objects.get(name="Author").permissions.remove(Permission.objects.get(codename="add_image"))
    draft = make_draft(author=profile)
    response = novice.post(change_url(draft), form_of(draft, upload=picture()))
    assert "upload" in response.context["adminform"].form.errors
    assert not Image.objects.exists()
