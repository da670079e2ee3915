"""Which addresses a text has, and that nothing else in it is touched."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posts.importers.links import find, rewrite
from posts.markup import ENGLISH
from posts.markup.parser import body_parser

CORPORA = Path(__file__).parents[3] / "shared" / "corpora"
EXAMPLE = re.compile(r"^`{32} example\n(.*?)\n\.\n.*?^`{32}$", re.MULTILINE | re.DOTALL)

parser = body_parser()


def moved(source: str) -> str:
    return rewrite(source, lambda address: f"/moved/{address}")


def rendered_addresses(source: str) -> set[str]:
    """The addresses that readers get, by the parser that renders posts; those that show themselves left out."""
    pending, found = list(parser.parse(source, {"labels": ENGLISH, "doc_id": ""})), set()
    while pending:
        token = pending.pop()
        if token.type == "image":
            found.add(token.attrs["src"])
        else:
            pending += token.children or []
        if token.type == "link_open" and token.info != "auto":
            found.add(token.attrs["href"])
    return found - {""}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("[a](b.md)", "[a](/moved/b.md)"),
        ("![a](b.png 'A title')", "![a](/moved/b.png 'A title')"),
        ("[a]( <b c.md> )", "[a]( /moved/b%20c.md )"),
        ("[![a](b.png)](c.png)", "[![a](/moved/b.png)](/moved/c.png)"),
        ("[a](b(c).md)", "[a](/moved/b%28c%29.md)"),
        ("[a](b.md\n  'on two lines')", "[a](/moved/b.md\n  'on two lines')"),
        ("> 1. [a](b.md)\n>    [c](d.md)", "> 1. [a](/moved/b.md)\n>    [c](/moved/d.md)"),
        ("> [a](b.md)\n[lazy](c.md)", "> [a](/moved/b.md)\n[lazy](/moved/c.md)"),
        ("*\t[a](b.md)\n\t- [c](d.md)", "*\t[a](/moved/b.md)\n\t- [c](/moved/d.md)"),
        ("## [a](b.md) ##", "## [a](/moved/b.md) ##"),
        ("| a |\n|---|\n| [x](y) [x](y) |", "| a |\n|---|\n| [x](/moved/y) [x](/moved/y) |"),
        ("| a | b |\n|--|--|\n| [x](y) | [x](y) |", "| a | b |\n|--|--|\n| [x](/moved/y) | [x](/moved/y) |"),
        ("|a|\n|-|\n| `\\|` [x](y) |", "|a|\n|-|\n| `\\|` [x](/moved/y) |"),
        ("[a]\n\n[a]: b.md 'T'", "[a]\n\n[a]: /moved/b.md 'T'"),
        ("[a]\n\n> [a]:\n> b.md", "[a]\n\n> [a]:\n> /moved/b.md"),
        (
            "[^1]\n\n[^1]: See [a](b.md)\n\n    and [c](d.md)",
            "[^1]\n\n[^1]: See [a](/moved/b.md)\n\n    and [c](/moved/d.md)",
        ),
        ("<a href='b.md'>x</a>", "<a href='/moved/b.md'>x</a>"),
        ("text <img alt=x src=b.png> text", 'text <img alt=x src="/moved/b.png"> text'),
        ('<p>\n<img src="b.png?x=1&amp;y=2">\n</p>', '<p>\n<img src="/moved/b.png?x=1&amp;y=2">\n</p>'),
        ('> <div>\n> <a href="b">c</a>', '> <div>\n> <a href="/moved/b">c</a>'),
        ("[a](b?x&amp;lt;=1)", "[a](/moved/b?x&amp;lt;=1)"),
    ],
)
def test_an_address_is_rewritten_where_it_stands(source, expected):
    assert moved(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        "`[a](b.md)`",
        "``[a](`b.md``",
        "```\n[a](b.md)\n[c]: d.md\n```",
        "~~~ md\n<img src='b.png'>\n~~~",
        "    [a](b.md)",
        "> ```\n> [a](b.md)",
        "- x\n\n      [a](b.md)",
        "\\[a](b.md)",
        "[a] (b.md)",
        "<!-- <a href='b'>\n[a](b.md) -->",
        "<script>\nlocation = '<a href=\"b\">'\n</script>",
        "<https://old.example/a/>",
        "https://old.example/a/",
        "[^1]: See",
        "text^[not a link](",
        "![a](b.md",
    ],
)
def test_what_is_no_link_stays(source):
    assert moved(source) == source


def test_a_picture_in_the_description_of_a_picture_is_not_shown_so_it_stays():
    assert moved("![a [b](c.md)](d.png)") == "![a [b](c.md)](/moved/d.png)"


def test_addresses_come_as_they_are_meant():
    assert [link.address for link in find("[a](b&amp;c) [d](e\\_f) <a href='g&#47;h'>")] == ["b&c", "e_f", "g/h"]


@given(st.text(alphabet="[]()<>!`*_~|\\\"'#-=:^&; \t\nab1/.", max_size=60))
def test_a_text_without_new_addresses_stays_to_the_letter(source):
    assert rewrite(source, lambda address: None) == source
    assert rewrite(source, lambda address: address) == source


@given(st.text(alphabet="[]()<>!`*|\\\"'#-:^ \t\nab", max_size=60))
def test_every_address_that_is_rendered_is_found(source):
    found = {parser.normalizeLink(link.address) for link in find(source)}
    assert rendered_addresses(source) <= found | {""}


@pytest.mark.skipif(not CORPORA.is_dir(), reason="The corpora are not beside the checkout.")
def test_every_address_of_the_commonmark_examples_is_found_and_moved():
    examples = EXAMPLE.findall((CORPORA / "markdown" / "test" / "spec.txt").read_text())
    assert len(examples) == 652
    for example in examples:
        source = example.replace("→", "\t")
        assert rendered_addresses(source) <= {parser.normalizeLink(link.address) for link in find(source)}
        assert rendered_addresses(rewrite(source, lambda address: "/moved/")) <= {"/moved/"}
