"""Posts that are alike: found when one is saved, shown by one query."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone

from posts import publishing
from posts.merging import merge_tags
from posts.models import Post, RelatedPost, Tag
from posts.ways import related
from posts.ways.around import RELATED, SHOWN, PostLink, around, best, by_kind, found_around
from tests.factories import make_category, make_draft, make_post, make_series
from tests.posts.desk import make_writer

pytestmark = pytest.mark.django_db


def related_to(post: Post) -> list[PostLink]:
    """Those that stand beside it anyway among them."""
    return best(by_kind(found_around(post, None))[RELATED])


def titles(post: Post) -> list[str]:
    return [other.title for other in related_to(post)]


def test_a_rare_tag_says_more_than_one_that_many_have():
    for number in range(6):
        make_post(f"On Django {number}", body=f"Number{number}.", tags=["django"])
    make_post("On sourdough", body="Flour.", tags=["sourdough"])
    post = make_post("A baker's website", body="Words.", tags=["django", "sourdough"])
    related.refresh(post)
    assert titles(post)[0] == "On sourdough"
    assert len(titles(post)) == SHOWN


def test_the_relation_is_told_on_both_sides_and_kept_short():
    hub = make_post("Hub", body="Hub.", tags=["bread"])
    others = [make_post(f"Loaf {number}", body=f"Number{number}.", tags=["bread"]) for number in range(25)]
    related.refresh(hub, *others)
    assert titles(others[0])
    numbers = [post.related.count() for post in [hub, *others]]
    assert max(numbers) <= related.KEPT
    assert min(numbers) > 0


def test_categories_and_words_count_as_well():
    kitchen = make_category("Kitchen")
    cook = make_post("Soup", body="Carrots, leek.", categories=[kitchen])
    stew = make_post("Stew", body="Nothing alike.", categories=[kitchen])
    tides = make_post("Tides", body="Moonlight moves the harbour water twice a day, said the ferryman.")
    ferry = make_post("Ferry", body="The ferryman crosses the harbour by moonlight, twice a day.")
    related.refresh(cook, ferry)
    assert titles(cook) == ["Stew"]
    assert titles(stew) == ["Soup"]
    assert titles(ferry) == ["Tides"]
    assert titles(tides) == ["Ferry"]


def test_parts_of_one_series_are_led_to_by_the_series():
    series = make_series()
    first = make_post("First", tags=["bread"], series=series)
    make_post("Second", tags=["bread"], series=series)
    make_post("Elsewhere", tags=["bread"])
    related.refresh(first)
    assert titles(first) == ["Elsewhere"]


def test_other_languages_of_a_text_are_led_to_by_their_links():
    key = uuid4()
    english = make_post("Bread", tags=["bread"], translation_key=key)
    make_post("Brot", tags=["bread"], language="de", translation_key=key)
    make_post("Cake", tags=["bread"])
    related.refresh(english)
    assert titles(english) == ["Cake"]


def test_what_stands_beside_a_post_is_not_named_twice(client):
    older, post, _newer = (make_post(f"Loaf {name}", tags=["bread"]) for name in "abc")
    make_post("Loaf d", tags=["bread"])
    related.refresh(post)
    found = around(post, None, "en")
    assert found.neighbours.previous.title == older.title
    assert [other.title for other in found.related] == ["Loaf d"]
    page = client.get(post.get_absolute_url())
    assert page.content.decode().count(f'href="{older.get_absolute_url()}"') == 1


def test_what_is_no_longer_alike_is_forgotten():
    post, other = make_post("A", body="Aa.", tags=["bread"]), make_post("B", body="Bb.", tags=["bread"])
    related.refresh(post)
    assert titles(other) == ["A"]
    post.tags.set(["salt"])
    related.refresh(post)
    assert titles(post) == titles(other) == []


def test_a_post_keeps_its_best_even_where_it_is_not_theirs():
    """The last of thirty loaves is among the best of no other, and yet has some to read on with."""
    popular = make_post("Popular", body="Aa.", tags=["bread", "salt"])
    lone = make_post("Lone", body="Bb.", tags=["bread"])
    related.refresh(lone)
    for number in range(25):
        make_post(f"Saltier {number}", body=f"Number{number}.", tags=["bread", "salt"])
    related.refresh(popular)
    assert popular.pk in lone.related.values_list("other", flat=True)
    assert lone.pk not in popular.related.values_list("other", flat=True)


def test_time_alone_brings_a_scheduled_post_into_view():
    post = make_post("Now", tags=["bread"])
    later = make_post("Later", tags=["bread"], publish_at=timezone.now() + timedelta(days=1))
    related.refresh(later)
    assert titles(post) == []
    Post.objects.filter(pk=later.pk).update(publish_at=timezone.now() - timedelta(seconds=1))
    assert titles(post) == ["Later"]


def test_a_draft_and_what_is_in_the_trash_are_related_to_nothing():
    post = make_post("Post", tags=["bread"])
    draft, gone = make_draft("Draft", tags=["bread"]), make_post("Gone", tags=["bread"])
    gone.delete()
    related.refresh(post, draft, gone)
    assert not RelatedPost.objects.exists()


def test_publishing_and_taking_back_find_anew_after_the_commit(django_capture_on_commit_callbacks):
    post = make_post("Post", tags=["bread"])
    draft = make_draft("Draft", tags=["bread"], categories=[make_category()])
    with django_capture_on_commit_callbacks(execute=True):
        publishing.publish(draft)
    assert titles(post) == ["Draft"]
    with django_capture_on_commit_callbacks(execute=True):
        publishing.unpublish(draft)
    assert not RelatedPost.objects.exists()


def test_an_editor_saves_tags_and_the_post_is_related_by_them(django_capture_on_commit_callbacks):
    client = make_writer("Anna Reed")[0]
    other = make_post("Other", body="Aa.", tags=["bread"])
    sent = {"title": "Mine", "body": "Bb.", "categories": [make_category().pk], "tags": "bread", "visibility": "public"}
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/admin/posts/post/add/", {**sent, "_publish": "Publish"})
    assert titles(Post.objects.get(title="Mine")) == ["Other"]
    assert titles(other) == ["Mine"]


def test_merged_tags_relate_their_posts(django_capture_on_commit_callbacks):
    one, two = make_post("One", body="Aa.", tags=["py"]), make_post("Two", body="Bb.", tags=["python"])
    with django_capture_on_commit_callbacks(execute=True):
        merge_tags(Tag.objects.get(name="python"), Tag.objects.filter(name="py"))
    assert titles(one) == ["Two"]
    assert titles(two) == ["One"]


def test_a_command_relates_all(capsys):
    posts = [make_post(f"Loaf {number}", tags=["bread"]) for number in range(3)]
    call_command("relate")
    assert "Related 3 posts." in capsys.readouterr().out
    assert all(len(titles(post)) == 2 for post in posts)


def test_a_post_that_is_purged_meanwhile_does_no_harm(monkeypatch):
    post, other = make_post("Post", tags=["bread"]), make_post("Other", tags=["bread"])
    find = related.partners
    monkeypatch.setattr(related, "partners", lambda posts: (find(posts), other.purge())[0])
    related.refresh(post)
    assert not RelatedPost.objects.exists()


def test_to_show_them_is_one_query(django_assert_num_queries):
    post = make_post("Post", tags=["bread"])
    for number in range(8):
        make_post(f"Loaf {number}", tags=["bread"])
    related.refresh(post)
    with django_assert_num_queries(1):
        assert len([other.get_absolute_url() for other in related_to(post)]) == SHOWN


def test_posts_that_are_related_no_more_are_held_while_that_is_written(monkeypatch):
    """Two editors who take down two such posts at once would otherwise wait for each other."""
    one, other = make_post("One", tags=["bread"]), make_post("Other", tags=["bread"])
    related.refresh(one, other)
    Post.objects.filter(pk=one.pk).update(status="draft")
    held: set[int] = set()
    lock = related.lock
    monkeypatch.setattr(related, "lock", lambda pks: held.update(pks) or lock(pks))
    related.refresh(Post.objects.get(pk=one.pk))
    assert held == {one.pk, other.pk}
    assert not RelatedPost.objects.exists()
