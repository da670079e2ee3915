"""What the lists of the desk are asked for: by browsers, and by whoever types addresses."""

from __future__ import annotations

import pytest

from tests.factories import make_comment, make_draft, make_image, make_staff
from tests.posts.desk import POSTS, log_in

COMMENTS = "/admin/comments/comment/"
IMAGES = "/admin/posts/image/"
LISTS = [POSTS, "/admin/posts/category/", "/admin/posts/tag/", IMAGES, COMMENTS]

pytestmark = pytest.mark.django_db

HUGE = "9" * 5000
NO_IDS = ["9" * 40, "9223372036854775808", HUGE, "abc", "\x00", "-1", "²", ""]


@pytest.mark.parametrize("address", [POSTS, "/admin/posts/tag/", COMMENTS])
@pytest.mark.parametrize("state", ["", "?state=trash", "?show=trash"])
@pytest.mark.parametrize("ticked", NO_IDS)
def test_what_is_ticked_is_a_row(eva, address, state, ticked):
    for action in ("move_to_trash", "restore_selected", "purge_selected", "merge_selected", "approve", "purge"):
        response = eva.post(f"{address}{state}", {"action": action, "_selected_action": ["1", ticked]})
        assert response.status_code in {302, 400}


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize(
    "query",
    [
        "created_at__year=99999",
        "created_at__year=9999&created_at__month=12&created_at__day=31",
        "publish_at__year=99999",
        "publish_at__year=9999&publish_at__month=12&publish_at__day=31",
        f"id__in=1,{'9' * 40}",
        f"id={HUGE}",
        "id__in=&q=bread",
        f"post={HUGE}",
        "post=²",
        f"category={HUGE}&by={HUGE}",
        "q=%00",
        "p=99999999999999999999",
        f"o={HUGE}",
    ],
)
def test_no_question_breaks_a_list(eva, address, query):
    make_image()
    make_comment()
    assert eva.get(f"{address}?{query}", follow=True).status_code in {200, 400}


@pytest.mark.parametrize("pk", NO_IDS)
def test_a_button_names_a_comment(eva, pk):
    assert eva.post(COMMENTS, {"moderate": f"approve {pk}"}).status_code in {302, 400}


@pytest.mark.parametrize("address", ["/admin/posts/post/tags/?q=%00a", "/admin/autocomplete/?term=%00&"])
def test_suggestions_survive_a_nul(eva, address):
    names = "app_label=posts&model_name=post&field_name=categories"
    assert eva.get(f"{address}&{names}").status_code == 200


def test_a_moderator_reads_no_titles_by_number():
    """Of a post that somebody has commented on, the title is no secret: it stands above each comment."""
    client = log_in(make_staff(group="Moderator"))
    assert "Tom’s plan" not in client.get(COMMENTS, {"post": make_draft("Tom’s plan").pk}).content.decode()
    spoken_of = make_comment().post
    assert spoken_of.title in client.get(COMMENTS, {"post": spoken_of.pk}).content.decode()
