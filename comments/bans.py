"""Whether someone is banned, and banning who wrote a comment."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from django.db.models import Q

from posts.markup import clean_line
from posts.visitors import Address

from .managers import CommentQuerySet
from .models import Ban, Comment
from .models.ban import normalised

# What of a comment a ban of each kind is about.
FIELDS = {Ban.Kind.EMAIL: "email", Ban.Kind.NAME: "author_name", Ban.Kind.NETWORK: "address_range"}


def kind_that_meets(comment: Comment, address: Address | None) -> str:
    """Which kind of ban meets a comment that comes from this address, in one query; "" if none does."""
    of_writer = Q(kind=Ban.Kind.EMAIL, value=normalised(Ban.Kind.EMAIL, comment.email)) | Q(
        kind=Ban.Kind.NAME, value=normalised(Ban.Kind.NAME, comment.author_name)
    )
    of_network = Q(kind=Ban.Kind.NETWORK, value__in=ranges_around(address))
    bans = Ban.objects.filter(of_writer | of_network).order_by("kind")
    return bans.values_list("kind", flat=True).first() or ""


def ranges_around(address: Address | None) -> list[str]:
    """Every range that an address lies in, spelt as bans are: few enough to look up, however many bans there are."""
    if address is None:
        return []
    number, width = int(address), address.max_prefixlen
    kind = ipaddress.IPv4Network if address.version == 4 else ipaddress.IPv6Network
    return [str(kind((number, bits), strict=False)) for bits in range(width + 1)]


def ban_writers(comments: CommentQuerySet, kind: str, by: int | None = None, note: str = "") -> int:
    """Ban who wrote these comments, by what `kind` says; return how many bans are new. `by` is an account's id.

    A comment without such an address bans nobody.
    """
    values = comments.order_by().values_list(FIELDS[Ban.Kind(kind)], flat=True)
    wanted = {normalised(kind, clean_line(value)) for value in values if value}
    new = wanted - _banned(kind, wanted)
    # Two moderators may ban the same one at the same moment.
    Ban.objects.bulk_create(
        [Ban(kind=kind, value=value, created_by_id=by, note=note) for value in sorted(new)], ignore_conflicts=True
    )
    return len(new)


def _banned(kind: str, values: Iterable[str]) -> set[str]:
    return set(Ban.objects.filter(kind=kind, value__in=values).values_list("value", flat=True))
