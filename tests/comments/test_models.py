import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from comments.models import Comment
from posts.models import Post
from tests.factories import make_comment, make_draft, make_post, make_staff

pytestmark = pytest.mark.django_db


def test_a_reply_answers_a_comment_on_the_same_post():
    parent = make_comment()
    with pytest.raises(ValidationError) as refused:
        Comment(post=make_post(), parent=parent, author_name="Ada", body="Yes.").full_clean()
    assert refused.value.error_dict["parent"][0].code == "foreign_parent"


def test_a_comment_does_not_answer_itself():
    comment = make_comment()
    comment.parent = comment
    with pytest.raises(ValidationError, match="another comment"):
        comment.full_clean()


@pytest.mark.parametrize(
    "values",
    [{"status": "loved"}, {"author_name": ""}, {"body": ""}, {"website": "javascript:alert(1)"}],
    ids=lambda values: next(iter(values)),
)
def test_the_database_keeps_out_what_must_never_be(values):
    comment = make_comment()
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=comment.pk).update(**values)


@pytest.mark.parametrize("website", ["", "http://a.example", "HTTPS://a.example"])
def test_the_database_takes_web_addresses(website):
    assert make_comment(website=website).website == website


def test_the_public_sees_approved_comments_on_posts_that_it_may_open():
    seen = make_comment()
    unlisted = make_comment(make_post(visibility="unlisted"))
    make_comment(status="pending")
    make_comment(make_draft())
    make_comment(make_post(visibility="private"))
    make_comment().delete()
    make_comment().post.delete()

    assert set(Comment.objects.public()) == {seen, unlisted}


def test_a_comment_outlives_its_account_and_not_its_post():
    comment = make_comment(user=make_staff())

    comment.user.delete()
    comment.refresh_from_db()
    assert comment.user is None

    Post.all_objects.get(pk=comment.post_id).purge()
    assert not Comment.all_objects.exists()


def test_a_trashed_post_takes_its_comments_along_and_brings_them_back():
    comment = make_comment()

    comment.post.delete()
    assert not Comment.objects.public().exists()

    comment.post.restore()
    assert Comment.objects.public().get() == comment


def test_a_body_is_rendered_only_when_it_is_saved():
    comment = make_comment(body="*One*")
    comment.body = "*Two*"

    comment.save(update_fields=["status"])
    assert "One" in Comment.objects.get().body_html

    comment.save(update_fields=["body"])
    assert "<em>Two</em>" in Comment.objects.get().body_html
