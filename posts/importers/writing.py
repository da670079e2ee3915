"""The posts of an import on their way into the database: many in one transaction, with a few statements for all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.redirects.models import Redirect
from django.db import transaction
from django.utils import timezone

from .. import redirects
from ..models import ImportRecord, Post, TaggedPost
from .catalog import Catalog
from .entry import Filing
from .plan import Planned, source_key


@dataclass(frozen=True)
class Ready:
    """A post of which all is known but the rows that it names.

    `times` are those of the fields that saving sets to now; `post` is revised, if it is new.
    """

    planned: Planned
    post: Post
    digest: str
    times: dict[str, datetime]

    @property
    def is_new(self) -> bool:
        return self.planned.record is None

    @property
    def filing(self) -> Filing:
        return self.planned.entry.filing


class Note(NamedTuple):
    """What could not be done as its author meant it: `file`, `reason` and `detail` of a remark in the report."""

    file: str
    reason: str
    detail: str


class Writer:
    """Writes posts with what belongs to them. To be told of a rollback, see `Catalog.forget`."""

    def __init__(self, source: str, catalog: Catalog) -> None:
        self.source = source
        self.catalog = catalog

    def write(self, batch: Sequence[Ready]) -> list[Note]:
        """All or nothing. Raises ValidationError, IntegrityError or DataError for what does not go in."""
        with transaction.atomic():
            self.catalog.look_up([ready.filing for ready in batch])
            self.save([self.signed(ready) for ready in batch])
            self.date(batch)
            self.file_new([ready for ready in batch if ready.is_new])
            for ready in batch:
                if not ready.is_new:
                    self.file_again(ready)
            notes = self.leave_redirects(batch)
            self.record(batch)
        return notes

    def signed(self, ready: Ready) -> Ready:
        """With its author and its series."""
        ready.post.author = self.catalog.authors.get(ready.filing.authors)[0]
        ready.post.series = next(
            iter(self.catalog.series.get([ready.filing.series] if ready.filing.series else [])), None
        )
        return ready

    @staticmethod
    def save(batch: Sequence[Ready]) -> None:
        new = [ready.post for ready in batch if ready.is_new]
        for post in new:
            post.pk = None  # it may have one of a transaction that was rolled back
        Post.save_new(new)
        for ready in batch:
            if not ready.is_new:
                ready.post.save()

    @staticmethod
    def date(batch: Sequence[Ready]) -> None:
        dated = [ready for ready in batch if ready.times]
        for ready in dated:
            for name, time in ready.times.items():
                setattr(ready.post, name, time)
        names = sorted({name for ready in dated for name in ready.times})
        if names:
            Post.all_objects.bulk_update([ready.post for ready in dated], names)

    def file_new(self, batch: Sequence[Ready]) -> None:
        """Link posts that have no links yet."""
        self.link(Post.co_authors.through, "author_id", batch, self.co_authors)
        self.link(Post.categories.through, "category_id", batch, self.categories)
        links = [TaggedPost(content_object=ready.post, tag=tag) for ready in batch for tag in self.tags(ready)]
        TaggedPost.objects.bulk_create(links)

    @staticmethod
    def link(links: Any, subject: str, batch: Sequence[Ready], subjects: Any) -> None:
        rows = [
            links(post_id=ready.post.pk, **{subject: row.pk})
            for ready in batch
            for row in dict.fromkeys(subjects(ready))
        ]
        links.objects.bulk_create(rows)

    def file_again(self, ready: Ready) -> None:
        ready.post.co_authors.set(self.co_authors(ready))
        ready.post.categories.set(self.categories(ready))
        ready.post.tags.set(self.tags(ready))

    def co_authors(self, ready: Ready) -> list[Any]:
        return self.catalog.authors.get(ready.filing.authors)[1:]

    def categories(self, ready: Ready) -> list[Any]:
        return self.catalog.categories.get(ready.filing.categories)

    def tags(self, ready: Ready) -> list[Any]:
        return self.catalog.tags.get(ready.filing.tags)

    def leave_redirects(self, batch: Sequence[Ready]) -> list[Note]:
        """Lead the old addresses here, except those that somebody has led elsewhere."""
        ours = Redirect.objects.filter(site_id=settings.SITE_ID)
        paths = [path for ready in batch for path in ready.planned.old_paths]
        existing = dict(ours.filter(old_path__in=paths).values_list("old_path", "new_path"))
        notes: list[Note] = []
        rows = [row for ready in batch for row in self.redirects_to(ready, existing, notes)]
        Redirect.objects.bulk_create(rows)
        return notes

    @staticmethod
    def redirects_to(ready: Ready, existing: dict[str, str], notes: list[Note]) -> Iterator[Redirect]:
        """The missing ones. What cannot be goes to the notes."""
        address, name = ready.post.get_absolute_url(), ready.planned.entry.name
        if ready.planned.old_paths and len(address) > redirects.MAX_LENGTH:
            notes.append(Note(name, "Its new address is longer than a redirect can hold.", address))
            return
        for path in ready.planned.old_paths:
            if existing.get(path, address) != address:
                notes.append(Note(name, "An old address leads elsewhere already.", path))
            elif path not in existing and path != address:
                yield Redirect(site_id=settings.SITE_ID, old_path=path, new_path=address)

    def record(self, batch: Sequence[Ready]) -> None:
        now = timezone.now()
        rows = [
            ImportRecord(
                source=source_key(self.source, ready.planned.entry),
                digest=ready.digest,
                post=ready.post,
                post_version=ready.post.version,
                imported_at=now,
            )
            for ready in batch
        ]
        ImportRecord.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["source"],
            update_fields=["digest", "post", "post_version", "imported_at"],
        )
