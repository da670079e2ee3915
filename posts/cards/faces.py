"""The fonts that cards are drawn with, and what each of them can write."""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import ImageFont, features

FOLDER = Path(__file__).parent / "fonts"
# Of the letters of a text, the share that a font must have. Fewer, and what is left would say something else.
ENOUGH = 0.8
RIGHT_TO_LEFT = {"R", "AL"}


@dataclass(frozen=True)
class Face:
    """A font file. `needs_shaping`: its script makes sense only where Pillow has the Raqm library."""

    name: str
    needs_shaping: bool = False

    def at(self, size: int) -> ImageFont.FreeTypeFont:
        return ImageFont.truetype(FOLDER / f"{self.name}.ttf", size)


BOLD = (
    Face("Vollkorn-Bold"),
    Face("FrankRuhlLibre-Bold", needs_shaping=True),
    Face("Amiri-Bold", needs_shaping=True),
)
REGULAR = (Face("Vollkorn-Regular"), *BOLD[1:])


@dataclass(frozen=True)
class Line:
    """A text of one line, and the face that can write it."""

    text: str
    face: Face

    @property
    def is_rtl(self) -> bool:
        """Whether its first letter is of a script that runs from right to left."""
        strong = (unicodedata.bidirectional(character) for character in self.text)
        return next((kind in RIGHT_TO_LEFT for kind in strong if kind in {"L", *RIGHT_TO_LEFT}), False)


def written(text: str, faces: tuple[Face, ...]) -> Line | None:
    """The text in the face that has most of its letters, without what that face lacks (emoji, most often).

    None if no face has enough of them, or nothing is left: a box for each letter would help nobody.
    """
    text = " ".join(unicodedata.normalize("NFC", text).split())
    shaping = features.check("raqm")
    able = [face for face in faces if shaping or not face.needs_shaping]
    best = max(able, key=lambda face: share(text, face))
    kept = " ".join("".join(character for character in text if ord(character) in characters(best)).split())
    return Line(kept, best) if kept and share(text, best) >= ENOUGH else None


def share(text: str, face: Face) -> float:
    """How much of the letters and digits of a text a face has, from 0 to 1."""
    letters = [character for character in text if character.isalnum()]
    return sum(ord(letter) in characters(face) for letter in letters) / max(len(letters), 1)


@cache
def characters(face: Face) -> frozenset[int]:
    """The code points that a font has, from its table "cmap".

    https://learn.microsoft.com/typography/opentype/spec/cmap#format-4-segment-mapping-to-delta-values
    """
    font = (FOLDER / f"{face.name}.ttf").read_bytes()
    number = struct.unpack_from(">H", font, 4)[0]
    records = (struct.unpack_from(">4sLLL", font, 12 + 16 * index) for index in range(number))
    table = next(offset for tag, _, offset, _ in records if tag == b"cmap")
    for index in range(struct.unpack_from(">H", font, table + 2)[0]):
        subtable = table + struct.unpack_from(">HHL", font, table + 4 + 8 * index)[2]
        if struct.unpack_from(">H", font, subtable)[0] == 4:
            return frozenset(segments(font, subtable))
    raise ValueError(f"{face.name} has no table of characters in format 4.")


def segments(font: bytes, subtable: int) -> Iterator[int]:
    count = struct.unpack_from(">H", font, subtable + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", font, subtable + 14)
    starts = struct.unpack_from(f">{count}H", font, subtable + 16 + 2 * count)
    for start, end in zip(starts, ends, strict=True):
        if start != 0xFFFF:
            yield from range(start, end + 1)
