"""Colours for code: Pygments' token types as classes, which code.css colours."""

from __future__ import annotations

from functools import cache
from html import escape

from pygments import highlight as pygmentise
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import find_lexer_class, get_all_lexers

MAX_HIGHLIGHTED = 20_000

_FORMATTER = HtmlFormatter(nowrap=True, classprefix="tok-")


def highlight(code: str, language: str) -> str:
    """The code as HTML; with colours when Pygments knows a language of this name, for it is never guessed.

    More than MAX_HIGHLIGHTED characters stay without colours: the patterns of some languages take time with the
    square of the length.
    """
    lexer = _lexer(language) if len(code) <= MAX_HIGHLIGHTED else None
    if lexer is None:
        return escape(code, quote=False)
    return pygmentise(code, lexer(stripnl=False, ensurenl=False), _FORMATTER)


@cache
def _names() -> dict[str, str]:
    """Pygments' own languages by alias. Its look-up by alias would search all installed packages for others."""
    return {alias: name for name, aliases, _, _ in get_all_lexers(plugins=False) for alias in aliases}


def _lexer(language: str) -> type[Lexer] | None:
    name = _names().get(language)
    return find_lexer_class(name) if name else None
