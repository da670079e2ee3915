"""Who sees what, and what happens in the trash."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from posts.models import Author, Category, Listing, Post, Tag
from tests.factories import make_author, make_category, make_draft, make_post, make_series, make_staff

offsets = st.one_of(
    st.none(),
    st.sampled_from([timedelta(0), timedelta(microseconds=1), -timedelta(microseconds=1)]),
    st.timedeltas(min_value=timedelta(days=-400), max_value=timedelta(days=400)),
)


class PublishedRule(TestCase):
    """The rule in SQL and the rule in Python say the same, whatever the state and the times."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.post = make_post("The cat sat")

    @given(
        status=st.sampled_from(Post.Status.values),
        visibility=st.sampled_from(Post.Visibility.values),
        publish=offsets,
        unpublish=offsets,
        trashed=st.booleans(),
    )
    def test_sql_and_python_agree(self, status, visibility, publish, unpublish, trashed) -> None:
        now = timezone.now()
        times = {
            "publish_at": None if publish is None else now + publish,
            "unpublish_at": None if unpublish is None else now + unpublish,
        }
        state = {"status": status, "visibility": visibility, "deleted_at": now if trashed else None}
        try:
            with transaction.atomic():
                Post.all_objects.update(**times, **state)
        except IntegrityError:
            return  # a state that the database does not allow
        post = Post.all_objects.get()
        with_frozen_clock(now, lambda: self.check(post))

    def check(self, post: Post) -> None:
        assert Post.all_objects.published().exists() == post.is_published
        assert Post.published.exists() == post.is_published
        assert Post.objects.readable().exists() == post.is_readable
        assert Post.objects.listed().exists() == post.is_listed
        assert (post.state == Post.State.PUBLISHED) == post.is_published
        assert (post.state == Post.State.DRAFT) == Post.all_objects.drafts().exists()
        assert (post.state == Post.State.SCHEDULED) == Post.all_objects.scheduled().exists()
        assert (post.state == Post.State.EXPIRED) == Post.all_objects.expired().exists()
        assert (post.state == Post.State.TRASHED) == Post.trash.exists()


def with_frozen_clock(now, check) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: now)
        check()


QUERIES = {
    "published": Post.published.all,
    "published again": Post.published.published,
    "readable": Post.published.readable,
    "readable by a stranger": lambda: Post.published.readable_by(AnonymousUser()),
    "readable by an author": lambda: Post.published.readable_by(get_user_model().objects.get()),
    "listed": Post.published.listed,
    "listed of some": lambda: Post.published.filter(slug__in=["coming", "going"]).order_by("pk").listed(),
    "syndicated": Post.published.syndicated,
    "in a list": lambda: Post.published.in_list(Listing.Kind.SITE, 0),
    "in a feed": lambda: Post.published.in_feed(Listing.Kind.SITE, 0),
}


@pytest.mark.django_db
@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_what_a_query_finds_is_true_of_one_moment(query, monkeypatch):
    """While it is put together the clock goes on, and past a moment at which one post comes and another one goes."""
    moment = timezone.now()
    make_staff()
    make_post("Coming", publish_at=moment)
    make_post("Going", publish_at=moment - timedelta(hours=1), unpublish_at=moment)

    for asked_before in range(4):
        ticks = iter([moment - timedelta(microseconds=1)] * asked_before)
        monkeypatch.setattr(timezone, "now", lambda ticks=ticks: next(ticks, moment))
        assert query().count() == 1


@pytest.mark.django_db
def test_a_query_that_has_asked_the_clock_takes_no_other_moment():
    now = timezone.now()
    assert not Post.all_objects.listed(now).pinned(now).exists()
    for query in (Post.published.listed, Post.published.readable, Post.all_objects.listed(now).pinned):
        with pytest.raises(ValueError, match="moment"):
            query(now + timedelta(hours=1))


@pytest.mark.django_db
class TestReaders:
    def test_strangers_read_what_is_published_and_not_private(self):
        shown = [make_post("Public"), make_post("Unlisted", visibility="unlisted")]
        make_post("Private", visibility="private")
        make_draft("Draft")
        assert {p.title for p in Post.objects.readable_by(AnonymousUser())} == {p.title for p in shown}
        assert {p.title for p in Post.objects.readable()} == {p.title for p in shown}

    def test_ada_reads_her_own_drafts_and_those_she_shares_but_no_others(self):
        ada = make_author("Ada", user=make_staff("ada"))
        bob = make_author("Bob", user=make_staff("bob"))
        hers, shared = make_draft("Hers", author=ada), make_draft("Shared", author=bob)
        shared.co_authors.add(ada)
        make_draft("His", author=bob)
        assert set(Post.objects.readable_by(ada.user)) == {hers, shared}

    def test_a_deactivated_account_reads_like_a_stranger(self):
        ada = make_author("Ada", user=make_staff("ada", is_active=False))
        make_draft("Hers", author=ada)
        assert not Post.objects.readable_by(ada.user)


