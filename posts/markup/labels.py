"""The few words that rendering adds to an author's own."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Labels:
    """What readers see or hear beside the text itself; `str.format` fills in the braces."""

    section: str = "Link to this section: {}"
    table: str = "Table {}"
    footnotes: str = "Footnotes"
    footnote: str = "Footnote {}"
    footnote_back: str = "Back to the text of footnote {}"
    done: str = "Done"
    to_do: str = "To do"
    details: str = "Details"
    alerts: dict[str, str] = field(
        default_factory=lambda: {
            "note": "Note",
            "tip": "Tip",
            "important": "Important",
            "warning": "Warning",
            "caution": "Caution",
        }
    )


ENGLISH = Labels()
