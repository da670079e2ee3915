"""What a text shows of abuse; and what honest texts in many languages do not."""

from __future__ import annotations

import pytest

from comments import abuse
from comments.abuse import Trick
from comments.models import Comment
from comments.spam_filter import words_of
from posts.markup import clean_text, render_comment
from tests.costs import seconds_of

LONGEST = 20_000


def tricks(body, name=""):
    return set(abuse.tricks(body, f"{abuse.prose(render_comment(body))}\n{name}"))


@pytest.mark.parametrize(
    ("body", "number"),
    [
        ("No links, only www and http.", 0),
        ("[One](https://a.example) and <https://b.example>", 2),
        ("[**Bold *one***](https://a.example) then http://bare.example", 2),
        ("http://a.example and www.b.example and HTTPS://c.example", 3),
        ("[https://a.example](https://a.example)", 1),
        ("[url=http://a.example]x[/url]", 1),
        ('<a href="http://a.example">x</a>', 1),
        ("[x](//a.example)", 1),
        ("[up](/posts/other/) and [down](#comments) and <someone@a.example>", 0),
        ("Try `curl https://a.example`:\n\n    curl https://b.example\n\n```\nhttp://c.example\n```", 0),
    ],
)
def test_links_are_counted_as_readers_meet_them(body, number):
    assert abuse.count_links(render_comment(body)) == number


def test_prose_is_what_is_read_and_no_code():
    body = "Some *words* & `code` with [a link](https://a.example)\n\n    more code"
    assert abuse.prose(render_comment(body)).split() == "Some words & with a link".split()


@pytest.mark.parametrize(
    ("body", "trick"),
    [
        ("See [url=http://a.example]this[/url]", Trick.BBCODE),
        ("[URL]http://a.example[/URL]", Trick.BBCODE),
        ("[link=http://a.example]", Trick.BBCODE),
        ('Buy <a href="http://a.example">here</a>', Trick.HTML_LINKS),
        ("<A  HREF = 'http://a.example'>", Trick.HTML_LINKS),
        ("Cheap v\u200bi\u200ba\u200bgra", Trick.HIDDEN),
        ("Left to \u202eright", Trick.HIDDEN),
        ("An \u2066isolate\u2069 among Latin letters", Trick.HIDDEN),
        ("Fine\U000e0062\U000e0075\U000e0079", Trick.HIDDEN),
        ("A smile \u263a\ufe0f\ufe01\ufe02", Trick.HIDDEN),
        ("Cheap vіаgra", Trick.DISGUISED),
        ("раypal", Trick.DISGUISED),
        ("𝗕𝘂𝘆𝗶𝘁 now", Trick.DISGUISED),
    ],
)
def test_tricks_of_spam_are_seen(body, trick):
    assert trick in tricks(body)


@pytest.mark.parametrize(
    "body",
    [
        "[url](https://a.example) is Markdown, and so is [link](https://b.example)",
        '`<a href="https://a.example">` and `[url=…]` are what I would write',
        "Scots 🏴󠁧󠁢󠁳󠁣󠁴󠁿, families 👨‍👩‍👧 and hearts ❤️",
        "می‌خواهم بنویسم",
        "ก\u200bข ภาษาไทย",
        "שלום \u2067עולם\u2069 \u200fwith English",
        "One copied\u200b word, and a soft\u00adly hyphen\u00adated one",
        "Я пользуюсь Linuxом и Pythonа не знаю",
        "Ελληνικά and Русский and English, side by side",
        "Let α and β be angles, so Δx = 2πr, and 𝑥 + 𝑦 = 𝑧",
        "漢字かな交じり文",
    ],
)
def test_honest_writers_are_not_suspected(body):
    assert tricks(body) == set()


def test_a_name_can_be_disguised_too():
    assert tricks("Hello.", name="Аdmin") == {Trick.DISGUISED}


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("VIAGRA", "viagra"),
        ("v\u200bi\u00adagra", "viagra"),
        ("vіаgrа", "viagra"),
        ("𝗕𝘂𝘆 ｎｏｗ", "buy now"),
        ("Straße", "strasse"),
        ("Привет", "привет"),
    ],
)
def test_folding_brings_out_the_word(written, folded):
    assert abuse.fold(written) == folded


HOSTILE = [
    *"a<[а漢\u200b\u202e\u0301\ufdfa\U000e0041\"&:' ",
    "<a ",
    "<a href=",
    '<a href="//',
    "<code",
    "[url=",
    "[/",
    "www.",
    "http://",
    "http://a.",
    "aа",
    "аa",
    "a\u200b",
    "\U0001f3f4\U000e0067",
    "a'",
    "\u00ad\ufe0f",
    "&amp;",
    "[x](http://a.b) ",
]


@pytest.mark.parametrize("piece", HOSTILE, ids=ascii)
def test_no_text_takes_long_to_read(piece):
    body = clean_text((piece * LONGEST).encode()[:LONGEST].decode(errors="ignore"))
    html = render_comment(body)
    comment = Comment(body=body, author_name=body[:80], website="https://a.example")

    def read() -> None:
        abuse.count_links(html)
        # Also as if nothing had cleaned it before.
        abuse.count_links(body)
        abuse.tricks(body, abuse.prose(html))
        abuse.prose(body)
        words_of(comment)

    # A tenth of it is usual; what goes back over the text takes seconds.
    assert seconds_of(read, 0.25) < 0.25
