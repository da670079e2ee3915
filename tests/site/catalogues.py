"""What there is to translate, read from the code by Python alone, so that a test needs no GNU gettext."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation.template import templatize

ROOT = Path(__file__).parents[2]
LOCALE = ROOT / "locale"
PACKAGES = ("blogsite", "comments", "posts")

# How many of the first arguments are texts, and whether the first of them is the context.
CALLS = {
    "_": (1, False),
    "gettext": (1, False),
    "gettext_lazy": (1, False),
    "gettext_noop": (1, False),
    "ngettext": (2, False),
    "ngettext_lazy": (2, False),
    "pgettext": (2, True),
    "pgettext_lazy": (2, True),
    "npgettext": (3, True),
    "npgettext_lazy": (3, True),
}
_CALL_IN_TEMPLATE = re.compile(r"""\b(_|n?p?gettext)(\((?:\s*u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\s*,?)+)""")

type Message = tuple[str, str, str]
"""Context, text and plural; each may be empty but the text."""


def catalogues() -> list[Path]:
    return sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))


def messages() -> set[Message]:
    """Every text of the code and of the templates that passes through gettext."""
    found: set[Message] = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            found.update(messages_of_code(path.read_text()))
    for folder in ("templates", *PACKAGES):
        for path in [*(ROOT / folder).rglob("*.html"), *(ROOT / folder).rglob("*.txt")]:
            found.update(messages_of_template(path.read_text()))
    return found


def messages_of_code(source: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and name_of(node) in CALLS:
            count, has_context = CALLS[name_of(node)]
            texts = [argument.value for argument in node.args[:count] if isinstance(argument, ast.Constant)]
            if len(texts) == count:
                yield message(texts, has_context)


def messages_of_template(source: str) -> Iterator[Message]:
    for name, arguments in _CALL_IN_TEMPLATE.findall(templatize(source)):
        count, has_context = CALLS[name]
        texts = ast.literal_eval(f"{arguments.rstrip(', ')},)")
        yield message([*texts][:count], has_context)


def name_of(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def message(texts: list[str], has_context: bool) -> Message:
    context = texts.pop(0) if has_context else ""
    text, plural = [*texts, ""][:2]
    return context, text, plural
