"""What a text becomes as a document: headings and ids, pictures, an author's own HTML."""

from __future__ import annotations

import re

import pytest

from posts import markup

from .judge import ROOT, Judge, html

PICTURES = {
    "/media/harbour.jpg": markup.Picture(1600, 900),
    "https://cdn.example/kept.jpg": markup.Picture(800, 600),
}


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


# Pictures and players


def test_a_picture_is_lazy_and_sized():
    expected = 'alt="Boats" src="/media/harbour.jpg" width="1600" height="900" loading="lazy" decoding="async"'
    assert html("![Boats](/media/harbour.jpg)", picture_of=PICTURES.get) == f"<p><img {expected}></p>"
    assert html('<img src="/media/harbour.jpg" alt="Boats">', picture_of=PICTURES.get) == f"<img {expected}>"


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
    rendered = html(f"<img src=/media/harbour.jpg {attributes}>", picture_of=PICTURES.get)
    assert " ".join(re.findall(r'(?:width|height)="\d+"', rendered)) == dimensions


def test_the_size_of_a_picture_is_asked_for_once():
    asked = []
    html("![](/a.png)" * 3, picture_of=asked.append)
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
        "![](https://cdn.example/kept.jpg)", picture_of=PICTURES.get
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
