"""Posts that a reader of another post may like: found when a post is saved, so that to show them is one small query.

Two posts are the more alike the more tags and categories they share, a rare tag saying more than one that many have,
and the more their words agree. Parts of one series are left out, and what says the same in another language: the page
leads to those anyway. What is not listed may stand in the table, since time alone makes it listed; it is left out when
the posts are shown.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import batched

from django.db import transaction
from django.db.models import Q, QuerySet

from ..models import Post, RelatedPost, TaggedPost
from ..search import Rarity, similar

KEPT = 20
"""Related posts that are kept for each post: enough for some of them to be hidden."""
RECENT = 200
"""The posts, the latest ones, that are considered of each tag and category."""
COUNTED = 2000
CATEGORY_WEIGHT = 0.5
MAX_REFRESHED = 200
BATCH = 100

type Scores = dict[int, float]


def refresh_later(posts: Iterable[Post]) -> None:
    """`refresh` these posts once what has changed is committed: that neither waits for it nor fails with it.

    No more than `MAX_REFRESHED` of them; `manage.py relate` does all.
    """
    pks = [post.pk for post in posts][:MAX_REFRESHED]
    transaction.on_commit(partial(refresh_these, pks), robust=True)


def refresh_these(pks: Iterable[int]) -> None:
    deque(refresh_all(pks), maxlen=0)


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
    rarity = Rarity()
    partners_of = {post.pk: partners(post, rarity) for post in posts}
    with transaction.atomic():
        best = {other for scores in partners_of.values() for other in top(scores)}
        there = lock({*partners_of, *best, *former_partners(partners_of)})
        for pk, scores in partners_of.items():
            write(pk, scores, there)


def write(pk: int, scores: Scores, there: set[int]) -> None:
    """Write down the best partners of a post that are still there, and the post as a partner of theirs.

    A post for which this one is among the best keeps it, even if that is not so the other way about.
    """
    RelatedPost.objects.filter(post=pk).delete()
    RelatedPost.objects.filter(other=pk).exclude(post__in=scores).delete()
    best = {other: score for other, score in top(scores).items() if other in there and pk in there}
    rows = [RelatedPost(post_id=pk, other_id=other, score=score) for other, score in best.items()]
    rows += [RelatedPost(post_id=other, other_id=pk, score=score) for other, score in best.items()]
    RelatedPost.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["post", "other"], update_fields=["score"]
    )
    prune(list(best))


def top(scores: Scores) -> Scores:
    return dict(sorted(scores.items(), key=lambda item: (-item[1], -item[0]))[:KEPT])


def former_partners(partners_of: dict[int, Scores]) -> set[int]:
    """The posts that were related to these until now, as far as that is about to be forgotten at either end."""
    ends = RelatedPost.objects.filter(Q(post__in=partners_of) | Q(other__in=partners_of)).values_list("post", "other")
    theirs = {post for post, other in ends if other in partners_of and post not in partners_of[other]}
    return theirs | {other for post, other in ends if post in partners_of}


def lock(pks: set[int]) -> set[int]:
    """Hold these posts against their deletion, in the order of their ids as everything does; those that are there."""
    rows = Post.all_objects.filter(pk__in=pks).order_by("pk").select_for_update(no_key=True)
    return set(rows.values_list("pk", flat=True))


def prune(pks: list[int]) -> None:
    """Take away what is more than these posts keep."""
    seen: Counter[int] = Counter()
    surplus = []
    rows = RelatedPost.objects.filter(post__in=pks).order_by("post", "-score", "-other")
    for pk, post in rows.values_list("pk", "post"):
        seen[post] += 1
        if seen[post] > KEPT:
            surplus.append(pk)
    RelatedPost.objects.filter(pk__in=surplus).delete()


def partners(post: Post, rarity: Rarity) -> Scores:
    """The score of each post that has something in common with this one; none for a draft, or what is in the trash."""
    if post.status != Post.Status.PUBLISHED or post.is_trashed:
        return {}
    scores: defaultdict[int, float] = defaultdict(float)
    for other, score in [*shared_tags(post), *shared_categories(post), *similar(post, rarity=rarity)]:
        scores[other] += score
    others = Post.objects.filter(pk__in=scores, status=Post.Status.PUBLISHED).exclude(pk=post.pk)
    if post.series_id:
        others = others.exclude(series=post.series_id)
    if post.translation_key:
        others = others.exclude(translation_key=post.translation_key)
    return {pk: scores[pk] for pk in others.order_by().values_list("pk", flat=True)}


def shared_tags(post: Post) -> Iterator[tuple[int, float]]:
    links = TaggedPost.objects.all()
    for tag in post.tags.values_list("pk", flat=True):
        yield from shared(links.filter(tag=tag).values_list("content_object", flat=True))


def shared_categories(post: Post) -> Iterator[tuple[int, float]]:
    links = Post.categories.through.objects.all()
    for category in post.categories.values_list("pk", flat=True):
        for other, weight in shared(links.filter(category=category).values_list("post", flat=True)):
            yield other, CATEGORY_WEIGHT * weight


def shared(posts: QuerySet) -> Iterator[tuple[int, float]]:
    """The latest posts of a subject with its weight: the less the more posts have it, as far as they are counted."""
    latest = list(posts.order_by("-pk")[:RECENT])
    number = len(latest) if len(latest) < RECENT else posts.order_by()[:COUNTED].count()
    weight = 1 / math.log2(1 + number) if number else 0
    return ((other, weight) for other in latest)
