"""A picture for everyone: an ornament such as printers set, drawn from a keyed hash of who somebody is.

No third party is asked for one. The hash tells nobody an e-mail address, and draws the same ornament wherever its owner
comments.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from django.urls import get_script_prefix, reverse

from posts.visitors import keyed

DIGITS = 16
"""How many hexadecimal digits an ornament is drawn from."""
SIZE = 64
_NOBODY = "0" * DIGITS

# Middle tones, which stand out from white and from black; the ornament in a paler one.
GROUNDS = (
    *("#a4452c", "#96631a", "#6d7420", "#3b7a4b", "#1f7775", "#2f6f9f"),
    *("#4f5fb0", "#7652a8", "#94417f", "#a83e5c", "#5d6670", "#7a5a41"),
)
INKS = ("#fbf6ec", "#f7dfb5", "#e3ecd2", "#d9e8f0")
FOLDS = (3, 4, 5, 6, 7, 8, 10, 12)

# Petals that point up from the middle of a square of 64, the first with its foot at the middle.
PETALS = (
    "M32 32C22 24 24 12 32 6C40 12 42 24 32 32Z",
    "M32 30L26 14L32 5L38 14Z",
    "M32 28C20 22 22 8 32 8C42 8 44 22 32 28ZM32 12A4 4 0 1 0 32 20A4 4 0 1 0 32 12Z",
    "M32 31C26 26 27 20 32 17C37 20 38 26 32 31ZM32 7A4 4 0 1 0 32 15A4 4 0 1 0 32 7Z",
    "M30.5 32V15H33.5V32ZM32 5A5.5 5.5 0 1 0 32 16A5.5 5.5 0 1 0 32 5Z",
    "M32 31C18 24 20 10 30 6C26 14 30 22 32 31Z",
)
BUDS = (
    "",
    "M32 10.5A2.5 2.5 0 1 0 32 15.5A2.5 2.5 0 1 0 32 10.5Z",
    "M32 7L34.5 12L32 17L29.5 12Z",
    "M31 6H33V18H31Z",
)
HEARTS = (0, 3, 4.5, 6)


def digits_of(email: str, name: str) -> str:
    """What somebody's ornament is drawn from: their e-mail address, or else the name that they give."""
    return keyed("comments.avatar", email or f"name {name.casefold()}")[:DIGITS]


def address(email: str, name: str) -> str:
    """Where somebody's ornament is."""
    return _address(get_script_prefix()).replace(_NOBODY, digits_of(email, name))


@cache
def _address(_prefix: str) -> str:
    """Asked once, and not for each comment."""
    return reverse("comments:avatar", args=[_NOBODY])


def draw(digits: str) -> str:
    """An SVG from `DIGITS` hexadecimal digits, the same from the same ones; 64 units wide and high."""
    number = int(digits, 16)

    def choose[T](choices: tuple[T, ...]) -> T:
        nonlocal number
        number, choice = divmod(number, len(choices))
        return choices[choice]

    ground, ink, folds = choose(GROUNDS), choose(INKS), choose(FOLDS)
    ring = [*_around(choose(PETALS), folds, 0), *_around(choose(BUDS), folds, 180 / folds)]
    heart = choose(HEARTS)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64">'
        f'<path fill="{ground}" d="M0 0H64V64H0Z"/><g fill="{ink}" fill-rule="evenodd">{"".join(ring)}</g>'
        f'<circle cx="32" cy="32" r="{heart}" fill="{ground}"/><circle cx="32" cy="32" r="{heart / 2}" fill="{ink}"/>'
        "</svg>"
    )


def _around(path: str, times: int, first: float) -> Iterator[str]:
    if path:
        for step in range(times):
            yield f'<path d="{path}" transform="rotate({first + 360 * step / times:.4g} 32 32)"/>'
