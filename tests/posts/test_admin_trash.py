"""Delete means trash, everywhere; and the ways out of it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from posts.models import Author, Category, Page, Post, Series, Tag
from tests.factories import make_author, make_category, make_draft, make_page, make_post, make_series
from tests.posts.desk import POSTS, change_url, make_writer

pytestmark = pytest.mark.django_db


def make_tag(name="wind"):
    return Tag.objects.create(name=name)


MAKERS = {
    Post: make_post,
    Page: make_page,
    Category: make_category,
    Series: make_series,
    Author: make_author,
    Tag: make_tag,
}


@pytest.mark.parametrize("model", MAKERS)
def test_there_and_back_again(eva, model):
    row = MAKERS[model]("Anything")
    assert "can be restored" in eva.get(change_url(row, "delete")).content.decode()
    page = eva.post(change_url(row, "delete"), {"post": "yes"}, follow=True).content.decode()
    assert "is in the trash" in page
    assert model.trash.filter(pk=row.pk).exists()
    assert change_url(row, "restore") in page

    listed = eva.get(f"/admin/posts/{model._meta.model_name}/?state=trash")
    assert [found.pk for found in listed.context["cl"].result_list] == [row.pk]
    assert eva.get(change_url(row)).url == change_url(row, "restore")

    assert eva.get(change_url(row, "restore")).status_code == 200
    eva.post(change_url(row, "restore"), {"slug": row.slug})
    assert model.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", MAKERS)
def test_many_there_and_back_again(eva, model):
    rows = [MAKERS[model]("One"), MAKERS[model]("Two")]
    address = f"/admin/posts/{model._meta.model_name}/"
    selected = {"_selected_action": [row.pk for row in rows]}
    eva.post(address, {"action": "move_to_trash", **selected})
    assert model.trash.count() == 2
    eva.post(f"{address}?state=trash", {"action": "restore_selected", **selected})
    assert model.trash.count() == 0


def test_a_post_in_the_trash_cannot_be_edited(eva):
    post = make_post(body="Before.")
    post.delete()
    eva.post(change_url(post), {"title": "X", "body": "After.", "version": post.version})
    post.refresh_from_db()
    assert post.body == "Before."


def test_a_taken_slug_is_answered_with_a_new_one(eva):
    old = make_post("Promise", slug="promise")
    old.delete()
    make_post("Promise", slug="promise")
    page = eva.get(change_url(old, "restore")).content.decode()
    assert "Something else has the address “promise” by now." in page
    assert 'value="promise-2"' in page

    refused = eva.post(change_url(old, "restore"), {"slug": "promise"}).content.decode()
    assert "Another entry uses this slug." in refused

    eva.post(change_url(old, "restore"), {"slug": "promise-again"})
    old.refresh_from_db()
    assert (old.is_trashed, old.slug) == (False, "promise-again")


def test_of_many_those_are_restored_that_can_be(eva):
    stuck, free = make_post("Stuck", slug="stuck"), make_post("Free")
    Post.objects.all().delete()
    make_post("Other", slug="stuck")
    data = {"action": "restore_selected", "_selected_action": [stuck.pk, free.pk]}
    page = eva.post(f"{POSTS}?state=trash", data, follow=True).content.decode()
    assert "1 post is back." in page
    assert f'href="{change_url(stuck, "restore")}"' in page
    assert Post.objects.filter(pk=free.pk).exists()
    assert Post.trash.filter(pk=stuck.pk).exists()


def test_a_tag_that_was_made_anew_stands_in_the_way_of_the_old_one(eva):
    old = make_tag("Wind")
    old.delete()
    make_tag("wind")
    response = eva.post(change_url(old, "restore"), {"slug": "wind-2"})
    assert response.status_code == 200
    assert Tag.trash.filter(pk=old.pk).exists()


def test_an_author_with_posts_stays(eva):
    author = make_author("Tom")
    make_post(author=author)
    page = eva.post(change_url(author, "delete"), {"post": "yes"}, follow=True).content.decode()
    assert "Tom has 1 post." in page
    assert Author.objects.filter(pk=author.pk).exists()


# --- For good --------------------------------------------------------------------------------------------------------


def test_for_good_only_after_a_page_that_names_what_goes(eva):
    post = make_post("Ledger", tags=["salt"])
    post.delete()
    page = eva.post(change_url(post, "purge")).content.decode()
    assert "Ledger" in page
    assert "1 tag of a post" in page
    assert Post.trash.filter(pk=post.pk).exists()
    eva.post(change_url(post, "purge"), {"confirmed": "yes"})
    assert not Post.all_objects.filter(pk=post.pk).exists()


def test_many_for_good(eva):
    posts = [make_post("One"), make_post("Two")]
    Post.objects.all().delete()
    data = {"action": "purge_selected", "_selected_action": [post.pk for post in posts]}
    asked = eva.post(f"{POSTS}?state=trash", data)
    assert "One" in asked.content.decode()
    assert Post.trash.count() == 2
    eva.post(f"{POSTS}?state=trash", {**data, "confirmed": "yes"})
    assert Post.all_objects.count() == 0


def test_what_is_not_in_the_trash_cannot_go_for_good(eva):
    post = make_post()
    assert eva.post(change_url(post, "purge"), {"confirmed": "yes"}).status_code == 403
    eva.post(POSTS, {"action": "purge_selected", "_selected_action": [post.pk], "confirmed": "yes"})
    assert Post.objects.filter(pk=post.pk).exists()


def test_an_author_may_not_delete_for_good():
    anna, profile = make_writer("Anna Reed")
    post = make_draft(author=profile)
    post.delete()
    assert anna.post(change_url(post, "purge"), {"confirmed": "yes"}).status_code == 403
    data = {"action": "purge_selected", "_selected_action": [post.pk], "confirmed": "yes"}
    anna.post(f"{POSTS}?state=trash", data)
    assert Post.trash.filter(pk=post.pk).exists()


def test_an_author_whose_posts_lie_in_the_trash_is_protected(eva):
    author = make_author("Tom")
    make_post(author=author).delete()
    author.delete()
    page = eva.post(change_url(author, "purge"), {"confirmed": "yes"}).content.decode()
    assert "This cannot go while other things need it" in page
    assert Author.all_objects.filter(pk=author.pk).exists()


def test_a_new_slug_is_checked_as_it_is_kept(eva, client):
    """U+FB1D is one letter, which cleaning takes apart into a letter and a mark: no address can hold that."""
    post = make_post()
    post.delete()
    page = eva.post(change_url(post, "restore"), {"slug": "\ufb1dod"})
    assert "slug" in page.context["form"].errors
    assert client.get("/").status_code == 200


def test_who_may_not_publish_restores_nothing_published():
    novice, profile = make_writer("New Hand")
    group = Group.objects.get(name="Author")
    group.permissions.remove(group.permissions.get(codename="publish_post"))
    post = make_post(author=profile)
    post.delete()
    response = novice.post(f"{POSTS}?state=trash", {"action": "restore_selected", "_selected_action": [post.pk]})
    assert response.status_code == 403
    assert Post.trash.filter(pk=post.pk).exists()
