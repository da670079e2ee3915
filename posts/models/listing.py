"""What stands in which list, and how much in each: filled by the database itself (see `posts.lists`)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from .post import Post
from .taxonomy import Category


class Listing(models.Model):
    """A place of a post in a list: there as long as nothing but the clock may keep the post out of it.

    The times are those of the post, so that an index tells what stands in a list now, in its order.
    """

    class Kind(models.IntegerChoices):
        """Whose list it is; `subject` is its id, or 0 for the site."""

        SITE = 0
        CATEGORY = 1
        """With what stands in the categories below it."""
        TAG = 2
        AUTHOR = 3
        """With what others wrote with them."""
        SERIES = 4
        TAG_PAIR = 5
        """What has two tags: `pair_of()` makes one number of both."""

    pk = models.CompositePrimaryKey("post", "kind", "subject")
    post = models.ForeignKey(Post, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="places")
    kind = models.PositiveSmallIntegerField(choices=Kind)
    subject = models.BigIntegerField()
    publish_at = models.DateTimeField()
    unpublish_at = models.DateTimeField(null=True)
    in_feeds = models.BooleanField()

    class Meta:
        default_permissions = ()
        indexes = [
            # What stands behind the order spares a look at posts that have expired, or are kept out of feeds.
            models.Index(
                fields=["kind", "subject", "-publish_at", "-post", "unpublish_at", "in_feeds"], name="listing_order"
            ),
            models.Index(
                fields=["kind", "subject", "unpublish_at"],
                condition=Q(unpublish_at__isnull=False),
                name="listing_expiring",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} in {self.Kind(self.kind).label} {self.subject}"


class Tally(models.Model):
    """How many rows of `Listing` a list has: the sum of `number`, since PostgreSQL adds rows and folds them later."""

    class Kind(models.IntegerChoices):
        """Besides the lists, stretches of the site's own, in UTC; `subject` is 202611 or 2026112209."""

        MONTH = 8
        HOUR = 9

    kind = models.PositiveSmallIntegerField()
    subject = models.BigIntegerField()
    number = models.IntegerField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["kind", "subject"], name="tally_of_list")]

    def __str__(self) -> str:
        return str(self.number)


class Ancestry(models.Model):
    """That what stands in `category` stands in the list of `above` too: in its own, and in those over live ones."""

    pk = models.CompositePrimaryKey("category", "above")
    category = models.ForeignKey(
        Category, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="ancestry"
    )
    above = models.ForeignKey(Category, models.DO_NOTHING, db_constraint=False, related_name="+")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.category_id} below {self.above_id}"


def pair_of(tag: int, other: int) -> int:
    """The subject of the list of what has both tags."""
    low, high = sorted((tag, other))
    return low * PAIR + high


PAIR = 2**31
