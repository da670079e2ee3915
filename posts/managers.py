"""Who sees what: the only home of soft deletion and of visibility.

Every public surface starts from `published`; `objects` leaves the trash out; `trash` holds it; `all_objects` sees
everything and is each model's base manager, so that relations, `refresh_from_db()` and `save()` still find a trashed
row. The rule of publication stands here twice, once in SQL and once in Python; a property test compares them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, F, FilteredRelation, Q
from django.utils import timezone
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

    from .compiled import Parameter
    from .models import Author, Page, Post, Series


class TrashQuerySet[Row: models.Model](models.QuerySet[Row]):
    """Rows that can be trashed. `delete()` moves them to the trash; `purge()` is the real deletion."""

    def live(self) -> Self:
        return self.filter(deleted_at=None)

    def trashed(self) -> Self:
        return self.filter(deleted_at__isnull=False)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Move the live rows to the trash; return what Django's own `delete()` returns."""
        rows = self.order_by().live().update(deleted_at=timezone.now())
        return rows, {self.model._meta.label: rows}

    delete.alters_data = True  # type: ignore[attr-defined]  # Django's mark against calls from templates
    delete.queryset_only = True  # type: ignore[attr-defined]  # Django's mark: not copied to managers

    def purge(self) -> tuple[int, dict[str, int]]:
        """Delete the rows for good, with what belongs to them."""
        return super().delete()

    purge.alters_data = True  # type: ignore[attr-defined]  # as above
    purge.queryset_only = True  # type: ignore[attr-defined]  # as above


class LiveOnly(models.Manager):
    def get_queryset(self) -> Any:
        return super().get_queryset().live()  # type: ignore[attr-defined]  # the manager beside it has it


class TrashedOnly(models.Manager):
    def get_queryset(self) -> Any:
        return super().get_queryset().trashed()  # type: ignore[attr-defined]  # the manager beside it has it


class PublishedOnly(models.Manager):
    def get_queryset(self) -> Any:
        return super().get_queryset().published()  # type: ignore[attr-defined]  # the manager beside it has it


_TrashBase = models.Manager.from_queryset(TrashQuerySet)


class LiveManager(LiveOnly, _TrashBase):
    pass


class TrashManager(TrashedOnly, _TrashBase):
    pass


class AllManager(_TrashBase):
    pass


class AuthorQuerySet(TrashQuerySet["Author"]):
    def delete(self) -> tuple[int, dict[str, int]]:
        """Move the authors to the trash.

        Raises ValidationError with code "has_posts" while a live post carries the name of one of them: their posts go
        to another author, or to the trash, first.
        """
        busy = self.live().with_post_number().filter(post_number__gt=0).first()
        if busy:
            message = ngettext(
                "%(name)s has %(number)d post. Give it to another author, or move it to the trash, first.",
                "%(name)s has %(number)d posts. Give them to another author, or move them to the trash, first.",
                busy.post_number,
            )
            params = {"name": busy.display_name, "number": busy.post_number}
            raise ValidationError(message, code="has_posts", params=params)
        return super().delete()

    def with_post_number(self) -> Any:
        """With `post_number`: the live posts that each wrote, alone or with others."""
        own = Count("posts", filter=Q(posts__deleted_at=None), distinct=True)
        shared = Count("co_written", filter=Q(co_written__deleted_at=None), distinct=True)
        return self.annotate(post_number=own + shared)


_AuthorBase = models.Manager.from_queryset(AuthorQuerySet)


class AuthorManager(LiveOnly, _AuthorBase):
    pass


class TrashedAuthorManager(TrashedOnly, _AuthorBase):
    pass


class AllAuthorManager(_AuthorBase):
    pass


type Moment = datetime | Parameter
"""A moment, or what stands for one in a query that is compiled for all of them."""


def timely(moment: Moment, place: str = "") -> Q:
    """In SQL: publish_at ≤ moment ∧ (no unpublish_at or moment < it), of a post or of its `place` in a list."""
    not_expired = Q((f"{place}unpublish_at", None)) | Q((f"{place}unpublish_at__gt", moment))
    return Q((f"{place}publish_at__lte", moment)) & not_expired


def published(moment: Moment) -> Q:
    """In SQL: status published ∧ timely ∧ not in the trash."""
    return Q(deleted_at=None, status="published") & timely(moment)


