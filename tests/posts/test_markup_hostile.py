"""What hostile texts become, and what they cost."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posts import markup
from posts.markup.text import EXCERPT_LENGTH

from .judge import Judge, corpus, faults, html


def test_the_judge_knows_guilt():
    guilty = (
        '<p onclick="x"><script>x</script><a href=" java\tscript:x">x</a><img src="/\\evil.example"><i id=a><i id=a>'
    )
    assert len(faults(guilty)) == 9


# Hostile texts

HOSTILE = [
    "hostile/html5lib/tests/sanitizer-testdata/tests1.dat",
    "hostile/Markdown-XSS-Payloads.txt",
    "hostile/blns.json",
]


def hostile_texts(path: str) -> list[str]:
    text = corpus(path)
    if path.endswith("tests1.dat"):
        return [case["input"] for case in json.loads(text)]
    return json.loads(text) if path.endswith(".json") else [*text.splitlines(), text]


@pytest.mark.parametrize("path", HOSTILE)
def test_nothing_hostile_survives(path):
    for text in hostile_texts(path):
        for source in (text, f"<div>{text}</div>", f"[x]({text})", f"> - {text}", f"<a title='{text}'>"):
            assert (source, faults(html(source))) == (source, [])
            assert (source, faults(markup.render_comment(source))) == (source, [])


FRAGMENTS = st.lists(
    st.sampled_from(
        [
            *(
                "<b>",
                "</b>",
                "<p>",
                "</p>",
                "<div>",
                "</div>",
                "<table>",
                "<tr>",
                "<td>",
                "</table>",
                "<a href=x>",
                "</a>",
            ),
            *(
                "<a id=a>",
                "<i id=b>",
                "<ul>",
                "<li>",
                "</ul>",
                "<h1>",
                "<h2 id=a>",
                "</h2>",
                "<svg>",
                "<math>",
                "<script>",
            ),
            *(
                "</script>",
                "<video>",
                "<source src=/x>",
                "</video>",
                "<details>",
                "<summary>",
                "<pre>",
                "<code>",
                "</code>",
            ),
            *(
                "<!--",
                "-->",
                "<![CDATA[",
                "]]>",
                "<?",
                "<style>",
                "<select>",
                "<option>",
                "<template>",
                "<caption>",
                "<col>",
            ),
            *(
                "# ",
                "> ",
                "- ",
                "1. ",
                "\n",
                "\n\n",
                "    ",
                "```py\n",
                "~~~\n",
                "|a|b|\n|-|-|\n",
                "[^1]",
                "[^1]: ",
                "***",
            ),
            *(
                "*",
                "_",
                "`",
                "[",
                "]",
                "(",
                ")",
                "![",
                "](/x)",
                "](//e.example/x)",
                "<img src=//e.example id=a>",
                "\\",
                "&",
            ),
            *(
                "{#a}",
                "> [!NOTE]\n",
                "- [ ] ",
                '"',
                "'",
                "--",
                "...",
                "http://e.example/a",
                "www.e.example",
                "a@e.example",
            ),
            *("javascript:", "<iframe src=javascript:x>", "&#x6a;", "\x00", "\u202e", "a", "b c", "漢", "é"),
        ]
    ),
    max_size=40,
).map("".join)


def four_by_three(src: str) -> markup.Picture | None:
    return markup.Picture(4, 3, [markup.Source("image/webp", "/x-4.webp 4w")]) if src.startswith("/x") else None


@settings(max_examples=400)
@given(st.one_of(FRAGMENTS, st.text()))
def test_any_text_becomes_safe_html(source):
    rendered = markup.render(source, doc_id="1", picture_of=four_by_three)
    assert faults(rendered.html) == []
    assert {entry["id"] for entry in rendered.toc} <= set(Judge(rendered.html).ids)
    assert len(rendered.excerpt) <= EXCERPT_LENGTH
    assert rendered == markup.render(source, doc_id="1", picture_of=four_by_three)
    assert faults(markup.render_comment(source)) == []


@given(FRAGMENTS)
def test_what_is_safe_stays_the_same_when_cleaned_again(source):
    # A parser drops one line feed after <pre>.
    rendered = re.sub(r"(<pre[^>]*>)\n+", r"\1", html(source))
    assert markup.allowed.clean_body(rendered) == rendered


# Texts made to be slow. That each takes less than a second cannot be asserted on every machine; that it ends can,
# and that the output stays in proportion.

SLOW = [
    *(
        ">",
        "> ",
        "- ",
        "1. ",
        "- > ",
        "\t",
        "[",
        "![",
        "[a](",
        "![[]()",
        "*a_ ",
        "**a *b ",
        "<",
        "`",
        "<a ",
        '<p a="',
        "<b>",
    ),
    *(
        "<div>",
        "<!--",
        "x<?",
        "x<![CDATA[",
        "x<script>",
        "<table>",
        "<table><tr><td>",
        "</div>",
        "&",
        "&#",
        '"',
        "'a \"b ",
    ),
    *(
        "~a ",
        "a:",
        "http://a.",
        "www.",
        "a@b.",
        "[^1]: ",
        "[^",
        "|a",
        "\\",
        "# a\n",
        "a\n-\n",
        "```py\nx\n```\n",
        "a--b ",
    ),
]


@pytest.mark.parametrize("piece", SLOW)
def test_repetition_is_rendered_in_proportion(piece):
    source = piece * (20_000 // len(piece))
    assert len(markup.render(source).html) < 40 * len(source)


@pytest.mark.parametrize(
    "source",
    [
        "![" * 5000 + "](a)" * 5000,
        "[" * 5000 + "](a)" * 5000,
        "*a **b " * 3000 + "b** a*" * 3000,
        "".join("`" * n + " " for n in range(200)),
        "".join(f"[^{n}] " for n in range(2000)) + "\n\n" + "".join(f"[^{n}]: x\n" for n in range(2000)),
        "\n".join("  " * n + "- a" for n in range(300)),
        "".join(f"<b title={n}>" for n in range(1000)) + "<p>x" * 5000,
        f'<a href="/{"x" * 2000}">' + "<p>x" * 5000,
        "<table>" + "".join(f"<b title={n}>" for n in range(200)) + "<tr>x" * 5000,
        f"[a]: /{'u' * 20_000}\n\n" + "[a]" * 10_000,
        f'[a]: /u "{"t" * 20_000}"\n\n' + "![a]" * 10_000,
        ("|" + "a|" * 300 + "\n|" + "-|" * 300 + "\na|\n" + "a|\n" * 200 + "\n") * 5,
    ],
)
def test_a_short_text_stays_in_proportion(source):
    assert len(markup.render(source).html) < 2_500_000 + 40 * len(source)


def test_the_longest_body_is_rendered():
    paragraph = 'Some *ordinary* text with a [link](/x), "quotes" and `code`.' + " And more words." * 40 + "\n\n"
    rendered = markup.render(paragraph * (markup.MAX_BODY_LENGTH // len(paragraph)))
    assert rendered.word_count > 100_000


def test_threads_share_the_parsers():
    sources = [f"# T{n}\n\nx[^1] `{n}` **b**\n\n```py\nx={n}\n```\n\n[^1]: note {n}" * 5 for n in range(40)]
    expected = [markup.render(source, doc_id="1") for source in sources]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda source: markup.render(source, doc_id="1"), sources)) == expected
