"""A plot of cost against size as SVG: both axes by powers of ten, one line a page, for light and dark ground."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from math import ceil, floor, log10

WIDTH, HEIGHT = 860, 460
LEFT, RIGHT, TOP, BOTTOM = 70, 250, 40, 50
LABEL_HEIGHT = 15
# Told apart by those who see no red or green, on white and on black (after Okabe and Ito).
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9", "#7f7f7f", "#8b5cf6")
DASHES = ("", "6 3", "2 3")
STYLE = """
svg { background: #fff; color: #222; font: 12px system-ui, sans-serif; }
text { fill: currentColor; }
.grid { stroke: currentColor; stroke-opacity: .18; }
.line { fill: none; stroke-width: 2; }
@media (prefers-color-scheme: dark) { svg { background: #16181c; color: #e6e6e6; } }
"""


class Scale:
    """From numbers to places on an axis, in whole powers of ten."""

    def __init__(self, numbers: Sequence[float], begin: float, end: float) -> None:
        self.low, self.high = floor(log10(min(numbers))), max(ceil(log10(max(numbers))), floor(log10(min(numbers))) + 1)
        self._begin, self._per_power = begin, (end - begin) / (self.high - self.low)

    def __call__(self, number: float) -> float:
        return self._begin + (log10(number) - self.low) * self._per_power

    @property
    def powers(self) -> list[float]:
        return [10.0**power for power in range(self.low, self.high + 1)]


def svg(title: str, sizes: Sequence[int], costs: Mapping[str, Sequence[float]], unit: str) -> str:
    """`costs` has for each page what it costs at each of the sizes."""
    across = Scale(sizes, LEFT, WIDTH - RIGHT)
    up = Scale([cost for line in costs.values() for cost in line], HEIGHT - BOTTOM, TOP)
    parts = [*_grid(across, up, unit), *_lines(sizes, costs, across, up)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n"
        f'<text x="{LEFT}" y="22" font-weight="bold">{escape(title)}</text>\n{"".join(parts)}</svg>\n'
    )


def _grid(across: Scale, up: Scale, unit: str) -> list[str]:
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    columns = [
        f'<path class="grid" d="M{across(size):.0f} {TOP}V{bottom}"/>'
        f'<text x="{across(size):.0f}" y="{bottom + 18}" text-anchor="middle">{size:,.0f}</text>\n'
        for size in across.powers
    ]
    rows = [
        f'<path class="grid" d="M{LEFT} {up(cost):.0f}H{right}"/>'
        f'<text x="{LEFT - 8}" y="{up(cost) + 4:.0f}" text-anchor="end">{cost:g} {unit}</text>\n'
        for cost in up.powers
    ]
    return [
        *columns,
        *rows,
        f'<text x="{(LEFT + right) / 2:.0f}" y="{HEIGHT - 10}" text-anchor="middle">posts</text>\n',
    ]


def _lines(sizes: Sequence[int], costs: Mapping[str, Sequence[float]], across: Scale, up: Scale) -> list[str]:
    """Each with its name at its right end, the names far enough apart to be read."""
    ordered = sorted(costs.items(), key=lambda item: -item[1][-1])
    parts, place = [], float(TOP)
    for number, (name, line) in enumerate(ordered):
        colour, dash = COLOURS[number % len(COLOURS)], DASHES[number // len(COLOURS) % len(DASHES)]
        points = " ".join(f"{across(size):.1f},{up(cost):.1f}" for size, cost in zip(sizes, line, strict=True))
        place = max(place, min(up(line[-1]), HEIGHT - BOTTOM - LABEL_HEIGHT * (len(ordered) - number - 1)))
        end = f"{across(sizes[-1]) + 4:.1f},{up(line[-1]):.1f} {WIDTH - RIGHT + 20},{place:.1f}"
        parts.append(
            f'<polyline class="line" stroke="{colour}" stroke-dasharray="{dash}" points="{points}"/>'
            f'<polyline class="grid" fill="none" points="{end}"/>'
            f'<text x="{WIDTH - RIGHT + 24}" y="{place + 4:.1f}"><tspan fill="{colour}">●</tspan> '
            f"{escape(name)}</text>\n"
        )
        place += LABEL_HEIGHT
    return parts
