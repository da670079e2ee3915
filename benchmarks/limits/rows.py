"""What was measured, one line each: a number, what it is compared to, and the threshold of that ratio."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """`ratio` is to the limit that `beside` names; `least` and `most` say what it has to be."""

    name: str
    value: str
    beside: str = ""
    ratio: float | None = None
    least: float | None = None
    most: float | None = None

    @property
    def is_kept(self) -> bool:
        ratio = self.ratio or 0.0
        return (self.least is None or ratio >= self.least) and (self.most is None or ratio <= self.most)

    @property
    def threshold(self) -> str:
        if self.least is not None:
            return f"≥ {self.least:g}"
        return f"≤ {self.most:g}" if self.most is not None else ""

    @property
    def verdict(self) -> str:
        if not self.threshold:
            return ""
        return "kept" if self.is_kept else "**missed**"


HEADINGS = ("", "measured", "beside", "ratio", "threshold", "")


def cells(row: Row) -> tuple[str, ...]:
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    return (row.name, row.value, row.beside, ratio, row.threshold, row.verdict)


def markdown(rows: list[Row]) -> str:
    lines = [HEADINGS, ("---", "---:", "---", "---:", "---", "---"), *map(cells, rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def plain(rows: list[Row]) -> str:
    return "".join(
        f"{name:44}{value:>26}  {beside:26}{ratio:>6}  {threshold:8}{verdict.strip('*')}\n"
        for name, value, beside, ratio, threshold, verdict in (HEADINGS, *map(cells, rows))
    )
