"""What crawlers may fetch, and what they get as Markdown when the owner offers it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from urllib.robotparser import RobotFileParser

import pytest
import yaml
from django.urls import reverse

from posts.crawlers import training_crawlers
from posts.models import SiteSettings
from posts.security import security_txt
from tests.factories import make_author, make_draft, make_page, make_post

pytestmark = pytest.mark.django_db


def offer(policy: str) -> None:
    SiteSettings(title="Crumbs", description="A blog\nabout bread.", crawler_policy=policy).save()


def robots(client) -> RobotFileParser:
    response = client.get("/robots.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    parser = RobotFileParser()
    parser.parse(response.content.decode().splitlines())
    return parser


# robots.txt


@pytest.mark.parametrize("policy", ["allow", "markdown"])
def test_everybody_may_read_what_is_for_readers(policy, client):
    offer(policy)
    rules = robots(client)
    for crawler in ("Googlebot", "GPTBot", "SomethingElse"):
        for path in ("/", "/posts/bread/", "/feed/", "/tag/bread/", "/search/", "/media/images/x.jpg"):
            assert rules.can_fetch(crawler, path), (crawler, path)
        for path in ("/admin/", "/admin/login/", "/search/?q=x", "/search/instant/?q=x", "/comments/my-data/"):
            assert not rules.can_fetch(crawler, path), (crawler, path)
    assert rules.site_maps() == ["http://testserver/sitemap.xml"]


def test_forms_below_a_post_are_no_place_for_crawlers(client):
    text = client.get("/robots.txt").content.decode()
    post = make_post()
    for form in ("write", "subscribe"):
        pattern = reverse(f"comments:{form}", args=[post.slug]).replace(post.slug, "*")
        assert f"Disallow: {pattern}\n" in text
    for form in ("reply", "report", "edit", "delete", "received"):
        pattern = reverse(f"comments:{form}", args=[post.slug, 1]).replace(post.slug, "*").replace("/1/", "/*/")
        assert f"Disallow: {pattern}\n" in text


def test_who_trains_machines_can_be_refused_and_who_answers_readers_is_not(client):
    offer("refuse_training")
    rules = robots(client)
    for crawler in ("GPTBot", "ClaudeBot", "CCBot", "Google-Extended", "Applebot-Extended", "Bytespider"):
        assert not rules.can_fetch(crawler, "/posts/bread/"), crawler
        assert crawler in training_crawlers()
    for crawler in ("Googlebot", "Bingbot", "DuckDuckBot", "OAI-SearchBot", "PerplexityBot"):
        assert rules.can_fetch(crawler, "/posts/bread/"), crawler


def test_the_list_of_crawlers_holds_names_that_robots_txt_can_have():
    names = training_crawlers()
    assert len(names) == len(set(names)) > 10
    assert list(names) == sorted(names, key=str.lower)
    assert all(name.replace("-", "").replace("_", "").isalnum() for name in names)


# Markdown


@pytest.mark.parametrize("policy", ["allow", "refuse_training"])
def test_without_the_offer_there_is_no_markdown(policy, client):
    offer(policy)
    post = make_post(slug="bread")
    assert client.get("/posts/bread.md").status_code == 404
    assert client.get("/llms.txt").status_code == 404
    assert b"text/markdown" not in client.get(post.get_absolute_url()).content


def test_a_post_is_offered_as_it_was_written(client):
    offer("markdown")
    author = make_author("Ada: Lovelace")
    body = "## Dough\n\n<b>Knead</b> it."
    post = make_post(
        'Of "bread" & salt', slug="bread", author=author, body=body, publish_at=datetime(2026, 3, 1, tzinfo=UTC)
    )
    response = client.get("/posts/bread.md")
    assert response.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert response.headers["Link"] == '<http://testserver/posts/bread/>; rel="canonical"'
    _, particulars, text = response.content.decode().split("---\n", 2)
    assert text.strip() == body
    told = yaml.safe_load(particulars)
    assert (told["title"], told["authors"], told["date"]) == (post.title, ["Ada: Lovelace"], "2026-03-01")
    assert b'<link rel="alternate" type="text/markdown" href="/posts/bread.md">' in client.get("/posts/bread/").content


def test_whoever_has_the_text_is_told_that_it_still_holds(client):
    offer("markdown")
    make_post(slug="bread")
    etag = client.get("/posts/bread.md").headers["ETag"]
    assert client.get("/posts/bread.md", headers={"if-none-match": etag}).status_code == 304


def test_the_first_place_of_a_text_is_its_canonical_one(client):
    offer("markdown")
    make_post(slug="bread", canonical_url="https://first.example/brød/")
    link = client.get("/posts/bread.md").headers["Link"]
    assert link == '<https://first.example/br%C3%B8d/>; rel="canonical"'


@pytest.mark.parametrize("fields", [{"visibility": "private"}, {"status": "draft", "publish_at": None}])
def test_what_nobody_may_read_has_no_markdown(fields, client):
    offer("markdown")
    make_post(slug="bread", **fields)
    assert client.get("/posts/bread.md").status_code == 404


def test_machines_get_a_table_of_contents(client, django_assert_max_num_queries):
    offer("markdown")
    for number in range(60):
        make_post(f"Loaf [{number}]", slug=f"loaf-{number}", summary="One\nline.")
    make_draft("Secret")
    make_post("Hush", visibility="unlisted")
    make_page("About", body="Who bakes.")
    with django_assert_max_num_queries(3):
        text = client.get("/llms.txt").content.decode()
    assert text.startswith("# Crumbs\n\n> A blog about bread.\n\n## Posts\n\n- [Loaf ")
    assert "- [Loaf \\[59\\]](http://testserver/posts/loaf-59.md): One line.\n" in text
    assert "- [About](http://testserver/about/): Who bakes.\n" in text
    assert text.count("posts/") == 50
    assert "Secret" not in text
    assert "Hush" not in text


# security.txt


def test_there_is_no_security_txt_without_a_contact(client):
    assert client.get("/.well-known/security.txt").status_code == 404


def test_whom_to_tell_of_a_hole(client):
    SiteSettings(security_contact="holes@example.org", language="de").save()
    response = client.get("/.well-known/security.txt")
    lines = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert lines["Contact"] == "mailto:holes@example.org"
    assert lines["Canonical"] == "http://testserver/.well-known/security.txt"
    assert lines["Preferred-Languages"] == "de, en"


@pytest.mark.parametrize(
    ("contact", "uri"),
    [
        ("https://example.org/report", "https://example.org/report"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("example.org/report", "https://example.org/report"),
    ],
)
def test_a_contact_is_told_as_a_uri(contact, uri):
    assert security_txt(contact, "https://x.example/", "en", date(2026, 1, 1)).startswith(f"Contact: {uri}\n")


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2026, 1, 31), date(2026, 12, 31), date(2028, 2, 29)])
def test_it_is_good_for_less_than_a_year_and_the_same_all_month(today):
    def expires(day: date) -> datetime:
        lines = security_txt("a@b.example", "https://x.example/", "en", day).splitlines()
        return datetime.fromisoformat(lines[1].removeprefix("Expires: "))

    now = datetime(today.year, today.month, today.day, tzinfo=UTC)
    assert timedelta(days=270) < expires(today) - now < timedelta(days=365)
    assert expires(today) == expires(today.replace(day=1))
