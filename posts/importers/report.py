"""What an import did, and what it did not do and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from .. import markup

CREATED, UPDATED, UNCHANGED, SKIPPED = "created", "updated", "unchanged", "skipped"


class Remark(NamedTuple):
    file: str
    detail: str

    def __str__(self) -> str:
        return f"{self.file}: {self.detail}" if self.detail else self.file


@dataclass
class Report:
    """Counts of files by what became of them, and remarks on them, each under its reason."""

    counts: Counter[str] = field(default_factory=Counter)
    skipped: dict[str, list[Remark]] = field(default_factory=dict)
    noted: dict[str, list[Remark]] = field(default_factory=dict)

    def skip(self, file: str, reason: str, detail: str = "") -> None:
        """A file that becomes no post, or does not change the one it had."""
        self.counts[SKIPPED] += 1
        self.skipped.setdefault(reason, []).append(Remark(printable(file), printable(detail)))

    def note(self, file: str, reason: str, detail: str = "") -> None:
        """Something in a post that was not done as its author meant it."""
        self.noted.setdefault(reason, []).append(Remark(printable(file), printable(detail)))

    def lines(self, limit: int | None = None) -> Iterator[str]:
        """The report for a terminal, with at most `limit` remarks under each reason."""
        counts = ", ".join(f"{self.counts[name]} {name}" for name in (CREATED, UPDATED, UNCHANGED, SKIPPED))
        yield f"{counts[:1].upper()}{counts[1:]}."
        for heading, groups in {"Skipped": self.skipped, "Noted": self.noted}.items():
            for reason, remarks in groups.items():
                yield ""
                yield f"{heading}: {reason} ({len(remarks)})"
                yield from (f"  {remark}" for remark in remarks[:limit])
                if limit is not None and len(remarks) > limit:
                    yield f"  … and {len(remarks) - limit} more; --verbosity 2 shows all."


def printable(text: str) -> str:
    """A name as a terminal may show it: what is no text replaced, what would move the cursor left out."""
    return markup.clean_line(text.encode(errors="replace").decode())
