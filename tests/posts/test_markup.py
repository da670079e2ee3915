"""Markdown to safe HTML: the standard, our additions, and what hostile texts become."""

from __future__ import annotations

import json
import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posts import markup
from posts.markup.highlight import LANGUAGES, MAX_HIGHLIGHTED, Highlighter
from posts.markup.text import EXCERPT_LENGTH, WORDS_PER_MINUTE

ROOT = Path(__file__).parents[2]
CORPORA = ROOT.parent / "shared" / "corpora"
PICTURE_SIZES = {"/media/harbour.jpg": (1600, 900), "https://cdn.example/kept.jpg": (800, 600)}


def html(source: str, **options) -> str:
    return markup.render(source, **options).html.strip()


def size(src: str) -> tuple[int, int] | None:
    return PICTURE_SIZES.get(src)


def corpus(path: str) -> str:
    file = CORPORA / path
    if not file.exists():
        pytest.skip(f"The corpus {path} is not beside the checkout.")
    return file.read_text()


# The judge of what may leave the module. It shares no list with it.

TAGS = set(
    "a abbr address article aside audio b bdi bdo blockquote br caption cite code col colgroup data dd del details "
    "dfn div dl dt em figcaption figure footer h2 h3 h4 h5 h6 header hr i img input ins kbd li mark meter ol p pre "
    "progress q rp rt ruby s samp section small source span strong sub summary sup table tbody td tfoot th thead "
    "time tr track u ul var video wbr".split()
)
ATTRIBUTES = set(
    "abbr alt aria-label checked cite class colspan controls data-language datetime decoding default dir disabled "
    "headers height high href hreflang id kind label lang loading loop low max min muted open optimum poster preload "
    "rel reversed role rowspan scope span src srclang start tabindex title type value width".split()
)
CLASSES = re.compile(
    r"align-(left|center|right)|contains-task-list|footnote-(ref|backref)|footnotes|permalink|table-scroll|"
    r"task-list-item(-checkbox)?|markdown-alert(-title|-note|-tip|-important|-warning|-caution)?|tok-[a-z0-9]+"
)
VOID = {"br", "col", "hr", "img", "input", "source", "track", "wbr"}


