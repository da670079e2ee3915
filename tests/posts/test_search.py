"""Finding what has been published."""

from __future__ import annotations

import pytest

from posts.search import search
from posts.views import searching
from tests.factories import make_post

pytestmark = pytest.mark.django_db


def titles(query: str) -> list[str]:
    return [post.title for post in search(query)]


def test_every_word_must_occur_somewhere():
    make_post("Bread", body="Flour and water.")
    make_post("Soup", body="Water and salt.")
    assert titles("water flour") == ["Bread"]
    assert titles("WATER sal") == ["Soup"]
    assert titles("wine") == []


def test_a_title_stands_above_a_text():
    make_post("Of yeast")
    make_post("Newer", body="A word on yeast.")
    assert titles("yeast") == ["Of yeast", "Newer"]


@pytest.mark.parametrize("query", ["", "   ", "\x00", "%", "_", "' OR 1=1 --", "x" * 100_000, "a " * 5000, '"', "\\"])
def test_no_query_breaks_the_page(query, client):
    make_post("Bread")
    assert client.get("/search/", {"q": query}).status_code == 200


def test_a_percent_sign_is_a_percent_sign():
    make_post("Bread")
    make_post("100% rye")
    assert titles("0%") == ["100% rye"]


def test_a_page_of_finds_says_when_there_are_more(client, monkeypatch):
    monkeypatch.setattr(searching, "MAX_RESULTS", 2)
    for number in range(3):
        make_post(f"Bread {number}")
    response = client.get("/search/", {"q": "bread"})
    assert len(response.context["results"]) == 2
    assert b"These are the first 2 finds" in response.content
