"""Formulas in a text: what is one, what becomes of it, and what a hostile one cannot do."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posts import markup
from posts.markup import formulas

from .judge import faults, html


def latex_in(source: str) -> list[str]:
    """The sources of the formulas in a rendered text."""
    return re.findall(r'alttext="(.*?)"', html(source), re.DOTALL)


@pytest.mark.parametrize(
    ("source", "latex"),
    [
        ("Einstein: $E = mc^2$.", "E = mc^2"),
        ("($x$)", "x"),
        ("Either $`a_1`$ or $$b$$", "a_1"),
        ("$$\nx\n+ y\n$$", "x\n+ y"),
        ("A line\n$$\n- x\n$$", "- x"),
        ("$$x$$", "x"),
        ("> $$\n> x\n> $$", "x"),
        ("```math\nx\n```", "x"),
        ("| a |\n|---|\n| $x$ |", "x"),
        ("*$x$*", "x"),
        ("$a*b*c$", "a*b*c"),
        (r"$\$5$", r"\$5"),
    ],
)
def test_a_formula_is_found(source, latex):
    assert latex_in(source)[0] == latex


@pytest.mark.parametrize(
    "source",
    [
        "It costs $5 and $10.",
        "It costs $5, not $10,000.",
        "From $5-$10 it is US$7.",
        "cp $HOME/notes $BACKUP/notes",
        "echo $A$B",
        r"\$x$ and \$y\$",
        "`$x$`",
        "    $x$",
        "```\n$x$\n```",
        "$ x $",
        "$x",
        "$$",
        "$$\n\n$$",
        "$$\nx\n\ny\n$$",
        "$x\n\ny$",
    ],
)
def test_dollars_stay_dollars(source):
    assert "<math" not in html(source)
    assert "$" in html(source)


def test_a_formula_is_mathml_with_its_source_for_whoever_cannot_show_it():
    assert html("$x^2 < y$") == (
        '<p><math display="inline" alttext="x^2 &lt; y"><mrow><msup><mi>x</mi><mn>2</mn></msup><mo>&lt;</mo>'
        "<mi>y</mi></mrow></math></p>"
    )


def test_a_formula_of_its_own_lines_scrolls_by_itself():
    assert html("$$x$$").startswith('<div class="formula" tabindex="0"><math display="block"')


def test_aligned_equations_stand_in_columns():
    rendered = html("$$\n\\begin{aligned}a &= b \\\\ c &= d\\end{aligned}\n$$")
    assert rendered.count("<mtr>") == 2
    assert "&amp;</m" not in rendered


@pytest.mark.parametrize("latex", [r"\frac{", r"\left(x", "x^", r"\begin{matrix}", r"\sqrt", "{" * 900])
def test_what_is_no_latex_is_shown_as_it_was_written(latex):
    assert "<code>" in html(f"Here: ${latex}$")
    assert f'<pre tabindex="0"><code>{latex}</code></pre>' in html(f"```math\n{latex}\n```")


def test_a_word_count_and_an_excerpt_know_the_formula_as_it_was_written():
    rendered = markup.render("The law $E = mc^2$ holds.")
    assert rendered.excerpt == "The law E = mc^2 holds."
    assert markup.render("## The $x^2$ law").toc[0]["text"] == "The x^2 law"


def test_typography_leaves_formulas_alone():
    assert latex_in("$a'' -- \"b\" ... c$") == ["a'' -- &quot;b&quot; ... c"]


def test_a_formula_stays_in_feeds():
    assert "<math" in markup.for_feed(html("$x$"), "https://blog.example/posts/x/")


def test_a_comment_has_no_formulas():
    assert markup.render_comment("$x$ and\n\n$$y$$").strip() == "<p>$x$ and</p>\n<p>$$y$$</p>"


@pytest.mark.parametrize(
    "latex",
    [
        r"\text{</mtext></math><script>alert(1)</script>}",
        r"\text{<img src=x onerror=alert(1)>}",
        r"\href{javascript:alert(1)}{x}",
        r"\style{position:fixed}{x}",
        r"\class{site-header}{x}",
        r"\color{red;background:url(//e.example)}{x}",
        r"\mathchoice{a}{b}{c}{d}",
        r"\hskip 99999999em x",
    ],
)
def test_a_formula_brings_nothing_into_the_page(latex):
    rendered = html(f"${latex}$")
    assert faults(rendered) == []
    assert not re.search(r"<(script|img)|href=|style=|class=|99999999em\"\s*>", rendered.replace(f'"{latex}"', ""))


@pytest.mark.parametrize(
    "source",
    [
        "<math><mi>x<script>alert(1)</script></mi></math>",
        "<math><mtext><img src=x onerror=alert(1)><p>a</p></mtext></math>",
        "<math><annotation-xml encoding='text/html'><b>x</b></annotation-xml></math>",
        "<math><mi href='javascript:x' style='x' id='content'>x</mi><mglyph src='//e.example'></math>",
        "<math><maction actiontype='statusline#x'><mi>x</mi></maction></math>",
        "<p><mi>x</mi></p><math><math><mi>y</mi></math></math>",
    ],
)
def test_an_authors_own_mathml_is_held_to_the_same_rules(source):
    rendered = html(source)
    assert faults(rendered) == []
    assert not re.search(r"<(script|annotation-xml|mglyph|maction)|//e\.example|javascript", rendered)
    assert not re.search(r"<math[^>]*>(?:(?!</math>).)*<(p|img|b|math)\b", rendered)


@given(st.text(alphabet=r"\{}^_&$'x1+ [](frac)left(right)begin{matrix}sqrt over text%#~", max_size=80))
def test_no_formula_is_too_strange(latex):
    rendered = html(f"${latex}$\n\n```math\n{latex}\n```")
    assert faults(rendered) == []


@pytest.mark.parametrize(
    "latex",
    [
        r"\newcommand{\a}{\b\b}\newcommand{\b}{\a\a}\a",
        r"\def\a{\a\a}\a",
        "x" * (formulas.MAX_FORMULA_LENGTH + 1),
    ],
)
def test_macros_and_endless_formulas_are_not_followed(latex):
    assert "<math" not in html(f"```math\n{latex}\n```")


def test_a_text_of_formulas_has_an_allowance():
    rendered = html("$x+y$ " * 20_000)
    assert rendered.count("<math") == formulas.FORMULAS_ALLOWANCE // (len("x+y") + formulas.COST_OF_ONE)
    assert rendered.count("<code>") == 20_000 - rendered.count("<math")


@pytest.mark.parametrize(
    "source",
    [
        "$",
        "$$",
        "$$\n",
        "$$a\n",
        "$a ",
        r"$\$",
        "- $$\n",
        "> $$\n",
        "$`",
        "<math><mrow>",
        r"$\begin{matrix}",
        "$$x\n\n",
    ],
)
def test_pathological_dollars_end(source):
    assert html(source * (40_000 // len(source)))


def test_many_small_formulas_cost_no_more_than_a_few_large_ones():
    """Each costs something before its first letter."""
    most = formulas.FORMULAS_ALLOWANCE // formulas.COST_OF_ONE
    assert 1000 < len(latex_in("$a$ " * 2 * most)) < most


def test_formulas_that_begin_and_never_end_are_read_once(monkeypatch):
    read, lines = formulas._line, []

    def counted(state, number):
        lines.append(number)
        return read(state, number)

    monkeypatch.setattr(formulas, "_line", counted)
    html("$$ a\n" * 500)
    assert len(lines) < 10 * 500
