"""The drawing of a card: the frame of the site's own pages, with the number of the day in the margin."""

from __future__ import annotations

import io
from collections.abc import Iterator

from PIL import Image, ImageDraw, ImageFont

from . import HEIGHT, WIDTH, Card
from .faces import BOLD, REGULAR, Face, Line, written

# The light side of the colours of static/css/site.css; a test compares them.
PAPER, INK, MUTED = "#fdfdfc", "#1d1f21", "#5b5f63"
ACCENTS = {
    "rust": "#ba2f0c",
    "amber": "#955e02",
    "olive": "#5e6b10",
    "green": "#0d7435",
    "teal": "#076f6f",
    "blue": "#0465af",
    "indigo": "#3c49cc",
    "violet": "#773ac1",
    "plum": "#902880",
    "rose": "#c6054f",
    "graphite": "#3f4348",
}
SHADES = 64

EDGE = 72
MARGIN = 270
BAND = 18
HEAD = 124
"""Where the line below the site's name is drawn."""
FOOT = HEIGHT - BAND - 56
SMALL = 32
TITLE_SIZES = (92, 84, 76, 68, 60, 54, 48)
ELLIPSIS = "…"


def png(card: Card) -> bytes:
    """The card as a PNG of 1200 × 630 pixels, some 20 kB."""
    sheet = Sheet(card)
    sheet.draw_frame()
    sheet.draw_day()
    sheet.draw_title()
    out = io.BytesIO()
    sheet.image.quantize(SHADES, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


class Sheet:
    """One card on its way. It is mirrored when its title runs from right to left."""

    def __init__(self, card: Card) -> None:
        self.image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
        self.pen = ImageDraw.Draw(self.image)
        self.accent = ACCENTS[card.accent]
        self.card = card
        self.site_title = written(card.site_title, BOLD)
        # A title that cannot be written here gives its place to the name of the site.
        own = written(card.title, BOLD)
        self.title = own or self.site_title
        self.is_rtl = bool(self.title and self.title.is_rtl)
        self.head = self.site_title if own else None

    def draw_frame(self) -> None:
        self.pen.rectangle((0, HEIGHT - BAND, WIDTH, HEIGHT), fill=self.accent)
        if self.head:
            font = self.head.face.at(40)
            self.write(shortened(self.head.text, font, WIDTH - 2 * EDGE), font, 0, HEAD - 22, INK)
        self.pen.rectangle((EDGE, HEAD, WIDTH - EDGE, HEAD + 1), fill=INK)

    def draw_day(self) -> None:
        day, month = written(self.card.day, REGULAR), written(self.card.month, REGULAR)
        if day:
            self.write(day.text, day.face.at(132), 0, HEAD + 140, self.accent)
        if day and month:
            self.write(month.text, fitting(month.text, month.face, MARGIN - 30, SMALL), 0, HEAD + 198, MUTED)

    def draw_title(self) -> None:
        byline = written(self.card.byline, REGULAR)
        width = WIDTH - 2 * EDGE - MARGIN
        if byline:
            font = byline.face.at(SMALL)
            self.write(shortened(byline.text, font, width), font, MARGIN, FOOT, MUTED)
        if self.title:
            room = FOOT - SMALL - 40 - HEAD - 40
            font, lines = set_in(self.title, width, room)
            for number, line in enumerate(lines):
                self.write(line, font, MARGIN, HEAD + 34 + round(font.size) + number * leading(font), INK)

    def write(self, text: str, font: ImageFont.FreeTypeFont, inset: int, baseline: int, colour: str) -> None:
        """Write a line that begins `inset` pixels from the edge of the text, on the side where reading begins."""
        x, anchor = (WIDTH - EDGE - inset, "rs") if self.is_rtl else (EDGE + inset, "ls")
        self.pen.text((x, baseline), text, font=font, fill=colour, anchor=anchor)


def set_in(title: Line, width: int, height: int) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """The largest type in which the title fits, and its lines; in the smallest, what does not fit is cut off."""
    for size in TITLE_SIZES:
        font = title.face.at(size)
        lines = list(wrapped(title.text, font, width))
        if len(lines) * leading(font) <= height:
            return font, lines
    fits = height // leading(font)
    last = shortened(" ".join(lines[fits - 1 :]), font, width)
    return font, [*lines[: fits - 1], last]


def leading(font: ImageFont.FreeTypeFont) -> int:
    return round(font.size * 1.14)


def wrapped(text: str, font: ImageFont.FreeTypeFont, width: int) -> Iterator[str]:
    """The lines of a text, broken between words, and within one that is longer than a line."""
    line = ""
    for word in text.split():
        joined = f"{line} {word}".strip()
        if font.getlength(joined) <= width:
            line = joined
            continue
        if line:
            yield line
        line = word
        while font.getlength(line) > width:
            length = longest(line, font, width)
            yield line[:length]
            line = line[length:]
    if line:
        yield line


def longest(text: str, font: ImageFont.FreeTypeFont, width: int) -> int:
    """How many characters from the beginning of a text fit, at least one."""
    return next((length for length in range(len(text), 1, -1) if font.getlength(text[:length]) <= width), 1)


def shortened(text: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    if font.getlength(text) <= width:
        return text
    return text[: longest(text, font, width - round(font.getlength(ELLIPSIS)))].rstrip() + ELLIPSIS


def fitting(text: str, face: Face, width: int, size: int) -> ImageFont.FreeTypeFont:
    """The face in this size, or smaller so that the text fits."""
    length = face.at(size).getlength(text)
    return face.at(size if length <= width else int(size * width / length))
