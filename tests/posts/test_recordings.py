"""Recordings at the door: known by their bytes, measured, kept as they were sent, or refused in a sentence."""

from __future__ import annotations

import hashlib
import time
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile

from posts.files import recordings
from posts.models import Audio
from tests import sounds
from tests.factories import make_audio, make_post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

KINDS = {
    "an MP3": (sounds.mp3(61), "audio/mpeg", ".mp3", 61),
    "an MP3 behind a tag": (sounds.mp3(5, tag=b"\0" * 3000), "audio/mpeg", ".mp3", 5),
    "an M4A": (sounds.m4a(3600), "audio/mp4", ".m4a", 3600),
    "Opus in Ogg": (sounds.opus(90), "audio/ogg", ".ogg", 90),
    "Vorbis in Ogg": (sounds.vorbis(2), "audio/ogg", ".ogg", 2),
}
REFUSED = {
    "nothing": b"",
    "a letter": b"\xff",
    "text": b"ID3 is what this text begins with, and no more." * 100,
    "text in UTF-16": "I look like a frame of sound.".encode("utf-16") * 1000,
    "a page": b"<!doctype html><script>alert(1)</script>",
    "a WAV": b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(3000),
    "a FLAC": b"fLaC" + bytes(3000),
    "a FLAC behind a tag": sounds.id3(b"x" * 10) + b"fLaC" + bytes(3000),
    "a tag without sound": sounds.id3(bytes(3000)),
    "a tag that never ends": b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f" + bytes(3000),
    "headers without end": b"\xff\xfb" * 3_000_000,
    "an MPEG-4 file without sound": sounds.box(b"ftyp", b"M4A ") + sounds.box(b"mdat", bytes(3000)),
    "boxes without end": sounds.box(b"ftyp", b"M4A ") + sounds.box(b"moov", sounds.box(b"free") * 300_000),
    "a box larger than any memory": sounds.box(b"ftyp", b"M4A ") + b"\x7f\xff\xff\xffmoov\x7f\xff\xff\xf0mvhd",
    "Ogg of another kind": sounds.ogg_page(b"\x80theora", 0) + sounds.ogg_page(b"", 48000),
    "Ogg without an end": sounds.opus()[:60],
    "Ogg that lasts for ever": sounds.opus(2**40),
    "Ogg without a rate": sounds.vorbis().replace((44100).to_bytes(4, "little"), bytes(4)),
    "Ogg that ends before it begins": sounds.opus(-5),
}


def sent(content: bytes, name: str = "Talk_of the week.MP3", kind: Any = SimpleUploadedFile) -> Any:
    return kind(name, content, content_type="text/html")


@pytest.mark.parametrize("kind", KINDS)
def test_a_recording_is_known_by_its_bytes(kind, media):
    content, media_type, ending, seconds = KINDS[kind]

    audio = recordings.keep(sent(content, "evil.html"))

    assert (audio.media_type, audio.size, audio.seconds) == (media_type, len(content), seconds)
    assert audio.digest == hashlib.sha256(content).hexdigest()
    assert audio.file.name == f"audio/{audio.digest[:2]}/{audio.digest[2:26]}{ending}"
    assert (media / audio.file.name).read_bytes() == content


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_played_is_refused_at_once(kind, media):
    began = time.thread_time()
    with pytest.raises(ValidationError, match="not a recording") as refusal:
        recordings.keep(sent(REFUSED[kind]))

    assert refusal.value.code == "unreadable"
    assert time.thread_time() - began < 2
    assert not Audio.objects.exists()
    assert not any(media.rglob("*"))


def test_too_large_a_recording_is_refused_by_its_size(settings):
    settings.AUDIO_MAX_BYTES = 3 * 1024 * 1024
    with pytest.raises(ValidationError, match=r"too large\. The limit is 3 MB"):
        recordings.keep(sent(bytes(3 * 1024 * 1024 + 1)))


def test_the_same_recording_is_kept_once():
    first = recordings.keep(sent(sounds.mp3(3)), title="First")
    second = recordings.keep(sent(sounds.mp3(3), "again.mp3"), title="Second")

    assert second == first
    assert second.title == "First"


def test_a_recording_on_the_disk_is_moved_not_read_into_memory(media):
    with TemporaryUploadedFile("talk.mp3", "audio/mpeg", 0, None) as upload:
        upload.write(sounds.mp3(4))
        upload.size = upload.tell()
        audio = recordings.keep(upload)

    assert (media / audio.file.name).read_bytes() == sounds.mp3(4)


def test_half_a_file_that_a_dead_process_has_left_is_overwritten(media):
    content = sounds.mp3(2)
    digest = hashlib.sha256(content).hexdigest()
    left = media / "audio" / digest[:2] / f"{digest[2:26]}.mp3"
    left.parent.mkdir(parents=True)
    left.write_bytes(content[:100])

    recordings.keep(sent(content))

    assert left.read_bytes() == content


def test_a_recording_is_first_called_like_its_file():
    assert recordings.keep(sent(sounds.mp3())).title == "Talk of the week"
    assert recordings.keep(sent(sounds.opus()), title="The harbour").title == "The harbour"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Wind & Water", "wind-water.mp3"),
        ("Über Häfen", "über-häfen.mp3"),
        ("?!", "audio.mp3"),
        ("a" * 300, "a" * 80 + ".mp3"),
    ],
)
def test_a_copy_is_called_after_its_post(title, name):
    assert recordings.download_name(make_audio(), title) == name


def test_a_post_keeps_its_recording():
    audio = make_audio("The harbour, one morning")
    post = make_post(audio=audio)
    post.refresh_from_db()
    assert post.audio == audio
