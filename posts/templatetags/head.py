"""What the head of a page says to those who share, list and keep it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import to_locale

from .. import markup, structured_data
from ..addresses import Link, Whole, whole_address
from ..entries import Entry
from ..models import Author
from ..pagination import NAMES
from .pure import shown

register = template.Library()

AS_MOST = {"address": "", "kind": "", "language": "", "is_thin": False}
# OpenGraph wants a territory with each language. Of most it is the language's own name: de_DE.
TERRITORIES = {
    "ar": "AR",
    "cs": "CZ",
    "da": "DK",
    "el": "GR",
    "en": "US",
    "fa": "IR",
    "he": "IL",
    "ja": "JP",
    "ko": "KR",
    "nb": "NO",
    "sv": "SE",
    "uk": "UA",
    "vi": "VN",
}


@register.simple_tag(takes_context=True)
def page_head(context: Context, title: str, description: str = "", **given: Any) -> SafeString:
    """What every page tells of itself.

    `address`, `kind`, `language` and `is_thin` may be given, where they are not those of a page of the site like most.
    """
    return _drawn("_partials/head.html", context, title=title, description=description, **{**AS_MOST, **given})


@register.simple_tag(takes_context=True)
def list_head(context: Context, title: str, description: str = "", *, kind: str = "") -> SafeString:
    """The same of a page of a list, with the list itself, unless its `kind` says what it is."""
    listed = {"page": context["page"], "count": context.get("count"), "is_thin": context.get("is_thin", False)}
    position = {name: context[name] for name in NAMES}
    given = {"title": title, "description": description, "kind": kind}
    return _drawn("_partials/list_head.html", context, **given, **listed, **position)


def _drawn(template_name: str, context: Context, **values: Any) -> SafeString:
    """A part of the head, which shows these values and where the page is."""
    site = context["site"]
    values |= {
        "site_title": site.title,
        "site_language": site.language,
        "origin": context["origin"],
        "page_url": context["page_url"],
        "breadcrumbs": tuple(context.get("breadcrumbs") or ()),
    }
    return shown(template_name, tuple(values), *values.values())


@register.filter
def og_locale(language: str) -> str:
    """A language as OpenGraph writes it: "de_DE", "pt_BR"."""
    locale = to_locale(language)
    return locale if "_" in locale else f"{locale}_{TERRITORIES.get(locale, locale.upper())}"


@register.simple_tag(takes_context=True)
def about_site(context: Context) -> SafeString:
    return markup.data_block(structured_data.web_site(context["site"], reverse("posts:search"), whole(context)))


@register.simple_tag(takes_context=True)
def about_list(context: Context, name: str, description: str, posts: Iterable[Entry]) -> SafeString:
    here = Link(name, context["page_url"])
    return markup.data_block(structured_data.collection_page(here, description, posts, whole(context)))


@register.simple_tag(takes_context=True)
def about_author(context: Context, author: Author) -> SafeString:
    return markup.data_block(structured_data.profile_page(author, whole(context)))


@register.simple_tag(takes_context=True)
def about_way(context: Context, breadcrumbs: Iterable[Link], name: str, url: str) -> SafeString:
    """`name` and `url` are those of the page itself."""
    return markup.data_block(structured_data.breadcrumb_list([*breadcrumbs, Link(name, url)], whole(context)))


def whole(context: Context) -> Whole:
    return partial(whole_address, context["origin"])
