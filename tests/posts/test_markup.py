"""Markdown to HTML: the standard, and our additions."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posts import markup
from posts.markup.highlight import LANGUAGES, MAX_HIGHLIGHTED, Highlighter

from .judge import ROOT, corpus, faults, html

# The standard


def spec_examples() -> list[tuple[str, str]]:
    spec = corpus("markdown/test/spec.txt")
    examples = re.findall(r"^`{32} example\n(.*?)^\.\n(.*?)^`{32}$", spec, re.MULTILINE | re.DOTALL)
    return [(source.replace("→", "\t"), expected.replace("→", "\t")) for source, expected in examples]


def test_the_base_parser_is_commonmark():
    examples = spec_examples()
    parser = markup.commonmark()
    assert len(examples) == 652
    # The same HTML, but for a line feed that nobody sees.
    rendered = {source: parser.render(source).replace("<blockquote></b", "<blockquote>\n</b") for source, _ in examples}
    assert [source for source, expected in examples if rendered[source] != expected] == []


def test_every_example_of_the_standard_becomes_safe_html():
    for source, _ in spec_examples():
        assert (source, faults(html(source, doc_id="1"))) == (source, [])


# Blocks and phrases


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("~~gone~~", "<p><s>gone</s></p>"),
        (
            "See https://example.org/a_b_c(d).",
            '<p>See <a href="https://example.org/a_b_c(d)" rel="noopener">https://example.org/a_b_c(d)</a>.</p>',
        ),
        ("(www.example.org)", '<p>(<a href="http://www.example.org" rel="noopener">www.example.org</a>)</p>'),
        ("Ask ada@example.org!", '<p>Ask <a href="mailto:ada@example.org">ada@example.org</a>!</p>'),
        ("[https://a.example](/b)", '<p><a href="/b">https://a.example</a></p>'),
        (
            "https://example.org/?a=b&copy;",
            '<p><a href="https://example.org/?a=b" rel="noopener">https://example.org/?a=b</a>©</p>',
        ),
        ("xhttps://example.org", "<p>xhttps://example.org</p>"),
        ("http://localhost", "<p>http://localhost</p>"),
    ],
)
def test_github_phrases(source, expected):
    assert html(source) == expected


def test_a_table_scrolls_and_is_aligned_by_classes():
    assert html("|a|b|c|\n|:-|:-:|-:|\n|1|2|3|").replace("\n", "") == (
        '<div class="table-scroll" tabindex="0" role="region" aria-label="Table 1"><table>'
        '<thead><tr><th class="align-left">a</th><th class="align-center">b</th><th class="align-right">c</th></tr>'
        '</thead><tbody><tr><td class="align-left">1</td><td class="align-center">2</td><td class="align-right">3</td>'
        "</tr></tbody></table></div>"
    )


def test_each_table_has_a_name_of_its_own_and_one_scroller():
    rendered = html("<table><tr><td><table><tr><td>x</table></table>\n\n|a|\n|-|\n")
    assert re.findall('aria-label="(.*?)"', rendered) == ["Table 1", "Table 2"]


def test_a_task_list_says_what_is_done():
    assert html("- [x] write\n- [ ] print").replace("\n", "") == (
        '<ul class="contains-task-list">'
        '<li class="task-list-item"><input class="task-list-item-checkbox" type="checkbox" disabled="" checked="" '
        'aria-label="Done"> write</li>'
        '<li class="task-list-item"><input class="task-list-item-checkbox" type="checkbox" disabled="" '
        'aria-label="To do"> print</li></ul>'
    )


def test_an_alert_is_named():
    assert html("> [!WARNING]\n> Mind the gap.").replace("\n", "") == (
        '<div class="markdown-alert markdown-alert-warning"><p class="markdown-alert-title">Warning</p>'
        "<p>Mind the gap.</p></div>"
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("\"Don't,\" she said -- 'never'...", "“Don’t,” she said – ‘never’…"),
        ("one---two, 1990--1995", "one—two, 1990–1995"),
        ("(a) (b) (c), a+-b, -->, ....", "(a) (b) (c), a+-b, --&gt;, …."),
        ('`"a" -- ...`', '<code>"a" -- ...</code>'),
        ('<code>it\'s "a" -- ...</code> "b"', '<code>it\'s "a" -- ...</code> “b”'),
        (r"\"a\" \...", '"a" ...'),
    ],
)
def test_typography_leaves_code_alone(source, expected):
    assert html(source) == f"<p>{expected}</p>".replace("….", "....")


# Code


def test_code_has_colours_a_language_and_the_keyboard():
    assert html("```Python title=x\nreturn 'x'\n```") == (
        '<pre data-language="python" tabindex="0"><code><span class="tok-k">return</span> '
        "<span class=\"tok-s1\">'x'</span>\n</code></pre>"
    )


@pytest.mark.parametrize("info", ["klingon", "rust,ignore", ""])
def test_code_in_no_known_language_is_only_escaped(info):
    code = html(f"```{info}\nif a < b && c:\n```")
    assert ("<span" in code) == (info == "rust,ignore")
    assert "&lt;" in code
    assert "&amp;&amp;" in code


def test_much_or_unusual_code_has_no_colours():
    colours = Highlighter()
    assert "<span" in colours.highlight("x = 1\n" * 500, "python")
    assert "<span" not in colours.highlight("x = 1\n" * MAX_HIGHLIGHTED, "python")
    assert "<span" not in colours.highlight("x" * 600, "python")
    assert "<span" not in colours.highlight("\n" * 300, "python")


def test_a_text_with_very_much_code_loses_colours_at_its_end():
    colours = Highlighter()
    blocks = [colours.highlight("x = 1\n" * 1200, "python") for _ in range(3)]
    assert ["<span" in block for block in blocks] == [True, False, False]


@settings(max_examples=200)
@given(
    st.text(alphabet="aB1 \n\t\"'`\\/*#<>&{}()[]=+-.:;,!?@$%^|~_é漢", max_size=200), st.sampled_from(sorted(LANGUAGES))
)
def test_no_language_chokes(code, language):
    assert faults(html(f"~~~~ {language}\n{code}\n~~~~")) == []


def test_the_style_sheet_colours_only_classes_that_exist():
    sheet = (ROOT / "static/css/reading.css").read_text()
    assert set(re.findall(r"\.(tok-\w+)", sheet)) <= markup.allowed.CLASSES["span"]


def luminance(colour: str) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


def test_code_can_be_read_on_light_and_on_dark_ground():
    pair = r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)"
    site = {name: (light, dark) for name, light, dark in re.findall(pair, (ROOT / "static/css/site.css").read_text())}
    code = re.findall(pair, (ROOT / "static/css/reading.css").read_text())
    assert code
    for name, *colours in [*code, ("muted", *site["muted"]), ("ink", *site["ink"])]:
        for colour, ground in zip(colours, site["soft"], strict=True):
            assert contrast(colour, ground) >= 4.5, f"{name}: {colour} on {ground}"


# Footnotes


def test_footnotes_lead_there_and_back():
    rendered = html("One[^a] and again[^a].\n\n[^a]: The *note*.", doc_id="7")
    assert re.findall(r'(?:id|href)="(.*?)"', rendered) == [
        *("#fn-7-1", "fnref-7-1", "#fn-7-1", "fnref-7-1-2"),
        *("fn-7-1", "#fnref-7-1", "#fnref-7-1-2"),
    ]
    assert '<section class="footnotes" aria-label="Footnotes">' in rendered


def test_the_footnotes_of_two_posts_share_a_page():
    source = "One[^1]\n\n[^1]: Note"
    assert faults("".join(html(source, doc_id=str(number)) for number in range(3))) == []


def test_a_footnote_that_nobody_mentions_is_left_out():
    assert html("Text\n\n[^1]: Note") == "<p>Text</p>"


# Labels


def test_an_author_of_another_language_gets_other_words():
    german = markup.Labels(
        table="Tabelle {}", footnotes="Fußnoten", alerts={**markup.ENGLISH.alerts, "note": "Hinweis"}
    )
    rendered = html("> [!NOTE]\n> x[^1]\n\n|a|\n|-|\n\n[^1]: y", labels=german)
    assert [word in rendered for word in ("Hinweis", "Tabelle 1", "Fußnoten", "Note<")] == [True, True, True, False]
