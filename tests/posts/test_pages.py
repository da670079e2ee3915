"""What readers, search engines and browsers are told by the public pages."""

from __future__ import annotations

import gzip
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from posts.models import Post, SiteSettings
from tests.factories import make_author, make_category, make_draft, make_post, make_series, make_staff

pytestmark = pytest.mark.django_db
STATIC = Path(__file__).parents[2] / "static"
NOINDEX = '<meta name="robots" content="noindex'


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def read(client, address: str, *, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def hours_ago(hours: int):
    return timezone.now() - timedelta(hours=hours)


def test_an_entry_names_its_authors_categories_and_number_of_comments(client):
    post = make_post("Rye", author=make_author("Ada"), categories=[make_category("Bread"), make_category("Flour")])
    post.co_authors.add(make_author("Ben"))
    Post.objects.filter(pk=post.pk).update(comment_count=7)
    assert "By Ada, Ben under Bread, Flour 7 comments" in words(read(client, "/"))


@pytest.mark.parametrize(("count", "shown"), [(1, "1 comment"), (2, "2 comments")])
def test_comments_are_counted_in_good_english(client, count, shown):
    Post.objects.filter(pk=make_post().pk).update(comment_count=count)
    assert f">{shown}</a>" in read(client, "/")


def test_a_post_without_comments_is_silent_about_them(client):
    make_post()
    assert "comment" not in words(read(client, "/")).lower()


def test_only_pinned_posts_are_marked_so(client):
    make_post("Rules of the house", pinned=True)
    make_post("Rye")
    assert words(read(client, "/")).count("Pinned") == 1


def test_older_pages_lead_to_one_another_and_stay_out_of_search_engines(client):
    SiteSettings(posts_per_page=1).save()
    for hours in (1, 2):
        make_post(f"Loaf {hours}", publish_at=hours_ago(hours))
    first = read(client, "/")
    older = re.search(r'<a class="older" rel="next" href="([^"]+)"', first)
    assert older
    second = read(client, f"/{older[1]}")
    assert "Loaf 2" in second
    assert 'rel="prev"' in second
    assert NOINDEX in second
    assert NOINDEX not in first


def test_whoever_pages_back_comes_to_the_first_page_with_what_is_pinned(client):
    SiteSettings(posts_per_page=2).save()
    make_post("Rules of the house", pinned=True)
    for hours in range(1, 7):
        make_post(f"Loaf {hours}", publish_at=hours_ago(hours))

    def beside(page: str, link: str) -> str:
        return re.search(rf'<a class="{link}" rel="\w+" href="([^"]+)"', page)[1]

    second = read(client, f"/{beside(read(client, '/'), 'older')}")
    third = read(client, f"/{beside(second, 'older')}")

    assert re.findall(r"Loaf \d(?=</a></h2>)", read(client, f"/{beside(third, 'newer')}")) == ["Loaf 3", "Loaf 4"]
    assert client.get(f"/{beside(second, 'newer')}").url == "/"


def test_a_page_beyond_the_newest_post_does_not_claim_that_there_are_none(client):
    make_post()
    page = words(read(client, "/?after=2100-01-01T00:00:00Z_1"))
    assert "No posts lie in this direction." in page
    assert "Nothing has been published yet" not in page


def test_a_category_shows_its_parent_its_children_and_its_feed(client):
    kitchen = make_category("Kitchen")
    bread = make_category("Bread", parent=kitchen, description="All that rises.")
    make_category("Rye", parent=bread)
    page = read(client, "/category/bread/")
    assert 'href="/category/kitchen/"' in page
    assert "All that rises." in page
    assert "With Rye" in words(page)
    assert '<link rel="alternate" type="application/rss+xml"' in page
    assert page.count('href="/category/bread/feed/"') == 2


def test_an_unlisted_post_asks_search_engines_to_stay_away(client):
    secret = make_post(visibility="unlisted")
    assert NOINDEX in read(client, secret.get_absolute_url())
    assert NOINDEX not in read(client, make_post().get_absolute_url())


def test_a_post_that_first_appeared_elsewhere_says_where(client):
    post = make_post(canonical_url="https://example.org/rye/")
    assert '<link rel="canonical" href="https://example.org/rye/">' in read(client, post.get_absolute_url())


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({}, "Draft."),
        ({"status": "published", "publish_at": timezone.now() + timedelta(days=2)}, "Scheduled. Readers can open it"),
        ({"status": "published", "publish_at": hours_ago(1), "visibility": "private"}, "Private"),
    ],
)
def test_a_preview_says_why_readers_cannot_see_it(client, fields, state):
    client.force_login(make_staff(group="Editor"))
    page = read(client, make_draft(**fields).get_absolute_url())
    assert state in words(page)
    assert NOINDEX in page


def test_a_part_of_a_series_knows_its_number_and_the_others(client):
    series = make_series("Baking")
    for number in (1, 2, 3):
        make_post(f"Part {number} of baking", series=series, series_position=number)
    page = read(client, "/posts/part-2-of-baking/")
    assert "Part 2 of 3" in words(page)
    assert 'href="/posts/part-1-of-baking/"' in page
    assert 'href="/posts/part-3-of-baking/"' in page


@pytest.mark.parametrize(("headings", "has_contents"), [(2, False), (3, True)])
def test_a_long_post_has_a_table_of_contents(client, headings, has_contents):
    post = make_post(body="\n\n".join(f"## Step {number}\n\nKnead." for number in range(headings)))
    assert ("On this page" in read(client, post.get_absolute_url())) is has_contents


def test_a_missing_page_offers_search_and_the_newest_posts(client):
    make_post("Rye")
    page = read(client, "/nowhere/at/all/", status=404)
    assert 'role="search"' in page
    assert 'href="/posts/rye/"' in page


def test_a_search_without_a_result_says_what_to_try(client):
    page = words(read(client, "/search/?q=<b>yeast"))
    assert "No post has all the words of “&lt;b&gt;yeast”." in page


def test_a_first_visit_to_the_home_page_is_light(client):
    for number in range(10):
        make_post(f"Loaf {number}", body="Flour and water. " * 50)
    page = read(client, "/")
    files = re.findall(r'(?:src|href)="/static/((?:css|js)/[^"]+)"', page)
    assert len(files) == 2
    bodies = [page.encode(), *((STATIC / name).read_bytes() for name in files)]
    assert sum(len(gzip.compress(body)) for body in bodies) < 12_000


def test_what_is_pinned_until_a_moment_takes_its_place_among_the_others_then(client):
    now = timezone.now()
    make_post("Old news", pinned=True, pinned_until=now - timedelta(minutes=1), publish_at=now - timedelta(days=2))
    make_post("Rules", pinned=True, pinned_until=now + timedelta(hours=1), publish_at=now - timedelta(days=3))
    make_post("Today", publish_at=now - timedelta(hours=1))
    page = client.get("/").content.decode()
    assert re.findall(r">(Old news|Rules|Today)</a></h2>", page) == ["Rules", "Today", "Old news"]
    assert page.count('class="pinned"') == 1


def test_no_post_is_pinned_until_before_it_is_published():
    now = timezone.now()
    post = make_post(pinned=True, publish_at=now, pinned_until=now)
    with pytest.raises(ValidationError) as refusal:
        post.full_clean()
    assert refusal.value.message_dict == {"pinned_until": ["Choose a time after the publication."]}
