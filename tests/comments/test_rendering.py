"""What readers' Markdown becomes: the standard where comments allow it, nothing hostile, and in bounded work."""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posts import markup
from posts.markup.parser import comment_parser
from tests.posts.test_markup import spec_examples
from tests.posts.test_markup_hostile import FRAGMENTS, HOSTILE, SLOW, hostile_texts

LARGEST = 20_000

# All that a comment may hold; written down apart from the module that enforces it.
ALLOWED: dict[str, set[str]] = {
    "a": {"href", "title", "rel"},
    "ol": {"start"},
    "pre": {"tabindex"},
    **{tag: set() for tag in "blockquote br code em h4 h5 h6 hr li p strong ul".split()},
}
LINK_REL = "nofollow ugc noopener"


class CommentJudge(HTMLParser):
    """Collects what is wrong with the HTML of a comment."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag not in ALLOWED:
            self.faults.append(f"<{tag}>")
            return
        self.faults += [f"<{tag} {name}>" for name, _ in attrs if name not in ALLOWED[tag]]
        values = dict(attrs)
        if tag == "a":
            plain = re.sub(r"^[\x00-\x20]+|[\t\n\r]", "", values.get("href") or "").replace("\\", "/").lower()
            if re.match(r"[a-z][a-z0-9+.-]*:", plain) and not plain.startswith(("http:", "https:", "mailto:")):
                self.faults.append(f"href={plain!r}")
            if values.get("rel") != LINK_REL:
                self.faults.append(f"rel={values.get('rel')!r}")

    def handle_comment(self, data):
        self.faults.append(f"comment {data!r}")

    handle_decl = handle_pi = unknown_decl = handle_comment


def faults(source: str) -> list[str]:
    return CommentJudge(markup.render_comment(source)).faults


def test_the_judge_knows_guilt():
    guilty = '<h3 id="a">x</h3><a href="java\nscript:x" rel="nofollow">x</a><p class="b" onclick="x"><img src="/x">'
    assert len(CommentJudge(guilty).faults) == 6


# The standard


def is_allowed(expected: str) -> bool:
    """Whether an example of the standard keeps to what comments allow: no HTML of its own, no picture, no reference."""
    return not re.search(r"<(?!/?(?:a|blockquote|br|code|em|h[1-6]|hr|li|ol|p|pre|strong|ul)\b)", expected)


def with_low_headings(html: str) -> str:
    return re.sub(r"(</?h)([1-6])>", lambda tag: f"{tag[1]}{min(6, int(tag[2]) + 3)}>", html)


def as_html(html: str) -> str:
    """Void elements as HTML writes them, and none of the line feeds that nobody sees."""
    return re.sub(r"\n?(<blockquote>|<li>)\n?", r"\1", html.replace(" />", ">"))


def test_every_example_of_what_is_allowed_is_commonmark():
    parser = comment_parser()
    wrong, compared = [], 0
    for source, expected in spec_examples():
        if uses_what_is_left_out(source) or not is_allowed(expected):
            continue
        compared += 1
        if as_html(parser.render(source)) != as_html(with_low_headings(expected)):
            wrong.append((source, parser.render(source), expected))
    assert wrong == []
    assert compared > 450


def uses_what_is_left_out(source: str) -> bool:
    """Whether the standard reads raw HTML or a definition of a link reference in it."""
    env: dict = {}
    tokens = markup.commonmark().parse(source, env)
    kinds = {token.type for token in tokens} | {child.type for token in tokens for child in token.children or ()}
    return bool({"html_block", "html_inline"} & kinds or env.get("references"))


def test_what_is_left_out_stays_readable():
    assert markup.render_comment("<b>x</b>") == "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"
    assert markup.render_comment("[a]\n\n[a]: /x") == "<p>[a]</p>\n<p>[a]: /x</p>\n"
    assert markup.render_comment('![A *lamp*](/lamp.png "Lit")') == "<p>A lamp</p>\n"


@pytest.mark.parametrize("level", range(1, 7))
def test_no_heading_stands_above_those_of_the_page(level):
    assert markup.render_comment(f"{'#' * level} T").strip() == f"<h{min(6, level + 3)}>T</h{min(6, level + 3)}>"


def test_a_link_recommends_nothing_and_keeps_no_hold_of_the_page():
    link = markup.render_comment("[x](https://example.org 'Title')")
    assert link == f'<p><a href="https://example.org" title="Title" rel="{LINK_REL}">x</a></p>\n'
    assert f'rel="{LINK_REL}"' in markup.render_comment("<https://example.org> <a@example.org> [x](/y)")


# Hostile texts


@pytest.mark.parametrize("path", HOSTILE)
def test_nothing_hostile_survives(path):
    for text in hostile_texts(path):
        for source in (
            text,
            f"[x]({text})",
            f"[x](<{text}>)",
            f'[x](/y "{text}")',
            f"<{text}>",
            f"> - # {text}",
            f"```{text}\nx",
        ):
            assert (source, faults(source)) == (source, [])


def test_every_example_of_the_standard_is_harmless():
    for source, _ in spec_examples():
        assert (source, faults(source)) == (source, [])


@settings(max_examples=300)
@given(st.one_of(FRAGMENTS, st.text()))
def test_any_text_is_harmless_and_rendered_alike_twice(source):
    assert faults(source) == []
    assert markup.render_comment(source) == markup.render_comment(source)


@pytest.mark.parametrize(
    "text",
    [
        "javascript:x",
        "JaVaScRiPt:x",
        "java&#9;script:x",
        "&#106;avascript:x",
        "data:text/html,x",
        "vbscript:x",
        "\x01javascript:x",
        "//evil.example/x",
    ],
)
def test_no_address_runs_anything(text):
    for source in (f"[x]({text})", f"[x](<{text}>)", f"<{text}>", f"![x]({text})", f"[![x](/y)]({text})"):
        assert faults(source) == []


# Work

DEEP = [
    "> ",
    "- ",
    "1. ",
    "* > ",
    "#",
    "[",
    "![",
    "*",
    "**a ",
    "_a*",
    "`",
    "``` ",
    "<",
    "&#",
    "\\",
    "](",
    "[a](b",
    "\u0327\u0301",
    "a\u0315\u0300",
]


def steps_of(source: str) -> int:
    """How many functions rendering calls: its work, whatever else the machine does."""
    calls = 0

    def note(frame, event, argument):
        nonlocal calls
        calls += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        markup.render_comment(source)
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize("piece", sorted({*SLOW, *DEEP}))
def test_work_grows_with_the_length_of_a_comment_and_not_with_its_square(piece):
    short, long = (steps_of(piece * (length // len(piece))) for length in (500, 2000))
    assert long < 6 * short + 2000


@pytest.mark.parametrize("piece", ["![[](", "![[](![", "[a]["])
def test_brackets_that_never_close_are_not_followed_deep(piece):
    source = piece * (2000 // len(piece))
    assert steps_of(source) < 250 * len(source), "half as many again make the largest comment take half a second"


def test_brackets_within_the_text_of_a_link_are_part_of_it():
    assert faults("[a [b [c]]](/d)") == []
    assert ">a [b [c]]</a>" in markup.render_comment("[a [b [c]]](/d)")


@pytest.mark.parametrize("piece", sorted({*SLOW, *DEEP}))
def test_the_largest_comment_of_one_piece_stays_in_proportion(piece):
    rendered = markup.render_comment(piece * (LARGEST // len(piece.encode())))
    assert len(rendered) < 20 * LARGEST