class Judge(HTMLParser):
    """Collects what is wrong with a piece of HTML, and its ids."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()
        self.faults += [f"<{tag}> stays open" for tag in self.open]
        self.faults += [f"id {name!r} twice" for name in self.ids if self.ids.count(name) > 1]

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        self.faults += [f"<{tag}>"] * (tag not in TAGS) + [f"<{tag} {name}>" for name in set(names) - ATTRIBUTES]
        if len(names) != len(set(names)):
            self.faults.append(f"<{tag}> has an attribute twice")
        if tag == "a" and "a" in self.open:
            self.faults.append("<a> in <a>")
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            self.judge_value(tag, name, value or "")

    def judge_value(self, tag, name, value):
        # As browsers read an address: https://url.spec.whatwg.org/#url-parsing
        plain = re.sub(r"^[\x00-\x20]+|[\t\n\r]", "", value).replace("\\", "/").lower()
        if name == "id":
            self.ids.append(value)
        elif name == "class":
            self.faults += [f"class {word!r}" for word in value.split() if not CLASSES.fullmatch(word)]
        elif name in {"href", "cite"} and re.match(r"[a-z][a-z0-9+.-]*:", plain):
            self.faults += [f"{name}={value!r}"] * (not plain.startswith(("http:", "https:", "mailto:")))
        elif name in {"src", "poster"} and re.match(r"[a-z][a-z0-9+.-]*:|//", plain):
            self.faults.append(f"{name}={value!r} would fetch from another site")

    def handle_endtag(self, tag):
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.faults.append(f"</{tag}> closes nothing")

    def handle_comment(self, data):
        self.faults.append(f"comment {data!r}")

    handle_decl = handle_pi = unknown_decl = handle_comment


def faults(html: str) -> list[str]:
    return Judge(html).faults


def test_the_judge_knows_guilt():
    guilty = (
        '<p onclick="x"><script>x</script><a href=" java\tscript:x">x</a><img src="/\\evil.example"><i id=a><i id=a>'
    )
    assert len(faults(guilty)) == 9


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


@settings(max_examples=200, deadline=None)
@given(
    st.text(alphabet="aB1 \n\t\"'`\\/*#<>&{}()[]=+-.:;,!?@$%^|~_é漢", max_size=200), st.sampled_from(sorted(LANGUAGES))
)
def test_no_language_chokes(code, language):
    assert faults(html(f"~~~~ {language}\n{code}\n~~~~")) == []


def test_the_style_sheet_colours_only_classes_that_exist():
    sheet = (ROOT / "static/css/code.css").read_text()
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
    code = re.findall(pair, (ROOT / "static/css/code.css").read_text())
    assert code
    for name, *colours in [*code, ("muted", *site["muted"]), ("ink", *site["ink"])]:
        for colour, ground in zip(colours, site["soft"], strict=True):
            assert contrast(colour, ground) >= 4.5, f"{name}: {colour} on {ground}"


# Headings, ids and the table of contents


def test_headings_have_ids_links_and_a_table_of_contents():
    rendered = markup.render("## Ünï *code* `x`\n\n### Zwei[^1]\n\n[^1]: Note")
    assert rendered.toc == [
        {"level": 2, "id": "uni-code-x", "text": "Ünï code x"},
        {"level": 3, "id": "zwei", "text": "Zwei"},
    ]
    assert rendered.html.startswith(
        '<h2 id="uni-code-x">Ünï <em>code</em> <code>x</code> '
        '<a class="permalink" href="#uni-code-x" aria-label="Link to this section: Ünï code x">#</a></h2>'
    )


@pytest.mark.parametrize(
    ("source", "levels"),
    [
        ("# a\n## b\n###### c", [2, 3, 4]),
        ("## a\n#### b\n### c\n## d", [2, 3, 3, 2]),
        ("### a\n\n<h1>b</h1>", [2, 2]),
        ("```\n# no heading\n```\n## a", [2]),
    ],
)
def test_headings_start_below_the_title_of_the_page(source, levels):
    assert [entry["level"] for entry in markup.render(source).toc] == levels


def test_ids_are_never_given_twice():
    source = "## a\n## a\n## A!\n## a-2\n\n<p id='a'>x</p> <p id='a'>y</p> <i id=''>z</i> <i id='b c'>z</i>"
    assert re.findall(r'\bid="(.*?)"', html(source)) == ["a-2", "a-3", "a-4", "a-2-2", "a"]


def test_five_thousand_headings_of_one_name():
    toc = markup.render("# same\n" * 5000).toc
    assert (len({entry["id"] for entry in toc}), toc[-1]["id"]) == (5000, "same-5000")


@pytest.mark.parametrize("name", ["comments", "content", "search", "comment-12", "id_body"])
def test_the_page_keeps_its_own_ids_and_links_follow(name):
    ids = Judge(html(f"## {name}\n\n<p id='{name}'>x</p>\n\n[to it](#{name})")).ids
    assert name not in ids
    assert f'<a href="#section-{name}">to it</a>' in html(f"<p id='{name}'>x</p>\n\n[to it](#{name})")


def test_every_id_of_the_public_templates_is_reserved():
    taken = {
        name
        for path in (ROOT / "templates").rglob("*.html")
        if "admin" not in path.relative_to(ROOT).parts
        for name in re.findall(r'\sid="([\w-]+)"', path.read_text())
    }
    assert taken
    assert [name for name in taken - markup.RESERVED_IDS if not name.startswith(markup.RESERVED_PREFIXES)] == []


@pytest.mark.parametrize("link", ["#what-s-in-1-2", "#whats-in-12", "#What's-in-1.2", "#whats-in-1-2"])
def test_links_to_headings_survive_a_move_from_another_site(link):
    assert '<a href="#whats-in-1-2">x</a>' in html(f"## What's in 1.2\n\n[x](<{link}>)")


def test_an_author_may_name_a_heading():
    assert markup.render("## Long title {#short}").toc == [{"level": 2, "id": "short", "text": "Long title"}]


def test_an_empty_heading_is_no_entry():
    assert (html("##"), markup.render("##").toc) == ("<h2></h2>", [])


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


# Pictures and players


def test_a_picture_is_lazy_and_sized():
    expected = 'alt="Boats" src="/media/harbour.jpg" width="1600" height="900" loading="lazy" decoding="async"'
    assert html("![Boats](/media/harbour.jpg)", image_size=size) == f"<p><img {expected}></p>"
    assert html('<img src="/media/harbour.jpg" alt="Boats">', image_size=size) == f"<img {expected}>"


@pytest.mark.parametrize(
    ("attributes", "dimensions"),
    [
        ("width=320", 'width="320" height="180"'),
        ("height=90", 'height="90" width="160"'),
        ("width=1 height=2", 'width="1" height="2"'),
        ("width=100% style='width:1px'", 'width="1600" height="900"'),
    ],
)
def test_an_author_may_size_a_picture(attributes, dimensions):
    rendered = html(f"<img src=/media/harbour.jpg {attributes}>", image_size=size)
    assert " ".join(re.findall(r'(?:width|height)="\d+"', rendered)) == dimensions


def test_the_size_of_a_picture_is_asked_for_once():
    asked = []
    html("![](/a.png)" * 3, image_size=asked.append)
    assert asked == ["/a.png"]


def test_a_lonely_picture_with_a_title_is_a_figure():
    assert html('![Boats](/b.jpg "The <harbour>")').replace("\n", "") == (
        '<figure><img alt="Boats" src="/b.jpg" loading="lazy" decoding="async">'
        "<figcaption>The &lt;harbour&gt;</figcaption></figure>"
    )
    assert "<figure>" in html('[![Boats](/b.jpg "The harbour")](/full)')
    assert "<figure>" not in html('Look: ![Boats](/b.jpg "The harbour")')
    assert "<figure>" not in html("![Boats](/b.jpg)")


@pytest.mark.parametrize(
    "src",
    ["https://e.example/p.png", "//e.example/p.png", "/\\e.example/p.png", "\\\\e.example/p.png", "HTTP:e.example"],
)
def test_a_picture_of_another_site_becomes_a_link(src):
    rendered = html(f'<p><img src="{src}" alt="A cat"></p>')
    assert rendered == f'<p><a href="{src}" rel="noopener">A cat</a></p>'


def test_our_own_picture_on_a_host_of_its_own_is_shown():
    assert 'src="https://cdn.example/kept.jpg" width="800"' in html(
        "![](https://cdn.example/kept.jpg)", image_size=size
    ).replace('alt="" ', "")


def test_a_foreign_picture_in_a_link_is_its_text():
    assert html("[![Build](https://ci.example/b.svg)](/ci)") == '<p><a href="/ci">Build</a></p>'


@pytest.mark.parametrize(
    "source", ["![x](data:image/png;base64,AA)", "<img src='data:image/svg+xml,y' alt=x>", "![x]()"]
)
def test_a_picture_without_an_address_is_its_text(source):
    assert re.sub("</?p>", "", html(source)) == "x"


def test_embeds_become_links():
    assert html('<iframe src="https://v.example/1" title="A talk"></iframe>') == (
        '<a href="https://v.example/1" rel="noopener">A talk</a>'
    )
    assert html('<object data="/a.pdf">x</object>') == '<p><a href="/a.pdf">/a.pdf</a></p>'
    assert html('<embed src="javascript:x">') == ""


def test_players_play_only_what_is_ours():
    assert html('<video src="/m/a.mp4" poster="//e.example/p" autoplay></video>') == (
        '<p><video preload="metadata" src="/m/a.mp4" controls=""></video></p>'
    )
    assert html('<audio><source src="//e.example/a.mp3"><source src="/a.mp3">old</audio>') == (
        '<p><audio preload="metadata" controls=""><source src="/a.mp3">old</audio></p>'
    )
    assert html('<video src="https://e.example/a.mp4" title="A talk"></video>') == (
        '<p><a href="https://e.example/a.mp4" rel="noopener">A talk</a></p>'
    )


# An author's own HTML


@pytest.mark.parametrize(
    "source",
    [
        '<details open=""><summary>More</summary>text</details>',
        '<progress value="3" max="10"></progress>',
        '<p><kbd>Ctrl</kbd> H<sub>2</sub>O <abbr title="x">y</abbr> <mark>z</mark></p>',
        '<figure><blockquote cite="/x">a</blockquote><figcaption>b</figcaption></figure>',
        '<ol start="3" reversed="" type="a"><li value="2">x</li></ol>',
        '<p lang="ar" dir="rtl">x</p>',
        '<time datetime="2026-01-02">x</time>',
        "<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>",
    ],
)
def test_good_html_stays_as_it_is(source):
    assert html(f"<div>{source}</div>") == f"<div>{source}</div>"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<center><font color=red>x</font></center>", "x"),
        ("<a name=old>x</a>", '<a id="old">x</a>'),
        ("<div class='site-header table-scroll' style='x' onclick='y'>x</div>", '<div class="table-scroll">x</div>'),
        ("<div><b>x", "<div><b>x</b></div>"),
        ("<div><b>x</div>y", "<div><b>x</b></div>y"),
        ("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<div><li>a</li></div>", "<div>a</div>"),
        (
            "<table border=1 align=left><td width=9 colspan=2 rowspan=x>a",
            '<table><tbody><tr><td colspan="2">a</td></tr></tbody></table>',
        ),
        ("<div><!-- x -->a<!-->b<? c ?><!D></div>", "<div>ab</div>"),
        ("<div>a<script>b<p>c</script>d<STYLE>e</STYLE >f</div>", "<div>adf</div>"),
        ("<div>The <title> tag</div>", "<div>The  tag</div>"),
        ("<div>a < b & c > d &lt;i></div>", "<div>a &lt; b &amp; c &gt; d &lt;i&gt;</div>"),
        ('<div title="a > b">x</div>', '<div title="a &gt; b">x</div>'),
        ("<p><a href=/a>x<a href=/b>y</p>", '<p><a href="/a">x</a><a href="/b">y</a></p>'),
        ("<p>a<div>b</div>", "<p>a</p><div>b</div>"),
        ("<div><input type=checkbox name=x onfocus=y></div>", '<div><input type="checkbox" disabled=""></div>'),
        (f"<div title='&#{'9' * 5000};'>x</div>", '<div title="\ufffd">x</div>'),
        ("<div>&#12;&#x1F;x</div>", "<div>x</div>"),
    ],
)
def test_other_html_is_put_in_order(source, expected):
    rendered = re.sub(r'<div class="table-scroll" tabindex="0".*?>(.*)</div>', r"\1", html(source))
    assert re.sub("^<p>(<a id.*)</p>$", r"\1", rendered) == expected


def test_html_around_markdown():
    assert html("<details><summary>S</summary>\n\n**x**\n\n</details>").replace("\n", "") == (
        "<details><summary>S</summary><p><strong>x</strong></p></details>"
    )


@pytest.mark.parametrize(
    ("href", "rel"),
    [
        ("https://e.example", ' rel="noopener"'),
        ("//e.example", ' rel="noopener"'),
        ("/here", ""),
        ("#there", ""),
        ("mailto:a@b.example", ""),
    ],
)
def test_links_out_give_no_hold_of_our_window(href, rel):
    assert html(f"[x]({href})") == f'<p><a href="{href}"{rel}>x</a></p>'


@pytest.mark.parametrize(
    "href", ["javascript:x", "java\nscript:x", "&#1;javascript:x", "data:text/html,x", "vbscript:x", "tel:1", "x:y"]
)
def test_links_of_other_schemes_are_only_text(href):
    assert html(f'<p><a href="{href}">x</a></p>') == "<p>x</p>"


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


@settings(deadline=None)
@given(st.text())
def test_the_door_lets_through_what_has_passed_it(value):
    once = markup.clean_text(value)
    assert markup.clean_text(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert markup.clean_line(markup.clean_line(value)) == markup.clean_line(value)


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


@settings(deadline=None)
@given(st.text())
def test_absolute_changes_nothing_but_addresses(source):
    rendered = re.sub(r' (href|src|cite|poster)="[^"]*"', "", html(source))
    made = re.sub(r' (href|src|cite|poster)="[^"]*"', "", markup.absolute(html(source), "https://blog.example/"))
    assert rendered == made


# Labels


def test_an_author_of_another_language_gets_other_words():
    german = markup.Labels(
        table="Tabelle {}", footnotes="Fußnoten", alerts={**markup.ENGLISH.alerts, "note": "Hinweis"}
    )
    rendered = html("> [!NOTE]\n> x[^1]\n\n|a|\n|-|\n\n[^1]: y", labels=german)
    assert [word in rendered for word in ("Hinweis", "Tabelle 1", "Fußnoten", "Note<")] == [True, True, True, False]


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


@settings(max_examples=400, deadline=None)
@given(st.one_of(FRAGMENTS, st.text()))
def test_any_text_becomes_safe_html(source):
    rendered = markup.render(source, doc_id="1", image_size=size)
    assert faults(rendered.html) == []
    assert {entry["id"] for entry in rendered.toc} <= set(Judge(rendered.html).ids)
    assert len(rendered.excerpt) <= EXCERPT_LENGTH
    assert rendered == markup.render(source, doc_id="1", image_size=size)
    assert faults(markup.render_comment(source)) == []


@settings(deadline=None)
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
