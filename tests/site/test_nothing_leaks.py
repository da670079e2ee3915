"""Nothing unpublished or trashed shows anywhere: one walk over every public address that the URLconf knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from comments.models import Comment, Subscription
from posts.cards import card_of
from posts.models import Author, Category, MenuItem, Page, Post, Series, SiteSettings
from posts.sitemaps import KINDS
from posts.ways import related
from tests.factories import make_author, make_category, make_image, make_page, make_post, make_series

SECRET = "Zeppelin"
# Its title, text, summary, tag, cover, reader and remark begin with the word; its address and its cover's hold it.
BETRAYAL = re.compile(rb"zeppelin[ -.](title|body|summary|tag|cover|reader|remark|post|png)", re.IGNORECASE)
DAY = timedelta(days=1)

# Each kind of hidden post, and what makes it so.
HIDDEN: dict[str, Callable[[], dict]] = {
    "draft": lambda: {"status": "draft"},
    "scheduled": lambda: {"publish_at": timezone.now() + DAY},
    "expired": lambda: {"unpublish_at": timezone.now() - timedelta(minutes=1)},
    "trashed": lambda: {"deleted_at": timezone.now()},
    "private": lambda: {"visibility": "private"},
}
# An unlisted post shows at its own address, and nowhere else.
UNLISTED = {"unlisted": lambda: {"visibility": "unlisted"}}


def feeds(name: str, page: Callable[[Post], str]) -> dict[str, Callable[[Post], list[str]]]:
    """A feed in its three formats, below the page that it is of."""
    formats = {"": "", "_atom": "atom/", "_json": "json/"}
    return {name + suffix: lambda post, path=path: [f"{page(post)}feed/{path}"] for suffix, path in formats.items()}


# How each public address is made for a post; None: not a page that could show one.
ADDRESSES: dict[str, Callable[[Post], list[str]] | None] = {
    "posts:home": lambda post: ["/"],
    "posts:post": lambda post: [post.get_absolute_url()],
    "posts:card": lambda post: [card_address(post)],
    "posts:markdown": lambda post: [reverse("posts:markdown", args=[post.slug])],
    "posts:llms": lambda post: ["/llms.txt"],
    "posts:security": None,
    "posts:sitemap": None,
    "posts:sitemap_part": lambda post: [f"/sitemap-{kind}-0.xml" for kind in KINDS],
    "robots": None,
    "posts:category": lambda post: [post.categories.get().get_absolute_url()],
    **feeds("posts:category_feed", lambda post: post.categories.get().get_absolute_url()),
    "posts:tag": lambda post: [tag.get_absolute_url() for tag in post.tags.all()],
    "posts:tags_together": lambda post: ["/tag/" + "+".join(sorted(tag.slug for tag in post.tags.all())) + "/"],
    "posts:tags": lambda post: ["/tags/"],
    "posts:authors": lambda post: ["/authors/"],
    "posts:author": lambda post: [post.author.get_absolute_url()],
    "posts:series": lambda post: [post.series.get_absolute_url()],
    "posts:archive": lambda post: ["/archive/"],
    "posts:year": lambda post: [f"/{post.publish_at.year}/"],
    "posts:month": lambda post: [f"/{post.publish_at:%Y/%m}/"],
    "posts:search": lambda post: [f"/search/?q={word}" for word in (SECRET, "paragraph")],
    "posts:search_instant": lambda post: [f"/search/instant/?q={word}" for word in (SECRET, "paragraph")],
    "posts:search_suggestions": lambda post: [f"/search/suggestions/?q={word}" for word in (SECRET, "zepelin")],
    "posts:opensearch": None,
    **feeds("posts:feed", lambda post: "/"),
    **feeds("posts:tag_feed", lambda post: post.tags.get(name="bread").get_absolute_url()),
    **feeds("posts:author_feed", lambda post: post.author.get_absolute_url()),
    **feeds("posts:series_feed", lambda post: post.series.get_absolute_url()),
    "posts:feeds": lambda post: ["/feeds/"],
    "posts:page": lambda post: ["/about/"],
    "comments:my_data": lambda post: ["/comments/my-data/"],
    "comments:own_data": None,
    "comments:own_data_download": None,
    "comments:own_data_erase": None,
    "comments:subscribe": lambda post: [reverse("comments:subscribe", args=[post.slug])],
    "comments:confirm": lambda post: [reverse("comments:confirm", args=[follower_of(post).token])],
    "comments:unsubscribe": lambda post: [reverse("comments:unsubscribe", args=[follower_of(post).token])],
    # Asks for a comment that waits: see tests/comments/test_by_mail.py.
    "comments:by_mail": None,
    "comments:avatar": None,
    "comments:discussion": lambda post: [f"{post.get_absolute_url()}comments/?after=2000-01-01T00:00:00Z_1"],
    "comments:comment": lambda post: [remark_on(post).get_absolute_url()],
    "comments:thread": lambda post: [f"{remark_on(post).get_absolute_url()}thread/"],
    **feeds("comments:feed", lambda post: "/comments/"),
    **feeds("comments:post_feed", lambda post: f"{post.get_absolute_url()}comments/"),
    "comments:write": lambda post: [reverse("comments:write", args=[post.slug])],
    "comments:received": lambda post: [reverse("comments:received", args=[post.slug, remark_on(post).pk])],
    "comments:reply": lambda post: [reverse("comments:reply", args=[post.slug, remark_on(post).pk])],
    "comments:report": lambda post: [reverse("comments:report", args=[post.slug, remark_on(post).pk])],
    # For whoever has the cookie of that comment.
    "comments:edit": lambda post: [reverse("comments:edit", args=[post.slug, remark_on(post).pk])],
    "comments:delete": lambda post: [reverse("comments:delete", args=[post.slug, remark_on(post).pk])],
    "comments:sign_in": lambda post: [reverse("comments:sign_in")],
    "comments:sign_out": None,
    "media": None,
    "shortcut": None,
    "healthz": None,
    "readyz": None,
    "metrics": None,
}


def card_address(post: Post) -> str:
    """Where the card of the post was when everybody could read it; and where it would be now."""
    return reverse("posts:card", args=[post.slug, card_of(post, SiteSettings.load()).version])


def remark_on(post: Post) -> Comment:
    return Comment.all_objects.get(post=post)


def follower_of(post: Post) -> Subscription:
    return Subscription.objects.get_or_create(post=post, comment=None, email="fan@example.org")[0]


def url_names(patterns, namespace: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                prefix = f"{pattern.namespace}:" if pattern.namespace else namespace
                yield from url_names(pattern.url_patterns, prefix)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"


def test_the_walk_knows_every_public_address():
    assert set(url_names(get_resolver().url_patterns)) == set(ADDRESSES)


@pytest.fixture
def scene(low_ids) -> Post:
    """A public post in the middle of everything, with neighbours, and the secret one, not hidden yet."""
    SiteSettings(crawler_policy="markdown").save()
    author = make_author("Ada")
    category, series = make_category("Kitchen"), make_series("Baking")
    make_page("About", slug="about")
    for number in range(3):
        make_post(f"Neighbour {number}", author=author, categories=[category], series=series, tags=["bread"])
    post = make_post(
        f"{SECRET} title",
        slug="zeppelin-post",
        body=f"{SECRET} body with a paragraph.",
        summary=f"{SECRET} summary",
        author=author,
        categories=[category],
        series=series,
        tags=["bread", f"{SECRET} tag"],
        cover=make_image(f"{SECRET} cover"),
        cover_alt=f"{SECRET} cover",
        pinned=True,
        publish_at=timezone.now() - timedelta(minutes=30),
    )
    Comment.objects.create(
        post=post, author_name=f"{SECRET} reader", email="z@example.org", body=f"{SECRET} remark", status="approved"
    )
    return post


def walk(post: Post, client: Client) -> Iterator[tuple[str, bytes]]:
    """Every public address that may show the post, and what it answers to GET."""
    for name, addresses in ADDRESSES.items():
        for address in addresses(post) if addresses else []:
            response = client.get(address)
            assert response.status_code < 500, address
            # A missing page has the words of its address in the search box.
            missing = response.status_code == 404
            yield name, re.sub(rb' value="[^"]*"', b"", response.content) if missing else response.content


def shown(post: Post, client: Client) -> set[str]:
    """The names of the addresses whose answer betrays the secret; a search may repeat the word that was asked for."""
    return {name for name, answer in walk(post, client) if BETRAYAL.search(answer)}


def test_a_public_post_shows_where_it_should(scene, client):
    everywhere = {name for name, addresses in ADDRESSES.items() if addresses}
    silent = {
        "posts:card",
        "posts:archive",
        "posts:authors",
        "posts:page",
        "comments:my_data",
        "comments:comment",
        "comments:edit",
        "comments:delete",
        "comments:sign_in",
    }
    assert shown(scene, client) >= everywhere - silent, "else the walk proves nothing"


@pytest.mark.parametrize("kind", HIDDEN)
def test_a_hidden_post_shows_nowhere(kind, scene, client):
    Post.all_objects.filter(pk=scene.pk).update(**HIDDEN[kind]())
    assert shown(scene, client) == set()
    assert client.get(scene.get_absolute_url()).status_code == 404


def test_an_unlisted_post_shows_only_to_who_has_its_address(scene, client):
    Post.objects.filter(pk=scene.pk).update(**UNLISTED["unlisted"]())
    of_its_own = {
        "posts:markdown",
        "posts:post",
        "comments:subscribe",
        "comments:confirm",
        "comments:unsubscribe",
        "comments:post_feed",
        "comments:post_feed_atom",
        "comments:post_feed_json",
        "comments:discussion",
        "comments:thread",
        "comments:write",
        "comments:received",
        "comments:reply",
        "comments:report",
    }
    assert shown(scene, client) <= of_its_own
    assert b"noindex" in client.get(scene.get_absolute_url()).content


@pytest.mark.parametrize("kind", [*HIDDEN, *UNLISTED])
def test_a_hidden_post_is_no_neighbour_part_or_related_post(kind, scene, client):
    """Of one that shares its category and tag, and of one that is the part before it."""
    friend = make_post("Friend", categories=scene.categories.all(), tags=["bread"])
    related.refresh(scene)
    pages = [friend.get_absolute_url(), Post.objects.get(title="Neighbour 2").get_absolute_url()]
    assert all(SECRET.encode() in client.get(page).content for page in pages), "else this proves nothing"
    Post.all_objects.filter(pk=scene.pk).update(**(HIDDEN | UNLISTED)[kind]())
    assert not any(BETRAYAL.search(client.get(page).content) for page in pages)


@pytest.mark.parametrize("kind", HIDDEN)
def test_a_hidden_post_leaves_no_mark_on_counts(kind, scene, client):
    Post.all_objects.filter(pk=scene.pk).update(**HIDDEN[kind]())
    for address in ("/category/kitchen/", "/author/ada/", "/tag/bread/"):
        assert client.get(address).context["count"] == 3, address


def test_only_hidden_posts_make_their_tag_author_series_and_month_missing(scene, client):
    Post.objects.update(status="draft")
    post = scene
    for address in ("/tag/bread/", post.author.get_absolute_url(), post.series.get_absolute_url()):
        assert client.get(address).status_code == 404, address
    assert client.get(f"/{post.publish_at:%Y/%m}/").status_code == 404


@pytest.mark.parametrize("model", [Category, Series, Page], ids=lambda model: model.__name__)
def test_what_is_in_the_trash_has_no_page_and_no_link(model, scene, client):
    row = model.objects.get()
    row.delete()
    assert client.get(row.get_absolute_url()).status_code == 404
    link = f'href="{row.get_absolute_url()}"'.encode()
    assert all(link not in answer for _, answer in walk_live(scene, client))


def walk_live(post: Post, client: Client) -> Iterator[tuple[str, bytes]]:
    for address in ["/", post.get_absolute_url(), "/archive/", "/feed/", "/search/?q=paragraph", "/author/ada/"]:
        yield address, client.get(address).content


def test_an_author_without_posts_has_no_page(client, db):
    Author.objects.create(display_name="Nobody")
    assert client.get("/author/nobody/").status_code == 404


def test_a_draft_page_is_missing_and_not_in_the_menu(client, db):
    MenuItem.objects.create(page=make_page("Secret plans", slug="plans", status="draft"))
    assert client.get("/plans/").status_code == 404
    assert b"Secret plans" not in client.get("/").content
