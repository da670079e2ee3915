"""Posts from the folder of a static site: Markdown files with front matter, and the pictures beside them.

Each post goes in as a whole or not at all, in one transaction with those beside it, and leaves a record of the file it
came from. An import that is run again, after an interruption or after a change of the files, goes on from there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import batched
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone
from django.utils.text import Truncator

from .. import markup
from ..models import CommentPolicy, ImportRecord, Post, Tag
from ..ways import related
from . import postgresql
from .catalog import Catalog
from .entry import Day, Entry, Rules
from .links import rewrite
from .pages import Pages
from .plan import Plan, Planned, make_plan, moment
from .report import CREATED, UNCHANGED, UPDATED, Report
from .resolver import RASTER, Pictures, Resolver
from .tree import read_tree
from .writing import Ready, Writer

# What the post takes over as the file has it.
OWN_FIELDS = ("language", "translation_key", "in_feeds", "canonical_url", "seo_title", "seo_description")

BATCH = 50
"""New posts that are written in one transaction: nobody else writes to SQLite meanwhile."""
REFUSED = (ValidationError, IntegrityError, DataError)

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
        self.writer = Writer(options.source, self.catalog)
        self.guids: set[str] = set()
        self.ready: list[Ready] = []
        self.unrelated: list[int] = []

    def run(self, progress: Callable[[int, int], None] = lambda done, total: None) -> Report:
        tree = read_tree(self.root, self.options.rules, self.report)
        options = self.options
        plan = make_plan(tree, options.source, self.report, base_url=options.base_url, shift=options.shift)
        self.guids = known_guids(tree.entries)
        total = len(plan.posts) + len(plan.pages)
        self.take_posts(plan, lambda done: progress(done, total))
        self.take_pages(plan, lambda done: progress(len(plan.posts) + done, total))
        progress(total, total)
        return self.report

    def take_posts(self, plan: Plan, progress: Callable[[int], None]) -> None:
        if not self.options.rehearsal:
            self.unrelated += related.without_any(planned.record.post_id for planned in plan.posts if planned.record)
        try:
            for number, planned in enumerate(plan.posts):
                progress(number)
                self.attempt(planned.entry, partial(self.take, plan, planned))
                if len(self.ready) >= BATCH:
                    self.write_ready()
        finally:
            # After an interruption, too: what is ready would be lost.
            self.write_ready()
            self.relate()

    def take_pages(self, plan: Plan, progress: Callable[[int], None]) -> None:
        pages = Pages(self.report, overwrite=self.options.overwrite, rehearsal=self.options.rehearsal)
        for number, page in enumerate(plan.pages):
            progress(number)
            self.attempt(page, partial(pages.take, page, self.resolver(plan, page)))

    def write_ready(self) -> None:
        """Write what is ready: all at once or, where one of them is refused, one after the other."""
        batch, self.ready = self.ready, []
        try:
            if batch:
                self.write(batch)
        except REFUSED:
            self.catalog.forget()
            for ready in batch:
                self.attempt(ready.planned.entry, partial(self.write, [ready]))
        if len(self.unrelated) >= related.BATCH:
            self.relate()

    def relate(self) -> None:
        """Find what is related to the posts that have come since the last time, or when an earlier run was cut off."""
        if self.unrelated:
            postgresql.tell_sizes(self.report.counts[CREATED])
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
        filing = planned.entry.filing
        if not filing.authors:
            raise ValidationError("It names no author. Say with --author who wrote such posts.")
        for name in filing.tags:
            # To link a tag makes what is new without a look at it.
            Tag(name=name).clean_fields(exclude=["key", "slug"])
        if not filing.categories and not planned.entry.own.guid:
            self.report.note(planned.entry.name, "It is in no category. --category has one for such posts.")
        self.prepare(planned, digest, self.resolved(plan, planned.entry) | self.values(planned))

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

    def prepare(self, planned: Planned, digest: str, values: dict[str, Any]) -> None:
        """Have a new post ready to be written; write one that has changed. Raises Kept and ValidationError."""
        if planned.record is None:
            post = self.new_post(planned)
            self.fill(post, values)
            post.revise(self.pictures.picture_of)
            self.ready.append(Ready(planned, post, digest, self.times(post, planned)))
            return
        with transaction.atomic():
            post = self.post_of(planned.record)
            self.fill(post, values)
            self.write([Ready(planned, post, digest, self.times(post, planned))])

    def write(self, batch: list[Ready]) -> None:
        """Write these posts, or none of them, and report it. Raises what is in REFUSED."""
        with transaction.atomic():
            notes = self.writer.write(batch)
            if self.options.rehearsal:
                transaction.set_rollback(True)
        for note in notes:
            self.report.note(*note)
        self.report.counts.update(CREATED if ready.is_new else UPDATED for ready in batch)
        if self.options.rehearsal:
            self.catalog.forget()
        else:
            self.unrelated += [ready.post.pk for ready in batch]

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

    def new_post(self, planned: Planned) -> Post:
        """A post that feed readers know already, if its file says by what; else a new one for them. Raises Kept."""
        guid = planned.entry.own.guid
        if not guid:
            return Post(slug=planned.slug)
        if guid in self.guids:
            raise Kept(KNOWN)
        self.guids.add(guid)
        return Post(slug=planned.slug, guid=guid)

    def post_of(self, record: ImportRecord) -> Post:
        """The post of an earlier import, locked. Raises Kept."""
        post = Post.all_objects.select_for_update().get(pk=record.post_id)
        if post.is_trashed:
            raise Kept(TRASHED)
        if post.version != record.post_version and not self.options.overwrite:
            raise Kept(EDITED)
        return post

    @staticmethod
    def fill(post: Post, values: dict[str, Any]) -> None:
        """Raises ValidationError for a value that the site does not take."""
        for name, value in values.items():
            setattr(post, name, value)
        # Not full_clean(), which would ask the database for each of its constraints; saving does that anyway.
        post.clean_fields(exclude=["author", "series", "cover", "audio"])
        post.check_times()

    def times(self, post: Post, planned: Planned) -> dict[str, datetime]:
        """The times that saving sets to now: a new post was written when it was published, not when it came here."""
        said = planned.entry.times
        now = timezone.now()
        times: dict[str, datetime] = {}
        if planned.record is None:
            times["created_at"] = times["updated_at"] = min(post.publish_at or now, now)
            if said.created:
                times["created_at"] = min(moment(said.created) + self.options.shift, now)
        if said.updated:
            times["updated_at"] = min(moment(said.updated) + self.options.shift, now)
        return times

    def digest(self, entry: Entry) -> str:
        """Of all that shapes the post: its file, the pictures in its bundle, and how both are to be read."""
        digest = hashlib.sha256(repr((entry.digest, self.options.rules, self.options.base_url)).encode())
        if entry.is_bundle:
            for path in sorted(entry.file.parent.iterdir()):
                if path.suffix.lower() in RASTER and path.is_file():
                    digest.update(path.name.encode(errors="replace") + hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()


def known_guids(entries: Iterable[Entry]) -> set[str]:
    """Those of the entries' GUIDs that posts of this site have."""
    wanted = sorted({entry.own.guid for entry in entries if entry.own.guid})
    rows = (Post.all_objects.filter(guid__in=some).values_list("guid", flat=True) for some in batched(wanted, 500))
    return {guid for some in rows for guid in some}


def sentences(error: ValidationError) -> str:
    """What a model says against a value, with the name of the field."""
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    return " ".join(f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items())
