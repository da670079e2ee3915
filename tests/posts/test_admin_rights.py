"""Who may do what: an author minds their own posts, an editor minds all, a moderator none."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from posts.models import Author, Category, Post
from tests.factories import make_author, make_category, make_draft, make_post, make_staff
from tests.posts.desk import ADD_POST, POSTS, change_url, form_of, log_in, make_writer

pytestmark = pytest.mark.django_db


@pytest.fixture
def toms_draft():
    return make_draft("Tom's secret", author=make_author("Tom Ferry"), categories=[make_category()])


def test_the_groups_are_there():
    assert set(Group.objects.values_list("name", flat=True)) >= {"Author", "Editor", "Moderator"}
    editor = make_staff(group="Editor")
    assert editor.has_perms(["posts.purge_post", "posts.edit_others_posts", "posts.change_sitesettings"])
    author = make_staff(group="Author")
    assert author.has_perms(["posts.add_post", "posts.publish_post"])
    assert not author.has_perm("posts.purge_post")
    moderator = make_staff(group="Moderator")
    assert not any(name.startswith("posts.") for name in moderator.get_all_permissions())


def test_anna_sees_her_own_posts_alone(anna, toms_draft):
    make_draft("Anna's own", author=Author.objects.get(display_name="Anna Reed"))
    response = anna.get(POSTS)
    assert "Tom&#x27;s secret" not in response.content.decode()
    assert [post.title for post in response.context["cl"].result_list] == ["Anna's own"]


def test_anna_works_on_what_she_wrote_with_others(toms_draft):
    anna, profile = make_writer("Anna Reed")
    toms_draft.co_authors.add(profile)
    assert anna.get(change_url(toms_draft)).status_code == 200


@pytest.mark.parametrize("view", ["change", "delete", "history", "restore", "purge"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_address_opens_toms_post_to_her(anna, toms_draft, view, method):
    response = getattr(anna, method)(change_url(toms_draft, view), form_of(toms_draft, body="Hers now.", post="yes"))
    assert response.status_code in {302, 403, 404}
    assert "secret" not in response.content.decode()
    toms_draft.refresh_from_db()
    assert (toms_draft.is_trashed, toms_draft.status, toms_draft.body) == (False, "draft", "A paragraph to read.")


@pytest.mark.parametrize("action", ["publish_selected", "unpublish_selected", "move_to_trash", "delete_selected"])
@pytest.mark.parametrize("across", ["0", "1"])
def test_no_action_reaches_toms_post(anna, toms_draft, action, across):
    data = {"action": action, "_selected_action": [toms_draft.pk], "select_across": across, "post": "yes"}
    anna.post(POSTS, data)
    toms_draft.refresh_from_db()
    assert (toms_draft.is_trashed, toms_draft.status) == (False, "draft")


def test_no_action_reaches_toms_trash(anna, toms_draft):
    toms_draft.delete()
    for action in ("restore_selected", "purge_selected"):
        anna.post(f"{POSTS}?state=trash", {"action": action, "_selected_action": [toms_draft.pk], "confirmed": "yes"})
    assert Post.trash.filter(pk=toms_draft.pk).exists()


@pytest.mark.parametrize("model", [Post, Category])
def test_no_number_leads_to_an_address(anna, toms_draft, model):
    """Django would lead any account to any row: its slug is the title of a draft."""
    kind = ContentType.objects.get_for_model(model).pk
    row = toms_draft if model is Post else toms_draft.categories.get()
    assert anna.get(f"/admin/r/{kind}/{row.pk}/").status_code == 404


def test_the_desk_links_to_the_site_by_the_address_itself(toms_draft):
    eva = log_in(make_staff(group="Editor"))
    category = toms_draft.categories.get()
    assert f'href="{category.get_absolute_url()}"' in eva.get(change_url(category)).content.decode()


def test_an_author_publishes_and_trashes_their_own():
    anna, profile = make_writer("Anna Reed")
    post = make_draft(author=profile, categories=[make_category()])
    anna.post(change_url(post), form_of(post, _publish=""))
    post.refresh_from_db()
    assert post.is_published
    anna.post(change_url(post, "delete"), {"post": "yes"})
    post.refresh_from_db()
    assert post.is_trashed


def test_who_may_not_publish_cannot_do_it_by_any_form():
    user = make_staff(group="Author", first_name="New", last_name="Hand")
    group = Group.objects.get(name="Author")
    group.permissions.remove(group.permissions.get(codename="publish_post"))
    client = log_in(user)
    assert 'name="_publish"' not in client.get(ADD_POST).content.decode()
    response = client.post(ADD_POST, form_of(categories=[make_category().pk], _publish=""))
    assert "Your account may write posts, but not publish them." in response.content.decode()
    post = make_post(author=make_author(user=user), categories=[make_category()])
    assert client.post(change_url(post), form_of(post, body="Changed.")).status_code == 403
    assert client.post(change_url(post, "delete"), {"post": "yes"}).status_code == 403


def test_an_editor_works_on_all(toms_draft):
    eva, _ = make_writer("Eva Stern", group="Editor")
    eva.post(change_url(toms_draft), form_of(toms_draft, _publish=""))
    toms_draft.refresh_from_db()
    assert toms_draft.is_published


@pytest.mark.parametrize(
    "path", ["post/", "post/add/", "category/", "tag/", "image/", "page/", "author/", "sitesettings/"]
)
def test_a_moderator_has_no_business_here(path):
    assert log_in(make_staff(group="Moderator")).get(f"/admin/posts/{path}", follow=True).status_code == 403


@pytest.mark.parametrize("path", ["category/add/", "author/", "page/", "sitesettings/", "image/", "tag/1/purge/"])
def test_an_author_keeps_to_posts(anna, path):
    assert anna.get(f"/admin/posts/{path}", follow=True).status_code == 403


def test_suggestions_of_categories_are_for_who_sees_them(anna):
    make_category("Wind")
    query = "/admin/autocomplete/?app_label=posts&model_name=post&field_name={}&term="
    assert [row["text"] for row in anna.get(query.format("categories")).json()["results"]] == ["Wind"]
    assert anna.get(query.format("author")).status_code == 403
    assert Client().get(query.format("categories")).status_code == 302
