"""Who sends a form from elsewhere is found out by what browsers say, and nobody else is troubled."""

import pytest
from django.test import RequestFactory

from comments.origins import is_cross_site


def verdict(**headers):
    return is_cross_site(RequestFactory().post("/", headers=headers))


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "same-origin", "origin": "null"},
        {"origin": "http://testserver"},
        {"origin": "https://testserver"},
        {"origin": "https://TestServer"},
        {"referer": "http://testserver/posts/bread/"},
        {},
    ],
)
def test_our_own_pages_and_programs_are_let_in(headers):
    assert not verdict(**headers)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
        {"sec-fetch-site": "nonsense"},
        {"origin": "https://evil.example"},
        {"origin": "https://testserver.evil.example"},
        {"origin": "http://testserver:8000"},
        {"origin": "null"},
        {"origin": "http://["},
        {"origin": "https://evil.example", "referer": "http://testserver/"},
        {"referer": "https://evil.example/testserver/"},
        {"referer": "about:blank"},
    ],
)
def test_other_sites_are_not(headers):
    assert verdict(**headers)


def test_the_canonical_host_is_ours_even_if_a_proxy_hides_it(settings):
    settings.SITE_URL = "https://blog.example.org"
    assert not verdict(origin="https://blog.example.org")
