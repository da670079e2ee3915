"""The lists that the database keeps hold what they are defined to hold, whatever was done and by whichever way."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from posts import lists
from posts.lists import counts
from posts.lists.filling import Differences
from posts.merging import merge_tags
from posts.models import Author, Category, Listing, Post, Series, Tag, TaggedPost, Tally
from posts.models.listing import pair_of
from tests.factories import make_author, make_category, make_post, make_series

pytestmark = pytest.mark.django_db

Kind = Listing.Kind
HOUR = timedelta(hours=1)


def family_above(category: Category, by_pk: dict[int, Category]) -> set[int]:
    """A category and those above it, as far as none on the way lies in the trash."""
    found: set[int] = set()
    at: Category | None = category
    while at and at.pk not in found:
        found.add(at.pk)
        at = by_pk.get(at.parent_id) if not at.is_trashed and at.parent_id else None
    return found


def lists_of(post: Post, by_pk: dict[int, Category]) -> Iterator[tuple[int, int]]:
    yield Kind.SITE, 0
    for category in Category.all_objects.filter(posts=post):
        for pk in family_above(category, by_pk):
            yield Kind.CATEGORY, pk
    tags = list(TaggedPost.objects.filter(content_object=post).values_list("tag", flat=True))
    yield from ((Kind.TAG, tag) for tag in tags)
    yield from ((Kind.TAG_PAIR, pair_of(a, b)) for a in tags for b in tags if a < b)
    yield Kind.AUTHOR, post.author_id
    yield from ((Kind.AUTHOR, author.pk) for author in Author.all_objects.filter(co_written=post))
    if post.series_id:
        yield Kind.SERIES, post.series_id


def expected() -> dict[tuple[int, int, int], tuple[datetime | None, datetime | None, bool]]:
    by_pk = {category.pk: category for category in Category.all_objects.all()}
    posts = Post.objects.filter(status="published", visibility="public")
    return {
        (kind, subject, post.pk): (post.publish_at, post.unpublish_at, post.in_feeds)
        for post in posts
        for kind, subject in lists_of(post, by_pk)
    }


def assert_true() -> None:
    """Places and tallies, against Python; and that the database's own comparison agrees."""
    places = {
        (row.kind, row.subject, row.post_id): (row.publish_at, row.unpublish_at, row.in_feeds)
        for row in Listing.objects.all()
    }
    assert places == expected()
    tallies: Counter[tuple[int, int]] = Counter()
    for (kind, subject, _post), (publish_at, *_) in places.items():
        tallies[kind, subject] += 1
        if kind == Kind.SITE and publish_at:
            tallies[Tally.Kind.MONTH, int(f"{publish_at:%Y%m}")] += 1
            tallies[Tally.Kind.HOUR, int(f"{publish_at:%Y%m%d%H}")] += 1
    kept = Tally.objects.values_list("kind", "subject").annotate(total=Sum("number")).filter(total__gt=0)
    assert {(kind, subject): number for kind, subject, number in kept.exclude(total=0)} == tallies
    assert lists.differences() == Differences(0, 0, 0, 0)


