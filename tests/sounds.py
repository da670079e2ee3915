"""Recordings made of nothing: silence in each of the kinds that are taken, as small as it goes."""

from __future__ import annotations

import struct

# One frame of silence: MPEG 1, layer III, 128 kbit/s, 44.1 kHz; 1152 samples in 417 bytes.
MP3_FRAME = b"\xff\xfb\x90\x00" + bytes(413)


def mp3(seconds: int = 2, tag: bytes = b"") -> bytes:
    """Silence of a constant bit rate, behind an ID3 tag or not."""
    return id3(tag) + MP3_FRAME * round(seconds * 44100 / 1152)


def id3(content: bytes) -> bytes:
    if not content:
        return b""
    size = bytes((len(content) >> shift) & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x04\x00\x00" + size + content


def box(name: bytes, *content: bytes) -> bytes:
    inside = b"".join(content)
    return struct.pack(">I", 8 + len(inside)) + name + inside


def m4a(seconds: int = 2) -> bytes:
    """The headers of a sound track, with some bytes that stand for its samples."""
    rate = 44100
    header = box(b"mdhd", struct.pack(">IIIIIHH", 0, 0, 0, rate, seconds * rate, 0x55C4, 0))
    entry = bytes(6) + struct.pack(">HIIHHHHI", 1, 0, 0, 2, 16, 0, 0, rate << 16)
    # The decoder's description (ISO 14496-1, section 7.2.6): AAC, variable, 128 kbit/s.
    decoder = (
        bytes([0x04, 17, 0x40, 0x15]) + bytes(3) + struct.pack(">II", 128000, 128000) + bytes([0x05, 2, 0x12, 0x10])
    )
    description = bytes([0x03, len(decoder) + 3, 0, 1, 0]) + decoder
    table = box(b"stsd", struct.pack(">II", 0, 1), box(b"mp4a", entry, box(b"esds", bytes(4), description)))
    track = box(b"trak", box(b"mdia", header, box(b"minf", box(b"stbl", table))))
    movie = box(b"mvhd", struct.pack(">IIIII", 0, 0, 0, 1000, seconds * 1000), bytes(80))
    return box(b"ftyp", b"M4A \x00\x00\x00\x00M4A mp42") + box(b"moov", movie, track) + box(b"mdat", bytes(4000))


def ogg_page(packet: bytes, position: int, *, serial: int = 7, flags: int = 0) -> bytes:
    sizes = [255] * (len(packet) // 255) + [len(packet) % 255]
    return b"OggS" + struct.pack("<BBqIIIB", 0, flags, position, serial, 0, 0, len(sizes)) + bytes(sizes) + packet


def opus(seconds: int = 2) -> bytes:
    head = b"OpusHead" + struct.pack("<BBHIHB", 1, 2, 312, 48000, 0, 0)
    return ogg_page(head, 0, flags=2) + ogg_page(bytes(400), seconds * 48000 + 312, flags=4)


def vorbis(seconds: int = 2) -> bytes:
    head = b"\x01vorbis" + struct.pack("<IBIiiiBB", 0, 2, 44100, 0, 128000, 0, 0xB8, 1)
    return ogg_page(head, 0, flags=2) + ogg_page(bytes(400), seconds * 44100, flags=4)
