"""What turns which counter: all that a reader may see of a change, and nothing that nobody can."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.contrib.auth import get_user_model
from django.contrib.redirects.models import Redirect
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.db.models import Q
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comments.generation import CONVERSATION
from comments.models import Comment
from posts import triggers
from posts.feeds import subscribers
from posts.generation import CONTENT, FINDABLE, PAGES, SITE, SURROUNDINGS
from posts.managers import readable
from posts.models import (
    Category,
    FeedReading,
    Generation,
    Image,
    MenuItem,
    Page,
    Post,
    RelatedPost,
    SiteSettings,
    Surroundings,
    Tag,
)
from posts.watches import VISIBLE
from tests.commits import as_if_committed
from tests.factories import (
    make_author,
    make_category,
    make_comment,
    make_draft,
    make_image,
    make_page,
    make_post,
    make_staff,
)

pytestmark = pytest.mark.django_db


@contextmanager
def turning() -> Iterator[set[int]]:
    """Fills with the counters that turn within the block."""
    as_if_committed()
    before = dict(Generation.objects.values_list("pk", "number"))
    turned: set[int] = set()
    yield turned
    as_if_committed()
    turned |= {pk for pk, number in Generation.objects.values_list("pk", "number") if number != before.get(pk, 0)}


def around() -> set[int]:
    """The posts that are known to have something changed around them."""
    return set(Surroundings.objects.values_list("pk", flat=True))


@pytest.fixture
def draft() -> Post:
    """One whose words are known already, as nearly all words are."""
    make_post("Seed", body="Words that are known.")
    return make_draft("Draft", body="Words that are known.", author=make_author(), tags=["salt"], cover=make_image())


def test_a_draft_may_be_worked_on_without_anyone_noticing(draft):
    kitchen, bo, other = make_category(), make_author(), make_draft()
    with turning() as turned:
        draft.body = "Words that are known, by now."
        draft.save()
        draft.categories.add(kitchen)
        draft.tags.set(["salt", "pepper"])
        draft.co_authors.add(bo)
        Tag.objects.filter(name="salt").update(name="Sea salt")
        Image.objects.filter(pk=draft.cover_id).update(alt="A loaf")
        RelatedPost.objects.create(post=draft, other=other, score=1)
        draft.delete()
    assert turned == set()


def test_words_that_nobody_has_used_before_change_how_searches_are_spelt(draft):
    with turning() as turned:
        draft.title = "Zeppelin"
        draft.save()
    assert turned == {FINDABLE}


def test_the_first_text_in_a_language_changes_how_searches_are_read(draft):
    with turning() as turned:
        draft.language = "de"
        draft.save()
    assert turned == {FINDABLE}


def publish(draft: Post) -> None:
    draft.status, draft.publish_at = "published", timezone.now()
    draft.save()


def test_published_it_is_seen_and_so_is_what_it_shows(draft):
    with turning() as turned:
        publish(draft)
    assert CONTENT in turned
    for change in (
        lambda: draft.tags.add("pepper"),
        lambda: Tag.objects.filter(name="salt").update(name="Sea salt"),
        lambda: Image.objects.filter(pk=draft.cover_id).update(alt="A loaf"),
        lambda: draft.categories.add(make_category()),
        lambda: draft.co_authors.add(make_author()),
        draft.delete,
    ):
        with turning() as turned:
            change()
        assert CONTENT in turned


QUIET: dict[str, Callable[[], object]] = {
    "a picture that nothing shows": lambda: make_image("A loaf"),
    "a session": lambda: SessionStore().save(),
    "an account": lambda: make_staff("mo", group="Moderator"),
    "a log-in": lambda: get_user_model().objects.update(last_login=timezone.now()),
    "an account saved as it was": lambda: [user.save() for user in get_user_model().objects.all()],
    "a category saved as it was": lambda: [category.save() for category in Category.objects.all()],
    "settings saved as they were": lambda: SiteSettings.load().save(),
    "a comment that waits": lambda: make_comment(Post.objects.get(slug="bread"), status="pending"),
    "spam": lambda: make_comment(Post.objects.get(slug="bread"), status="spam"),
    "a draft of a page": lambda: make_page(status="draft"),
    "readers of a feed": lambda: FeedReading.objects.create(
        day=timezone.now().date(), feed="/feed/", program="Reader", readers=3, is_reported=True
    ),
    "a tally of readers": subscribers.write_down.call,
}


@pytest.mark.parametrize("name", QUIET)
def test_what_nobody_can_see_turns_nothing(name):
    SiteSettings().save()
    make_comment(make_post("Bread", slug="bread", categories=[make_category()]), user=make_staff())
    with turning() as turned:
        QUIET[name]()
    assert turned == set()


LOUD: dict[str, tuple[Callable[[], object], set[int]]] = {
    "settings": (lambda: SiteSettings(title="Lighthouse").save(), {CONTENT, SITE}),
    "a menu": (lambda: MenuItem.objects.create(address="/archive/", label="All"), {SITE}),
    "a page": (make_page, {PAGES, SITE}),
    "the text of a page": (lambda: Page.objects.update(body_html="<p>Else.</p>"), {PAGES}),
    "a category": (make_category, {CONTENT, SITE}),
    "what a category is about": (lambda: Category.objects.update(description="Warm."), {CONTENT}),
    "a comment": (lambda: make_comment(Post.objects.get()), {CONVERSATION, SURROUNDINGS}),
    "the website of a writer": (
        lambda: Comment.objects.update(website="https://example.org/"),
        {SURROUNDINGS},
    ),
    "the rank of a writer": (lambda: get_user_model().objects.update(is_staff=False), {SURROUNDINGS}),
    "the number of comments": (lambda: Post.objects.update(comment_count=7), {SURROUNDINGS}),
    "a redirect": (lambda: Redirect.objects.create(site_id=1, old_path="/a/", new_path="/b/"), {FINDABLE}),
    "what no trigger sees": (lambda: triggers.turn(PAGES), {PAGES}),
}


@pytest.mark.parametrize("name", LOUD)
def test_what_anyone_may_see_turns_its_counters_and_no_other(name):
    make_page(), make_comment(make_post(categories=[make_category()]), user=make_staff())
    change, counters = LOUD[name]
    with turning() as turned:
        change()
    assert turned == counters


@pytest.mark.skipif("connection.vendor != 'sqlite'")
def test_a_public_row_that_is_replaced_by_a_hidden_one_turns_its_counters():
    make_page()
    columns = [field.column for field in Page._meta.local_concrete_fields]
    values = ["'draft'" if column == "status" else column for column in columns]
    with turning() as turned, connection.cursor() as cursor:
        cursor.execute(f"REPLACE INTO posts_page ({', '.join(columns)}) SELECT {', '.join(values)} FROM posts_page")
    assert turned == {PAGES, SITE}


def test_each_change_around_a_post_names_that_post_alone():
    one, other = make_post(), make_post()
    remark = make_comment(one, user=make_staff())
    as_if_committed()
    for change, post in (
        (lambda: make_comment(other), other),
        (lambda: Comment.objects.filter(pk=remark.pk).update(author_name="Zoe"), one),
        (lambda: get_user_model().objects.update(is_staff=False), one),
        (lambda: RelatedPost.objects.create(post=other, other=one, score=1), other),
        (lambda: Post.objects.filter(pk=one.pk).update(comment_count=9), one),
    ):
        as_if_committed()
        Surroundings.objects.all().delete()
        change()
        as_if_committed()
        assert around() == {post.pk}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=50)
@given(
    status=st.sampled_from(Post.Status.values),
    visibility=st.sampled_from(Post.Visibility.values),
    is_trashed=st.booleans(),
    moment=st.datetimes(timezones=st.just(timezone.get_default_timezone())),
)
def test_whatever_anyone_may_ever_read_counts(status, visibility, is_trashed, moment):
    post = make_draft()
    Post.all_objects.filter(pk=post.pk).update(
        status=status, visibility=visibility, deleted_at=timezone.now() if is_trashed else None, publish_at=moment
    )
    is_readable = Post.all_objects.filter(Q(pk=post.pk) & readable(moment)).exists()
    condition = VISIBLE.format(row="posts_post")
    assert Post.all_objects.filter(pk=post.pk).extra(where=[condition]).exists() == is_readable
