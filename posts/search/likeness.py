"""Posts that resemble a text or each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from math import log, sqrt

from ..models import Post, SearchDocument
from ..slugs import slugify
from ..terms import GAP
from . import query, spelling
from .candidates import candidates, ids
from .engines import Wanted, among
from .query import Alternative, Piece
from .reading import Reading, read_pieces
from .tables import TEXTS, TITLES

MAX_CANDIDATES = 300
# Each of them is weighed, which costs more than to compare a slug.
MAX_WEIGHED = 150
# Some 20 MB of terms and weights, at most, while many posts are gone through.
MAX_KEPT = 2000
# So many of the newest posts tell how common a term is.
SAMPLE = 400
TELLING_TERMS = 12
# A term in the title counts as if the text had it so many times more.
TITLE_WEIGHT = 4


def near(text: str, limit: int = 5, languages: Sequence[str] | None = None) -> list[Post]:
    """The listed posts whose titles resemble a text, such as an address that is not there; the most alike first.

    They come with what a link shows. `languages` spares the query for those in use.
    """
    wanted = slugify(query.clean(text))
    words = [word for piece in query.pieces(wanted.replace("-", " ")) for word in piece.apart()]
    started = next((word.words[0] for word in words if word.is_prefix), "")
    known = spelling.known((word.words[0] for word in words), started)
    corrected = [Piece((other,)) for others in known.alike.values() for other in others[:2]]
    looked_for = _any_of(read_pieces([*words, *corrected], languages, lambda _: known.beginning))
    if not looked_for:
        return []
    found = ids(TITLES, looked_for, MAX_CANDIDATES)
    posts = list(Post.published.listed().filter(pk__in=found).order_by().for_link())
    return _most_alike(wanted, posts, limit)


def _most_alike(wanted: str, posts: list[Post], limit: int) -> list[Post]:
    """Those with the most words of an address, and of them those with the most letters in its order.

    Letters are compared only where they can tell, since that takes as long as all the rest.
    """
    words = set(wanted.split("-"))
    shared = {post.pk: len(words.intersection(post.slug.split("-"))) for post in posts}
    least = sorted(shared.values(), reverse=True)[:limit][-1:]
    near = [post for post in posts if [shared[post.pk]] >= least]
    near.sort(key=lambda post: (-shared[post.pk], -_ratio(wanted, post.slug), -post.pk))
    return near[:limit]


def _any_of(reading: Reading) -> list[Wanted]:
    """What is found by one word is wanted; nothing by no words."""
    found = reading.wanted if reading.pieces else []
    return [Wanted((tuple(way for clause in own.query for way in clause),), own.languages) for own in found]


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def similar(post: Post, limit: int = 12, rarity: Rarity | None = None) -> list[tuple[int, float]]:
    """The ids of listed posts that are about the same, with how much alike they are, from 0 to 1; the best first.

    What a post is about are the terms that it has often and others seldom. Whoever asks for many posts hands the same
    `rarity` to each.
    """
    own = SearchDocument.objects.filter(pk=post.pk).only("title", "weights").first()
    if own is None:
        return []
    rarity = rarity or Rarity()
    about = rarity.weigh(own)
    telling = sorted(about, key=lambda term: (-about[term], term))[:TELLING_TERMS]
    others = _with_any(telling, post)
    scored = [(_cosine(about, rarity.weigh(other)), other.pk) for other in others]
    return [(pk, score) for score, pk in sorted(scored, key=lambda pair: (-pair[0], -pair[1]))[:limit] if score > 0]


def _with_any(telling: list[str], post: Post) -> list[SearchDocument]:
    if not telling:
        return []
    wanted = [Wanted((tuple(Alternative((term,)) for term in telling),))]
    found = candidates(TEXTS, wanted, MAX_WEIGHED).ids
    return list(SearchDocument.objects.filter(pk__in=among(found)).exclude(pk=post.pk).only("title", "weights"))


class Rarity:
    """How seldom terms are among the newest listed posts, of the moment at which it is first asked."""

    def __init__(self) -> None:
        # Posts that are alike are weighed again and again while one after the other is asked about.
        self.weigh = lru_cache(maxsize=MAX_KEPT)(self._weigh)

    @cached_property
    def _newest(self) -> list[int]:
        return list(Post.published.listed().newest_first().values_list("pk", flat=True)[:SAMPLE])

    @cached_property
    def _counted(self) -> Counter[str]:
        documents = SearchDocument.objects.filter(pk__in=among(self._newest)).only("title", "weights")
        return Counter(term for document in documents for term in _times(document))

    def _weigh(self, document: SearchDocument) -> dict[str, float]:
        """What each term of a document tells of it."""
        times = _times(document)
        return {term: (1 + log(number)) * self._of(term) for term, number in times.items()}

    def _of(self, term: str) -> float:
        return log(1 + (1 + len(self._newest)) / (1 + self._counted[term]))


def _times(document: SearchDocument) -> dict[str, int]:
    """How often a document has the terms that it has more than once, and those of its title."""
    pairs = (pair.rpartition(":") for pair in document.weights.split())
    times = Counter({term: int(number) for term, _, number in pairs})
    times.update(dict.fromkeys(document.title.split(), TITLE_WEIGHT))
    del times[GAP]
    return times


def _cosine(one: dict[str, float], other: dict[str, float]) -> float:
    product = sum(weight * other[term] for term, weight in one.items() if term in other)
    return product / (_length(one) * _length(other)) if product else 0.0


def _length(weights: dict[str, float]) -> float:
    return sqrt(sum(weight * weight for weight in weights.values()))
