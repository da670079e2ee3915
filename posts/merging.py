"""Two tags that mean the same become one."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from .models import Post, Tag, TaggedPost
from .redirects import leave_forwarding_address
from .ways import related


@transaction.atomic
def merge_tags(kept: Tag, merged: Iterable[Tag]) -> None:
    """Give the posts of `merged` to `kept`. The merged tags go to the trash; their addresses lead to the kept one.

    What is related is found anew for the newest posts; `manage.py relate` does it for all.
    """
    gone = list(merged)
    # First the posts, as whoever saves one does; their links come after. The newest are refreshed.
    tagged = TaggedPost.objects.filter(tag__in=[kept, *gone]).values_list("content_object", flat=True)
    related.lock(set(tagged))
    changed = Post.objects.filter(tags__in=gone).distinct().order_by("-pk").only("pk")
    related.refresh_later(changed[: related.MAX_REFRESHED])
    for tag in gone:
        already = TaggedPost.objects.filter(tag=kept).values("content_object")
        links = TaggedPost.objects.filter(tag=tag)
        links.filter(content_object__in=already).delete()
        links.update(tag=kept)
        tag.delete()
        leave_forwarding_address(tag.get_absolute_url(), kept.get_absolute_url())
