"""The addresses of a seeded site, by what they stand for. They exist at any size and show about as much."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Min
from django.urls import reverse
from django.utils import timezone

from comments.discussion import address_of
from comments.models import Comment
from posts.models import Author, Category, Page, Post, SearchDocument, Series, SiteSettings, Tag, TaggedPost
from posts.pagination import Position
from posts.sitemaps import KINDS

from ..seed.subjects import AUTHORS

FEEDS = {"RSS": "", "Atom": "atom/", "JSON": "json/"}


def public() -> dict[str, str]:
    return {**lists(), **texts(), **documents()}


def lists() -> dict[str, str]:
    """Each list from its beginning and, where it is long, near its end."""
    common, rare = Category.objects.earliest("pk"), Category.objects.get(name="Rarities")
    tags = list(Tag.objects.order_by("pk")[:2])
    author = Author.objects.earliest("pk")
    # By their numbers, every second author has posts of their own, and the rest were co-authors alone.
    other = Author.objects.order_by("pk")[AUTHORS - 2]
    deep, day = before(1), timezone.now() - timedelta(days=3 * 365)
    category, tag, year = (f"/category/{common.slug}/", f"/tag/{tags[0].slug}/", f"/{day:%Y}/")
    return {
        "home": "/",
        "home, after 9 years": f"/?{deep}",
        "category, common": category,
        "category, after 9 years": f"{category}?{deep}",
        "category, rare": f"/category/{rare.slug}/",
        "tag, commonest": tag,
        "tag, after 9 years": f"{tag}?{deep}",
        "tag, rare": f"/tag/{rare_tag().slug}/",
        "two tags": f"/tag/{'+'.join(sorted(tag.slug for tag in tags))}/",
        "tags": "/tags/",
        "author of half": f"/author/{author.slug}/",
        "author, after 9 years": f"/author/{author.slug}/?{deep}",
        "author of few": f"/author/{other.slug}/",
        "authors": "/authors/",
        "series": f"/series/{Series.objects.filter(posts__status='published').earliest('pk').slug}/",
        "archive": "/archive/",
        "year": year,
        "year, its last page": f"{year}?after={Position(day.replace(month=1, day=1), 0)}",
        "month": f"/{day:%Y/%m}/",
    }


def texts() -> dict[str, str]:
    """Posts with few comments and with the most, the pages of their discussion, and what else is read alone."""
    posts = Post.published.listed()
    quiet = posts.filter(comment_count__range=(3, 6)).latest("pk")
    loud = posts.order_by("-comment_count").filter(comment_count__lte=3000).first()
    comments = Comment.objects.filter(post=loud)
    last = comments.filter(status="approved").latest("created_at", "pk")
    replied = comments.filter(thread__isnull=False).values_list("thread", flat=True).latest("created_at")
    page = loud.get_absolute_url()
    return {
        "post": quiet.get_absolute_url(),
        "post, much discussed": page,
        "discussion, last page": address_of(last, SiteSettings.load()).partition("#")[0],
        "conversation": f"{page}comments/{replied}/thread/",
        "post as Markdown": f"{page.rstrip('/')}.md",
        "page": Page.published.earliest("pk").get_absolute_url(),
        "missing": "/posts/nothing-of-that-name/",
        "missing, with a guess": quiet.get_absolute_url().rstrip("/") + "x/",
    }


def documents() -> dict[str, str]:
    """Feeds of all kinds, and the sitemap with each of its parts."""
    subjects = {
        "category": Category.objects.earliest("pk").get_absolute_url(),
        "tag": Tag.objects.earliest("pk").get_absolute_url(),
        "author": Author.objects.earliest("pk").get_absolute_url(),
        "series": Series.objects.filter(posts__status="published").earliest("pk").get_absolute_url(),
    }
    loud = Post.published.listed().order_by("-comment_count").first()
    parts = {f"sitemap of {kind}": reverse("posts:sitemap_part", args=[kind, 0]) for kind in KINDS if kind != "posts"}
    return {
        **{f"feed, {name}": f"/feed/{end}" for name, end in FEEDS.items()},
        **{f"feed of a {name}": f"{address}feed/" for name, address in subjects.items()},
        "feed of comments": "/comments/feed/",
        "feed of a discussion": f"{loud.get_absolute_url()}comments/feed/",
        "feeds": "/feeds/",
        "sitemap": "/sitemap.xml",
        **parts,
        "sitemap of posts": reverse("posts:sitemap_part", args=["posts", 0]),
        "llms.txt": "/llms.txt",
    }


def searches() -> dict[str, str]:
    words = common_words()
    middling = words[-1]
    asked = {
        "a common word": words[0],
        "a middling word": middling,
        "two common words": f"{words[0]} {words[1]}",
        "a phrase": f'"{words[0]} {words[1]}"',
        "a beginning": middling[:5],
        "a typo": f"{middling[:2]}x{middling[2:]}",
        "nothing": "qqqqqqqq wwwwwwww",
    }
    found = {f"search: {name}": f"/search/?q={text.replace(' ', '+')}" for name, text in asked.items()}
    return found | {
        "search: common, page 20": f"/search/?q={words[0]}&page=20",
        "search: in a category": f"/search/?q={words[0]}&category={Category.objects.earliest('pk').slug}",
        "search: by an author, of a year": f"/search/?q={words[0]}&author=author-0&year={timezone.now().year - 3}",
        "instant search": f"/search/instant/?q={middling}",
        "suggestions": f"/search/suggestions/?q={words[0]}",
    }


def desk() -> dict[str, str]:
    """What the chief sees, by tab, filter, search and page."""
    newest = Post.objects.latest("pk")
    words, day = common_words(), timezone.now() - timedelta(days=3 * 365)
    posts, comments = "/admin/posts/post/", "/admin/comments/comment/"
    category, author = Category.objects.earliest("pk").pk, Author.objects.earliest("pk").pk
    by_state = {f"posts: {state}": f"{posts}?state={state}" for state in Post.State.values}
    by_tab = {f"comments: {tab}": f"{comments}?show={tab}" for tab in ("approved", "spam", "all", "trash")}
    return {
        "desk": "/admin/",
        "posts": posts,
        **{name.replace("trashed", "trash"): address.replace("trashed", "trash") for name, address in by_state.items()},
        "posts: page 15": f"{posts}?p=15",
        "posts: by title": f"{posts}?o=1",
        "posts: search": f"{posts}?q={words[40]}",
        "posts: search, nothing": f"{posts}?q=qqqqqqqq",
        "posts: of a month": f"{posts}?publish_at__year={day.year}&publish_at__month={day.month}",
        "posts: of a category": f"{posts}?category={category}",
        "posts: of an author": f"{posts}?by={author}",
        "editor": f"{posts}{newest.pk}/change/",
        "editor, empty": f"{posts}add/",
        "comments: waiting": comments,
        **by_tab,
        "comments: page 15": f"{comments}?show=all&p=15",
        "comments: search": f"{comments}?show=all&q={words[40]}",
        "comments: search, a name": f"{comments}?show=all&q=reader77",
        "comments: search, nothing": f"{comments}?show=all&q=qqqqqqqq",
        "comments: of a post": f"{comments}?show=all&post={Comment.objects.earliest('pk').post_id}",
        "comments: of a writer": f"{comments}?show=all&email={Comment.objects.earliest('pk').email}",
        "comment": f"{comments}{Comment.objects.earliest('pk').pk}/change/",
        "tags": "/admin/posts/tag/",
        "tags: search": f"/admin/posts/tag/?q={words[40]}",
        "categories": "/admin/posts/category/",
        "series": "/admin/posts/series/",
        "authors": "/admin/posts/author/",
        "users": "/admin/auth/user/",
        "users: search": "/admin/auth/user/?q=reader7@example.org",
        "choice of a post": "/admin/autocomplete/?app_label=posts&model_name=relatedpost&field_name=other&term=bo",
    }


def before(years_from_the_beginning: int) -> str:
    """The position that so many years of the site lie before."""
    oldest = Post.published.listed().aggregate(at=Min("publish_at"))["at"]
    return f"before={Position(oldest + timedelta(days=365 * years_from_the_beginning), 1)}"


def rare_tag() -> Tag:
    """One of about a dozen posts."""
    last = Tag.objects.latest("pk").pk
    for pk in range(last, 0, -max(last // 200, 1)):
        if 8 <= TaggedPost.objects.filter(tag=pk).count() <= 16:
            return Tag.objects.get(pk=pk)
    return Tag.objects.get(pk=last // 2)


def common_words() -> list[str]:
    """Words of titles, the commonest first, of sites of any size."""
    titles = SearchDocument.objects.order_by("-pk").values_list("title", flat=True)[:500]
    found: dict[str, int] = {}
    for word in " ".join(titles).split():
        found[word] = found.get(word, 0) + 1
    ordered = sorted(found, key=lambda word: (-found[word], word))
    return [word for word in ordered if word.isalpha() and len(word) > 4][:41]
