"""Markdown to HTML that is not safe yet: CommonMark, and what we add to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock, table
from markdown_it.rules_core import StateCore
from markdown_it.rules_core.smartquotes import process_inlines
from markdown_it.rules_inline import StateInline, image, link
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import footnote_ref

from .autolinks import autolinks
from .formulas import block as formula_block
from .formulas import formulas
from .highlight import Highlighter
from .labels import Labels
from .quotes import ENGLISH_QUOTES, Quotes

# Blocks within blocks, and links within link texts; deeper ones are left out. Each level costs several stack frames,
# and brackets that never close cost as many steps each.
MAX_NESTING = 20
# Brackets within brackets of a comment, which anybody may send.
_MAX_BRACKETS_OF_COMMENTS = 5

# Rows may be shorter than the head of their table, and are then filled up.
_TABLE_CELLS_ALLOWANCE = 10_000

# A reference is three characters long and its definition as long as it likes.
EXPANSION_ALLOWANCE = 100_000
EXPANSION_FACTOR = 12

_MAX_FOOTNOTE_LABEL = 100
# The library's algorithm takes time with the square of this number.
_MAX_QUOTES = 400

type InlineRule = Callable[[StateInline, bool], bool]

_LANGUAGE = re.compile(r"[\w+#.-]{1,32}")
_OWN_ID = re.compile(r"\s*\{#([\w.:-]{1,80})\}$")
_LITERAL_TAG = re.compile(r"<(/?)(?:code|kbd|pre|samp|tt|var)\b", re.IGNORECASE)


def commonmark() -> MarkdownIt:
    """A parser of CommonMark 0.31.2, nothing added: the ground of the others."""
    return MarkdownIt("commonmark", {"maxNesting": MAX_NESTING})


def body_parser(quotes: Quotes = ENGLISH_QUOTES) -> MarkdownIt:
    """CommonMark with GitHub's extensions, footnotes, figures, smart typography and coloured code.

    `env` takes "labels", a Labels, and "doc_id", which keeps the footnotes of two bodies apart.
    """
    md = commonmark()
    md.options.update(quotes=quotes, typographer=True)
    md.options.update(xhtmlOut=False, tasklists=True, alerts=True, strikethrough_single_tilde=True)
    md.enable(["table", "strikethrough", "replacements", "smartquotes"])
    md.use(footnote_plugin, inline=False)
    md.block.ruler.at("table", _bounded_table, {"alt": ["paragraph", "reference"]})
    md.inline.ruler.at("footnote_ref", _bounded_footnote_ref)
    md.inline.ruler.at("link", _if_closed(link))
    md.inline.ruler.at("image", _if_closed(image))
    md.use(autolinks)
    md.use(formulas)
    md.core.ruler.after("block", "alert_titles", _name_alerts)
    md.core.ruler.after("footnote_tail", "heading_ids", _take_heading_ids)
    md.core.ruler.after("heading_ids", "bounded_references", _bound_references)
    md.core.ruler.after("bounded_references", "literal_html", _keep_literal)
    md.core.ruler.after("literal_html", "figures", _make_figures)
    md.core.ruler.at("replacements", _set_dashes)
    md.core.ruler.at("smartquotes", _set_quotes)
    for name, rule in _RENDER_RULES.items():
        md.add_render_rule(name, rule)
    return _ready(md)


def comment_parser() -> MarkdownIt:
    """CommonMark without raw HTML, pictures and link references, headings from h4 down."""
    md = commonmark()
    md.options.update(html=False, xhtmlOut=False)
    md.disable("reference")
    md.core.ruler.at("inline", _by_parser_of_lines())
    md.add_render_rule("image", _alternative)
    md.core.ruler.after("block", "low_headings", _lower_headings)
    return _ready(md)


def _by_parser_of_lines() -> Callable[[StateCore], None]:
    """The library's rule for what stands within blocks, by a parser that follows brackets less deep than blocks."""
    lines = commonmark()
    lines.options.update(html=False, maxNesting=_MAX_BRACKETS_OF_COMMENTS)
    lines.inline.ruler.at("link", _if_closed(link))
    lines.inline.ruler.at("image", _if_closed(image))
    _ready(lines)

    def parse(state: StateCore) -> None:
        for token in state.tokens:
            if token.type == "inline":
                token.children = []
                lines.inline.parse(token.content, lines, state.env, token.children)

    return parse


