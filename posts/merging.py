"""Two tags that mean the same become one."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from .models import Tag, TaggedPost
from .redirects import leave_forwarding_address


@transaction.atomic
def merge_tags(kept: Tag, merged: Iterable[Tag]) -> None:
    """Give the posts of `merged` to `kept`. The merged tags go to the trash; their addresses lead to the kept one."""
    for tag in merged:
        already = TaggedPost.objects.filter(tag=kept).values("content_object")
        links = TaggedPost.objects.filter(tag=tag)
        links.filter(content_object__in=already).delete()
        links.update(tag=kept)
        tag.delete()
        leave_forwarding_address(tag.get_absolute_url(), kept.get_absolute_url())
