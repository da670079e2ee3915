"""What is counted and quoted from a text, how texts enter, and the smaller outlets: comments and feeds."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posts import markup
from posts.markup.text import EXCERPT_LENGTH, WORDS_PER_MINUTE
from tests.costs import seconds_of

from .judge import html

# Counting and quoting


def test_the_excerpt_is_prose():
    source = (
        '## Title\n\nFirst[^1] *paragraph*.\n\n```\ncode\n```\n\n|a|\n|-|\n\n![alt](/a.png "caption")\n\n'
        "> [!NOTE]\n> Second.\n\n<details><summary>More</summary>\n\nThird &amp; last.\n\n</details>\n\n[^1]: Note"
    )
    assert markup.render(source).excerpt == "First paragraph. Second. Third & last."


def test_a_text_without_paragraphs_is_quoted_all_the_same():
    assert markup.render("## T\n- one\n- two\n\n<div>three<br>four</div>").excerpt == "one two three four"


def test_a_long_excerpt_ends_at_a_word():
    excerpt = markup.render("word, " * 100).excerpt
    assert len(excerpt) <= EXCERPT_LENGTH
    assert excerpt.endswith("word…")
    assert len(markup.render("漢" * 1000).excerpt) == EXCERPT_LENGTH


def test_a_cut_does_not_part_a_letter_from_its_accent():
    excerpt = markup.render("x" * 278 + "q\u0323\u0307" * 50).excerpt
    assert excerpt == "x" * 278 + "…"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("", 0),
        ("One two-three, isn't it? — 4.5", 5),
        ("# One\n\n- two\n\n`three`[^1]\n\n```\nnot counted\n```\n\n[^1]: four", 4),
        ("日本語のテスト", 7),
        ("私は Python が好き", 6),
        ("한국어 문장", 2),
        ("हिन्दी शब्द", 2),
    ],
)
def test_words_are_counted(source, words):
    assert markup.render(source).word_count == words


@pytest.mark.parametrize(("words", "minutes"), [(0, 0), (1, 1), (WORDS_PER_MINUTE, 1), (WORDS_PER_MINUTE + 1, 2)])
def test_reading_takes_minutes(words, minutes):
    assert markup.render("word " * words).reading_minutes == minutes


# The door


@pytest.mark.parametrize(
    ("value", "clean"),
    [
        ("a\x00b\x0bc\x1b\x7f\x85d", "abc\nd"),
        ("\ud800\ufffe\uffff\U0001fffe", ""),
        ("a\r\nb\rc\n\td", "a\nb\nc\n\td"),
        ("e\u0301", "é"),
        ("👩‍👩‍👧 שלום\u200f می‌خواهم", "👩‍👩‍👧 שלום\u200f می‌خواهم"),
    ],
)
def test_texts_are_cleaned_at_the_door(value, clean):
    assert markup.clean_text(value) == clean


@pytest.mark.parametrize(
    ("value", "clean"),
    [
        ("  a \r\n\t b\u00a0\u3000c ", "a b c"),
        ("\u202egpj.exe\u202c \u2066x\u2069", "gpj.exe x"),
        ("\u200b\ufeff\u2060", ""),
        ("e\u200d\u0301", "e\u200d\u0301"),
    ],
)
def test_lines_are_cleaned_at_the_door(value, clean):
    assert markup.clean_line(value) == clean


@given(st.text())
def test_the_door_lets_through_what_has_passed_it(value):
    once = markup.clean_text(value)
    assert markup.clean_text(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert markup.clean_line(markup.clean_line(value)) == markup.clean_line(value)


MANY = 100_000


@pytest.mark.parametrize("marks", ["\u0315\u0300", "\u0f73", "\u0344", "\U0001d165\u0300"])
def test_a_mountain_of_marks_costs_no_time(marks):
    """Unbounded, normalising one comment of 200 KB takes half a minute, in which nobody else is served."""
    assert seconds_of(lambda: markup.clean_text("a" + marks * MANY + "b"), 1) < 1
    once = markup.clean_text("a" + marks * MANY + "b")
    assert len(once) < 40
    assert once.endswith("b")
    assert markup.clean_text(once) == once


def test_a_letter_keeps_thirty_marks():
    stacked = unicodedata.normalize("NFC", "z" + "\u0300\u0301\u0302" * 10)
    assert markup.clean_text(stacked) == stacked


# Comments


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("# a\n## b\n### c\n#### d", "<h4>a</h4>\n<h5>b</h5>\n<h6>c</h6>\n<h6>d</h6>"),
        ("[x](https://e.example)", '<p><a href="https://e.example" rel="nofollow ugc noopener">x</a></p>'),
        ("[x](/here)", '<p><a href="/here" rel="nofollow ugc noopener">x</a></p>'),
        ("![A cat](/cat.png)", "<p>A cat</p>"),
        ("<b id=x>*y*</b>", "<p>&lt;b id=x&gt;<em>y</em>&lt;/b&gt;</p>"),
        ("[a]: /b\n\n[a]", "<p>[a]: /b</p>\n<p>[a]</p>"),
        ("[x](javascript:y)", "<p>[x](javascript:y)</p>"),
        ("```js\na < b\n```", '<pre tabindex="0"><code>a &lt; b\n</code></pre>'),
        ("3. x", '<ol start="3">\n<li>x</li>\n</ol>'),
        ("a\x00b\r\nc", "<p>ab\nc</p>"),
    ],
)
def test_comments(source, expected):
    assert markup.render_comment(source).strip() == expected


# Feeds


def test_addresses_become_absolute():
    base = "https://blog.example/posts/a/"
    source = (
        '<a href="/b" title="href=&quot;/x&quot;">href="/c"</a><a href="#d">d</a><a href="?e=1&amp;f=2">e</a>'
        '<img src="g.png" srcset="/g.png 1x, h.png 2x" alt="src=x"><video poster="/p" src="../v"></video>'
        '<blockquote cite="/q"><cite>src</cite></blockquote><a href="https://e.example/">i</a><a href="http://[">j</a>'
    )
    assert markup.absolute(source, base) == (
        '<a href="https://blog.example/b" title="href=&quot;/x&quot;">href="/c"</a>'
        f'<a href="{base}#d">d</a><a href="{base}?e=1&amp;f=2">e</a>'
        f'<img src="{base}g.png" srcset="https://blog.example/g.png 1x, {base}h.png 2x" alt="src=x">'
        '<video poster="https://blog.example/p" src="https://blog.example/posts/v"></video>'
        '<blockquote cite="https://blog.example/q"><cite>src</cite></blockquote>'
        '<a href="https://e.example/">i</a><a href="http://[">j</a>'
    )


@given(st.text())
def test_absolute_changes_nothing_but_addresses(source):
    rendered = re.sub(r' (href|src|cite|poster)="[^"]*"', "", html(source))
    made = re.sub(r' (href|src|cite|poster)="[^"]*"', "", markup.absolute(html(source), "https://blog.example/"))
    assert rendered == made