def _ready(md: MarkdownIt) -> MarkdownIt:
    """Let the parser compile its rules. It would do so on first use, and a second thread could see half of them."""
    for ruler in (md.core.ruler, md.block.ruler, md.inline.ruler, md.inline.ruler2):
        ruler.getRules("")
    return md


def _inlines(state: StateCore) -> list[list[Token]]:
    return [token.children for token in state.tokens if token.type == "inline" and token.children]


def _bounded_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The library's rule, until the tables of a text have many more cells than the text can have written."""
    if state.env.get("cells", 0) > _TABLE_CELLS_ALLOWANCE + len(state.src):
        return False
    before = len(state.tokens)
    found = table(state, start, end, silent)
    state.env["cells"] = state.env.get("cells", 0) + (len(state.tokens) - before) // 3
    return found


def _if_closed(rule: InlineRule) -> InlineRule:
    """A rule for what begins with a bracket, asked only while one that closes is still to come."""

    def bounded(state: StateInline, silent: bool) -> bool:
        return state.src[state.pos] in "[!" and state.html_terminator_last("]") > state.pos and rule(state, silent)

    return bounded


def _bounded_footnote_ref(state: StateInline, silent: bool) -> bool:
    """The plugin's rule, which looks for the end of a label as far as the paragraph goes, on a short leash."""
    if not state.src.startswith("[^", state.pos):
        return False
    if state.src.find("]", state.pos, state.pos + _MAX_FOOTNOTE_LABEL) < 0:
        return False
    return footnote_ref(state, silent)


def _name_alerts(state: StateCore) -> None:
    labels: Labels = state.env["labels"]
    kind = ""
    for token in state.tokens:
        if token.type == "alert_open":
            kind = token.meta["kind"].lower()
        elif token.type == "inline" and kind:
            token.content = labels.alerts[kind]
            kind = ""


def _take_heading_ids(state: StateCore) -> None:
    """`## Title {#own-id}`, which many static site generators read."""
    for heading, inline in zip(state.tokens, state.tokens[1:], strict=False):
        if heading.type == "heading_open" and inline.children and inline.children[-1].type == "text":
            last = inline.children[-1]
            if own := _OWN_ID.search(last.content):
                heading.attrSet("id", own[1])
                last.content = last.content[: own.start()]


def _bound_references(state: StateCore) -> None:
    """Empty the links and pictures that let a short text grow without bound (as cmark does, for the same reason)."""
    allowance = EXPANSION_ALLOWANCE + EXPANSION_FACTOR * len(state.src)
    pending = _inlines(state)
    while pending:
        for token in pending.pop():
            allowance -= sum(len(str(value)) for value in token.attrs.values())
            if allowance < 0:
                token.attrs = {}
            if token.children:
                pending.append(token.children)


def _keep_literal(state: StateCore) -> None:
    """Shield the text of a raw <code> from typography."""
    for children in _inlines(state):
        depth = 0
        for token in children:
            if token.type == "html_inline" and (tag := _LITERAL_TAG.match(token.content)):
                depth = max(0, depth + (-1 if tag[1] else 1))
            elif token.type == "text" and depth:
                token.type = "literal"


def _make_figures(state: StateCore) -> None:
    """Make a figure of a paragraph that is one picture, linked or not, with a title: the title is its caption."""
    for start, inline, end in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        if start.type != "paragraph_open" or start.hidden or not inline.children:
            continue
        children = inline.children
        if [token.type for token in children] == ["link_open", "image", "link_close"]:
            picture = children[1]
        elif [token.type for token in children] == ["image"]:
            picture = children[0]
        else:
            continue
        if caption := picture.attrs.pop("title", ""):
            start.type, start.tag = "figure_open", "figure"
            end.type, end.tag = "figure_close", "figure"
            children.append(Token("caption", "figcaption", 0, content=str(caption)))


