"""Whether a form was sent from our own pages.

A page that everyone gets alike cannot carry a CSRF token. Nor is one needed: a comment is anonymous, whoever is signed
in, and carries no authority that another site could borrow. What is left to refuse is a foreign page that makes its
visitors' browsers post spam here, and browsers themselves say where a form was sent from.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest

from posts import addresses


def is_cross_site(request: HttpRequest) -> bool:
    """Whether a browser says that this request was sent from a page of another site.

    Sec-Fetch-Site is asked first, as no page can forge it (W3C Fetch Metadata, section 2.3); then Origin (RFC 6454,
    section 7), then Referer. A request with none of the three is let in: browsers send one with every form, so it
    comes from a program, and a program could as well have sent the right ones.
    """
    fetch_site = request.headers.get("Sec-Fetch-Site")
    if fetch_site:
        # "none" is the visitor's own doing, such as sending a form again after a restart.
        return fetch_site not in {"same-origin", "none"}
    source = request.headers.get("Origin") or request.headers.get("Referer")
    return source is not None and _host(source) not in _own_hosts(request)


def _own_hosts(request: HttpRequest) -> set[str]:
    """Hosts alone: a proxy that ends TLS may hide from us which scheme the browser used."""
    return {request.get_host().lower(), _host(addresses.origin(request))}


def _host(address: str) -> str:
    """The host and port of an address; empty for "null" and for what is no address."""
    try:
        return urlsplit(address).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""
