"""Posts that a reader of another post may like: found when a post is saved, so that to show them is one small query.

Two posts are the more alike the more tags and categories they share, a rare tag saying more than one that many have,
and the more their words agree. Parts of one series are left out, and what says the same in another language: the page
leads to those anyway. What is not listed may stand in the table, since time alone makes it listed; it is left out when
the posts are shown.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from heapq import nsmallest
from itertools import batched
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from ..models import Post, RelatedPost, TaggedPost
from ..search import Rarity, similar
from ..search.engines import among

KEPT = 20
"""Related posts that are kept for each post: enough for some of them to be hidden."""
RECENT = 200
"""The posts, the latest ones, that are considered of each tag and category."""
COUNTED = 2000
MAX_REFRESHED = 200
BATCH = 100

type Scores = dict[int, float]


class Filed(NamedTuple):
    """What links posts with subjects of a kind that are not in the trash, and what it says to share one of them."""

    links: QuerySet
    post: str
    subject: str
    weight: float


TAGS = Filed(TaggedPost.objects.filter(tag__deleted_at=None), "content_object", "tag", 1)
CATEGORIES = Filed(Post.categories.through.objects.filter(category__deleted_at=None), "post", "category", 0.5)


def refresh_later(posts: Iterable[Post]) -> None:
    """`refresh` these posts once what has changed is committed: that neither waits for it nor fails with it.

    No more than `MAX_REFRESHED` of them; `manage.py relate` does all.
    """
    pks = [post.pk for post in posts][:MAX_REFRESHED]
    transaction.on_commit(partial(refresh_these, pks), robust=True)


def refresh_these(pks: Iterable[int]) -> None:
    deque(refresh_all(pks), maxlen=0)


def without_any(pks: Iterable[int]) -> list[int]:
    """Those of these published posts to which nothing is related, as if nobody had looked.

    Not parts of a series: they often have something in common with each other alone, and would be looked at for ever.
    """
    known = RelatedPost.objects.filter(post=OuterRef("pk"))
    posts = Post.objects.filter(~Exists(known), pk__in=among(pks), status=Post.Status.PUBLISHED, series=None)
    return list(posts.order_by("pk").values_list("pk", flat=True))


def refresh_all(pks: Iterable[int] | None = None) -> Iterator[int]:
    """Refresh these posts, or all of them, in batches; yield after each batch how many are done."""
    rows = Post.all_objects.order_by("pk")
    wanted = list(rows.values_list("pk", flat=True)) if pks is None else sorted(pks)
    done = 0
    for batch in batched(wanted, BATCH):
        refresh(*rows.filter(pk__in=batch).defer("body_html", "toc"))
        done += len(batch)
        yield done


def refresh(*posts: Post) -> None:
    """Find anew the posts that are related to these, and these to them: after their tags and categories are saved."""
    scores_of = partners(posts)
    with transaction.atomic():
        best = {other for scores in scores_of.values() for other in top(scores)}
        there = lock({*scores_of, *best, *former_partners(scores_of)})
        write(scores_of, there)


def write(scores_of: dict[int, Scores], there: set[int]) -> None:
    """Write down the best partners of posts that are still there, and the posts as partners of theirs.

    A post for which one of these is among the best keeps it, even if that is not so the other way about.
    """
    own = {
        (pk, other): score
        for pk, scores in scores_of.items()
        for other, score in top(scores).items()
        if pk in there and other in there
    }
    wanted = {(other, pk): score for (pk, other), score in own.items()} | own
    rows = list(around(scores_of).values_list("pk", "post", "other", "score"))
    delete(pk for pk, post, other, _ in rows if (post, other) not in wanted and is_over(post, other, scores_of))
    known = {(post, other): score for _, post, other, score in rows}
    least = least_kept({other for _, other in own} - scores_of.keys())
    put(
        {
            (post, other): score
            for (post, other), score in wanted.items()
            if known.get((post, other)) != score and ((post, other) in known or score >= least.get(post, 0))
        }
    )
    prune({post for post, _ in wanted})


def put(scores: Mapping[tuple[int, int], float]) -> None:
    """Write down these pairs, in place of those that had another score."""
    RelatedPost.objects.bulk_create(
        [RelatedPost(post_id=post, other_id=other, score=score) for (post, other), score in scores.items()],
        update_conflicts=True,
        unique_fields=["post", "other"],
        update_fields=["score"],
    )


def is_over(post: int, other: int, scores_of: dict[int, Scores]) -> bool:
    """Whether `other`, which is not among the best that were found now, is to be forgotten as a partner of `post`."""
    return post in scores_of or post not in scores_of[other]


def around(posts: Iterable[int]) -> QuerySet:
    """What is written down of these posts, at either end."""
    posts = list(posts)
    return RelatedPost.objects.filter(Q(post__in=posts) | Q(other__in=posts))


def top(scores: Scores) -> Scores:
    return dict(nsmallest(KEPT, scores.items(), key=lambda item: (-item[1], -item[0])))


def former_partners(scores_of: dict[int, Scores]) -> set[int]:
    """The posts that were related to these until now, as far as that may be about to be forgotten at either end."""
    ends = around(scores_of).values_list("post", "other")
    return {pk for post, other in ends if is_over(post, other, scores_of) for pk in (post, other)}


def lock(pks: set[int]) -> set[int]:
    """Hold these posts against their deletion, in the order of their ids as everything does; those that are there."""
    rows = Post.all_objects.filter(pk__in=among(pks)).order_by("pk").select_for_update(no_key=True)
    return set(rows.values_list("pk", flat=True))


def least_kept(posts: Iterable[int]) -> Scores:
    """Of those that have as many as they keep, the least score: what is below it would be pruned at once."""
    rows = RelatedPost.objects.filter(post__in=among(posts)).order_by().values("post")
    full = rows.annotate(least=Min("score"), number=Count("pk")).filter(number__gte=KEPT)
    return dict(full.values_list("post", "least"))


def prune(posts: Iterable[int]) -> None:
    """Take away what is more than these posts keep."""
    place = Window(RowNumber(), partition_by="post", order_by=[F("score").desc(), F("other").desc()])
    rows = RelatedPost.objects.filter(post__in=among(posts)).annotate(place=place)
    delete(rows.filter(place__gt=KEPT).values_list("pk", flat=True))


def delete(pks: Iterable[int]) -> None:
    if found := list(pks):
        RelatedPost.objects.filter(pk__in=among(found)).delete()


def partners(posts: Sequence[Post]) -> dict[int, Scores]:
    """For each of these the score of each post that has something in common with it.

    None for a draft, or what is in the trash. What several of them have in common is looked up once.
    """
    shown = [post for post in posts if post.status == Post.Status.PUBLISHED and not post.is_trashed]
    alike: dict[int, Scores] = {post.pk: defaultdict(float) for post in shown}
    for filed in (TAGS, CATEGORIES):
        add_shared(alike, filed)
    rarity = Rarity()
    rarity.weigh(alike)
    for post in shown:
        for other, score in similar(post, rarity=rarity):
            alike[post.pk][other] += score
    return {post.pk: {} for post in posts} | without_unfit(shown, alike)


def add_shared(alike: dict[int, Scores], filed: Filed) -> None:
    """Add what the subjects that posts share say of them."""
    links = filed.links.filter(shared_by_others(filed), **{f"{filed.post}__in": list(alike)})
    shared: dict[int, tuple[list[int], float]] = {}
    for post, subject in links.order_by().values_list(filed.post, filed.subject):
        if subject not in shared:
            shared[subject] = latest_of(filed, subject)
        latest, weight = shared[subject]
        for other in latest:
            alike[post][other] += weight


def shared_by_others(filed: Filed) -> Exists:
    """Whether the subject of a link has another post: most tags of an import have none, and are not worth a query."""
    same = filed.links.filter(**{filed.subject: OuterRef(filed.subject)})
    return Exists(same.exclude(**{filed.post: OuterRef(filed.post)}))


def latest_of(filed: Filed, subject: int) -> tuple[list[int], float]:
    """The latest posts of a subject with its weight: the less the more posts have it, as far as they are counted."""
    links = filed.links.filter(**{filed.subject: subject}).order_by()
    latest = list(links.order_by("-pk").values_list(filed.post, flat=True)[:RECENT])
    number = len(latest) if len(latest) < RECENT else links[:COUNTED].count()
    return latest, filed.weight / math.log2(1 + number) if number else 0


def without_unfit(posts: Sequence[Post], alike: dict[int, Scores]) -> dict[int, Scores]:
    """Without drafts, what is in the trash, the other parts of a series and other versions of a text."""
    found = {other for scores in alike.values() for other in scores}
    others = Post.objects.filter(pk__in=among(found), status=Post.Status.PUBLISHED).order_by()
    known = {pk: (series, key) for pk, series, key in others.values_list("pk", "series", "translation_key")}
    return {
        post.pk: {
            other: score
            for other, score in alike[post.pk].items()
            if other != post.pk and other in known and not is_led_to(post, *known[other])
        }
        for post in posts
    }


def is_led_to(post: Post, series: int | None, key: UUID | None) -> bool:
    """Whether the page of a post leads to one of this series, or this version of a text, anyway."""
    return (series is not None and series == post.series_id) or (key is not None and key == post.translation_key)
