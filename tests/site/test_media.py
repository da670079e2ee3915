"""Pictures and recordings: whole, or the part that a player asks for, and never in memory as a whole."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
from django.test import AsyncRequestFactory, Client

from blogsite import media
from blogsite.ranges import Unsatisfiable, content_range, part_asked

# To close an answer is to look after connections.
pytestmark = pytest.mark.django_db

CONTENT = bytes(number % 251 for number in range(1000))
ADDRESS = "/media/audio/ab/talk.mp3"


@pytest.fixture
def talk(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    path = tmp_path / "audio/ab/talk.mp3"
    path.parent.mkdir(parents=True)
    path.write_bytes(CONTENT)
    return path


def ask(header: str = "", **headers: str):
    if header:
        headers["Range"] = header
    return Client().get(ADDRESS, headers={name.replace("_", "-"): value for name, value in headers.items()})


# --- Which part -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-499", 0, 499),
        ("bytes=500-999", 500, 999),
        ("bytes=500-", 500, 999),
        ("bytes=0-", 0, 999),
        ("bytes=-1", 999, 999),
        ("bytes=-500", 500, 999),
        ("bytes=-5000", 0, 999),
        ("bytes=999-123456789012345678", 999, 999),
        ("Bytes=1-2", 1, 2),
        (" bytes = 1-2 ", 1, 2),
    ],
)
def test_a_part_is_what_was_asked_for(header, first, last):
    part = part_asked(header, 1000)
    assert part is not None
    assert (part.start, part.stop - 1) == (first, last)
    assert content_range(part, 1000) == f"bytes {first}-{last}/1000"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=5-4",
        "bytes=0-1,5-6",
        "bytes=0-1, 0-1, 0-1",
        "pages=1-2",
        "bytes=" + "9" * 4000 + "-",
        "bytes=٣-٤",
        "bytes=0x1-0x2",
    ],
)
def test_what_is_no_part_is_answered_by_the_whole(header):
    assert part_asked(header, 1000) is None


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=1000-1001", "bytes=-0"])
def test_a_part_behind_the_end_is_none(header):
    with pytest.raises(Unsatisfiable):
        part_asked(header, 1000)


def test_an_empty_file_has_no_parts():
    with pytest.raises(Unsatisfiable):
        part_asked("bytes=0-", 0)


# --- The answers ------------------------------------------------------------------------------------------------------


def test_a_file_comes_whole(talk):
    response = ask()

    assert (response.status_code, response.getvalue()) == (200, CONTENT)
    assert response["Content-Type"] == "audio/mpeg"
    assert response["Content-Length"] == "1000"
    assert response["Accept-Ranges"] == "bytes"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "Set-Cookie" not in response.headers


def test_a_part_comes_with_its_place(talk):
    response = ask("bytes=100-199")

    assert (response.status_code, response.getvalue()) == (206, CONTENT[100:200])
    assert response["Content-Range"] == "bytes 100-199/1000"
    assert response["Content-Length"] == "100"


def test_a_part_behind_the_end_is_refused_with_the_length(talk):
    response = ask("bytes=1000-")

    assert response.status_code == 416
    assert response["Content-Range"] == "bytes */1000"


def test_several_parts_are_answered_by_the_whole(talk):
    response = ask("bytes=0-1,5-6")
    assert (response.status_code, response.getvalue()) == (200, CONTENT)


def test_neither_the_whole_nor_a_part_is_compressed(talk):
    """Its length and its parts would be those of another file."""
    for header in ("", "bytes=0-799"):
        response = ask(header, Accept_Encoding="gzip")
        assert "Content-Encoding" not in response.headers
        assert response["Content-Length"] in {"1000", "800"}
        response.close()


def test_a_head_tells_of_the_whole(talk):
    response = Client().head(ADDRESS, headers={"Range": "bytes=0-1"})

    assert (response.status_code, response["Content-Length"], response.content) == (200, "1000", b"")
    assert response["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize("method", ["get", "head"])
def test_who_has_it_is_told_so(talk, method):
    first = Client().head(ADDRESS)
    for name, value in {
        "If-None-Match": first["ETag"],
        "If-Modified-Since": first["Last-Modified"],
    }.items():
        response = getattr(Client(), method)(ADDRESS, headers={name: value, "Range": "bytes=0-1"})
        assert (response.status_code, response.content) == (304, b"")
        assert response["ETag"] == first["ETag"]


def test_who_has_another_one_gets_this_one(talk):
    response = ask(If_None_Match='"another"')
    assert (response.status_code, response.getvalue()) == (200, CONTENT)


def test_a_part_goes_on_only_with_the_same_file(talk):
    first = Client().head(ADDRESS)
    for condition in (first["ETag"], first["Last-Modified"]):
        response = ask("bytes=900-", If_Range=condition)
        assert (response.status_code, response.getvalue()) == (206, CONTENT[900:])
    for condition in ('"another"', "W/" + first["ETag"], "Sun, 22 Nov 2020 10:00:00 GMT", "nonsense"):
        response = ask("bytes=900-", If_Range=condition)
        assert (response.status_code, response.getvalue()) == (200, CONTENT)


def test_a_changed_file_has_another_tag(talk):
    before = Client().head(ADDRESS)["ETag"]
    os.utime(talk, (1, 1))
    assert Client().head(ADDRESS)["ETag"] != before


def test_nothing_is_sent_to_a_file(talk):
    assert Client().post(ADDRESS).status_code == 405


@pytest.mark.parametrize("name", ["../secret", "audio", "audio/ab/none.mp3", "a" * 5000, "%00", "audio/ab/talk.mp3/x"])
def test_what_is_no_file_is_missing(talk, name):
    (talk.parents[3] / "secret").write_text("x")
    assert Client().get(f"/media/{name}", headers={"Range": "bytes=0-1"}).status_code == 404


def test_a_file_is_read_piece_by_piece(talk, monkeypatch):
    """In the server itself, where Django would make one list of all pieces."""
    monkeypatch.setattr(media, "CHUNK", 100)
    response = media.answer(AsyncRequestFactory().get(ADDRESS), talk)
    places = []

    async def listen() -> bytes:
        heard = b""
        async for piece in response:
            heard += piece
            places.append(response.file.tell())
        return heard

    assert asyncio.run(listen()) == CONTENT
    assert places == list(range(100, 1001, 100))
    response.close()
