"""Telling the WebSub hub which feeds have something new (https://www.w3.org/TR/websub/, section 7).

What is to be told is written down in the transaction of the change, for the moment at which readers may see it, and
told after the commit. So a crash loses nothing, and a post that is published by time alone is told of at its time: by
the thread for tasks while its process lives, and else by `ping_hub`, which a timer runs. Of each change a hub is told
once; twice only if a process dies between the hub's answer and the commit of having heard it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from http.client import HTTPException
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.db.models import F, Min
from django.tasks import task
from django.urls import reverse
from django.utils import timezone

from ..again import come_again
from ..models import Category, HubPing, Post, SiteSettings
from .formats import FORMATS
from .hub import Refused, publish

logger = logging.getLogger(__name__)

# After 1, 4, 16, 64 … minutes; the last time after more than a day.
ATTEMPTS = 7
BACKOFF = 4
MOST_TOPICS = 300
MOST_SCHEDULED = 1000
# Of a category below a category below …
DEEPEST = 10


def changed(post: Post) -> None:
    """Have the hub told of a post that was saved: now, or once it is due; of what feeds do not show, nothing.

    Called in the transaction of the change, when all that belongs to the post is saved.
    """
    if not SiteSettings.load().websub_hub:
        return
    with transaction.atomic():
        HubPing.objects.filter(post=post).delete()
        if will_show(post) and post.publish_at:
            due_at = max(post.publish_at, timezone.now())
            pings = [HubPing(post=post, topic=topic, due_at=due_at) for topic in topics(post)]
            HubPing.objects.bulk_create(pings, ignore_conflicts=True)
        transaction.on_commit(partial(tell_due.enqueue))


def hub_was_set() -> None:
    """Expect the posts that were scheduled while there was no hub."""
    for post in Post.objects.scheduled().order_by("publish_at")[:MOST_SCHEDULED]:
        changed(post)


def will_show(post: Post) -> bool:
    """Whether feeds show the post, or will once it is due."""
    is_over = post.unpublish_at is not None and post.unpublish_at <= timezone.now()
    is_public = post.status == Post.Status.PUBLISHED and post.visibility == Post.Visibility.PUBLIC
    return is_public and post.in_feeds and not post.is_trashed and not is_over


def topics(post: Post) -> list[str]:
    """The paths of all feeds that have the post, in each format."""
    return list(dict.fromkeys(islice(_topics(post), MOST_TOPICS)))


def _topics(post: Post) -> Iterator[str]:
    rows = {
        "category_feed": [ancestor for category in post.categories.all() for ancestor in lineage(category)],
        "tag_feed": list(post.tags.all()),
        "author_feed": [author for author in post.byline if not author.is_trashed],
        "series_feed": [post.live_series] if post.live_series else [],
    }
    for form in FORMATS:
        yield reverse(f"posts:feed{form.suffix}")
    for name, found in rows.items():
        for row in found:
            for form in FORMATS:
                yield reverse(f"posts:{name}{form.suffix}", args=[row.slug])


def lineage(category: Category) -> Iterator[Category]:
    """The category and those above it, whose feeds have its posts, too."""
    above: Category | None = category
    for _step in range(DEEPEST):
        if above is None or above.is_trashed:
            return
        yield above
        above = above.parent


@task
def tell_due() -> None:
    """Tell what is due, and come again when more is, where that is one task however often it is said; else a timer."""
    tell()
    come_again(tell_due, HubPing.objects.aggregate(at=Min("due_at"))["at"])


def tell() -> int:
    """Tell the hub what is due; return of how many feeds it was told. Any number of processes may do so at once."""
    hub = SiteSettings.load().websub_hub
    if not hub:
        HubPing.objects.all().delete()
        return 0
    told = 0
    while claimed := claim():
        topic, pings = claimed
        try:
            publish(hub, f"{settings.MAIL_ORIGIN}{topic}")
        except (OSError, HTTPException, ValueError, Refused) as error:
            # Whatever it was, the hub need not be asked about other feeds right now.
            put_off(topic, pings, error)
            break
        HubPing.objects.filter(pk__in=[ping.pk for ping in pings]).delete()
        told += 1
    return told


def claim() -> tuple[str, list[HubPing]] | None:
    """A feed of which the hub is to be told now, with all that it is to be told for; None where there is none.

    Until that is deleted or put off, nobody else tells of it, but if this process dies somebody does, later.
    """
    now = timezone.now()
    due = HubPing.objects.filter(due_at__lte=now).select_for_update(skip_locked=True)
    with transaction.atomic():
        while first := due.order_by("due_at", "pk").first():
            pings = list(due.filter(topic=first.topic).order_by("pk"))
            rows = HubPing.objects.filter(pk__in=[ping.pk for ping in pings])
            if Post.published.syndicated().filter(hub_pings__in=rows).exists():
                rows.update(attempts=F("attempts") + 1, due_at=next_attempt(now, first.attempts))
                return first.topic, pings
            # Taken back, hidden or put off since; who changes that calls `changed`.
            rows.delete()
    return None


def next_attempt(now: datetime, attempts: int) -> datetime:
    return now + timedelta(minutes=BACKOFF**attempts)


def put_off(topic: str, pings: list[HubPing], error: Exception) -> None:
    logger.warning("The WebSub hub was not told of %s: %s", topic, str(error)[:200] or type(error).__name__)
    last = [ping.pk for ping in pings if ping.attempts + 1 >= ATTEMPTS]
    HubPing.objects.filter(pk__in=last).delete()
