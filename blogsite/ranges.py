"""Parts of a file, as players and interrupted downloads ask for them (RFC 9110, section 14). Pure."""

from __future__ import annotations

import re

# "bytes=0-499", "bytes=500-", "bytes=-500"; no file has a length of twenty digits.
_ONE_RANGE = re.compile(r"\s*bytes\s*=\s*(\d{0,18})-(\d{0,18})\s*", re.ASCII | re.IGNORECASE)


class Unsatisfiable(Exception):
    """The part lies behind the end of the file (status 416)."""


def part_asked(header: str, size: int) -> range | None:
    """The bytes that a Range header asks for, of a file of `size` bytes; None where the whole file answers it.

    That is so for what cannot be read, for other units, and for several ranges at once, which a server may refuse to
    cut out (section 14.2). Raises Unsatisfiable.
    """
    match = _ONE_RANGE.fullmatch(header)
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        start, end = max(size - int(last), 0), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < int(first):
            return None
    if start >= end:
        raise Unsatisfiable
    return range(start, end)


def content_range(part: range | None, size: int) -> str:
    """The value of Content-Range; for no part, as 416 tells it."""
    return f"bytes {part.start}-{part.stop - 1}/{size}" if part else f"bytes */{size}"
