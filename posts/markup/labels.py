"""The few words that rendering adds to an author's own, and the quotation marks of their language."""

from __future__ import annotations

from dataclasses import dataclass, field

from .quotes import ENGLISH_QUOTES, Quotes


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
    watch: str = "Watch on {}"
    listen: str = "Listen on {}"
    load_video: str = "Load the video from {}"
    load_recording: str = "Load the recording from {}"
    quotes: Quotes = ENGLISH_QUOTES
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
