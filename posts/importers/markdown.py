"""Posts from the folder of a static site: Markdown files with front matter, and the pictures beside them.

Each post goes in as a whole or not at all, in a transaction of its own, and leaves a record of the file it came from.
An import that is run again, after an interruption or after a change of the files, goes on from these records.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.redirects.models import Redirect
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone
from django.utils.text import Truncator

from .. import markup, redirects
from ..models import CommentPolicy, ImportRecord, Post, Tag
from ..ways import related
from .catalog import Catalog
from .entry import Day, Entry, Rules
from .links import rewrite
from .pages import Pages
from .plan import Plan, Planned, make_plan, moment, source_key
from .report import CREATED, UNCHANGED, UPDATED, Report
from .resolver import RASTER, Pictures, Resolver
from .tree import read_tree

# What the post takes over as the file has it.
OWN_FIELDS = ("language", "translation_key", "in_feeds", "canonical_url", "seo_title", "seo_description")

KNOWN = "A post of this site has its GUID already."
EDITED = "Edited here since it was imported, and the file has changed too. --overwrite takes the file."
TRASHED = "Its post is in the trash."


@dataclass(frozen=True)
class Options:
    """`source` tells this folder from others; `base_url` is where the old site is; `shift` moves all dates."""

    source: str
    rules: Rules = field(default_factory=Rules)
    base_url: str = ""
    overwrite: bool = False
    rehearsal: bool = False
    shift: timedelta = timedelta()


class Kept(Exception):
    """A post that stays as it is; the message says why."""


class MarkdownImport:
    """The import of one folder. `report` grows while `run` goes on, so that an interruption leaves it whole."""

    def __init__(self, root: Path, options: Options) -> None:
        self.root = root
        self.options = options
        self.report = Report()
        self.catalog = Catalog()
        self.pictures = Pictures(options.rehearsal)
        self.unrelated: list[int] = []

    def run(self, progress: Callable[[int, int], None] = lambda done, total: None) -> Report:
        tree = read_tree(self.root, self.options.rules, self.report)
        options = self.options
        plan = make_plan(tree, options.source, self.report, base_url=options.base_url, shift=options.shift)
        pages = Pages(self.report, overwrite=options.overwrite, rehearsal=options.rehearsal)
        total = len(plan.posts) + len(plan.pages)
        for number, planned in enumerate(plan.posts):
            progress(number, total)
            self.attempt(planned.entry, partial(self.take, plan, planned))
            if len(self.unrelated) >= related.BATCH:
                self.relate()
        self.relate()
        for number, page in enumerate(plan.pages, start=len(plan.posts)):
            progress(number, total)
            self.attempt(page, partial(pages.take, page, self.resolver(plan, page)))
        progress(total, total)
        return self.report

    def relate(self) -> None:
        """Find what is related to the posts that have come since the last time."""
        related.refresh_these(self.unrelated)
        self.unrelated.clear()

    def attempt(self, entry: Entry, take: Callable[[], None]) -> None:
        """Import one text, or report why not."""
        name = entry.name
        try:
            take()
        except Kept as why:
            self.report.skip(name, str(why))
        except ValidationError as error:
            self.catalog.forget()
            self.report.skip(name, "This site does not take it.", sentences(error))
        except (IntegrityError, DataError) as error:
            self.catalog.forget()
            self.report.skip(name, "The database refuses it.", " ".join(str(error).split()))

    def take(self, plan: Plan, planned: Planned) -> None:
        """Import one post. Raises Kept, and whatever the site has against it."""
        digest = self.digest(planned.entry)
        if self.is_unchanged(planned, digest):
            self.report.counts[UNCHANGED] += 1
            return
        self.write(plan, planned, digest)
        self.report.counts[UPDATED if planned.record else CREATED] += 1

    def resolver(self, plan: Plan, entry: Entry) -> Resolver:
        return Resolver(plan.site, entry, self.pictures, self.report)

    def is_unchanged(self, planned: Planned, digest: str) -> bool:
        """Raises Kept when the site's post is not to be touched."""
        record = planned.record
        if record is None:
            return False
        if record.post.is_trashed:
            raise Kept(TRASHED)
        return record.digest == digest

    def write(self, plan: Plan, planned: Planned, digest: str) -> None:
        if not planned.entry.filing.categories and not planned.entry.own.guid:
            self.report.note(planned.entry.name, "It is in no category. --category has one for such posts.")
        values = self.resolved(plan, planned.entry) | self.values(planned)
        with transaction.atomic():
            post = self.saved(planned, values)
            self.file_under(post, planned.entry)
            self.leave_redirects(post, planned)
            ImportRecord.objects.update_or_create(
                source=source_key(self.options.source, planned.entry),
                defaults={"digest": digest, "post": post, "post_version": post.version},
            )
            if self.options.rehearsal:
                transaction.set_rollback(True)
        if self.options.rehearsal:
            self.catalog.forget()
        else:
            self.unrelated.append(post.pk)

    def resolved(self, plan: Plan, entry: Entry) -> dict[str, Any]:
        """The fields of the post in which other files have a part."""
        resolver = self.resolver(plan, entry)
        body = rewrite(markup.clean_text(entry.body), resolver)
        return {"body": body, "cover": resolver.cover(), "audio": resolver.audio()}

    def values(self, planned: Planned) -> dict[str, Any]:
        """The fields of the post that need no look at its text."""
        entry = planned.entry
        return {
            "title": entry.title,
            "summary": Truncator(entry.summary).chars(500),
            "status": Post.Status.DRAFT if entry.is_draft else Post.Status.PUBLISHED,
            "publish_at": planned.publish_at,
            "unpublish_at": self.shifted(entry.times.unpublished),
            "visibility": entry.visibility,
            "pinned": entry.pinned,
            "pinned_until": self.shifted(entry.times.unpinned),
            "comment_policy": entry.own.comment_policy if entry.comments_open else CommentPolicy.OFF,
            "cover_alt": entry.cover_alt,
            "series_position": entry.filing.series_position,
            **{name: getattr(entry.own, name) for name in OWN_FIELDS},
        }

    def shifted(self, day: Day | None) -> datetime | None:
        return moment(day) + self.options.shift if day else None

    def saved(self, planned: Planned, values: dict[str, Any]) -> Post:
        """The post with these values, new or the one of the record. Raises Kept and ValidationError."""
        filing = planned.entry.filing
        if not filing.authors:
            raise ValidationError("It names no author. Say with --author who wrote such posts.")
        post = self.post_of(planned)
        values["author"] = self.catalog.authors.get(filing.authors)[0]
        values["series"] = next(iter(self.catalog.series.get([filing.series] if filing.series else [])), None)
        for name, value in values.items():
            setattr(post, name, value)
        # Not full_clean(), which would ask the database for each of its constraints; saving does that anyway.
        post.clean_fields(exclude=["author", "series", "cover", "audio"])
        post.clean()
        post.save()
        self.date(post, planned)
        return post

    def post_of(self, planned: Planned) -> Post:
        if planned.record is None:
            return self.new_post(planned)
        post = Post.all_objects.select_for_update().get(pk=planned.record.post_id)
        if post.is_trashed:
            raise Kept(TRASHED)
        if post.version != planned.record.post_version and not self.options.overwrite:
            raise Kept(EDITED)
        return post

    @staticmethod
    def new_post(planned: Planned) -> Post:
        """A post that feed readers know already, if its file says by what; else a new one for them. Raises Kept."""
        guid = planned.entry.own.guid
        if not guid:
            return Post(slug=planned.slug)
        if Post.all_objects.filter(guid=guid).exists():
            raise Kept(KNOWN)
        return Post(slug=planned.slug, guid=guid)

    def date(self, post: Post, planned: Planned) -> None:
        """The times that saving has set to now: a new post was written when it was published, not when it came here."""
        updated = planned.entry.times.updated
        now = timezone.now()
        times: dict[str, datetime] = {}
        if planned.record is None:
            times["created_at"] = times["updated_at"] = min(post.publish_at or now, now)
            if created := planned.entry.times.created:
                times["created_at"] = min(moment(created) + self.options.shift, now)
        if updated:
            times["updated_at"] = min(moment(updated) + self.options.shift, now)
        if times:
            Post.all_objects.filter(pk=post.pk).update(**times)

    def file_under(self, post: Post, entry: Entry) -> None:
        post.co_authors.set(self.catalog.authors.get(entry.filing.authors)[1:])
        post.categories.set(self.catalog.categories.get(entry.filing.categories))
        for name in entry.filing.tags:
            # The manager of tags makes what is new without a look at it.
            Tag(name=name).clean_fields(exclude=["key", "slug"])
        post.tags.set(entry.filing.tags)

    def leave_redirects(self, post: Post, planned: Planned) -> None:
        """Lead the old addresses here, except those that somebody has led elsewhere."""
        address = post.get_absolute_url()
        if planned.old_paths and len(address) > redirects.MAX_LENGTH:
            self.report.note(planned.entry.name, "Its new address is longer than a redirect can hold.", address)
            return
        ours = Redirect.objects.filter(site_id=settings.SITE_ID)
        existing = dict(ours.filter(old_path__in=planned.old_paths).values_list("old_path", "new_path"))
        for path in planned.old_paths:
            if existing.get(path, address) != address:
                self.report.note(planned.entry.name, "An old address leads elsewhere already.", path)
        Redirect.objects.bulk_create(
            Redirect(site_id=settings.SITE_ID, old_path=path, new_path=address)
            for path in planned.old_paths
            if path not in existing and path != address
        )

    def digest(self, entry: Entry) -> str:
        """Of all that shapes the post: its file, the pictures in its bundle, and how both are to be read."""
        digest = hashlib.sha256(repr((entry.digest, self.options.rules, self.options.base_url)).encode())
        if entry.is_bundle:
            for path in sorted(entry.file.parent.iterdir()):
                if path.suffix.lower() in RASTER and path.is_file():
                    digest.update(path.name.encode(errors="replace") + hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()


def sentences(error: ValidationError) -> str:
    """What a model says against a value, with the name of the field."""
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    return " ".join(f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items())
