"""Series, neighbours, breadcrumbs, the archive, tags and authors: the ways from one page to the next."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from posts import translations
from posts.models import Category, Post, SiteSettings
from posts.views import series as series_view
from posts.ways import archive, breadcrumbs, tagging
from posts.ways.around import PostLink, around
from posts.ways.sequences import Neighbours, Progress
from tests.factories import make_author, make_category, make_draft, make_post, make_series

pytestmark = pytest.mark.django_db


def day(number: int) -> datetime:
    return datetime(2020, 1, number, tzinfo=UTC)


def text(response) -> str:
    """What a reader reads of a page, in one line."""
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def neighbours(post: Post, category: Category | None) -> Neighbours:
    return around(post, category, "en").neighbours


def progress(post: Post) -> Progress | None:
    return around(post, None, "en").progress


def beside(previous: Post | None, following: Post | None, within: str = "") -> Neighbours:
    """What is expected beside a post."""
    links = [post and PostLink(*(getattr(post, name) for name in PostLink._fields)) for post in (previous, following)]
    return Neighbours(*links, within)


class TestSeries:
    def test_its_page_tells_how_many_parts_there_are_and_how_long_they_take(self, client):
        series = make_series("Baking")
        for _ in range(2):
            make_post(series=series, body="word " * 600)
        make_draft(series=series, body="word " * 600)
        page = text(client.get("/series/baking/"))
        assert "2 parts" in page
        minutes = 2 * Post.objects.first().reading_minutes
        assert f"{minutes} minutes to read in all" in page

    def test_a_part_says_where_it_stands_and_leads_on(self, client):
        series = make_series("Baking")
        one, two, three = (make_post(f"Part {number}", series=series) for number in "abc")
        found = progress(two)
        assert (found.number, found.total, found.is_whole) == (2, 3, True)
        assert found.neighbours == beside(one, three)
        page = client.get(two.get_absolute_url())
        assert "Part 2 of 3" in text(page)
        assert "Part a Previous part Part b Part c Next part" in text(page)
        assert '<progress max="3" value="2"' in page.content.decode()

    def test_parts_that_are_not_listed_have_no_number(self):
        series = make_series()
        draft, hidden, shown = make_draft(series=series), make_post(series=series), make_post(series=series)
        Post.objects.filter(pk=hidden.pk).update(visibility="unlisted")
        hidden.refresh_from_db()
        assert (progress(shown).number, progress(shown).total) == (1, 1)
        assert progress(draft) is progress(hidden) is None

    def test_a_long_series_shows_the_parts_around_one_and_their_true_number(self, django_assert_num_queries):
        series = make_series()
        parts = [make_post(series=series, series_position=7) for _ in range(30)]
        with django_assert_num_queries(1):
            found = progress(parts[15])
        assert [number for number, _part in found.parts] == list(range(12, 21))
        assert (found.number, found.total, found.is_whole) == (16, 30, False)
        assert progress(parts[-1]).neighbours == beside(parts[-2], None)

    def test_a_long_series_has_pages_with_one_address_each(self, client, monkeypatch):
        monkeypatch.setattr(series_view, "PARTS_PER_PAGE", 2)
        series = make_series("Baking")
        for number in range(5):
            make_post(f"Part {number}", series=series)
        assert "5 parts" in text(client.get("/series/baking/"))
        last = client.get("/series/baking/?page=3")
        assert "5 Part 4" in text(last)
        assert b"noindex" in last.content
        for wrong in ("0", "1", "01", "02", "4", "-1", "x", "", "٢", "9" * 9):
            assert client.get("/series/baking/", {"page": wrong}).status_code == 404, wrong


class TestNeighbours:
    def test_they_are_those_of_the_first_category(self, client):
        kitchen, garden = make_category("Kitchen"), make_category("Garden")
        before = make_post("Before", categories=[garden], publish_at=day(1))
        make_post("Elsewhere", categories=[kitchen], publish_at=day(2))
        post = make_post("Here", categories=[kitchen, garden], publish_at=day(3))
        after = make_post("After", categories=[garden], publish_at=day(4))
        assert neighbours(post, garden) == beside(before, after, "Garden")
        page = text(client.get(post.get_absolute_url()))
        assert "Earlier in Garden Before" in page
        assert "Later in Garden After" in page

    def test_a_post_without_a_category_has_those_in_time(self):
        before, post, after = (make_post(publish_at=day(number)) for number in (1, 2, 3))
        assert neighbours(post, None) == beside(before, after)
        assert neighbours(make_draft(), None) == Neighbours()

    def test_the_same_text_in_another_language_is_no_neighbour(self):
        before = make_post(publish_at=day(1))
        german = make_post(language="de", publish_at=day(2))
        post = make_post(publish_at=day(3))
        translations.link(german, post)
        post.refresh_from_db()
        assert neighbours(post, None) == beside(before, None)

    def test_posts_of_one_moment_stand_in_the_order_of_their_ids(self):
        kitchen = make_category("Kitchen")
        posts = [make_post(categories=[kitchen], publish_at=day(9)) for _ in range(5)]
        assert neighbours(posts[2], kitchen) == beside(posts[1], posts[3], "Kitchen")
        assert neighbours(posts[2], None) == beside(posts[1], posts[3])

    def test_those_under_a_category_are_those_of_its_page(self):
        house = make_category("House")
        before = make_post(categories=[make_category("Kitchen", parent=house)], publish_at=day(1))
        post = make_post(categories=[house], publish_at=day(2))
        assert neighbours(post, house) == beside(before, None, "House")


class TestBreadcrumbs:
    def test_a_post_stands_below_its_first_category_and_all_above(self, client):
        house = make_category("House")
        kitchen = make_category("Kitchen", parent=house)
        oven = make_category("Oven", parent=kitchen)
        post = make_post(categories=[oven, make_category("Zoo")])
        way = client.get(post.get_absolute_url()).context["breadcrumbs"]
        assert [link.name for link in way] == ["Home", "House", "Kitchen", "Oven"]
        assert way[-1].url == "/category/oven/"
        kitchen.delete()
        way = client.get(post.get_absolute_url()).context["breadcrumbs"]
        assert [link.name for link in way] == ["Home", "Oven"], "what is in the trash, and above it, is left out"

    def test_a_circle_of_categories_comes_to_an_end(self):
        one = make_category("One")
        two = make_category("Two", parent=one)
        Category.objects.filter(pk=one.pk).update(parent=two)
        read = Category.objects.select_related(breadcrumbs.ABOVE).get(pk=one.pk)
        assert len(breadcrumbs.to_category(read)) == 4

    def test_every_kind_of_page_has_them(self, client):
        post = make_post(
            tags=["bread"], series=make_series("Baking"), author=make_author("Ada"), publish_at=day(5),
            categories=[make_category("Kitchen")],
        )  # fmt: skip
        ways = {
            post.get_absolute_url(): ["Home", "Kitchen"],
            "/category/kitchen/": ["Home"],
            "/tag/bread/": ["Home", "Tags"],
            "/author/ada/": ["Home", "Authors"],
            "/series/baking/": ["Home"],
            "/2020/": ["Home", "Archive"],
            "/2020/01/": ["Home", "Archive", "2020"],
        }
        for address, names in ways.items():
            response = client.get(address)
            assert [link.name for link in response.context["breadcrumbs"]] == names
            assert 'aria-label="Breadcrumb"' in response.content.decode()


class TestArchive:
    def test_months_are_counted_in_the_time_of_the_site(self, client):
        SiteSettings.objects.update_or_create(pk=1, defaults={"time_zone": "Asia/Tokyo"})
        make_post(publish_at=datetime(2020, 1, 31, 14, 59, 59, tzinfo=UTC))
        make_post(publish_at=datetime(2020, 1, 31, 15, 0, tzinfo=UTC))
        make_post(publish_at=datetime(2019, 12, 31, 15, 0, tzinfo=UTC))
        [(_year, months)] = client.get("/archive/").context["years"]
        assert [(month.month.month, month.count) for month in months] == [(2, 1), (1, 2)]
        assert client.get("/2020/01/").context["count"] == 2
        assert client.get("/2019/").status_code == 404

    def test_only_listed_posts_count_and_the_oldest_sets_the_beginning(self, client):
        make_post(publish_at=day(1))
        make_post(publish_at=datetime(1905, 5, 5, tzinfo=UTC), unpublish_at=timezone.now() - timedelta(hours=1))
        make_post(publish_at=datetime(1990, 5, 5, tzinfo=UTC), visibility="unlisted")
        make_post(publish_at=timezone.now() + timedelta(days=400))
        shown = client.get("/archive/").context
        assert [(year, [month.count for month in months]) for year, months in shown["years"]] == [(2020, [1])]
        assert shown["count"] == 1

    def test_absurd_dates_are_bounded(self, client, django_assert_num_queries):
        make_post(publish_at=datetime(1066, 10, 14, tzinfo=UTC))
        make_post(publish_at=day(1))
        with django_assert_num_queries(1):
            months = archive.months_with_posts()
        assert [month.count for month in months] == [1]
        assert client.get("/archive/").status_code == 200

    def test_an_empty_site_has_an_archive(self, client):
        assert "Nothing has been published yet" in text(client.get("/archive/"))
        assert client.get("/2020/").status_code == client.get("/2099/12/").status_code == 404


class TestTags:
    def test_all_that_listed_posts_have_are_counted_by_letter(self, client):
        make_post(tags=["bread", "Éclairs", "3D"])
        make_post(tags=["bread"])
        make_draft(tags=["secret", "bread"])
        initials = client.get("/tags/").context["page"].initials
        found = [(initial.letter, [(tag.name, tag.count) for tag in initial.tags]) for initial in initials]
        assert found == [("#", [("3D", 1)]), ("B", [("bread", 2)]), ("É", [("Éclairs", 1)])]

    def test_many_tags_come_in_pages(self, client, monkeypatch):
        monkeypatch.setattr(tagging, "TAGS_PER_PAGE", 2)
        make_post(tags=["ash", "birch", "cedar", "dog & rose", "elm"])
        names, address = [], "/tags/"
        while address:
            response = client.get(address)
            names += [tag.name for tag in response.context["page"].tags]
            further = re.search(r'rel="next" href="(\?after=[^"]+)"', response.content.decode())
            address = f"/tags/{further[1]}" if further else ""
        assert names == ["ash", "birch", "cedar", "dog & rose", "elm"]
        for wrong in ("", "Ash", " ash", "zzz", "a\x00", "x" * 100_000):
            assert client.get("/tags/", {"after": wrong}).status_code == 404, wrong[:5]

    def test_posts_with_several_tags_have_one_address(self, client):
        make_post("Loaf", tags=["bread", "salt", "日本語"])
        make_post("Crumb", tags=["bread"])
        page = client.get("/tag/bread+salt/")
        assert [post.title for post in page.context["page"].posts] == ["Loaf"]
        assert page.context["count"] == 1
        assert b'content="noindex' in page.content
        for other in ("/tag/salt+bread/", "/tag/bread+salt+bread/"):
            answer = client.get(other)
            assert (answer.status_code, answer["Location"]) == (301, "/tag/bread+salt/")
        assert client.get("/tag/bread+bread/")["Location"] == "/tag/bread/"
        assert client.get("/tag/bread+日本語/").status_code == 200

    @pytest.mark.parametrize(
        "address", ["bread+plans", "bread+nothing", "bread+", "+bread", "bread++salt", "a+b+c+d+e", "bread+SALT"]
    )
    def test_other_sets_of_tags_are_missing(self, address, client):
        make_post(tags=["bread"])
        make_post(tags=["salt"])
        make_draft(tags=["bread", "plans"])
        assert client.get(f"/tag/{address}/").status_code == 404
        assert client.get("/tag/bread+salt/").status_code == 404, "no post has both"

    def test_a_tag_offers_those_that_occur_with_it(self, client):
        for tags in (["bread", "salt"], ["bread", "salt", "rye"], ["other"]):
            make_post(tags=tags)
        make_draft(tags=["bread", "secret"])
        links = client.get("/tag/bread/").context["together"]
        assert [(link.name, link.url) for link in links] == [("salt", "/tag/bread+salt/"), ("rye", "/tag/bread+rye/")]
        both = client.get("/tag/bread+salt/").context["together"]
        assert [(link.name, link.url) for link in both] == [("rye", "/tag/bread+rye+salt/")]


class TestAuthors:
    def test_everyone_with_a_listed_post_is_there(self, client):
        make_post(author=make_author("Ada", bio="Bakes."))
        make_draft(author=make_author("Ben"))
        shared = make_post(author=make_author("Cy"))
        shared.co_authors.add(make_author("Dee"))
        page = text(client.get("/authors/"))
        assert all(name in page for name in ("Ada", "Bakes.", "Cy", "Dee"))
        assert "Ben" not in page

    def test_where_nobody_has_published_there_is_no_such_page(self, client):
        assert client.get("/authors/").status_code == 404
