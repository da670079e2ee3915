"""The layout turns with the direction of its language: style sheets speak of start and end, not of left and right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "static" / "css"

PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right)[\w-]*"
    r"|border-(?:top|bottom)-(?:left|right)-radius|left|right)\s*:"
    r"|(?:text-align|float|clear)\s*:\s*(?:left|right)\b"
    r"|translateX\("
)
# Four lengths name the right side and the left one; where the two are equal, nothing turns.
LENGTH = r"((?:[\w-]+\((?:[^()]|\([^()]*\))*\)|[^\s;()])+)"
FOUR_SIDES = re.compile(
    rf"(?<![\w-])(?:margin|padding|inset|border-width)\s*:\s*{LENGTH} {LENGTH} {LENGTH} {LENGTH}\s*(?:;|$)"
)
# What is read from left to right in every language.
MEANT = {
    ("reading.css", ".prose :is(pre, code, kbd, samp)"),
}


def rules(path: Path) -> list[tuple[str, str]]:
    """Selectors and their declarations, comments left out."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    return [(selector.strip(), body) for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", text)]


def unequal(body: str) -> list[str]:
    return [sides[0] for sides in FOUR_SIDES.finditer(body) if sides[2] != sides[4]]


@pytest.mark.parametrize("path", sorted(CSS.glob("*.css")), ids=lambda path: path.stem)
def test_a_style_sheet_names_no_side(path: Path):
    wrong = [
        (selector, body.strip())
        for selector, body in rules(path)
        if (PHYSICAL.search(body) or unequal(body)) and (path.name, selector) not in MEANT
    ]
    assert wrong == []


def test_a_position_in_a_picture_has_its_mirror():
    """CSS has no logical word for it."""
    for path in CSS.glob("*.css"):
        for selector, body in rules(path):
            if re.search(r"object-position:\s*(left|right)", body) and ":dir(" not in selector:
                assert f"{selector}:dir(rtl)" in dict(rules(path)), selector
