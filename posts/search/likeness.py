"""Posts that resemble a text or each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import cached_property
from heapq import nlargest, nsmallest
from math import log, sqrt
from operator import itemgetter

from ..models import Post, SearchDocument
from ..slugs import slugify
from ..terms import GAP
from ..ways.around import PostLink
from . import query, spelling
from .candidates import candidates, ids
from .engines import Wanted, among
from .narrowing import Narrowing
from .query import Alternative, Piece
from .reading import Reading, read_pieces
from .tables import TEXTS, TITLES

MAX_CANDIDATES = 100
# Of those with as many of the words, so many have their letters compared in their order, which takes longest.
MAX_COMPARED = 10
# Each of them is weighed, which costs more than to compare a slug.
MAX_WEIGHED = 150
# Some 20 MB of terms and weights, at most, while many posts are gone through.
MAX_KEPT = 2000
# So many of the newest posts tell how common a term is.
SAMPLE = 400
TELLING_TERMS = 12
# A term in the title counts as if the text had it so many times more.
TITLE_WEIGHT = 4

type Weights = dict[str, float]


def near(text: str, limit: int = 5, languages: Sequence[str] | None = None) -> list[PostLink]:
    """The listed posts whose titles resemble a text, such as an address that is not there; the most alike first.

    `languages` spares the query for those in use.
    """
    wanted = slugify(query.clean(text))
    words = [word for piece in query.pieces(wanted.replace("-", " ")) for word in piece.apart()]
    started = next((word.words[0] for word in words if word.is_prefix), "")
    known = spelling.known((word.words[0] for word in words), started)
    corrected = [Piece((other,)) for others in known.alike.values() for other in others[:2]]
    looked_for = _any_of(read_pieces([*words, *corrected], languages, lambda _: known.beginning))
    if not looked_for:
        return []
    # Listed ones, which need not be asked again.
    posts = Post.all_objects.filter(pk__in=ids(TITLES, looked_for, MAX_CANDIDATES, Narrowing())).order_by()
    return _most_alike(wanted, [PostLink(*row) for row in posts.values_list(*PostLink._fields)], limit)


def _most_alike(wanted: str, posts: list[PostLink], limit: int) -> list[PostLink]:
    """Those with the most words of an address, and of them those with the most letters in its order.

    Letters are compared only where they can tell, since that takes as long as all the rest.
    """
    words = set(wanted.split("-"))
    shared = {post.pk: len(words.intersection(post.slug.split("-"))) for post in posts}
    least = sorted(shared.values(), reverse=True)[:limit][-1:]
    ratios = {
        post.pk: ratio
        for number in set(shared.values())
        if [number] >= least
        for post, ratio in _nearest(wanted, [post for post in posts if shared[post.pk] == number], limit)
    }
    near = [post for post in posts if post.pk in ratios]
    near.sort(key=lambda post: (-shared[post.pk], -ratios[post.pk], -post.pk))
    return near[:limit]


def _nearest(wanted: str, posts: list[PostLink], limit: int) -> Iterator[tuple[PostLink, float]]:
    """How much of the letters those have in order that have the most in any order: the first `limit`, and some more."""
    comparing = SequenceMatcher(None, "", wanted, autojunk=False)
    bounds = []
    for post in posts:
        comparing.set_seq1(post.slug)
        bounds.append(comparing.quick_ratio())
    best: list[float] = []
    for post, bound in nlargest(MAX_COMPARED, zip(posts, bounds, strict=True), key=itemgetter(1)):
        if len(best) >= limit and bound < best[limit - 1]:
            return
        comparing.set_seq1(post.slug)
        ratio = comparing.ratio()
        best = sorted([*best, ratio], reverse=True)[:limit]
        yield post, ratio


def _any_of(reading: Reading) -> list[Wanted]:
    """What is found by one word is wanted; nothing by no words."""
    found = reading.wanted if reading.pieces else []
    return [Wanted((tuple(way for clause in own.query for way in clause),), own.languages) for own in found]


def similar(post: Post, limit: int = 12, rarity: Rarity | None = None) -> list[tuple[int, float]]:
    """The ids of listed posts that are about the same, with how much alike they are, from 0 to 1; the best first.

    What a post is about are the terms that it has often and others seldom. Whoever asks for many posts hands the same
    `rarity` to each.
    """
    rarity = rarity or Rarity()
    about = rarity.weigh([post.pk]).get(post.pk)
    if not about:
        return []
    telling = nsmallest(TELLING_TERMS, about, key=lambda term: (-about[term], term))
    others = rarity.weigh(_with_any(telling, post))
    scored = ((pk, _product(about, other)) for pk, other in others.items())
    return nsmallest(limit, ((pk, score) for pk, score in scored if score > 0), key=lambda pair: (-pair[1], -pair[0]))


def _with_any(telling: list[str], post: Post) -> list[int]:
    wanted = [Wanted((tuple(Alternative((term,)) for term in telling),))]
    return [pk for pk in candidates(TEXTS, wanted, MAX_WEIGHED, Narrowing()).ids if pk != post.pk]


class Rarity:
    """How seldom terms are among the newest listed posts, of the moment at which it is first asked."""

    def __init__(self) -> None:
        # Posts that are alike are weighed again and again while one after the other is asked about.
        self._kept: dict[int, Weights] = {}

    def weigh(self, pks: Iterable[int]) -> dict[int, Weights]:
        """What each term of these posts tells of it, as a vector of length 1; of those that have a document."""
        wanted = list(pks)
        if len(self._kept) > MAX_KEPT:
            self._kept.clear()
        if missing := [pk for pk in wanted if pk not in self._kept]:
            self._kept.update((pk, self._weights(times)) for pk, times in _times_in(missing))
        return {pk: self._kept[pk] for pk in wanted if pk in self._kept}

    @cached_property
    def _newest(self) -> list[int]:
        return list(Post.published.listed().newest_first().values_list("pk", flat=True)[:SAMPLE])

    @cached_property
    def _counted(self) -> Counter[str]:
        return Counter(term for _, times in _times_in(self._newest) for term in times)

    def _weights(self, times: dict[str, int]) -> Weights:
        weights = {term: (1 + log(number)) * self._of(term) for term, number in times.items()}
        length = sqrt(sum(weight * weight for weight in weights.values()))
        return {term: weight / length for term, weight in weights.items()}

    def _of(self, term: str) -> float:
        return log(1 + (1 + len(self._newest)) / (1 + self._counted[term]))


def _times_in(pks: Iterable[int]) -> Iterator[tuple[int, dict[str, int]]]:
    """How often the documents of posts have the terms that they have more than once, and those of their titles."""
    documents = SearchDocument.objects.filter(pk__in=among(pks)).values_list("pk", "title", "weights")
    for pk, title, weights in documents:
        pairs = (pair.rpartition(":") for pair in weights.split())
        times = {term: int(number) for term, _, number in pairs}
        for term in set(title.split()):
            times[term] = times.get(term, 0) + TITLE_WEIGHT
        times.pop(GAP, None)
        yield pk, times


def _product(one: Weights, other: Weights) -> float:
    """The cosine of the angle between two vectors of length 1."""
    return sum(one[term] * other[term] for term in one.keys() & other.keys())
