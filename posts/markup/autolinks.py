"""Bare addresses become links: https://github.github.com/gfm/#autolinks-extension-

The plugin that the Markdown library offers reads the whole paragraph again at each colon. These rules read an
address once.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

_URL = re.compile(
    r"(?:https?://|www\.)(?:[^\W_](?:[\w-]{0,62}\w)?\.){1,10}[^\W_][\w-]{0,62}(?::\d{1,5})?(?:[/?#][^\s<]*)?",
    re.IGNORECASE,
)
_LOCAL_PART = re.compile(r"[A-Za-z0-9.+_-]{1,64}\Z")
_MAIL_HOST = re.compile(r"@(?:[A-Za-z0-9_-]{1,63}\.){1,10}[A-Za-z0-9-]{0,62}[A-Za-z0-9](?![\w@-])")
_TRAILING_ENTITY = re.compile(r"&[A-Za-z0-9]+;\Z")
_BEFORE = frozenset(" \t\n*_~([\"'“‘—–")


def autolinks(md: MarkdownIt) -> None:
    """A plugin: bare http, https and www addresses and e-mail addresses become links."""
    md.inline.add_terminator_char("w")
    md.inline.ruler.push("bare_www", _www)
    md.inline.ruler.push("bare_url", _url)
    md.inline.ruler.push("bare_email", _email)


def _www(state: StateInline, silent: bool) -> bool:
    return state.src.startswith("www.", state.pos) and _link(state, silent, state.pos, "http://")


def _url(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("://", state.pos):
        return False
    scheme = next((name for name in ("https", "http") if state.pending[-len(name) :].lower() == name), None)
    return scheme is not None and _link(state, silent, state.pos - len(scheme))


def _link(state: StateInline, silent: bool, start: int, prefix: str = "") -> bool:
    # In a link's text, and where a rule only looks ahead, an address is text.
    if silent or state.linkLevel or not _may_follow(state, start):
        return False
    found = _URL.match(state.src, start, state.posMax)
    if not found:
        return False
    url = _without_trailing_marks(found[0])
    return _push(state, start, url, prefix + url)


def _email(state: StateInline, silent: bool) -> bool:
    if silent or state.linkLevel or state.src[state.pos] != "@":
        return False
    local = _LOCAL_PART.search(state.pending[-64:])
    host = _MAIL_HOST.match(state.src, state.pos, state.posMax)
    if not local or not host or not _may_follow(state, state.pos - len(local[0])):
        return False
    return _push(state, state.pos - len(local[0]), local[0] + host[0], f"mailto:{local[0]}{host[0]}")


def _may_follow(state: StateInline, start: int) -> bool:
    return start <= 0 or state.src[start - 1] in _BEFORE


def _without_trailing_marks(url: str) -> str:
    """Leave out punctuation that belongs to the sentence; a bracket does when no opening one is in the address."""
    surplus = url.count(")") - url.count("(")
    end = len(url)
    while True:
        last = url[end - 1]
        if last in "?!.,:*_~'\"[]":
            end -= 1
        elif last == ")" and surplus > 0:
            end -= 1
            surplus -= 1
        elif last == ";" and (entity := _TRAILING_ENTITY.search(url, max(0, end - 32), end)):
            end = entity.start()
        else:
            return url[:end]


def _push(state: StateInline, start: int, text: str, address: str) -> bool:
    href = state.md.normalizeLink(address)
    if not state.md.validateLink(href):
        return False
    if taken := state.pos - start:
        state.pending = state.pending[:-taken]
    opening = state.push("link_open", "a", 1)
    opening.attrs = {"href": href}
    state.push("text", "", 0).content = text
    closing = state.push("link_close", "a", -1)
    opening.info = closing.info = "auto"
    state.pos = start + len(text)
    return True
