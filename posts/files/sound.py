"""What kind of recording a file is, and how long: told by its bytes alone. Pure.

MP3, AAC in MPEG-4, and Vorbis or Opus in Ogg are taken: what browsers play. WAV and FLAC are ten times as large, and
programs for podcasts refuse them.
"""

from __future__ import annotations

import struct
from typing import IO, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from tinytag import TinyTag, TinyTagException

MEDIA_TYPES = {"mp3": "audio/mpeg", "m4a": "audio/mp4", "ogg": "audio/ogg"}

# What measuring may cost: an honest recording needs some hundred reads of some bytes, a crafted one millions.
MOST_READS = 200_000
LARGEST_READ = 8 * 1024 * 1024
# The last page of an Ogg file has at most so many bytes (RFC 3533, section 6).
OGG_PAGE = 65_307
OGG_UNKNOWN_POSITION = -1


class Recording(NamedTuple):
    extension: str
    seconds: int
    """Rounded; at least 1."""


class Unreadable(Exception):
    """Not a recording of a kind that we take, or one that makes no sense."""


def recognised(sent: IO[bytes]) -> Recording:
    """What kind of recording this is, and how long; its name is not believed. Raises ValidationError."""
    sent.seek(0)
    start = sent.read(36)
    try:
        recording = ogg(sent) if start.startswith(b"OggS") else mpeg(sent, start)
    except (Unreadable, TinyTagException, ZeroDivisionError, struct.error) as error:
        message = _("This file is not a recording that can be played here. MP3, M4A (AAC) and Ogg are taken.")
        raise ValidationError(message, "unreadable") from error
    return recording


def mpeg(sent: IO[bytes], start: bytes) -> Recording:
    """MP3, behind an ID3 tag or not, or AAC in MPEG-4."""
    is_mp4 = start[4:8] == b"ftyp"
    if not (is_mp4 or start.startswith(b"ID3") or begins_frame(start)):
        raise Unreadable("no header of a kind that is taken")
    sent.seek(0)
    found = TinyTag.get(file_obj=Frugal(sent), tags=False)  # type: ignore[arg-type]  # it reads, seeks and tells
    kind = str(found.mime_type).partition(";")[0]
    # Apple's lossless sound stands in the same files as AAC, and plays on Apple's machines alone.
    if kind != MEDIA_TYPES["m4a" if is_mp4 else "mp3"] or not found.samplerate or found.is_lossless:
        raise Unreadable(f"no sound for everybody in {kind}")
    return Recording("m4a" if is_mp4 else "mp3", whole_seconds(found.duration or 0))


def begins_frame(start: bytes) -> bool:
    """Whether these are the first bytes of a frame of MPEG audio, layer III (ISO 11172-3, section 2.4.1.3)."""
    return len(start) > 1 and start[0] == 0xFF and start[1] & 0xE6 == 0xE2


def ogg(sent: IO[bytes]) -> Recording:
    """Vorbis or Opus in Ogg; its length stands in the last page (RFC 3533, RFC 7845 section 4)."""
    sent.seek(0)
    first = sent.read(OGG_PAGE)
    serial = first[14:18]
    head = first[27 + first[26] :]
    if head.startswith(b"OpusHead"):
        rate, skipped = 48_000, struct.unpack_from("<H", head, 10)[0]
    elif head.startswith(b"\x01vorbis"):
        rate, skipped = struct.unpack_from("<I", head, 12)[0], 0
    else:
        raise Unreadable("an Ogg file of another kind")
    return Recording("ogg", whole_seconds((last_position(sent, serial) - skipped) / rate))


def last_position(sent: IO[bytes], serial: bytes) -> int:
    """How many samples the stream has, by its last page that tells."""
    size = sent.seek(0, 2)
    sent.seek(max(size - 2 * OGG_PAGE, 0))
    tail = sent.read()
    end = len(tail)
    while (at := tail.rfind(b"OggS", 0, end)) >= 0:
        header = tail[at : at + 27]
        if len(header) == 27 and header[14:18] == serial:
            position = struct.unpack_from("<q", header, 6)[0]
            if position != OGG_UNKNOWN_POSITION:
                return position
        end = at
    raise Unreadable("no last page")


def whole_seconds(seconds: float) -> int:
    """Raises Unreadable for what is no length: nothing, or more than a week."""
    if not 0 < seconds < 7 * 24 * 3600:
        raise Unreadable(f"{seconds} seconds")
    return max(round(seconds), 1)


class Frugal:
    """A file for the eyes of a parser that believes what files say: it ends when that becomes too much."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.reads = 0
        self.seek = file.seek
        self.tell = file.tell

    def read(self, size: int = -1) -> bytes:
        self.reads += 1
        if self.reads > MOST_READS or not 0 <= size <= LARGEST_READ:
            raise Unreadable("more to read than a recording needs")
        return self.file.read(size)
