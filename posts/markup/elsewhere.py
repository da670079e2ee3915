"""Rendered HTML elsewhere than on its own page: in feeds."""

from __future__ import annotations

import html as html_escapes
import re
from re import Match
from urllib.parse import urljoin

from .elements import ATTRIBUTE, TAG

PERMALINK = re.compile(r' ?<a (?=[^<>]*class="permalink")[^<>]*>#</a>')
_COPIES = re.compile(r"</?picture>|<source (?=[^<>]*srcset=)[^<>]*>")
_FACADE = re.compile(r'<figure (?=[^<>]*class="embed[ "])[^<>]*>(<a [^<>]*>[^<>]*</a>)</figure>')
# Most feed readers drop form fields, and with them what is done and what is not.
_DONE = re.compile(r'<input (?=[^<>]*class="task-list-item-checkbox")(?=[^<>]*checked=)[^<>]*>')
_TO_DO = re.compile(r'<input (?=[^<>]*class="task-list-item-checkbox")[^<>]*>')
_FOR_FEEDS = ((PERMALINK, ""), (_COPIES, ""), (_FACADE, r"<p>\1</p>"), (_DONE, "☑"), (_TO_DO, "☐"))
_ADDRESSES = {"cite", "href", "poster", "src"}


def for_feed(html: str, base: str) -> str:
    """Rendered HTML as a feed carries it; `base` as in `absolute`.

    Headings lead not to themselves, pictures come in one size, and of a player there is the link. The boxes of tasks
    become characters. Formulas stay.
    """
    for pattern, replacement in _FOR_FEEDS:
        html = pattern.sub(replacement, html)
    return absolute(html, base)


def absolute(html: str, base: str) -> str:
    """Make every address in rendered HTML absolute, for feeds; `base` is the address of the page it stands on."""

    def with_absolute_addresses(tag: Match[str]) -> str:
        attributes = ATTRIBUTE.sub(lambda attribute: _absolute_attribute(attribute, base), tag[3] or "")
        return f"<{tag[1]}{tag[2]}{attributes}>"

    return TAG.sub(with_absolute_addresses, html)


def _absolute_attribute(attribute: Match[str], base: str) -> str:
    name, value = attribute[1], html_escapes.unescape(attribute[2] or "")
    if name in _ADDRESSES:
        value = _joined(base, value)
    elif name == "srcset":
        candidates = (candidate.split(maxsplit=1) for candidate in value.split(", "))
        value = ", ".join(" ".join([_joined(base, url), *descriptor]) for url, *descriptor in candidates)
    else:
        return attribute[0]
    return f'{name}="{html_escapes.escape(value)}"'


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        # No address at all, such as "http://[": it stays what it was.
        return address
