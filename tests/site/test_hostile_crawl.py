"""1,500 requests that no reader sends, to every public address: answered or refused, cheaply, and never an error.

The addresses are those of the URLconf, so that a new one is attacked as soon as it is there.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any
from urllib.parse import quote, unquote_to_bytes, urlsplit

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from posts.models import Post
from tests.factories import make_post
from tests.posts.judge import CORPORA
from tests.site.hostile import HEADERS, MARK, METHODS, QUERIES, SEGMENTS
from tests.site.test_nothing_leaks import ADDRESSES, scene

pytestmark = pytest.mark.django_db

__all__ = ["scene"]

# Of a page with a discussion below it, or of a search for eight words that are all misspelt.
MAX_QUERIES = 30
# A form that needs an account has a token.
WITH_TOKEN = re.compile("/comments/sign-in/|/admin/")
BLANK = re.compile(r"<[^>]+>|\(\?P<[^>]+>[^)]*\)")
LITERAL = re.compile(r"[\^$\\]")


def routes(patterns: Sequence[Any], prefix: str = "/") -> Iterator[str]:
    """Every public route as the URLconf writes it, such as "/posts/<uslug:slug>/"."""
    for pattern in patterns:
        route = prefix + LITERAL.sub("", str(pattern.pattern))
        if isinstance(pattern, URLResolver) and pattern.namespace != "admin":
            yield from routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route


def some(number: int, *lists: Sequence[Any]) -> list[tuple[Any, ...]]:
    """So many of all combinations, the same ones in each run."""
    return random.Random(number).sample(list(product(*lists)), number)


@pytest.fixture
def addresses(scene: Post) -> list[str]:
    """The valid addresses around one post, without their query strings."""
    found = [address for of_post in ADDRESSES.values() if of_post for address in of_post(scene)]
    return sorted({address.partition("?")[0] for address in found})


def send(client: Client, address: str, method: str = "GET", **environ: Any) -> HttpResponse:
    """Send an address as it is: the test client's own reading of it would mend or refuse some."""
    path, _, query = address.partition("?")
    raw = unquote_to_bytes(path.encode()).decode("latin-1")
    with CaptureQueriesContext(connection) as queries:
        response = client.generic(method, "/", PATH_INFO=raw, QUERY_STRING=query, **environ)
    assert len(queries) <= MAX_QUERIES, f"{len(queries)} queries for {address[:200]}"
    return response


def faults(response: HttpResponse, address: str) -> list[str]:
    """What is wrong with an answer."""
    found = []
    if response.status_code >= 500:
        found.append(f"an error, {response.status_code}")
    if MARK in written(response):
        found.append("the mark, as it was sent")
    if response.cookies and not WITH_TOKEN.match(address):
        found.append(f"a cookie: {response.cookies.output()}")
    if leads_away(response.headers.get("Location", "")):
        found.append(f"the way to {response.headers['Location']}")
    return found


def written(response: HttpResponse) -> str:
    """The answer as a text, headers too; of JSON that is no part of a page, nothing, if it is well-formed."""
    body = b"".join(response) if response.streaming else response.content
    head = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    if "json" in response.headers.get("Content-Type", "") and body:
        json.loads(body)
        return head
    return head + body.decode("utf-8", "replace")


def leads_away(location: str) -> bool:
    return urlsplit(location).netloc not in {"", "testserver"}


def crawl(attacks: list[tuple[str, dict[str, Any]]], **options: Any) -> list[tuple[str, str, str]]:
    """The faults of all answers."""
    client = Client(raise_request_exception=False)
    return [
        (fault, address[:200], str(environ)[:200])
        for address, environ in attacks
        for fault in faults(send(client, address, **environ, **options), address)
    ]


@pytest.mark.parametrize("part", range(2))
def test_hostile_queries(addresses, part):
    chosen = some(500, addresses, QUERIES)[part::2]
    assert crawl([(f"{address}?{query}", {}) for address, query in chosen]) == []


@pytest.mark.parametrize("part", range(2))
def test_hostile_segments(scene, part):
    blanks = sorted({route for route in routes(get_resolver().url_patterns) if BLANK.search(route)})
    chosen = some(340, blanks, SEGMENTS) + some(60, ["/{}", "/{}/", "/{}/{}/"], SEGMENTS)
    hostile = [(BLANK.sub(lambda _, s=segment: s, route).replace("{}", segment), {}) for route, segment in chosen]
    assert crawl(hostile[part::2]) == []


def test_hostile_headers(addresses):
    chosen = some(300, [*addresses, "/missing/", "/search/?q=post"], HEADERS)
    assert crawl([(address, environ_of(*header)) for address, header in chosen]) == []


def environ_of(name: str, value: str) -> dict[str, Any]:
    key = name.upper().replace("-", "_")
    return {key if key.startswith("CONTENT_") else f"HTTP_{key}": value}


def test_hostile_methods(addresses):
    chosen = some(100, [*addresses, "/missing/"], METHODS)
    assert crawl([(address, {"method": method}) for address, method in chosen]) == []


@pytest.mark.skipif(not CORPORA.is_dir(), reason="The corpora are not beside the checkout.")
def test_naughty_strings():
    make_post("A post")
    naughty = json.loads((CORPORA / "hostile" / "blns.json").read_text())
    places = ["/search/?q={}", "/search/instant/?q={}", "/search/?q=post&tag={}", "/posts/{}/", "/{}/"]
    chosen = some(200, places, naughty)
    assert crawl([(place.format(quote(text + MARK, safe="")), {}) for place, text in chosen]) == []