class Desk:
    """What editors, importers and administrators do to a small site, by chance."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.authors = [make_author() for _ in range(3)]
        self.series = [make_series() for _ in range(2)]
        self.tags = [Tag.objects.create(name=f"tag {number}") for number in range(4)]
        for number in range(6):
            parent = chance.choice([None, *Category.objects.all()])
            make_category(f"c{number}", parent=parent)
        for _ in range(6):
            self.write()

    def work(self, number: int) -> list[str]:
        """Do that many things; their names."""
        acts: list[Callable[[], None]] = [
            self.write, self.write_many, self.save, self.update_many, self.raw, self.categorise, self.uncategorise,
            self.tag, self.link_tags, self.untag, self.add_author, self.clear_authors, self.change_author, self.trash,
            self.restore, self.purge, self.move, self.trash_category, self.restore_category, self.purge_category,
            self.grow, self.merge, self.end_series, self.time, self.tie_a_knot, self.move_links, self.forget,
        ]  # fmt: skip
        done = [self.chance.choice(acts) for _ in range(number)]
        for act in done:
            act()
        return [act.__name__ for act in done]

    def moment(self) -> datetime:
        return timezone.now() + self.chance.choice([-9000, -800, -30, -1, 1, 40]) * HOUR

    def fields(self) -> dict:
        publish_at = self.moment()
        return {
            "status": self.chance.choice(["draft", "published", "published"]),
            "visibility": self.chance.choice(["public", "public", "unlisted", "private"]),
            "publish_at": publish_at,
            "unpublish_at": self.chance.choice([None, None, publish_at + 2 * HOUR]),
            "in_feeds": self.chance.random() < 0.7,
            "author": self.chance.choice(self.authors),
            "series": self.chance.choice([None, *self.series]),
            "series_position": self.chance.randrange(1, 9),
        }

    def some(self, rows) -> list:
        rows = list(rows)
        return self.chance.sample(rows, min(len(rows), self.chance.randrange(1, 4)))

    def one(self, rows=None):
        rows = list(Post.all_objects.all() if rows is None else rows)
        return self.chance.choice(rows) if rows else None

    def write(self) -> None:
        tags = [tag.name for tag in self.some(self.tags)]
        make_post(tags=tags, categories=self.some(Category.objects.all()), **self.fields())

    def write_many(self) -> None:
        names = [f"many-{self.chance.random()}".replace(".", "") for _ in range(3)]
        Post.objects.bulk_create(Post(title=name, slug=name, **self.fields()) for name in names)

    def save(self) -> None:
        if post := self.one():
            for name, value in self.fields().items():
                setattr(post, name, value)
            post.save()

    def update_many(self) -> None:
        name = self.chance.choice(["status", "visibility", "in_feeds", "author", "series"])
        Post.all_objects.filter(pk__in=self.some(Post.all_objects.values_list("pk", flat=True))).update(
            **{name: self.fields()[name]}, series_position=5
        )

    def time(self) -> None:
        moment = self.moment()
        rows = Post.all_objects.filter(pk__in=self.some(Post.all_objects.values_list("pk", flat=True)))
        rows.update(publish_at=moment, unpublish_at=self.chance.choice([None, moment + HOUR]))

    def raw(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE posts_post SET status = 'published' WHERE id % 2 = 0 AND publish_at IS NOT NULL")
            cursor.execute("UPDATE posts_post SET visibility = 'unlisted' WHERE id % 5 = 0")
            cursor.execute("DELETE FROM posts_taggedpost WHERE id % 7 = 0")

    def categorise(self) -> None:
        if post := self.one():
            post.categories.set(self.some(Category.objects.all()))

    def uncategorise(self) -> None:
        if post := self.one():
            self.chance.choice(
                [post.categories.clear, lambda: post.categories.remove(*self.some(Category.objects.all()))]
            )()

    def tag(self) -> None:
        if post := self.one():
            self.chance.choice([post.tags.set, lambda tags: post.tags.add(*tags)])(
                [t.name for t in self.some(self.tags)]
            )

    def link_tags(self) -> None:
        links = [
            TaggedPost(content_object=post, tag=tag) for post in self.some(Post.objects.all()) for tag in self.tags
        ]
        TaggedPost.objects.bulk_create(links, ignore_conflicts=True)

    def untag(self) -> None:
        if post := self.one():
            self.chance.choice([post.tags.clear, lambda: post.tags.remove(self.chance.choice(self.tags).name)])()

    def move_links(self) -> None:
        link, category = self.one(Post.categories.through.objects.all()), self.one(Category.all_objects.all())
        others = Post.categories.through.objects
        if link and category and not others.filter(post=link.post_id, category=category).exists():
            others.filter(pk=link.pk).update(category=category)

    def add_author(self) -> None:
        if post := self.one():
            post.co_authors.add(*self.some(self.authors))

    def clear_authors(self) -> None:
        if post := self.one():
            post.co_authors.clear()

    def change_author(self) -> None:
        if post := self.one():
            post.author = self.chance.choice(self.authors)
            post.save(update_fields=["author"])

    def trash(self) -> None:
        self.chance.choice(
            [Post.objects.all(), Post.objects.filter(pk__in=self.some(Post.objects.values_list("pk", flat=True)))]
        ).delete()

    def restore(self) -> None:
        for post in self.some(Post.trash.all()):
            post.restore()

    def purge(self) -> None:
        if post := self.one(Post.trash.all()):
            post.purge()

    def move(self) -> None:
        category, parent = self.one(Category.objects.all()), self.one([None, *Category.objects.all()])
        if category and not (parent and parent.pk in category.family()):
            category.parent = parent
            category.save()

    def tie_a_knot(self) -> None:
        one, other = self.one(Category.objects.all()), self.one(Category.objects.all())
        if one and other and one != other and other.parent_id is None and self.chance.random() < 0.2:
            Category.objects.filter(pk=other.pk).update(parent=one)

    def trash_category(self) -> None:
        if category := self.one(Category.objects.all()):
            category.delete()

    def restore_category(self) -> None:
        if category := self.one(Category.trash.all()):
            category.restore()

    def purge_category(self) -> None:
        if category := self.one(Category.trash.all()):
            category.purge()

    def grow(self) -> None:
        make_category(f"c{self.chance.random()}", parent=self.one([None, *Category.objects.all()]))

    def merge(self) -> None:
        kept, gone = self.chance.sample(self.tags, 2)
        if not (kept.is_trashed or gone.is_trashed):
            merge_tags(kept, [gone])
            gone.refresh_from_db()
            gone.restore()

    def end_series(self) -> None:
        series = self.one(Series.objects.all())
        if series and len(self.series) > 1:
            self.series.remove(series)
            series.purge()

    def forget(self) -> None:
        self.one([Post, Category]).objects.filter(pk=-1).delete()


@pytest.mark.parametrize("seed", range(12))
def test_lists_hold_what_they_should_after_anything(seed):
    desk = Desk(random.Random(seed))
    assert_true()
    for _ in range(10):
        done = desk.work(6)
        try:
            assert_true()
        except AssertionError as error:
            error.add_note(f"after {done}")
            raise


class TestTheCommand:
    def test_tells_what_is_wrong_and_mends_it(self, capsys):
        post = make_post(tags=["bread"], categories=[make_category()])
        make_post(tags=["bread", "salt"])
        call_command("relist", "--check")
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM posts_listing WHERE post_id = %s", [post.pk])
            cursor.execute("UPDATE posts_listing SET in_feeds = NOT in_feeds WHERE kind = 3")
            cursor.execute("UPDATE posts_tally SET number = number + 1 WHERE kind = 0")
            cursor.execute("DELETE FROM posts_ancestry")
        with pytest.raises(SystemExit):
            call_command("relist", "--check")
        assert "Wrong ways between categories: 1" in capsys.readouterr().out
        call_command("relist")
        assert_true()

    def test_forgets_what_has_expired_and_nothing_else(self, capsys):
        ago = timezone.now() - 2 * HOUR
        tag_of_all = {"tags": ["bread"], "publish_at": ago}
        make_post(**tag_of_all)
        make_post(**tag_of_all, unpublish_at=ago + HOUR)
        make_post(**tag_of_all, unpublish_at=ago + 9 * HOUR)
        number = counts.number_in(Kind.TAG, Tag.objects.get().pk)
        call_command("relist", "--expired")
        assert "Expired: 3 places forgotten." in capsys.readouterr().out
        assert number == 2 == counts.number_in(Kind.TAG, Tag.objects.get().pk)
        assert lists.differences() == Differences(0, 0, 0, 0)

    def test_an_expired_post_comes_back_with_another_time(self):
        post = make_post(unpublish_at=timezone.now() - HOUR / 2)
        lists.forget_expired()
        Post.objects.filter(pk=post.pk).update(unpublish_at=None)
        assert Post.published.in_list(Kind.SITE, 0).count() == 1
