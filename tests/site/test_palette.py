"""The colours of the public pages: every accent can be read on every ground, by day and by night (WCAG 2.2, 1.4.3)."""

import re
from pathlib import Path

import pytest

from posts.models.site import Accent

STYLES = Path(__file__).parents[2] / "static/css"
CSS = (STYLES / "site.css").read_text()
PAIR = r"light-dark\((#[0-9a-f]{3,6}), (#[0-9a-f]{3,6})\)"
GROUNDS = ["paper", "soft"]
ENOUGH = 4.5


def token(name: str, mode: int) -> str:
    """The colour of a token in light (0) or dark (1)."""
    match = re.search(rf"--{name}: {PAIR}", CSS)
    assert match, name
    return match[mode + 1]


def accent(name: str, mode: int) -> str:
    """The first rule is the default's; each other accent has a rule of its own."""
    own = re.search(rf'\[data-accent="{name}"\] {{ --accent: {PAIR}', CSS)
    return own[mode + 1] if own else token("accent", mode)


def luminance(colour: str) -> float:
    """Relative luminance as https://www.w3.org/TR/WCAG22/#dfn-relative-luminance defines it."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    channels = [int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("name", Accent.values)
def test_an_accent_can_be_read_on_every_ground_and_under_its_buttons_words(name, mode):
    for other in [*GROUNDS, "on-accent"]:
        assert contrast(accent(name, mode), token(other, mode)) >= ENOUGH, other


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("text", ["ink", "muted"])
def test_text_can_be_read_on_every_ground(text, mode):
    for ground in GROUNDS:
        assert contrast(token(text, mode), token(ground, mode)) >= ENOUGH, ground


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_code_can_be_read_in_all_its_colours(mode):
    colours = re.findall(rf"--code-\w+: {PAIR}", (STYLES / "reading.css").read_text())
    assert colours
    assert [pair for pair in colours if contrast(pair[mode], token("soft", mode)) < ENOUGH] == []


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_the_titles_of_alerts_can_be_read(mode):
    colours = re.findall(rf"--tone: {PAIR}", (STYLES / "reading.css").read_text())
    assert len(colours) == 5
    assert [pair for pair in colours if contrast(pair[mode], token("paper", mode)) < ENOUGH] == []


def test_each_accent_that_the_settings_offer_has_colours_of_its_own():
    ruled = re.findall(r'\[data-accent="(\w+)"\]', CSS)
    assert sorted([*ruled, Accent.RUST]) == sorted(Accent.values)


def test_the_desk_and_the_site_share_their_accents():
    """admin.css cannot read site.css, so it says the same once more; this keeps the two from drifting apart."""
    of_site = re.findall(r'\[data-accent="(\w+)"\] \{ --accent: (.+?); \}', CSS)
    of_desk = re.findall(r"\.accent-(\w+) \{ --tint: (.+?); \}", (STYLES / "admin.css").read_text())
    assert of_desk == of_site
    assert len(of_site) == len(Accent.values) - 1
