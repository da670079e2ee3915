"""Whatever people do in whatever order: each post's count is the number of its approved comments, and each comment
stands in its place."""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from comments import verbs
from comments.models import Comment
from posts.models import Post
from tests.factories import make_comment, make_post

STATUSES = st.sampled_from(Comment.Status.values)
VERBS = st.sampled_from(
    [
        verbs.approve,
        verbs.hold,
        verbs.mark_as_spam,
        verbs.trash,
        verbs.restore,
        verbs.purge,
    ]
)
# Which of the rows that there are: taken modulo their number.
SOME = st.sets(st.integers(0, 11), min_size=1, max_size=4)
ONE = st.integers(0, 11)


class Conversation(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize(statuses=st.lists(st.lists(STATUSES, min_size=2, max_size=4), min_size=3, max_size=3))
    def begin(self, statuses):
        for chain in statuses:
            answer_each_other(make_comment(status="pending"), chain)
        self.remembered = []

    def post(self, number):
        posts = list(Post.all_objects.order_by("pk"))
        return posts[number % len(posts)]

    def comments(self, numbers):
        """A query for some of the comments, in the trash or not."""
        keys = list(Comment.all_objects.order_by("pk").values_list("pk", flat=True))
        return Comment.all_objects.filter(pk__in=[keys[number % len(keys)] for number in numbers] if keys else [])

    @rule(post=ONE, status=STATUSES, answers=st.lists(STATUSES, max_size=3))
    def converse(self, post, status, answers):
        answer_each_other(make_comment(self.post(post), status=status), answers)

    @rule(parent=ONE, statuses=st.lists(STATUSES, min_size=1, max_size=3))
    def join_in(self, parent, statuses):
        for comment in self.comments({parent}):
            answer_each_other(comment, statuses)

    @rule(post=ONE, parents=st.lists(ONE, max_size=3), status=STATUSES)
    def write_in_bulk(self, post, parents, status):
        """With parents on any post."""
        post = self.post(post)
        Comment.objects.bulk_create(
            Comment(post=post, author_name="Bo", body="Hm.", status=status, parent=self.comments({parent}).first())
            for parent in parents
        )

    @rule(verb=VERBS, which=SOME)
    def moderate(self, verb, which):
        verb(self.comments(which))

    @rule(which=SOME, status=STATUSES)
    def edit(self, which, status):
        for comment in self.comments(which):
            comment.body += " Edited."
            comment.status = status
            comment.save()

    @rule(which=SOME)
    def open_the_form(self, which):
        self.remembered = list(self.comments(which))

    @rule(status=STATUSES)
    def send_the_form(self, status):
        """What has happened in the meantime is not undone by an old idea of where the comment stood."""
        for comment in self.remembered:
            comment.status = status
            if not Post.all_objects.filter(pk=comment.post_id).exists():
                continue
            comment.parent = self.comments(range(12)).filter(pk=comment.parent_id).first()
            if Comment.all_objects.filter(pk=comment.pk).exists():
                comment.save()
            else:
                with pytest.raises(Comment.NotUpdated), transaction.atomic():
                    comment.save()

    @rule(which=SOME, act=st.sampled_from(["delete", "restore", "purge"]))
    def act_one_by_one(self, which, act):
        for comment in self.comments(which):
            getattr(comment, act)()

    @rule(which=SOME, post=ONE)
    def move(self, which, post):
        self.comments(which).update(post=self.post(post))

    @rule(which=SOME, parent=ONE)
    def answer_another(self, which, parent):
        self.comments(which).update(parent=self.comments({parent}).first())

    @rule(which=SOME, post=ONE, parent=ONE, status=STATUSES)
    def update_in_bulk(self, which, post, parent, status):
        comments = list(self.comments(which))
        for comment in comments:
            comment.post, comment.parent, comment.status = self.post(post), self.comments({parent}).first(), status
        Comment.objects.bulk_update(comments, ["post", "parent", "status"])

    @rule(post=ONE, act=st.sampled_from(["delete", "restore"]))
    def trash_or_restore_post(self, post, act):
        getattr(self.post(post), act)()

    @rule(post=ONE)
    def replace_post(self, post):
        self.post(post).purge()
        make_post()

    @invariant()
    def counts_are_right(self):
        approved = [comment.post_id for comment in Comment.objects.all() if comment.status == "approved"]
        for post in Post.all_objects.all():
            assert post.comment_count == approved.count(post.pk)

    @invariant()
    def everything_stands_in_its_place(self):
        comments = {comment.pk: comment for comment in Comment.all_objects.all()}
        standing = set()
        for comment in comments.values():
            path = upwards(comments, comment)
            if not leads_in_a_circle(comments, path):
                assert comment.thread_id == (path[-1].pk if len(path) > 1 else None)
            if comment.status == "approved" and comment.deleted_at is None:
                standing |= {above.pk for above in path}
        assert {pk for pk, comment in comments.items() if comment.stands} == standing


def answer_each_other(comment, statuses):
    for status in statuses:
        comment = make_comment(comment.post, status=status, parent=comment)


def upwards(comments, comment):
    """The comment, what it answers, what that answers and so on, within its post, each once."""
    path = []
    while comment is not None and comment not in path:
        path.append(comment)
        above = comments.get(comment.parent_id)
        comment = above if above and above.post_id == comment.post_id else None
    return path


def leads_in_a_circle(comments, path):
    above = comments.get(path[-1].parent_id)
    return above in path


@pytest.mark.django_db
def test_counts_and_places_are_right_after_anything():
    run_state_machine_as_test(
        Conversation,
        settings=settings(max_examples=20, stateful_step_count=15, suppress_health_check=[HealthCheck.too_slow]),
    )