def _set_dashes(state: StateCore) -> None:
    """Ellipses and dashes. Not the library's rule, which also makes a copyright sign of "(c)" in a list."""
    for children in _inlines(state):
        in_autolink = False
        for token in children:
            if token.info == "auto":
                in_autolink = token.type == "link_open"
            elif token.type == "text" and not in_autolink:
                token.content = _typeset(token.content)


def _typeset(text: str) -> str:
    text = re.sub(r"(?<!\.)\.\.\.(?!\.)", "…", text)
    text = re.sub(r"(?<!-)---(?!-)", "—", text)
    return re.sub(r"(?<=[\s\w])--(?=[\s\w])", "–", text)


def _set_quotes(state: StateCore) -> None:
    for token in state.tokens:
        if token.children and 0 < token.content.count('"') + token.content.count("'") <= _MAX_QUOTES:
            process_inlines(token.children, state)


def _lower_headings(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, int(token.tag[1]) + 3)}"


# Render rules. The library binds them to its renderer, calls them with the tokens of a level and an index, and
# prints what they return as it is.


def _code(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    token = tokens[index]
    language = _LANGUAGE.match(unescapeAll(token.info).strip())
    if not language:
        return f"<pre><code>{escape(token.content, quote=False)}</code></pre>\n"
    name = language[0].lower()
    if name == "math":
        return formula_block(renderer, tokens, index, options, env)
    code = env.setdefault("highlighter", Highlighter()).highlight(token.content, name)
    return f'<pre data-language="{escape(name)}"><code>{code}</code></pre>\n'


def _cell(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    token = tokens[index]
    if style := str(token.attrs.pop("style", "")):
        token.attrSet("class", f"align-{style.partition(':')[2]}")
    return renderer.renderToken(tokens, index, options, env)


def _literal(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return escape(tokens[index].content, quote=False)


def _alternative(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return escape(renderer.renderInlineAsText(tokens[index].children, options, env))


def _caption(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return f"\n<figcaption>{escape(tokens[index].content, quote=False)}</figcaption>\n"


def _list_item(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    item = renderer.renderToken(tokens, index, options, env)
    if "checked" not in tokens[index].meta:
        return item
    labels: Labels = env["labels"]
    done = tokens[index].meta["checked"]
    label = escape(labels.done if done else labels.to_do)
    checked = " checked" if done else ""
    return f'{item}<input class="task-list-item-checkbox" type="checkbox" disabled{checked} aria-label="{label}"> '


def _footnote(env: Any, token: Token) -> tuple[str, str, int]:
    """The ids of a note and of one reference to it, and the number of the note."""
    number = token.meta["id"] + 1
    name = f"{env['doc_id']}-{number}" if env["doc_id"] else str(number)
    repeated = token.meta.get("subId", 0)
    return f"fn-{name}", f"fnref-{name}-{repeated + 1}" if repeated else f"fnref-{name}", number


def _footnote_mark(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    note, reference, number = _footnote(env, tokens[index])
    label = escape(env["labels"].footnote.format(number))
    return f'<sup class="footnote-ref"><a href="#{note}" id="{reference}" aria-label="{label}">{number}</a></sup>'


def _footnotes_start(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return f'<section class="footnotes" aria-label="{escape(env["labels"].footnotes)}">\n<ol>\n'


def _footnote_start(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return f'<li id="{_footnote(env, tokens[index])[0]}">'


def _footnote_back(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    _, reference, number = _footnote(env, tokens[index])
    label = escape(env["labels"].footnote_back.format(number))
    # U+FE0E asks for the plain arrow, not the emoji.
    return f' <a href="#{reference}" class="footnote-backref" aria-label="{label}">↩\ufe0e</a>'


_RENDER_RULES = {
    "caption": _caption,
    "code_block": _code,
    "fence": _code,
    "footnote_anchor": _footnote_back,
    "footnote_block_open": _footnotes_start,
    "footnote_open": _footnote_start,
    "footnote_ref": _footnote_mark,
    "list_item_open": _list_item,
    "literal": _literal,
    "td_open": _cell,
    "th_open": _cell,
}
