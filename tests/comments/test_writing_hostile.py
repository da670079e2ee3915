"""What nobody should write, and what programs send."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from comments.forms import MAX_BODY_BYTES, CommentForm
from comments.models import Comment
from posts.models import SiteSettings
from tests.factories import make_post

pytestmark = pytest.mark.django_db

HOSTILE = Path(__file__).parents[3] / "shared" / "corpora" / "hostile"


def corpus(name):
    path = HOSTILE / name
    if not path.exists():
        pytest.skip("The hostile corpora are not beside the checkout.")
    return path.read_text()


def naughty_strings():
    return json.loads(corpus("blns.json"))


def test_naughty_strings_are_stored_or_refused(client):
    post, site = make_post(), SiteSettings.load()
    stored = []
    for text in naughty_strings():
        for fields in ({"body": text, "author_name": text}, {"email": text, "website": text, "trap": text}):
            data = {"body": "x", "author_name": "x", **fields}
            form = CommentForm(data, post=post, site=site)
            if form.is_valid():
                stored.append(form.instance)

    Comment.objects.bulk_create(stored)
    Comment.objects.update(status="approved")

    assert len(stored) > 200
    assert client.get(post.get_absolute_url()).status_code == 200


def test_no_script_comes_through(client):
    post = make_post()
    payloads = corpus("Markdown-XSS-Payloads.txt")
    bodies = [*payloads.splitlines(), payloads[:MAX_BODY_BYTES], *naughty_strings()]
    Comment.objects.bulk_create(
        Comment(post=post, author_name=f"x{body[:79]}", body=f"{body}\n.", status="approved") for body in bodies
    )

    SiteSettings(comment_threads_per_page=200).save()
    page = client.get(post.get_absolute_url()).content.decode()
    seen = Tags()
    seen.feed(page[page.index('id="comments"') : page.index('id="comment-form"')])
    for comment in Comment.objects.all():
        seen.feed(comment.html)

    assert not seen.names & {"script", "style", "img", "svg", "iframe", "object", "embed", "form", "input", "base"}
    assert not {name for name in seen.attributes if name.startswith("on")} | seen.attributes & {"style", "srcdoc"}
    assert {urlsplit(link).scheme for link in seen.links} <= {"", "http", "https", "mailto"}


class Tags(HTMLParser):
    """The names of the tags and of the attributes in a page, and where its links lead, as a browser reads them."""

    def __init__(self):
        super().__init__()
        self.names, self.attributes, self.links = set(), set(), set()

    def handle_starttag(self, tag, attrs):
        if ("class", "avatar") in attrs:
            return
        self.names.add(tag)
        self.attributes |= {name for name, _value in attrs}
        self.links |= {value.strip() for name, value in attrs if name in {"href", "src", "action", "cite"} and value}


@pytest.mark.parametrize(
    "content_type", ["multipart/form-data", "text/plain", "application/json", "multipart/x; boundary=a"]
)
def test_a_body_that_is_no_form_is_an_error_of_the_sender(client, content_type):
    address = f"{make_post().get_absolute_url()}comments/write/"
    response = client.generic("POST", address, b"\xff\xfe{", content_type=content_type)
    assert 400 <= response.status_code < 500


def test_bytes_that_are_no_utf8_are_read_as_well_as_may_be(client):
    address = f"{make_post().get_absolute_url()}comments/write/"
    response = client.generic(
        "POST", address, b"body=caf%E9&author_name=Ada", content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 302
    assert Comment.objects.get().body == "caf\ufffd"
