"""Formulas: LaTeX between dollar signs, by GitHub's rules, becomes MathML.

https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/writing-mathematical-expressions
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Any
from xml.etree.ElementTree import Element

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

MAX_FORMULA_LENGTH = 2_000
# Converting takes about ten microseconds a character, and makes up to thirty characters of it; a formula costs as much
# as twenty before its first one.
FORMULAS_ALLOWANCE = 60_000
COST_OF_ONE = 20
_MAX_DEPTH = 50

# "$5 and $10" and "$HOME/$USER" stay text: no space within the signs, no letter or digit without.
_INLINE = re.compile(rf"\$(?![\s$])((?:[^$\\]|\\.){{1,{MAX_FORMULA_LENGTH}}}+)(?<!\s)\$(?![\w$])", re.DOTALL)
_IN_TICKS = re.compile(rf"\$`([^`]{{1,{MAX_FORMULA_LENGTH}}}+)`\$")
_DISPLAYED = re.compile(rf"\$\$((?:[^$\\]|\\.){{1,{MAX_FORMULA_LENGTH}}}+)\$\$", re.DOTALL)

# A macro that names itself twice in another one grows without bound.
_MACROS = re.compile(r"\\(?:def|(?:re|provide)?newcommand|let|DeclareMathOperator)(?![A-Za-z])")

# Environments that the library does not know, and that look like one it knows.
_ALIGNED = re.compile(r"\\(begin|end)\{(?:aligned|gather\*?|gathered)\}")


def formulas(md: MarkdownIt) -> None:
    """A plugin: `$…$` in a line, `$$…$$` in a line or as lines of their own, and ```math."""
    md.inline.ruler.before("escape", "formula", _in_line)
    md.block.ruler.before("fence", "formula", _of_lines, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    md.add_render_rule("formula", _formula)
    md.add_render_rule("formula_block", block)


def block(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """A render rule: the content of a token as a formula with lines of its own."""
    latex = tokens[index].content.strip()
    formula = _mathml(latex, "block", env)
    if formula is None:
        return f"<pre><code>{html.escape(latex, quote=False)}</code></pre>\n"
    return f'<div class="formula" tabindex="0">{formula}</div>\n'


def _formula(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    latex = tokens[index].content.strip()
    return _mathml(latex, tokens[index].info, env) or f"<code>{html.escape(latex, quote=False)}</code>"


def _in_line(state: StateInline, silent: bool) -> bool:
    start = state.pos
    if state.src[start] != "$" or (start and (state.src[start - 1] == "$" or state.src[start - 1].isalnum())):
        return False
    displayed = _DISPLAYED.match(state.src, start, state.posMax)
    found = (
        displayed or _IN_TICKS.match(state.src, start, state.posMax) or _INLINE.match(state.src, start, state.posMax)
    )
    if not found or not found[1].strip():
        return False
    if not silent:
        token = state.push("formula", "math", 0)
        token.content, token.info = found[1], "block" if displayed else "inline"
    state.pos = found.end()
    return True


def _of_lines(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Lines from one that begins with `$$` to one that ends with it, none of them empty."""
    if state.is_code_block(start) or not _line(state, start).startswith("$$"):
        return False
    last, length = start, len(_line(state, start))
    while not (_line(state, last).endswith("$$") and length > len("$$")):
        last += 1
        if last >= end or not _may_go_on(state, last):
            return False
        length += len(_line(state, last))
        if length > MAX_FORMULA_LENGTH:
            return False
    latex = "\n".join(_line(state, number) for number in range(start, last + 1))[2:-2]
    if "$$" in latex or not latex.strip():
        return False
    if not silent:
        token = state.push("formula_block", "math", 0)
        token.content, token.map = latex, [start, last + 1]
    state.line = last + 1
    return True


def _may_go_on(state: StateBlock, number: int) -> bool:
    """Whether a formula may hold this line: not an empty one, nor one in which another formula begins."""
    line = _line(state, number)
    return bool(line) and "$$" not in line.removesuffix("$$") and state.sCount[number] >= state.blkIndent


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]].rstrip()


def _convert(latex: str, display: str) -> Element:
    # It brings 15 MB of symbols, which a process that renders no formula does without.
    from latex2mathml.converter import convert_to_element  # noqa: PLC0415 -- as said above

    return convert_to_element(latex, display=display)


def _mathml(latex: str, display: str, env: Any) -> str | None:
    """A <math> element; None for what is no LaTeX, or costs too much, alone or with what came before it."""
    env["formulas"] = env.get("formulas", 0) + len(latex) + COST_OF_ONE
    if len(latex) > MAX_FORMULA_LENGTH or env["formulas"] > FORMULAS_ALLOWANCE or _MACROS.search(latex):
        return None
    try:
        root = _convert(_ALIGNED.sub(r"\\\1{align*}", latex), display)
        root.attrib = {"display": display, "alttext": latex}
        return _written(root)
    except Exception:
        # The library raises whatever a half-written formula leads it to.
        return None


def _written(element: Element, depth: int = 0) -> str:
    if depth > _MAX_DEPTH:
        raise ValueError("The formula is nested too deeply.")
    attributes = "".join(f' {name}="{html.escape(value)}"' for name, value in element.attrib.items())
    children = "".join(_written(child, depth + 1) for child in element)
    # The library writes symbols as references.
    text = html.escape(html.unescape(element.text or ""), quote=False)
    return f"<{element.tag}{attributes}>{text}{children}</{element.tag}>"
