"""The list of posts: found, filtered, and as cheap for fifty as for one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from posts.models import Post
from tests.costs import queries_of
from tests.factories import (
    make_author,
    make_category,
    make_draft,
    make_image,
    make_page,
    make_post,
    make_series,
    make_staff,
)
from tests.posts.desk import POSTS, change_url, make_writer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

HOUR = timedelta(hours=1)


def titles(response):
    return [post.title for post in response.context["cl"].result_list]


@pytest.fixture
def one_of_each():
    now = timezone.now()
    make_draft("Draft")
    make_post("Scheduled", publish_at=now + HOUR)
    make_post("Published")
    make_post("Expired", publish_at=now - 2 * HOUR, unpublish_at=now - HOUR)
    make_post("Trashed").delete()


@pytest.mark.parametrize("state", ["draft", "scheduled", "published", "expired"])
def test_each_state_has_its_tab(eva, one_of_each, state):
    assert titles(eva.get(f"{POSTS}?state={state}")) == [state.capitalize()]


def test_the_trash_has_a_tab_and_is_nowhere_else(eva, one_of_each):
    assert titles(eva.get(f"{POSTS}?state=trash")) == ["Trashed"]
    assert set(titles(eva.get(POSTS))) == {"Draft", "Scheduled", "Published", "Expired"}


def test_states_stand_in_words(eva, one_of_each):
    page = eva.get(POSTS).content.decode()
    for words in ("Draft", "Scheduled for ", "Published on ", "Expired on "):
        assert words in page


def test_by_category_with_what_is_below_it(eva):
    parent = make_category("Sea")
    make_post("Tides", categories=[make_category("Tides", parent=parent)])
    make_post("Bread", categories=[make_category("Kitchen")])
    assert titles(eva.get(f"{POSTS}?category={parent.pk}")) == ["Tides"]


def test_by_author_or_co_author(eva):
    tom = make_author("Tom")
    make_post("Alone", author=tom)
    make_post("Together").co_authors.add(tom)
    make_post("Neither")
    assert set(titles(eva.get(f"{POSTS}?by={tom.pk}"))) == {"Alone", "Together"}


@pytest.mark.parametrize(
    "query", ["category=abc", "by=999999", "state=nonsense", "p=0", "p=x", "publish_at__year=x", "q=%00"]
)
def test_nonsense_in_the_address_breaks_nothing(eva, query):
    make_post()
    assert eva.get(f"{POSTS}?{query}", follow=True).status_code in {200, 400}


def test_search_reads_titles_summaries_and_slugs(eva):
    make_post("Salt in the ledger")
    make_post("Two", summary="About salt.")
    make_post("Three", slug="salt-three")
    make_post("Pepper")
    assert len(titles(eva.get(f"{POSTS}?q=salt"))) == 3


def test_the_date_hierarchy_narrows(eva):
    make_post("Old", publish_at=timezone.make_aware(timezone.datetime(2020, 5, 1)))
    make_post("New")
    assert titles(eva.get(f"{POSTS}?publish_at__year=2020")) == ["Old"]


def test_search_finds_drafts_by_words_and_their_beginnings(eva):
    make_draft("Unfinished bread", body="Of sourdough.")
    make_post("Thrown away bread").delete()
    assert titles(eva.get(f"{POSTS}?q=sourdo")) == ["Unfinished bread"]
    assert titles(eva.get(f"{POSTS}?q=bread&state=trash")) == ["Thrown away bread"]


def test_the_beginning_of_a_slug_is_enough(eva):
    make_post("Tides", slug="ebb-and-flow")
    make_post("Salt", slug="salt")
    assert titles(eva.get(f"{POSTS}?q=ebb-an")) == ["Tides"]


def test_a_list_too_long_to_be_sorted_stays_in_its_order(eva, monkeypatch):
    for title in ("Beta", "Alpha", "Gamma"):
        make_post(title)
    assert titles(eva.get(f"{POSTS}?o=1")) == ["Alpha", "Beta", "Gamma"]
    for name in ("posts.admin.post_list.LISTED", "posts.admin.counting.LISTED"):
        monkeypatch.setattr(name, 2)
    response = eva.get(f"{POSTS}?o=1")
    assert titles(response)[0] == "Gamma"
    assert "sortable" not in response.content.decode()
    assert "2+ posts" in response.content.decode()


def test_years_months_and_days_lead_through_the_list(eva):
    make_post("Old", publish_at=datetime(2020, 5, 1, tzinfo=UTC))
    make_post("New", publish_at=datetime(2022, 3, 2, tzinfo=UTC))
    page = eva.get(POSTS).content.decode()
    assert [year for year in range(2018, 2025) if f"publish_at__year={year}" in page] == [2020, 2022]
    page = eva.get(f"{POSTS}?publish_at__year=2020").content.decode()
    assert "publish_at__month=5" in page
    assert "publish_at__month=4" not in page
    assert "All dates" in page
    response = eva.get(f"{POSTS}?publish_at__year=2022&publish_at__month=3&publish_at__day=2")
    assert titles(response) == ["New"]


def test_a_list_of_many_years_costs_what_one_of_two_years_costs(eva):
    for year in (2020, 2022):
        make_post(f"Of {year}", publish_at=datetime(year, 5, 1, tzinfo=UTC))
    eva.get(POSTS)
    few = queries_of(eva, POSTS)
    for year in (1950, *range(2000, 2020)):
        make_post(f"Of {year}", publish_at=datetime(year, 12, 31, tzinfo=UTC))
    assert queries_of(eva, POSTS) == few


def populate(number: int) -> None:
    """`number` posts, and as many of everything that a post may have."""
    for index in range(number):
        post = make_post(
            categories=[make_category(), make_category(parent=make_category())],
            tags=[f"tag {number}-{index}", "common"],
            series=make_series(),
            cover=make_image(),
        )
        post.co_authors.add(make_author(user=make_staff()))


@pytest.mark.parametrize(("path", "most"), [("", 12), ("?state=published", 12), ("?q=post", 17), ("?state=trash", 12)])
def test_fifty_posts_cost_what_one_costs(eva, path, most):
    populate(1)
    if "trash" in path:
        Post.objects.all().delete()
    few = queries_of(eva, POSTS + path)
    populate(49)
    if "trash" in path:
        Post.objects.all().delete()
    assert queries_of(eva, POSTS + path) == few
    assert few <= most


def test_whose_a_post_is_is_asked_once_to_draw_its_editor():
    for group, most in (("Editor", 20), ("Author", 19)):
        client, author = make_writer("Anna Berg", group)
        post = make_draft("On bread", author=author, categories=[make_category()], tags=["Bread"], series=make_series())
        post.co_authors.add(make_author())
        client.get(change_url(post))
        assert queries_of(client, change_url(post)) <= most, group


@pytest.mark.parametrize("model", ["category", "tag", "series", "author", "page", "image"])
def test_the_other_lists_are_as_flat(eva, model):
    address = f"/admin/posts/{model}/"
    populate(1)
    make_page()
    few = queries_of(eva, address)
    populate(10)
    for _ in range(10):
        make_page()
    assert queries_of(eva, address) == few


# --- Many at once ----------------------------------------------------------------------------------------------------


def run(client, action: str, *posts: Post, query: str = "") -> str:
    data = {"action": action, "_selected_action": [post.pk for post in posts]}
    return client.post(POSTS + query, data, follow=True).content.decode()


def test_publishing_many_names_those_that_are_not_ready(eva):
    ready, bare = make_draft("Ready", categories=[make_category()]), make_draft("Bare")
    page = run(eva, "publish_selected", ready, bare)
    ready.refresh_from_db()
    bare.refresh_from_db()
    assert (ready.status, bare.status) == ("published", "draft")
    assert "1 post is published." in page
    assert "“Bare”: Choose at least one category" in page


def test_unpublishing_many(eva):
    posts = [make_post(), make_post()]
    assert "2 posts are drafts again." in run(eva, "unpublish_selected", *posts)
    assert Post.objects.filter(status="draft").count() == 2


def test_django_s_own_deletion_is_not_offered_nor_obeyed(eva):
    post = make_post()
    assert "delete_selected" not in eva.get(POSTS).content.decode()
    eva.post(POSTS, {"action": "delete_selected", "_selected_action": [post.pk], "post": "yes"})
    assert Post.objects.filter(pk=post.pk).exists()
