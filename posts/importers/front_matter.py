"""The particulars at the head of a Markdown file: TOML between lines of `+++`, or YAML between lines of `---`."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any, NamedTuple

import yaml
from django.utils.dateparse import parse_date, parse_datetime

MAX_LENGTH = 100_000

# What the two parsers raise on text that is not theirs; PyYAML's constructors do not always say YAMLError.
INVALID = (yaml.YAMLError, ValueError, RecursionError, LookupError, AttributeError, TypeError)


class Unfit(Exception):
    """A file that cannot become a post. The message is a sentence for whoever keeps the file."""


class PlainLoader(yaml.SafeLoader):
    """PyYAML's safe loader in Python: the one in C overflows the stack on deep nesting.

    It knows no merge keys ("<<"), by which a short text can grow without end.
    """

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        pass


class Document(NamedTuple):
    """A file in its two parts; `digest` is the SHA-256 of the whole."""

    fields: Fields
    body: str
    digest: str


def parse(content: bytes) -> Document:
    """Split a file into its front matter and its body. Without front matter, there are no fields. Raises Unfit."""
    text = decode(content)
    digest = hashlib.sha256(content).hexdigest()
    opening, _, rest = text.partition("\n")
    closing = CLOSINGS.get(opening.rstrip())
    end = closing.search(rest) if closing else None
    if not end:
        return Document(Fields({}), text, digest)
    if end.start() > MAX_LENGTH:
        raise Unfit(f"Its front matter is longer than {MAX_LENGTH} characters.")
    fields = Fields(load(opening.rstrip(), rest[: end.start()]))
    return Document(fields, rest[end.end() :].lstrip("\n"), digest)


def decode(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unfit(f"It is not valid UTF-8: byte {error.start + 1} is wrong.") from error
    if "\0" in text:
        raise Unfit("It holds NUL bytes, so it is not a text.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def load(fence: str, text: str) -> dict[str, Any]:
    language, loads = LANGUAGES[fence]
    try:
        fields = loads(text)
    except INVALID as error:
        reason = " ".join(str(error).split())[:200]
        raise Unfit(f"Its front matter is not valid {language}: {reason}.") from error
    if fields is None:
        return {}
    if not isinstance(fields, dict):
        raise Unfit("Its front matter is not a table of names and values.")
    return fields


def load_yaml(text: str) -> Any:
    return yaml.load(text, Loader=PlainLoader)  # noqa: S506 -- a SafeLoader, see there


LANGUAGES: dict[str, tuple[str, Callable[[str], Any]]] = {"+++": ("TOML", tomllib.loads), "---": ("YAML", load_yaml)}
CLOSINGS = {
    "+++": re.compile(r"^\+\+\+[ \t]*$", re.MULTILINE),
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE),
}


class Fields:
    """Front matter, read by the several names that static site generators have for one thing.

    A name with dots looks into tables: "extra.team". Each reader takes the first name that has a value, and raises
    Unfit when that value is of the wrong kind.
    """

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values

    def get(self, *names: str) -> Any:
        for name in names:
            value: Any = self.values
            for key in name.split("."):
                value = value.get(key) if isinstance(value, dict) else None
            if value is not None and value != "":
                return value
        return None

    def text(self, *names: str) -> str:
        value = self.get(*names)
        if value is None:
            return ""
        if isinstance(value, bool | dict | list):
            raise Unfit(f'"{names[0]}" is not a text.')
        return str(value).strip()

    def flag(self, *names: str) -> bool | None:
        value = self.get(*names)
        if value is None or isinstance(value, bool):
            return value
        raise Unfit(f'"{names[0]}" is neither true nor false.')

    def number(self, *names: str) -> int | None:
        value = self.get(*names)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
            raise Unfit(f'"{names[0]}" is not a whole number from 0 up.')
        return value

    def names(self, *names: str, commas: bool = False) -> list[str]:
        """A name or a list of names, each once; a table stands for its "name". With `commas`, a text is split."""
        value = self.get(*names)
        if value is None:
            return []
        if isinstance(value, str) and commas:
            value = value.split(",")
        found = [self._name(item, names[0]) for item in (value if isinstance(value, list) else [value])]
        return list(dict.fromkeys(filter(None, found)))

    @staticmethod
    def _name(item: Any, field: str) -> str:
        if isinstance(item, dict):
            item = item.get("name")
        if item is None or isinstance(item, bool | dict | list):
            raise Unfit(f'"{field}" is neither a name nor a list of names.')
        return str(item).strip()

    def moment(self, *names: str) -> date | datetime | None:
        """A day, or a day and a time, with a zone or without."""
        value = self.get(*names)
        if value is None or isinstance(value, date):
            return value
        if isinstance(value, bool | int | float | dict | list | time):
            raise Unfit(f'"{names[0]}" is not a date.')
        return read_date(str(value), names[0])


def read_date(text: str, field: str) -> date | datetime:
    try:
        found = parse_date(text.strip()) or parse_datetime(text.strip())
    except ValueError as error:
        raise Unfit(f'"{field}" is not a date that exists: {text[:40]}.') from error
    if found is None:
        raise Unfit(f'"{field}" is not a date such as 2024-01-31: {text[:40]}.')
    return found
