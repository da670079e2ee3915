"""Colours for code: Pygments' token types as classes, which reading.css colours."""

from __future__ import annotations

import re
from functools import cache
from html import escape

from pygments import highlight as pygmentise
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import find_lexer_class, get_all_lexers

from .allowed import names

# Pygments knows five hundred more. Among them are some that take minutes for a page of the letter "a", or raise.
LANGUAGES = names(
    "ada apacheconf awk bash bat c clojure cmake cobol console cpp csharp css cython d dart diff django docker elixir "
    "elm emacs-lisp erlang fortran fsharp gas gdscript glsl go graphql groovy handlebars haskell html http ini java "
    "javascript jinja json json5 jsx julia kotlin latex less lisp llvm lua make markdown matlab meson mysql nasm "
    "nginx nim nix objective-c ocaml perl php postgresql powershell prolog properties protobuf puppet pycon python "
    "pytb r racket rst ruby rust sass scala scheme scss smalltalk solidity sparql sql sqlite3 svelte swift "
    "systemverilog tcl terraform text toml tsx turtle typescript typst vb.net verilog vhdl vim vue wast wgsl xml yaml "
    "zig"
)

# For some texts a pattern reads the rest of the block at every step: long lines, much blank space, or in Java and its
# kin nothing but words. The first two are left without colours; for the third, the squares of the lengths are added up.
MAX_HIGHLIGHTED = 8_000
MAX_WORK = 100_000_000
_UNUSUAL = re.compile(r"[^\n]{500}|\s{200}")

_FORMATTER = HtmlFormatter(nowrap=True, classprefix="tok-")


class Highlighter:
    """Colours the code of one text, and stops when that has been much work."""

    def __init__(self) -> None:
        self._work = 0

    def highlight(self, code: str, language: str) -> str:
        """The code as HTML; with colours when LANGUAGES has one of this name, for it is never guessed."""
        lexer = _lexer(language)
        if lexer is None or len(code) > MAX_HIGHLIGHTED or _UNUSUAL.search(code):
            return escape(code, quote=False)
        self._work += len(code) ** 2
        if self._work > MAX_WORK:
            return escape(code, quote=False)
        return pygmentise(code, lexer(stripnl=False, ensurenl=False), _FORMATTER)


@cache
def _known() -> dict[str, str]:
    """The class of a lexer by each of its aliases. Pygments' own look-up would search all installed packages, too."""
    return {
        alias: name
        for name, aliases, _, _ in get_all_lexers(plugins=False)
        if not LANGUAGES.isdisjoint(aliases)
        for alias in aliases
    }


def _lexer(language: str) -> type[Lexer] | None:
    name = _known().get(language)
    return find_lexer_class(name) if name else None
