from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from ..addresses import path_to
from ..managers import AllPostManager, PostManager, PublishedPostManager, TrashedPostManager, is_pinned, is_published
from .audio import Audio
from .author import Author
from .blocks import Block
from .counted import CountField
from .discussion import CommentPolicy
from .image import Image
from .search import SearchDocument
from .series import Series
from .slugged import unique_slug
from .spelling import SpellingKey
from .taxonomy import Category, TaggedPost, TagManager
from .written import Written, written_constraints

SEARCHED_FIELDS = {"title", "summary", "body", "language"}
LISTED = Q(status="published", visibility="public", deleted_at=None)


def new_guid() -> str:
    """A tag: URI (RFC 4151) that identifies a post in feeds for ever, whatever becomes of its slug or the domain."""
    return f"tag:{settings.GUID_AUTHORITY},{timezone.now():%Y-%m-%d}:{uuid.uuid4()}"


def make_findable(posts: Sequence[Post]) -> None:
    SearchDocument.objects.write(posts)
    SpellingKey.objects.learn(posts)


class Post(Written):
    class Visibility(models.TextChoices):
        PUBLIC = "public", _("Public")
        UNLISTED = "unlisted", _("Unlisted: whoever has the address")
        PRIVATE = "private", _("Private: its authors and editors")

    class State(models.TextChoices):
        """Where a post stands at a moment: a summary of status, times and trash for people."""

        DRAFT = "draft", _("Draft")
        SCHEDULED = "scheduled", _("Scheduled")
        PUBLISHED = "published", _("Published")
        EXPIRED = "expired", _("Expired")
        TRASHED = "trashed", _("In the trash")

    author = models.ForeignKey(Author, models.PROTECT, related_name="posts", verbose_name=_("author"))
    co_authors = models.ManyToManyField(Author, blank=True, related_name="co_written", verbose_name=_("co-authors"))
    summary = models.TextField(
        _("summary"), max_length=500, blank=True, help_text=_("Shown in lists. Left empty, the first paragraphs are.")
    )
    categories = models.ManyToManyField(Category, blank=True, related_name="posts", verbose_name=_("categories"))
    tags = TaggableManager(_("tags"), through=TaggedPost, manager=TagManager, blank=True, related_name="posts")
    series = models.ForeignKey(
        Series, models.SET_NULL, null=True, blank=True, related_name="posts", verbose_name=_("series")
    )
    series_position = models.PositiveIntegerField(_("position in the series"), null=True, blank=True)
    cover = models.ForeignKey(
        Image, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cover image")
    )
    cover_alt = models.CharField(_("description of the cover image"), max_length=300, blank=True)
    audio = models.ForeignKey(
        Audio, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("recording")
    )
    publish_at = models.DateTimeField(_("publish at"), null=True, blank=True)
    unpublish_at = models.DateTimeField(_("unpublish at"), null=True, blank=True)
    visibility = models.CharField(_("visibility"), max_length=16, choices=Visibility, default=Visibility.PUBLIC)
    pinned = models.BooleanField(_("pinned to the top of the home page"), default=False)
    pinned_until = models.DateTimeField(
        _("pinned until"), null=True, blank=True, help_text=_("Left empty, until you unpin it.")
    )
    in_feeds = models.BooleanField(
        _("in feeds"), default=True, help_text=_("Otherwise readers find it on the site alone.")
    )
    comment_policy = models.CharField(
        _("who may comment"),
        max_length=16,
        choices=CommentPolicy,
        blank=True,
        help_text=_("Left empty, the site's settings decide, and how many days comments stay open."),
    )
    comment_count = CountField(editable=False, default=0)
    canonical_url = models.URLField(
        _("canonical address"), blank=True, help_text=_("Where this text first appeared, if it was elsewhere.")
    )
    guid = models.CharField(max_length=255, unique=True, editable=False, default=new_guid)

    objects = PostManager()
    published = PublishedPostManager()
    trash = TrashedPostManager()
    all_objects = AllPostManager()

    class Meta(Written.Meta):
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["-publish_at", "-pk"]
        get_latest_by = "publish_at"
        permissions = [
            ("publish_post", _("Can publish posts")),
            ("edit_others_posts", _("Can edit the posts of others")),
            ("purge_post", _("Can delete for good what is in the trash")),
        ]
        indexes = [
            # With all that the rule of publication asks for, the condition itself among it for SQLite: to walk along
            # the dates takes no look at the long rows.
            models.Index(
                F("publish_at").desc(),
                F("id").desc(),
                "unpublish_at",
                "status",
                "visibility",
                "deleted_at",
                condition=LISTED,
                name="post_listed",
            ),
            # Without the posts of no series: by their number SQLite would think that each series has as many. With what
            # tells how long it takes to read all that is listed.
            models.Index(
                "series",
                "series_position",
                "id",
                "publish_at",
                "unpublish_at",
                "status",
                "visibility",
                "deleted_at",
                "reading_minutes",
                condition=Q(series__isnull=False),
                name="post_series_order",
            ),
            models.Index(F("publish_at").desc(), F("id").desc(), condition=LISTED & Q(pinned=True), name="post_pinned"),
            models.Index(
                "unpublish_at", condition=Q(unpublish_at__isnull=False, deleted_at=None), name="post_expiring"
            ),
            # What is due next, and a month of the editor's list.
            models.Index(
                F("publish_at").desc(), F("id").desc(), "status", condition=Q(deleted_at=None), name="post_due"
            ),
            # The editor's list and its tabs.
            models.Index(F("updated_at").desc(), F("id").desc(), name="post_recently_edited"),
            models.Index(
                F("updated_at").desc(),
                F("id").desc(),
                condition=Q(status="draft", deleted_at=None),
                name="post_drafts",
            ),
            models.Index(F("deleted_at").desc(), "id", condition=Q(deleted_at__isnull=False), name="post_in_trash"),
            # The last change of each block, for the index of sitemaps.
            models.Index(
                Block("id"), Greatest("publish_at", "updated_at").desc(), condition=LISTED, name="post_in_sitemap"
            ),
        ]
        constraints = [
            unique_slug("post"),
            *written_constraints("post"),
            models.CheckConstraint(
                condition=Q(visibility__in=["public", "unlisted", "private"]), name="post_visibility_known"
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(publish_at__isnull=False), name="post_published_has_publish_at"
            ),
            models.CheckConstraint(
                condition=Q(unpublish_at=None) | Q(publish_at=None) | Q(unpublish_at__gt=F("publish_at")),
                name="post_expires_after_publication",
                violation_error_message=_("A post cannot be taken down before it is published."),
            ),
            models.CheckConstraint(
                condition=Q(series=None) | Q(series_position__isnull=False), name="post_in_series_has_position"
            ),
        ]

    @property
    def doc_id(self) -> str:
        return self.guid[-8:]

    @property
    def is_published(self) -> bool:
        return is_published(self, timezone.now())

    @property
    def is_readable(self) -> bool:
        """Whether anyone may open it by its address."""
        return self.is_published and self.visibility != self.Visibility.PRIVATE

    @property
    def is_listed(self) -> bool:
        return self.is_published and self.visibility == self.Visibility.PUBLIC

    @property
    def is_pinned(self) -> bool:
        return is_pinned(self, timezone.now())

    @property
    def state(self) -> Post.State:
        return self.state_at(timezone.now())

    def state_at(self, moment: datetime) -> Post.State:
        if self.is_trashed:
            return self.State.TRASHED
        if is_published(self, moment):
            return self.State.PUBLISHED
        if self.status == self.Status.DRAFT or self.publish_at is None:
            return self.State.DRAFT
        return self.State.SCHEDULED if self.publish_at > moment else self.State.EXPIRED

    @cached_property
    def byline(self) -> list[Author]:
        """Everyone who wrote it, the author first; as it was when it was first asked for."""
        return [self.author, *(author for author in self.co_authors.all() if author.pk != self.author_id)]

    @cached_property
    def first_category(self) -> Category | None:
        """The category that it stands under first; as it was when it was first asked for."""
        return next(iter(self.categories.all()), None)

    @property
    def revised_at(self) -> datetime | None:
        """When it changed last, if that was a day after its publication: what an author mends at once is no news."""
        if self.publish_at is None or self.updated_at - self.publish_at < timedelta(days=1):
            return None
        return self.updated_at

    @property
    def live_series(self) -> Series | None:
        return self.series if self.series and not self.series.is_trashed else None

    @property
    def teaser(self) -> str:
        """What a list shows of it, as plain text."""
        return self.summary or self.excerpt

    def get_absolute_url(self) -> str:
        return path_to("posts:post", self.slug)

    def clean(self) -> None:
        super().clean()
        self.check_times()

    def check_times(self) -> None:
        """Raise ValidationError for what ends before it begins."""
        ends = {"unpublish_at": "expires_early", "pinned_until": "unpinned_early"}
        early = {name: code for name, code in ends.items() if self.is_before_publication(getattr(self, name))}
        if early:
            sentence = _("Choose a time after the publication.")
            raise ValidationError({name: ValidationError(sentence, code) for name, code in early.items()})

    def is_before_publication(self, moment: datetime | None) -> bool:
        return moment is not None and self.publish_at is not None and moment <= self.publish_at

    def save(self, *, update_fields: Any = None, **kwargs: Any) -> None:
        """Save, and make findable; a published post without a time is published now, a new one in a series is last."""
        filled = self.fill_in()
        if update_fields is not None:
            update_fields = {*update_fields, *filled}
        with transaction.atomic():
            super().save(update_fields=update_fields, **kwargs)
            if update_fields is None or SEARCHED_FIELDS.intersection(update_fields):
                make_findable([self])

    def fill_in(self) -> set[str]:
        """Fill in what a published post and one in a series cannot lack; return the names of the fields."""
        filled = set()
        if self.status == self.Status.PUBLISHED and self.publish_at is None:
            self.publish_at = timezone.now()
            filled.add("publish_at")
        if self.series and self.series_position is None:
            self.series_position = self.series.next_position()
            filled.add("series_position")
        return filled

    @classmethod
    def save_new(cls, posts: Sequence[Self]) -> None:
        """Save new posts as `save` does, with a statement for each table. They have slugs, and are revised already."""
        last: dict[int, int] = {}
        for post in posts:
            if post.series_id in last and post.series_position is None:
                post.series_position = last[post.series_id] + 1
            post.fill_in()
            if post.series_id and post.series_position is not None:
                last[post.series_id] = max(post.series_position, last.get(post.series_id, 0))
            post.clean_text()
        with transaction.atomic():
            cls.all_objects.bulk_create(posts)
            make_findable(posts)

    def purge(self) -> tuple[int, dict[str, int]]:
        """Delete the post for good, with what belongs to it; nothing is added to it meanwhile."""
        return type(self).all_objects.filter(pk=self.pk).purge()

    purge.alters_data = True  # type: ignore[attr-defined]  # Django's mark against calls from templates

    def restore(self) -> None:
        """Take the post out of the trash, with its author if they are there too: a post has someone who wrote it."""
        super().restore()
        if self.author.is_trashed:
            self.author.restore()
