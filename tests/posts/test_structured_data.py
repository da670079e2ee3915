"""What search engines read of a page, and nothing that breaks out of it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from posts import markup, structured_data
from posts.addresses import Link
from posts.models import SiteSettings
from posts.sharing import SharedPicture
from tests.factories import make_author, make_category, make_draft, make_post, make_series

BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
HOSTILE = "</script><!-- <script>alert('&amp;')</script> --> \u2028\u2029 \"quoted\" \\ ]]>"


def whole(path: str) -> str:
    return f"https://blog.example{path}"


def blocks(client, address: str) -> dict[str, dict[str, Any]]:
    """What a page tells, by its types."""
    found = [json.loads(text) for text in BLOCK.findall(client.get(address).content.decode())]
    return {data["@type"]: data for data in found}


@pytest.mark.parametrize("text", [HOSTILE, "<!--", "</ScRiPt >", "\u2028", "日本 & ü", "{{ x }}"])
def test_no_text_breaks_out_of_a_block(text):
    block = markup.data_block({"name": text, text: [text]})
    assert json.loads(BLOCK.fullmatch(block)[1]) == {"name": text, text: [text]}
    assert block.count("<") == block.count(">") == 2
    assert not re.search("[\u2028\u2029]", block)


@pytest.mark.django_db
def test_a_hostile_title_stays_a_title_wherever_it_is_told(client):
    SiteSettings(title=HOSTILE[:100], description=HOSTILE).save()
    author = make_author(HOSTILE[:100], bio=HOSTILE)
    category, series = make_category(HOSTILE[:80], description=HOSTILE), make_series(HOSTILE[:80], description=HOSTILE)
    post = make_post(HOSTILE, author=author, categories=[category], series=series, tags=[HOSTILE[:60]], summary=HOSTILE)
    rows = [post, author, category, series, *post.tags.all()]
    for address in ["/", *(row.get_absolute_url() for row in rows)]:
        page = client.get(address).content.decode()
        assert "<script>alert" not in page, address
        head = page.partition("</head>")[0]
        assert head.count("<script") == head.count("</script>"), address
        for block in BLOCK.findall(page):
            json.loads(block)


@pytest.mark.django_db
def test_the_home_page_tells_of_the_site_and_how_to_search_it(client):
    SiteSettings(title="Crumbs", tagline="Of bread", language="de").save()
    make_post()
    site = blocks(client, "/")["WebSite"]
    assert (site["name"], site["description"], site["inLanguage"]) == ("Crumbs", "Of bread", "de")
    template = site["potentialAction"]["target"]["urlTemplate"]
    assert template == "http://testserver/search/?q={search_term_string}"
    assert client.get(template.replace("{search_term_string}", "bread")).status_code == 200


@pytest.mark.django_db
def test_a_post_tells_who_wrote_it_when_and_where_it_belongs():
    post = make_post(
        "Of bread",
        slug="bread",
        author=make_author("Ada"),
        categories=[make_category("Kitchen")],
        series=make_series("Baking"),
        tags=["rye"],
        language="de",
        body="One two three.",
        publish_at=datetime(2026, 3, 1, 8, tzinfo=UTC),
    )
    post.co_authors.add(make_author("Grace"))
    picture = SharedPicture("/media/x.jpg", 800, 600, "A loaf")
    data = structured_data.blog_posting(post, SiteSettings(title="Crumbs"), picture, whole)
    assert data["headline"] == "Of bread"
    assert data["mainEntityOfPage"]["@id"] == data["url"] == "https://blog.example/posts/bread/"
    assert data["datePublished"] == "2026-03-01T08:00:00+00:00"
    assert data["dateModified"] == post.updated_at.isoformat()
    assert [(author["name"], author["url"]) for author in data["author"]] == [
        ("Ada", "https://blog.example/author/ada/"),
        ("Grace", "https://blog.example/author/grace/"),
    ]
    assert data["image"] == {"@type": "ImageObject", "url": whole("/media/x.jpg"), "width": 800, "height": 600}
    assert (data["inLanguage"], data["wordCount"]) == ("de", 3)
    assert (data["articleSection"], data["keywords"]) == (["Kitchen"], ["rye"])
    assert data["publisher"]["name"] == "Crumbs"
    assert [part["@type"] for part in data["isPartOf"]] == ["Blog", "CreativeWorkSeries"]


@pytest.mark.django_db
def test_a_series_in_the_trash_is_not_told():
    series = make_series("Baking")
    post = make_post(series=series)
    series.delete()
    post.refresh_from_db()
    picture = SharedPicture("/x.png", 1, 1, "")
    data = structured_data.blog_posting(post, SiteSettings(), picture, whole)
    assert [part["@type"] for part in data["isPartOf"]] == ["Blog"]


@pytest.mark.django_db
def test_a_post_that_is_not_in_lists_tells_nothing(client, anna):
    unlisted = make_post(visibility="unlisted")
    assert not {"BlogPosting"} & set(blocks(client, unlisted.get_absolute_url()))


@pytest.mark.django_db
def test_a_preview_tells_nothing(eva):
    draft = make_draft("Secret")
    page = eva.get(draft.get_absolute_url())
    assert page.status_code == 200
    assert b"BlogPosting" not in page.content
    assert b"og:image" not in page.content


@pytest.mark.django_db
def test_lists_and_authors_tell_what_they_are(client):
    author, category = make_author("Ada", bio="Bakes."), make_category("Kitchen", description="Of bread.")
    posts = [make_post(author=author, categories=[category]) for _ in range(2)]
    collection = blocks(client, "/category/kitchen/")["CollectionPage"]
    assert (collection["name"], collection["description"]) == ("Kitchen", "Of bread.")
    urls = {item["url"] for item in collection["mainEntity"]["itemListElement"]}
    assert urls == {f"http://testserver{post.get_absolute_url()}" for post in posts}
    profile = blocks(client, "/author/ada/")["ProfilePage"]["mainEntity"]
    assert (profile["@type"], profile["name"], profile["description"]) == ("Person", "Ada", "Bakes.")


def test_a_way_is_told_step_by_step():
    data = structured_data.breadcrumb_list([Link("Archive", "/archive/"), Link("2026", "/2026/")], whole)
    assert data["itemListElement"][1] == {
        "@type": "ListItem",
        "position": 2,
        "name": "2026",
        "item": "https://blog.example/2026/",
    }


@pytest.mark.django_db
def test_every_way_ends_at_the_page_itself(client):
    post = make_post(
        "Rye", categories=[make_category("Kitchen")], tags=["bread"], publish_at=datetime(2026, 5, 4, tzinfo=UTC)
    )
    ways = {
        post.get_absolute_url(): ["Home", "Kitchen", "Rye"],
        "/category/kitchen/": ["Home", "Kitchen"],
        "/tag/bread/": ["Home", "Tags", "bread"],
        "/tags/": ["Home", "Tags"],
        "/archive/": ["Home", "Archive"],
        "/2026/": ["Home", "Archive", "2026"],
    }
    for address, names in ways.items():
        steps = blocks(client, address)["BreadcrumbList"]["itemListElement"]
        assert [step["name"] for step in steps] == names
        assert steps[-1]["item"] == f"http://testserver{address}"


def test_what_is_not_known_is_not_told():
    site = SiteSettings(title="Crumbs")
    assert "description" not in structured_data.web_site(site, "/search/", whole)
