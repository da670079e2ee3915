"""Queries that nobody means: any text is a query, none breaks the page, none costs much."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posts import terms
from posts.search import near, query, search
from tests.factories import make_post

NAUGHTY = Path(__file__).parents[3] / "shared" / "corpora" / "hostile" / "blns.json"

QUERIES = [
    "",
    "   ",
    "\x00",
    "a\x00b",
    "%",
    "_",
    "*",
    "**",
    '"',
    '""',
    '"*',
    'a" OR (',
    "a AND",
    "NOT",
    "NEAR(",
    "NEAR(a b, 3)",
    "title : a",
    "-a",
    "^a",
    "a'b",
    "'",
    "''",
    "\\",
    "a\\'b",
    "a:*",
    "a & | ! <-> (",
    "{a b}",
    "' OR 1=1 --",
    "%s %d %(a)s {0}",
    "·en",
    "· ·",
    "\ud800",
    "a\udfffb",
    "👩‍👩‍👧 🏳️‍🌈",
    "مرحبا بالعالم",
    "\u202eabc",
    "a" * 100_000,
    "a " * 50_000,
    '"' * 100_000,
    "é" * 300,
    "a" + "\u0301" * 5_000,
    "１２３ Ｆｕｌｌ",
    "ß ﬁ İ ŉ ﷺ ㍿",
    "1.2.3.4.5.6.7.8.9.10.11.12.13.14.15.16.17.18.19.20",
    "日本語" * 60,
    "𝕬𝖇 𠜎𠜱",
    "c++ c# .net f# +++ ## ..",
    "don't won't l'été rock'n'roll",
]


@pytest.fixture
def bread(db):
    return make_post("Bread", body="A paragraph with flour, water, C++ and 日本語.")


@pytest.mark.parametrize("number", range(len(QUERIES)))
def test_no_query_breaks_anything(number, bread):
    answer(QUERIES[number])
    near(QUERIES[number])


def test_no_naughty_string_breaks_anything(bread):
    if not NAUGHTY.is_file():
        pytest.skip("The hostile corpora are not beside the checkout.")
    for text in json.loads(NAUGHTY.read_text(encoding="utf-8")):
        answer(text)


@given(text=st.text(max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=60)
def test_no_text_breaks_anything(text, bread):
    answer(text)
    answer(f"{text}*")


@pytest.mark.parametrize("text", ["\x00", "a" * 100_000, "\ud800", 'a" OR (', "👩‍👩‍👧"])
def test_the_page_answers_any_query(text, bread, client):
    assert client.get("/search/", {"q": text.encode("utf-8", "surrogatepass")}, follow=True).status_code == 200


def answer(text: str) -> None:
    found = search(text)
    assert len(found.query) <= query.MAX_QUERY_LENGTH
    assert "<b>" not in "".join(hit.snippet for hit in found.hits)


@given(text=st.text(max_size=200), language=st.sampled_from(["", "en", "de", "ru", "ar", "fr"]))
def test_no_term_needs_an_escape(text, language):
    """Terms stand in expressions of both engines as they are."""
    for term in terms.terms(text, language):
        assert term
        assert not set(term) & set("\"'\\ ·()*:&|!<>\n\t\x00")


@given(text=st.text(max_size=80), language=st.sampled_from(["", "en", "de", "ru", "ar", "fr"]))
def test_a_text_is_found_by_its_own_words(text, language):
    """A query comes down to the terms that a text of the same words comes down to."""
    cleaned = query.clean(text)
    asked = [word for piece in query.pieces(cleaned) for word in piece.words]
    assert asked == list(terms.words(cleaned.replace('"', " ")))[: len(asked)]


@pytest.mark.django_db
@pytest.mark.parametrize("filters", ["", "&year=1999", "&category=kitchen"])
def test_where_there_is_no_post_nothing_is_found(client, filters):
    make_post("Bread", pk=200_000)
    page = client.get(f"/search/?q=salt{filters}")
    assert (page.status_code, page.context["results"].total) == (200, 0)