def readable(moment: Moment) -> Q:
    """What anyone may open by its address: published, and public or unlisted."""
    return published(moment) & ~Q(visibility="private")


def is_published(post: Post, moment: datetime) -> bool:
    """The rule of `published` in Python."""
    return (
        post.deleted_at is None
        and post.status == "published"
        and post.publish_at is not None
        and post.publish_at <= moment
        and (post.unpublish_at is None or moment < post.unpublish_at)
    )


def pinned(moment: Moment) -> Q:
    """In SQL: what its editors keep on top of the home page."""
    return Q(pinned=True) & (Q(pinned_until=None) | Q(pinned_until__gt=moment))


def is_pinned(post: Post, moment: datetime) -> bool:
    """The rule of `pinned` in Python."""
    return post.pinned and (post.pinned_until is None or moment < post.pinned_until)


class PostQuerySet(TrashQuerySet["Post"]):
    """What a query says of time it says of one `moment`: the one given at first, or else when it first asked the clock.

    Were the clock asked again, the query might find neither the post that comes at a moment nor the one that goes then.
    So none is to be kept for later: it would show what has expired since.
    """

    moment: Moment | None = None

    def _clone(self) -> Self:
        clone = super()._clone()  # type: ignore[misc]  # the stubs do not know it
        clone.moment = self.moment
        return clone

    def holding(self, condition: Callable[[Moment], Q], moment: Moment | None = None) -> Self:
        """Those of which a condition holds at the moment, which is that of the query from here on.

        Raises ValueError for another moment than the query has: `published` has asked the clock already.
        """
        moment = self.moment_or(moment)
        found = self.filter(condition(moment))
        found.moment = moment
        return found

    def moment_or(self, given: Moment | None) -> Moment:
        if given is not None and self.moment not in (None, given):
            raise ValueError("This query has a moment already, and can have no other one.")
        return given or self.moment or timezone.now()

    def purge(self) -> tuple[int, dict[str, int]]:
        """Delete the posts for good, with what belongs to them; nothing is added to them meanwhile."""
        with transaction.atomic():
            pks = list(self.order_by().values_list("pk", flat=True))
            kept = self.model.all_objects.filter(pk__in=pks).order_by("pk").select_for_update()
            return TrashQuerySet.purge(self.filter(pk__in=list(kept.values_list("pk", flat=True))))

    purge.alters_data = True  # type: ignore[attr-defined]  # as above
    purge.queryset_only = True  # type: ignore[attr-defined]  # as above

    def published(self, moment: Moment | None = None) -> Self:
        return self.holding(published, moment)

    def listed(self, moment: Moment | None = None) -> Self:
        """Published and public: what lists, counts, feeds and search may show."""
        return self.published(moment).filter(visibility="public")

    def syndicated(self, moment: Moment | None = None) -> Self:
        """Listed, and not kept out of feeds."""
        return self.listed(moment).filter(in_feeds=True)

    def in_list(self, kind: int, subject: Any, moment: Moment | None = None) -> Self:
        """The listed posts of one list (see `models.Listing`), each with its `place` there, by which they are ordered.

        The database keeps the places; that a post is listed is asked of the post itself, too.
        """
        moment = self.moment_or(moment)
        place = FilteredRelation("places", condition=Q(places__kind=kind))
        there = self.alias(place=place).filter(Q(place__subject=subject) & timely(moment, "place__")).listed(moment)
        # By names of their own, since a further filter of the relation would join it once more.
        columns = {"placed_at": F("place__publish_at"), "placed_pk": F("place__post_id")}
        return there.alias(**columns, placed_in_feeds=F("place__in_feeds")).order_by("-placed_at", "-placed_pk")

    def placed_within(self, start: Moment | None, end: Moment | None) -> Self:
        """Of a list what was published from one moment on, and before another, of those that are given."""
        bounds = {"placed_at__gte": start, "placed_at__lt": end}
        return narrowed(self, Q(**{name: moment for name, moment in bounds.items() if moment is not None}))

    def in_feed(self, kind: int, subject: Any, moment: Moment | None = None) -> Self:
        """The posts of a list without those that are kept out of feeds."""
        return self.in_list(kind, subject, moment).filter(placed_in_feeds=True, in_feeds=True)

    def pinned(self, moment: Moment | None = None) -> Self:
        return self.holding(pinned, moment)

    def readable(self, moment: Moment | None = None) -> Self:
        return self.holding(readable, moment)

    def readable_by(self, user: User | AnonymousUser) -> Self:
        """Everything that this reader may open by its address.

        Anyone reads what is published and not private. An author also reads everything of their own; whoever may edit
        the posts of others reads those too.
        """
        if not user.is_active or not user.is_authenticated:
            return self.readable()
        if user.has_perm("posts.edit_others_posts"):
            return self.live()
        own = self.written_by(user)
        return self.live().holding(lambda moment: readable(moment) | own)

    def written_by(self, user: User) -> Q:
        """The condition that this account wrote the post, alone or with others."""
        links = self.model.co_authors.through.objects.filter(post=models.OuterRef("pk"), author__user=user)
        return Q(author__user=user) | Q(models.Exists(links))

    def drafts(self) -> Self:
        return self.live().filter(status="draft")

    def scheduled(self) -> Self:
        return self.live().holding(lambda moment: Q(status="published", publish_at__gt=moment))

    def expired(self) -> Self:
        return self.live().holding(lambda moment: Q(status="published", unpublish_at__lte=moment))

    def newest_first(self) -> Self:
        return self.order_by("-publish_at", "-pk")

    def in_categories(self, category_ids: list[int], *, one_by_one: bool = False) -> Self:
        """Posts of any state in any of these categories, each once.

        SQLite collects them first, or asks `one_by_one`, in the order of the list: the better for what many are in.
        """
        links = self.model.categories.through.objects.filter(category__in=category_ids)
        return self.filter(linked(links, one_by_one))

    def in_series(self, series: Series | Parameter) -> Self:
        """The parts of a series, the first one first."""
        return self.filter(series=series).order_by("series_position", "pk")

    def by(self, author: Author, *, one_by_one: bool = False) -> Self:
        """Posts of any state that this author wrote, alone or with others; `one_by_one` as for `in_categories`."""
        links = self.model.co_authors.through.objects.filter(author=author)
        return self.filter(Q(author=author) | linked(links, one_by_one))

    def for_desk(self) -> Self:
        """With all that a row of the editor's list shows, and without the long columns that it does not."""
        return (
            self.select_related("author")
            .prefetch_related("categories")
            .defer("body", "body_html", "toc", "excerpt", "summary", "author__bio")
        )

    def for_card(self) -> Self:
        """With all that its social card shows, and without the text."""
        return self.select_related("author").prefetch_related("co_authors").defer("body", "body_html", "toc", "excerpt")

    def for_page(self) -> Self:
        """With all that the post's own page shows."""
        return self.select_related("author__picture", "cover", "audio", "series").prefetch_related(
            "categories", "co_authors__picture", "tags"
        )


