"""What an import will do, decided before it does any of it: so that each text knows where all others will be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from .. import redirects, slugs
from ..models import Category, ImportRecord, Page, Post
from .addresses import LivePlaces, SiteMap, redirect_path
from .entry import Day, Entry
from .report import Report
from .tree import Tree

NOON = time(12)


@dataclass
class Planned:
    """An entry with its place on this site. `record` is what an earlier import left of it."""

    entry: Entry
    slug: str
    publish_at: datetime | None
    old_paths: list[str]
    record: ImportRecord | None

    @property
    def address(self) -> str:
        return reverse("posts:post", args=[self.slug])


@dataclass
class Plan:
    posts: list[Planned]
    pages: list[Entry]
    site: SiteMap


def make_plan(tree: Tree, source: str, report: Report, *, base_url: str = "", shift: timedelta = timedelta()) -> Plan:
    """Give each entry a slug, a time and its old addresses. Nothing is written."""
    entries = sorted(tree.entries, key=lambda entry: (sortable(entry.times.published), entry.name))
    records = {record.source: record for record in records_of(source)}
    known = {entry.key: records.get(source_key(source, entry)) for entry in entries}
    live = LivePlaces(posts=live_slugs(Post), pages=live_slugs(Page))
    new_slugs = choose_slugs(entries, known, live.posts)
    times = choose_times(entries, shift)
    live.posts |= set(new_slugs.values())
    live.pages |= {page.slug for page in tree.pages}
    trashed = {key for key, record in known.items() if record and record.post.is_trashed}
    site = SiteMap(
        tree,
        {key: slug for key, slug in new_slugs.items() if key not in trashed},
        live,
        base_url.rstrip("/"),
        category_slugs(tree),
    )
    old_paths = claim_old_paths(entries, new_slugs, live, report)
    planned = [
        Planned(entry, new_slugs[entry.key], times[entry.key], old_paths[entry.key], known[entry.key])
        for entry in entries
    ]
    return Plan(planned, tree.pages, site)


def source_key(source: str, entry: Entry) -> str:
    """What a record knows the entry by, in this import and in later ones."""
    return f"{source}:{entry.key}"


def records_of(source: str) -> QuerySet[ImportRecord]:
    posts = ("post__slug", "post__version", "post__deleted_at")
    return (
        ImportRecord.objects.filter(source__startswith=f"{source}:")
        .select_related("post")
        .only("source", "digest", "post_version", *posts)
    )


def live_slugs(model: type[Post | Page]) -> set[str]:
    return set(model.objects.order_by().values_list("slug", flat=True))


def choose_slugs(entries: list[Entry], known: dict[str, ImportRecord | None], taken: set[str]) -> dict[str, str]:
    """The slug of each entry by its key: the one its post has, or its own, or its own with the year, or a number."""
    chosen = {key: record.post.slug for key, record in known.items() if record}
    used = taken | set(chosen.values())
    for entry in entries:
        if entry.key not in chosen:
            year = entry.times.published.year if entry.times.published else ""
            wanted = entry.slug if entry.slug not in used else f"{entry.slug[: slugs.MAX_LENGTH - 5]}-{year}".strip("-")
            chosen[entry.key] = slugs.available(wanted, used.__contains__)
            used.add(chosen[entry.key])
    return chosen


def category_slugs(tree: Tree) -> dict[str, str]:
    """The slugs of the categories that sections become, by name: of those there are, and of those to be made."""
    wanted = set(tree.sections.values()) & {name for entry in tree.entries for name in entry.filing.categories}
    existing = dict(Category.objects.order_by().values_list("name", "slug"))
    return {name: existing.get(name) or slugs.slugify(name) for name in wanted}


def claim_old_paths(
    entries: list[Entry], new_slugs: dict[str, str], live: LivePlaces, report: Report
) -> dict[str, list[str]]:
    """The redirects of each entry by its key: no path for two posts, and none where this site itself answers."""
    owners: dict[str, str] = {}
    claimed: dict[str, list[str]] = {}
    for entry in entries:
        paths = {redirect_path(alias): None for alias in entry.aliases}
        paths.pop(reverse("posts:post", args=[new_slugs[entry.key]]), None)
        claimed[entry.key] = []
        for path in paths:
            problem = problem_with(path, entry, owners, live)
            if problem:
                report.note(entry.name, problem, path)
            else:
                owners[path] = entry.key
                claimed[entry.key].append(path)
    return claimed


def problem_with(path: str, entry: Entry, owners: dict[str, str], live: LivePlaces) -> str:
    """Why `path` cannot lead to the entry, in a sentence; "" if it can."""
    if not path:
        return "An old address is not a path that a site can have."
    if len(path) > redirects.MAX_LENGTH:
        return "An old address is longer than a redirect can hold."
    if owners.get(path, entry.key) != entry.key:
        return "An old address is another post's already."
    if live.answer(path):
        return "An old address is in use on this site."
    return ""


def choose_times(entries: list[Entry], shift: timedelta) -> dict[str, datetime | None]:
    """When each entry is published. Those of one day without a time follow each other by a second, in their order."""
    times: dict[str, datetime | None] = {}
    on_day: dict[date, int] = {}
    for entry in entries:
        day = entry.times.published
        if day is None:
            times[entry.key] = None
            continue
        earlier = on_day.get(day, 0) if not isinstance(day, datetime) else 0
        on_day[day] = earlier + 1
        times[entry.key] = moment(day) + timedelta(seconds=earlier) + shift
    return times


def moment(day: Day) -> datetime:
    """A day as a moment in the site's time zone: at noon, and as early as today's can be if noon is still to come."""
    zone = timezone.get_current_timezone()
    if isinstance(day, datetime):
        return day if timezone.is_aware(day) else day.replace(tzinfo=zone)
    now = timezone.localtime()
    if day == now.date() and now.time() < NOON:
        return datetime.combine(day, time(), zone)
    return datetime.combine(day, NOON, zone)


def sortable(day: Day | None) -> datetime:
    return moment(day) if day else datetime.max.replace(tzinfo=UTC)
