"""What a strict reader makes of a feed: each format judged by its own specification, and by feedparser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import feedparser
from django.http import HttpResponse

ATOM = "{http://www.w3.org/2005/Atom}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
MEDIA = "{http://search.yahoo.com/mrss/}"

PATHS = {"rss": "", "atom": "atom/", "json": "json/"}
CONTENT_TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json",
}
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
MEDIA_TYPE = re.compile(r"[a-z]+/[\w.+-]+")


def parse(response: HttpResponse) -> Any:
    """The feed, in which the parser must have found nothing wrong."""
    feed = feedparser.parse(response.content, response_headers={"content-type": response.headers["Content-Type"]})
    assert not feed.bozo, feed.get("bozo_exception")
    return feed


def judge(response: HttpResponse, kind: str) -> None:
    """Fail where the answer is not a feed of its kind in every respect."""
    assert response.status_code == 200
    assert response.headers["Content-Type"] == CONTENT_TYPES[kind]
    if kind == "json":
        judge_json(json.loads(response.content))
        return
    parse(response)
    root = ElementTree.fromstring(response.content)
    {"rss": judge_rss, "atom": judge_atom}[kind](root)


# Asking for a feed: of the site, or of the subject of a page


def rss(client: Any, page: str = "/") -> Element:
    return ElementTree.fromstring(client.get(f"{page}feed/").content)[0]


def rss_item(client: Any) -> Element:
    return rss(client).find("item")


def atom(client: Any, page: str = "/") -> Element:
    return ElementTree.fromstring(client.get(f"{page}feed/atom/").content)


def json_feed(client: Any, page: str = "/") -> dict[str, Any]:
    return client.get(f"{page}feed/json/").json()


def ids(client: Any, kind: str, page: str = "/") -> list[str]:
    """The GUIDs of a feed, from the first item to the last."""
    if kind == "json":
        return [item["id"] for item in json_feed(client, page)["items"]]
    return [entry.id for entry in parse(client.get(f"{page}feed/{PATHS[kind]}")).entries]


# RSS 2.0: https://www.rssboard.org/rss-profile


def judge_rss(root: Element) -> None:
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    (channel,) = root
    for name in ("title", "link", "description"):
        assert text_of(channel, name), f"a channel has one <{name}>"
    assert_absolute(text_of(channel, "link"))
    assert LANGUAGE.fullmatch(text_of(channel, "language"))
    assert int(text_of(channel, "ttl")) > 0
    for name in ("lastBuildDate", "pubDate"):
        for moment in channel.findall(name):
            assert parsedate_to_datetime(moment.text or "")
    assert len([link for link in channel.findall(f"{ATOM}link") if link.get("rel") == "self"]) == 1
    assert_links_lead_somewhere(channel.findall(f"{ATOM}link"))
    items = channel.findall("item")
    assert_all_differ([text_of(item, "guid") for item in items])
    for item in items:
        judge_rss_item(item)


def judge_rss_item(item: Element) -> None:
    for name in ("title", "link", "description", "guid", "pubDate", "enclosure", CONTENT):
        assert len(item.findall(name)) <= 1, f"at most one <{name}>"
    assert text_of(item, "title")
    assert_absolute(text_of(item, "link"))
    assert item.find("guid").get("isPermaLink") == "false"
    assert parsedate_to_datetime(text_of(item, "pubDate"))
    for enclosure in item.findall("enclosure"):
        assert_absolute(enclosure.get("url"))
        assert int(enclosure.get("length")) > 0
        assert MEDIA_TYPE.fullmatch(enclosure.get("type"))
    for category in item.findall("category"):
        assert category.text
        assert_absolute(category.get("domain"))
    assert not Links(text_of(item, "description")).tags, "a summary is text"
    assert_whole(text_of(item, CONTENT))


# Atom: https://www.rfc-editor.org/rfc/rfc4287


def judge_atom(root: Element) -> None:
    assert root.tag == f"{ATOM}feed"
    judge_common(root)
    assert LANGUAGE.fullmatch(root.get(XML_LANG))
    assert len([link for link in root.findall(f"{ATOM}link") if link.get("rel") == "self"]) == 1
    entries = root.findall(f"{ATOM}entry")
    assert_all_differ([text_of(entry, f"{ATOM}id") for entry in entries])
    for entry in entries:
        judge_common(entry)
        judge_entry(entry)


def judge_common(element: Element) -> None:
    """What holds for a feed and for an entry: sections 4.1.1 and 4.1.2."""
    assert urlsplit(text_of(element, f"{ATOM}id")).scheme, "an IRI"
    assert text_of(element, f"{ATOM}title")
    assert RFC3339.fullmatch(text_of(element, f"{ATOM}updated"))
    links = element.findall(f"{ATOM}link")
    assert_links_lead_somewhere(links)
    alternates = [(link.get("type"), link.get("hreflang")) for link in links if link.get("rel") == "alternate"]
    assert_all_differ(alternates)
    for author in element.findall(f"{ATOM}author"):
        assert text_of(author, f"{ATOM}name")
        for uri in author.findall(f"{ATOM}uri"):
            assert_absolute(uri.text)


def judge_entry(entry: Element) -> None:
    for name in ("published", "summary", "content", "rights", "source"):
        assert len(entry.findall(f"{ATOM}{name}")) <= 1, f"at most one <{name}>"
    assert entry.findall(f"{ATOM}author"), "each entry has an author, since the feed has none"
    assert RFC3339.fullmatch(text_of(entry, f"{ATOM}published"))
    assert text_of(entry, f"{ATOM}published") <= text_of(entry, f"{ATOM}updated")
    rels = [link.get("rel") for link in entry.findall(f"{ATOM}link")]
    assert "alternate" in rels or entry.find(f"{ATOM}content") is not None
    for category in entry.findall(f"{ATOM}category"):
        assert category.get("term")
        assert_absolute(category.get("scheme"))
    for content in entry.findall(f"{ATOM}content"):
        assert content.get("type") == "html"
        assert not len(content), "HTML is escaped"
        assert_whole(content.text)


# JSON Feed: https://www.jsonfeed.org/version/1.1/

STRING, URL, DATE = "a string", "a URL", "a date"
FEED_FIELDS = {
    "version": STRING,
    "title": STRING,
    "home_page_url": URL,
    "feed_url": URL,
    "description": STRING,
    "user_comment": STRING,
    "next_url": URL,
    "icon": URL,
    "favicon": URL,
    "authors": list,
    "language": STRING,
    "expired": bool,
    "hubs": list,
    "items": list,
}
ITEM_FIELDS = {
    "id": STRING,
    "url": URL,
    "external_url": URL,
    "title": STRING,
    "content_html": STRING,
    "content_text": STRING,
    "summary": STRING,
    "image": URL,
    "banner_image": URL,
    "date_published": DATE,
    "date_modified": DATE,
    "authors": list,
    "tags": list,
    "language": STRING,
    "attachments": list,
}
AUTHOR_FIELDS = {"name": STRING, "url": URL, "avatar": URL}
HUB_FIELDS = {"type": STRING, "url": URL}
ATTACHMENT_FIELDS = {
    "url": URL,
    "mime_type": STRING,
    "title": STRING,
    "size_in_bytes": int,
    "duration_in_seconds": int,
}


def judge_json(feed: dict[str, Any]) -> None:
    assert_fields(feed, FEED_FIELDS, required={"version", "title", "items", "home_page_url", "feed_url"})
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert next(iter(feed)) == "version", "it stands on top"
    for hub in feed.get("hubs", []):
        assert_fields(hub, HUB_FIELDS, required={"type", "url"})
    assert_all_differ([item["id"] for item in feed["items"]])
    for item in feed["items"]:
        judge_json_item(item)


def judge_json_item(item: dict[str, Any]) -> None:
    assert_fields(item, ITEM_FIELDS, required={"id"})
    assert item["id"]
    assert item.keys() & {"content_html", "content_text"}
    assert_whole(item.get("content_html", ""))
    for author in item.get("authors", []):
        assert_fields(author, AUTHOR_FIELDS)
        assert author, "an author has one of the three"
    for attachment in item.get("attachments", []):
        assert_fields(attachment, ATTACHMENT_FIELDS, required={"url", "mime_type"})
        assert MEDIA_TYPE.fullmatch(attachment["mime_type"])
    assert all(isinstance(tag, str) and tag for tag in item.get("tags", []))
    assert LANGUAGE.fullmatch(item.get("language", "en"))


def assert_fields(values: dict[str, Any], known: dict[str, Any], required: set[str] = frozenset()) -> None:
    assert required <= values.keys(), f"missing: {required - values.keys()}"
    for name, value in values.items():
        assert name in known, f"{name!r} is no field of the format"
        kind = known[name]
        if isinstance(kind, str):
            assert isinstance(value, str), f"{name} is {kind}"
        else:
            assert isinstance(value, kind), f"{name} is of {kind}"
        if kind == URL:
            assert_absolute(value)
        if kind == DATE:
            assert RFC3339.fullmatch(value)
            assert datetime.fromisoformat(value).tzinfo


# What all formats share


class Links(HTMLParser):
    """The tags of a piece of HTML, and every address in it."""

    ADDRESSES = {"href", "src", "poster", "cite", "data", "action"}

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.feed(html or "")
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += list(self._addresses(attrs))

    def _addresses(self, attrs: list[tuple[str, str | None]]) -> Iterator[str]:
        for name, value in attrs:
            assert not name.startswith("on"), f"a script in {name}"
            if name in self.ADDRESSES:
                yield value or ""
            elif name == "srcset":
                yield from (candidate.split()[0] for candidate in (value or "").split(","))


def assert_whole(html: str | None) -> None:
    """Nothing in it asks the reader's programme to know where it came from, or to run anything."""
    links = Links(html or "")
    assert not {"script", "style", "iframe", "object", "embed", "form", "base"} & set(links.tags)
    for address in links.addresses:
        if not address.startswith("mailto:"):
            assert_absolute(address)


def assert_absolute(address: str | None) -> None:
    parts = urlsplit(address or "")
    assert parts.scheme in {"http", "https"}, f"{address!r} is not absolute"
    assert parts.netloc, f"{address!r} is not absolute"


def assert_links_lead_somewhere(links: list[Element]) -> None:
    for link in links:
        assert_absolute(link.get("href"))
        if link.get("rel") == "enclosure":
            assert int(link.get("length")) > 0
            assert MEDIA_TYPE.fullmatch(link.get("type"))


def assert_all_differ(values: list[Any]) -> None:
    assert len(values) == len(set(values)), "some are the same"


def text_of(parent: Element, name: str) -> str:
    """The text of the only child of that name; "" where there is none."""
    found = parent.findall(name)
    assert len(found) <= 1, f"{len(found)} of <{name}>"
    return (found[0].text or "") if found else ""