_PostBase = models.Manager.from_queryset(PostQuerySet)


class PostManager(LiveOnly, _PostBase):
    pass


class PublishedPostManager(PublishedOnly, _PostBase):
    pass


class TrashedPostManager(TrashedOnly, _PostBase):
    pass


class AllPostManager(_PostBase):
    pass


def is_published_page(page: Page) -> bool:
    """In Python what `PageQuerySet.published()` says in SQL: a page knows no times."""
    return page.deleted_at is None and page.status == "published"


class PageQuerySet(TrashQuerySet["Page"]):
    def published(self) -> Self:
        return self.live().filter(status="published")


_PageBase = models.Manager.from_queryset(PageQuerySet)


class PageManager(LiveOnly, _PageBase):
    pass


class PublishedPageManager(PublishedOnly, _PageBase):
    pass


class TrashedPageManager(TrashedOnly, _PageBase):
    pass


class AllPageManager(_PageBase):
    pass


def narrowed[Rows: models.QuerySet](rows: Rows, bound: Q) -> Rows:
    """`rows.filter(bound)` with that condition first: of several bounds on one column, SQLite goes by the first."""
    before = len(rows.query.where.children)
    found = rows.filter(bound)
    conditions = found.query.where.children
    found.query.where.children = conditions[before:] + conditions[:before]
    return found


def linked(links: models.QuerySet, one_by_one: bool) -> Q:
    """The condition that links name a post."""
    return Q(models.Exists(links.filter(post=models.OuterRef("pk")))) if one_by_one else Q(pk__in=links.values("post"))