@pytest.mark.django_db
class TestTrash:
    def test_delete_means_trash_for_one_and_for_many(self):
        one, two = make_post("One"), make_post("Two")
        one.delete()
        Post.objects.filter(pk=two.pk).delete()
        assert not Post.objects.exists()
        assert set(Post.trash.all()) == {one, two}
        assert one.is_trashed

    def test_purge_is_the_end(self):
        post = make_post()
        post.delete()
        post.purge()
        assert not Post.all_objects.exists()

    def test_a_trashed_slug_is_free_again(self):
        make_post(slug="hello").delete()
        assert make_post(slug="hello").slug == "hello"

    def test_restore_says_that_the_slug_is_taken_and_offers_another(self):
        old = make_post("Hello")
        old.delete()
        make_post("Hello")
        with pytest.raises(ValidationError) as caught:
            old.restore()
        assert {item.code for items in caught.value.error_dict.values() for item in items} == {"slug_taken"}
        assert old.is_trashed, "a failed restore leaves it where it was"
        old.slug = old.available_slug()
        old.restore()
        assert Post.objects.get(pk=old.pk).slug == "hello-2"

    def test_restore_brings_back_what_was_there(self):
        category = make_category("Kitchen")
        post = make_post(categories=[category], tags=["bread"])
        post.delete()
        post.restore()
        post = Post.published.get()
        assert list(post.categories.all()) == [category]
        assert [tag.name for tag in post.tags.all()] == ["bread"]

    def test_relations_still_find_a_trashed_row(self):
        series = make_series("Baking")
        post = make_post(series=series)
        series.delete()
        post = Post.objects.get()
        assert post.series == series
        assert post.live_series is None

    def test_a_trashed_category_leaves_its_posts_and_comes_back_to_them(self):
        category = make_category("Kitchen")
        post = make_post(categories=[category])
        category.delete()
        assert list(post.categories.all()) == []
        assert Post.published.exists()
        category.restore()
        assert list(post.categories.all()) == [category]

    def test_a_trashed_tag_can_be_made_anew(self):
        post = make_post(tags=["bread"])
        Tag.objects.get().delete()
        assert list(post.tags.all()) == []
        post.tags.set(["Bread"])
        assert Tag.objects.count() == 1
        assert Tag.all_objects.count() == 2

    def test_an_author_with_posts_stays(self):
        post = make_post()
        with pytest.raises(ValidationError, match="has 1 post"):
            post.author.delete()
        with pytest.raises(ValidationError, match="has 1 post"):
            Author.objects.filter(pk=post.author_id).delete()
        post.delete()
        post.author.delete()
        assert not Author.objects.exists()

    def test_a_restored_post_brings_its_author_back(self):
        post = make_post()
        post.delete()
        post.author.delete()
        Post.trash.get().restore()
        assert Author.objects.get() == post.author


@pytest.mark.django_db
class TestCategoryFamily:
    def test_a_family_is_everything_below_at_any_depth(self):
        a = make_category("A")
        b = make_category("B", parent=a)
        c = make_category("C", parent=b)
        make_category("D")
        assert set(a.family()) == {a.pk, b.pk, c.pk}

    def test_a_loop_is_refused_and_harmless(self):
        a = make_category("A")
        b = make_category("B", parent=a)
        a.parent = b
        with pytest.raises(ValidationError, match="below itself"):
            a.full_clean()
        Category.objects.filter(pk=a.pk).update(parent=b)
        assert set(a.family()) == {a.pk, b.pk}


@pytest.mark.django_db
class TestTags:
    def test_spellings_of_a_name_are_one_tag(self):
        make_post(tags=["Django", " django ", "Ｄjango", "DJANGO"])
        make_post(tags=["dJango"])
        assert [tag.name for tag in Tag.objects.all()] == ["Django"]

    @pytest.mark.parametrize(
        ("name", "slug"), [("C++", "cpp"), ("C#", "csharp"), ("C", "c"), ("Größe", "grosse"), ("日本", "日本")]
    )
    def test_slugs_of_tags(self, name, slug):
        make_post(tags=[name])
        assert Tag.objects.get().slug == slug

    def test_a_name_without_a_letter_gets_an_address_all_the_same(self):
        make_post(tags=["!!!"])
        assert Tag.objects.get().slug.startswith("tag-")

    def test_a_trashed_tag_comes_back_to_its_posts_whatever_was_set_meanwhile(self):
        post = make_post(tags=["bread", "salt"])
        bread = Tag.objects.get(name="bread")
        bread.delete()
        post.tags.set(["rye"])
        bread.restore()
        assert {tag.name for tag in post.tags.all()} == {"bread", "rye"}

    def test_any_number_of_known_tags_costs_the_same(self, django_assert_max_num_queries):
        names = [f"tag {number}" for number in range(20)]
        make_post(tags=names)
        post = make_post()
        with django_assert_max_num_queries(8):
            post.tags.set(names)

    def test_new_tags_get_the_addresses_that_each_would_get_alone(self):
        names = ["C++", "cpp", "CPP!", "rye", "Rye", "Ryé", "cpp-2", "!!!", "???", "tag", "a" * 100, "bread.", "  "]
        Tag.objects.named(["bread", "Old cpp"])
        Tag.objects.named(["Rye?"])["Rye?"].delete()
        kept = set(Tag.objects.values_list("pk", flat=True))
        alone = {name: tag.slug for name in names for tag in Tag.objects.named([name]).values()}
        for tag in Tag.objects.exclude(pk__in=kept):
            tag.purge()

        assert {name: tag.slug for name, tag in Tag.objects.named(names).items()} == alone
        assert alone["Ryé"] == "rye-2"
        assert alone["bread."] == "bread-2"

    def test_any_number_of_new_tags_costs_the_same(self, django_assert_max_num_queries):
        with django_assert_max_num_queries(5):
            assert len(Tag.objects.named([f"tag {number}" for number in range(20)])) == 20

    def test_a_tag_that_somebody_else_makes_meanwhile_is_taken(self, monkeypatch):
        give_slugs = Tag.give_slugs

        def be_late(tags: list[Tag]) -> None:
            give_slugs(tags)
            Tag(name="rye").save()

        monkeypatch.setattr(Tag, "give_slugs", be_late)
        found = Tag.objects.named(["bread", "Rye", "salt"])

        assert [(tag.pk is not None, tag.name) for tag in found.values()] == [
            (True, "bread"),
            (True, "rye"),
            (True, "salt"),
        ]
        assert Tag.objects.count() == 3
