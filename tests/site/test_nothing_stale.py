"""No page is ever stale: after each kind of change, every public address is answered from the cache as without it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import unified_diff
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import User
from django.contrib.redirects.models import Redirect
from django.core.management import call_command
from django.db import connection, connections
from django.db.models import F
from django.utils import timezone

from blogsite import freshness
from blogsite.freshness import Turned
from blogsite.gate import Application, Message
from blogsite.handler import Handler
from blogsite.pagecache import PageCache
from blogsite.pagecache.keys import Key
from blogsite.pagecache.rendering import concerns
from comments import verbs
from comments.models import Comment
from posts import publishing, redirects, translations
from posts.generation import CONTENT, FINDABLE, PAGES, SITE, SURROUNDINGS
from posts.models import (
    Audio,
    Author,
    Category,
    Image,
    MenuItem,
    Page,
    Post,
    RelatedPost,
    SiteSettings,
    SpellingKey,
    Tag,
    TaggedPost,
)
from posts.ways import related
from tests import shelves
from tests.factories import (
    make_audio,
    make_author,
    make_category,
    make_comment,
    make_draft,
    make_image,
    make_page,
    make_post,
    make_series,
    make_staff,
)
from tests.site.conftest import Looker
from tests.site.pagecaches import Answer, scope_of, waiting

HOUR = timedelta(hours=1)
# The headers that belong to a page; others are for caches, and the page cache has its own.
HEADERS = ("content-type", "location", "link", "content-security-policy", "x-robots-tag")

ADDRESSES = """
/ /posts/bread/ /posts/rye/ /posts/other/ /posts/bread.md /about/ /colophon/
/category/kitchen/ /category/garden/ /tag/salt/ /tag/salt+yeast/ /tags/ /author/ada/ /author/bo/ /authors/
/series/baking/ /archive/ /2026/ /2026/01/ /feeds/ /search/?q=paragraph /search/?q=paragreph
/search/instant/?q=bread /search/suggestions/?q=bre /opensearch.xml
/feed/ /tag/salt/feed/atom/ /author/ada/feed/json/ /series/baking/feed/
/comments/feed/ /posts/bread/comments/feed/atom/
/sitemap.xml /sitemap-posts-0.xml /sitemap-pages-0.xml /sitemap-categories-0.xml /sitemap-tags-0.xml
/sitemap-authors-0.xml /sitemap-series-0.xml
/robots.txt /llms.txt /.well-known/security.txt /no-such-page/ /old/address/ /posts/draft/
""".split()


# Between them they show whatever is kept in the process for all pages.
WITNESSES = ["/", "/posts/bread/", "/about/", "/feed/", "/sitemap-posts-0.xml", "/no-such-page/"]


def build() -> SimpleNamespace:
    """A small site in which everything is related to everything, and a reader's remark to be found below a post."""
    SiteSettings(crawler_policy="markdown", security_contact="https://example.org/", posts_per_page=3).save()
    user = make_staff("bo", first_name="Bo", is_superuser=False)
    User.objects.filter(pk=user.pk).update(is_staff=False)
    ada, bo = make_author("Ada", slug="ada", picture=make_image()), make_author("Bo", slug="bo", user=user)
    kitchen, garden = make_category("Kitchen"), make_category("Garden", description="Green.")
    series = make_series("Baking", slug="baking")
    about = make_page("About", slug="about")
    MenuItem.objects.create(page=about, place="footer")
    common = {"author": ada, "categories": [kitchen], "tags": ["salt", "yeast"]}
    january = datetime(2026, 1, 15, 12, tzinfo=UTC)
    bread = make_post(
        "Bread", slug="bread", series=series, cover=make_image("A loaf"), audio=make_audio("Crust"), **common
    )
    rye = make_post("Rye", slug="rye", series=series, publish_at=january, **common)
    other = make_post("Other", slug="other", author=bo, categories=[garden], tags=["salt"], publish_at=january)
    draft = make_draft("Draft", slug="draft", **common)
    for number in range(3):
        make_post(f"Older {number}", publish_at=january - number * HOUR, **common)
    remark = make_comment(bread, "A remark.", author_name="Zoe", user=user)
    waiting = make_comment(bread, "Another remark.", status="pending")
    related.refresh(bread, rye, other)
    return SimpleNamespace(**locals())


@pytest.fixture
def scene(on_disk, low_ids) -> SimpleNamespace:
    return build()


@dataclass
class Site:
    """The application behind the page cache, and without it."""

    looker: Looker

    def __post_init__(self) -> None:
        self.plain = Handler(places=1)
        self.cached = PageCache(self.plain, freshness.make, room=16 * 1024 * 1024)

    def cached_answers(self, addresses: list[str]) -> dict[str, Answer]:
        return {address: self.ask(address, self.cached) for address in addresses}

    def fresh_answers(self, addresses: list[str]) -> dict[str, Answer]:
        """With nothing kept of before, in any of the places where something is."""
        shelves.empty()
        return {address: self.ask(address, self.plain) for address in addresses}

    def ask(self, address: str, application: Application) -> Answer:
        messages: list[Message] = []

        async def hear(message: Message) -> None:
            messages.append(message)

        scope = {"root_path": "", "asgi": {"version": "3.0"}, **scope_of(address, "GET", [(b"host", b"localhost")])}
        self.looker.runner.run(application(scope, waiting(), hear))
        return Answer(messages)

    def kept_addresses(self, counters: set[int]) -> list[str]:
        """Those whose answers a change of these counters leaves as they are, as far as is known of them."""
        entries = [*self.cached.pages.entries.values(), *self.cached.missing.entries.values()]
        concerned = Turned(frozenset(counters), frozenset())
        return [address_of(entry.key) for entry in entries if not concerns(concerned, entry.note)]

    def close(self) -> None:
        async def close() -> None:
            self.cached.freshness.close()
            await self.plain.in_thread(connections.close_all)

        self.looker.runner.run(close())
        self.plain.threads.shutdown()


@pytest.fixture
def site(looker, scene) -> Iterator[Site]:
    site = Site(looker)
    yield site
    site.close()


def address_of(key: Key) -> str:
    return f"{key.path}?{key.query.decode()}" if key.query else key.path


def essence(answer: Answer) -> tuple:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return answer.status, [headers.get(name) for name in HEADERS], answer.content


def difference(one: Answer, other: Answer) -> list[str]:
    """For people: the lines in which two answers differ."""
    pages = ([str(essence(answer)[:2]), *answer.content.decode().split("\n")] for answer in (one, other))
    return list(unified_diff(*pages, lineterm="", n=0))[:12]


def raw(sql: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def save(row, **changes) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()


def import_folder(folder) -> None:
    (folder / "brioche.md").write_text("---\ntitle: Brioche\ndate: 2026-01-20\ntags: [salt]\n---\nButter.\n")
    call_command("import_markdown", folder, author="Ada", category="Kitchen", verbosity=0)


# Each kind of change, by the way of writing that it takes; `s` is the scene.
POSTS: dict[str, Callable] = {
    "save": lambda s: save(s.bread, title="Sourdough"),
    "save some fields": lambda s: (setattr(s.bread, "summary", "Crisp."), s.bread.save(update_fields=["summary"])),
    "bulk update": lambda s: Post.objects.filter(pk=s.rye.pk).update(title="Rye bread"),
    "bulk_update": lambda s: Post.objects.bulk_update([Post(pk=s.rye.pk, excerpt="Dark.")], ["excerpt"]),
    "raw SQL": lambda s: raw("UPDATE posts_post SET title = 'Raw' WHERE id = %s", s.other.pk),
    "publish": lambda s: publishing.publish(s.draft),
    "unpublish": lambda s: publishing.unpublish(s.draft),
    "hide": lambda s: Post.objects.filter(pk=s.other.pk).update(visibility="private"),
    "unlist": lambda s: Post.objects.filter(pk=s.other.pk).update(visibility="unlisted"),
    "list": lambda s: Post.objects.filter(pk=s.other.pk).update(visibility="public"),
    "pin": lambda s: Post.objects.filter(pk=s.rye.pk).update(pinned=True),
    "pin until a moment ago": lambda s: Post.objects.filter(pk=s.rye.pk).update(
        pinned_until=timezone.now() - timedelta(minutes=1)
    ),
    "trash": lambda s: s.other.delete(),
    "restore": lambda s: s.other.restore(),
    "expire": lambda s: Post.objects.filter(pk=s.other.pk).update(unpublish_at=timezone.now() - HOUR),
    "new": lambda s: make_post("New", slug="new", author=s.ada, categories=[s.kitchen], tags=["salt"]),
    "bulk_create": lambda s: Post.objects.bulk_create(
        [Post(title="Bulk", slug="bulk", author=s.ada, status="published", publish_at=timezone.now())]
    ),
    "move in time": lambda s: Post.objects.filter(slug="new").update(publish_at=F("publish_at") - 24 * HOUR),
    "change the address": lambda s: Post.objects.filter(slug="new").update(slug="newer"),
    "close comments": lambda s: Post.objects.filter(pk=s.bread.pk).update(comment_policy="off"),
    "purge": lambda s: Post.objects.get(slug="newer").purge(),
    "translate": lambda s: (
        Post.objects.filter(pk=s.rye.pk).update(language="de"),
        translations.link(s.bread, Post.objects.get(pk=s.rye.pk)),
    ),
    "untranslate": lambda s: translations.unlink(Post.objects.get(pk=s.rye.pk)),
}
SUBJECTS: dict[str, Callable] = {
    "rename a category": lambda s: save(s.kitchen, name="Bakery"),
    "describe a category": lambda s: Category.objects.filter(pk=s.kitchen.pk).update(description="Warm."),
    "move a category": lambda s: save(s.garden, parent=s.kitchen),
    "put into a category": lambda s: s.other.categories.add(s.kitchen),
    "take out of a category": lambda s: s.other.categories.remove(s.kitchen),
    "new category": lambda s: make_category("Attic"),
    "trash a category": lambda s: s.garden.delete(),
    "restore a category": lambda s: s.garden.restore(),
    "purge a category": lambda s: Category.objects.get(name="Attic").purge(),
    "rename a tag": lambda s: Tag.objects.filter(slug="salt").update(name="Sea salt"),
    "tag": lambda s: s.other.tags.add("yeast"),
    "untag by raw SQL": lambda s: raw("DELETE FROM posts_taggedpost WHERE content_object_id = %s", s.other.pk),
    "tag in bulk": lambda s: TaggedPost.objects.bulk_create(
        [TaggedPost(content_object=s.other, tag=Tag.objects.get(slug="yeast"))]
    ),
    "trash a tag": lambda s: Tag.objects.get(slug="yeast").delete(),
    "rename an author": lambda s: save(s.ada, display_name="Ada Lovelace"),
    "describe an author": lambda s: Author.objects.filter(pk=s.ada.pk).update(bio="Counts."),
    "another picture of an author": lambda s: save(s.ada, picture=make_image()),
    "a co-author": lambda s: s.bread.co_authors.add(s.bo),
    "no co-author": lambda s: s.bread.co_authors.clear(),
    "another author": lambda s: Post.objects.filter(pk=s.rye.pk).update(author=s.bo),
    "rename a series": lambda s: save(s.series, title="Baking at home"),
    "reorder a series": lambda s: Post.objects.filter(pk=s.rye.pk).update(series_position=0),
    "trash a series": lambda s: s.series.delete(),
    "restore a series": lambda s: s.series.restore(),
    "leave a series": lambda s: Post.objects.filter(pk=s.rye.pk).update(series=None, series_position=None),
    "another cover": lambda s: Post.objects.filter(pk=s.bread.pk).update(cover=make_image("A crumb")),
    "a cover of another size": lambda s: Image.objects.filter(alt="A crumb").update(width=40, height=30),
    "a recording of another length": lambda s: Audio.objects.update(seconds=99),
    "no account for an author": lambda s: Author.objects.filter(pk=s.bo.pk).update(user=None),
    "an account for an author": lambda s: Author.objects.filter(pk=s.ada.pk).update(user=s.user),
}
SETTINGS: dict[str, Callable] = {
    "title": lambda s: SiteSettings.objects.update(title="The Crust"),
    "posts on a page": lambda s: SiteSettings.objects.update(posts_per_page=4),
    "language": lambda s: SiteSettings.objects.update(language="de"),
    "time zone": lambda s: SiteSettings.objects.update(time_zone="Pacific/Kiritimati"),
    "accent": lambda s: SiteSettings.objects.update(accent="teal"),
    "footer": lambda s: save(SiteSettings.load(), footer="Baked *daily*."),
    "discussion": lambda s: SiteSettings.objects.update(comment_policy="off"),
    "feeds": lambda s: SiteSettings.objects.update(feed_length=2, feed_full_text=False),
    "hub": lambda s: SiteSettings.objects.update(websub_hub="https://hub.example.org/"),
    "podcast": lambda s: SiteSettings.objects.update(podcast_author="Ada", podcast_image=make_image()),
    "picture of the podcast": lambda s: raw(
        "UPDATE posts_image SET file = 'podcast.png' WHERE id = (SELECT podcast_image_id FROM posts_sitesettings)"
    ),
    "contact": lambda s: SiteSettings.objects.update(security_contact=""),
    "crawlers": lambda s: SiteSettings.objects.update(crawler_policy="refuse_training"),
}
MENUS: dict[str, Callable] = {
    "menu item": lambda s: MenuItem.objects.create(address="/archive/", label="All of it"),
    "menu item to a category": lambda s: MenuItem.objects.create(category=s.garden),
    "rename what a menu names": lambda s: save(s.garden, name="Allotment"),
    "rename a page in a menu": lambda s: Page.objects.filter(pk=s.about.pk).update(title="Who we are"),
    "move a page in a menu": lambda s: Page.objects.filter(pk=s.about.pk).update(slug="colophon"),
    "unpublish a page in a menu": lambda s: Page.objects.filter(pk=s.about.pk).update(status="draft"),
    "no menu": lambda s: MenuItem.objects.all().delete(),
}
PAGES_OF_THE_SITE: dict[str, Callable] = {
    "new page": lambda s: make_page("Colophon", slug="colophon"),
    "edit a page": lambda s: save(s.about, body="Other words."),
    "trash a page": lambda s: s.about.delete(),
    "restore a page": lambda s: s.about.restore(),
}
WAYS: dict[str, Callable] = {
    "redirect": lambda s: redirects.leave_forwarding_address("/old/address/", "/posts/bread/"),
    "no redirect": lambda s: Redirect.objects.all().delete(),
    "words": lambda s: SpellingKey.objects.all().delete(),
    "reindex": lambda s: call_command("reindex", verbosity=0),
}
COMMENTS: dict[str, Callable] = {
    "approve": lambda s: verbs.approve(Comment.objects.filter(pk=s.waiting.pk)),
    "hold": lambda s: verbs.hold(Comment.objects.filter(pk=s.waiting.pk)),
    "new": lambda s: make_comment(s.other, "Mine."),
    "reply": lambda s: make_comment(s.bread, "Indeed.", parent=s.remark, author_name="Yan"),
    "edit": lambda s: save(s.remark, body="Another word.", edited_at=timezone.now()),
    "bulk update": lambda s: Comment.objects.filter(pk=s.remark.pk).update(author_name="Zoë"),
    "raw SQL": lambda s: raw("UPDATE comments_comment SET website = 'https://zoe.example/' WHERE id = %s", s.remark.pk),
    "another address": lambda s: Comment.objects.filter(pk=s.remark.pk).update(email="zoe@example.org"),
    "writer joins the staff": lambda s: User.objects.filter(pk=s.user.pk).update(is_staff=True),
    "spam": lambda s: verbs.mark_as_spam(Comment.objects.filter(author_name="Yan")),
    "no spam": lambda s: verbs.approve(Comment.objects.filter(author_name="Yan")),
    "trash above a reply": lambda s: verbs.trash(Comment.objects.filter(pk=s.remark.pk)),
    "restore": lambda s: verbs.restore(Comment.trash.filter(pk=s.remark.pk)),
    "purge": lambda s: Comment.all_objects.filter(author_name="Yan").purge(),
    "writer leaves": lambda s: User.objects.get(pk=s.user.pk).delete(),
}
NEIGHBOURHOOD: dict[str, Callable] = {
    "no related posts": lambda s: RelatedPost.objects.filter(post=s.bread).delete(),
    "relate": lambda s: call_command("relate", verbosity=0),
    "related by raw SQL": lambda s: raw("UPDATE posts_relatedpost SET score = score + 1 WHERE other_id = %s", s.rye.pk),
    "count by raw SQL": lambda s: raw("UPDATE posts_post SET comment_count = 7 WHERE id = %s", s.bread.pk),
}
# With the counters that each change of a kind turns, whatever else it may turn.
KINDS: dict[str, tuple[set[int], dict[str, Callable]]] = {
    "posts": ({CONTENT}, POSTS),
    "subjects": ({CONTENT}, SUBJECTS),
    "settings": ({CONTENT, SITE}, SETTINGS),
    "menus": ({SITE}, MENUS),
    "pages": ({PAGES}, PAGES_OF_THE_SITE),
    "ways": ({FINDABLE}, WAYS),
    "comments": ({SURROUNDINGS}, COMMENTS),
    "neighbourhood": ({SURROUNDINGS}, NEIGHBOURHOOD),
}


@pytest.mark.parametrize("kind", KINDS)
def test_after_each_change_every_page_is_what_it_would_be_without_a_cache(kind, site, scene):
    """What is dropped by a change is rendered anew by the next request; so what is kept has to be looked at."""
    counters, changes = KINDS[kind]
    site.cached_answers(ADDRESSES)
    for name, change in changes.items():
        addresses = [*site.kept_addresses(counters), *WITNESSES]
        site.cached_answers(addresses)
        site.looker.look()
        change(scene)
        [turned] = site.looker.look()
        assert turned.counters >= counters, name
        compare(site, addresses, name)


def compare(site: Site, addresses: list[str], change: str) -> None:
    cached, fresh = site.cached_answers(addresses), site.fresh_answers(addresses)
    stale = [address for address in addresses if essence(cached[address]) != essence(fresh[address])]
    assert not stale, f"{stale} after “{change}”: {difference(cached[stale[0]], fresh[stale[0]])}"


def test_an_import_shows_at_once(site, scene, tmp_path):
    site.cached_answers(ADDRESSES)
    import_folder(tmp_path)
    compare(site, ADDRESSES, "import")
    assert b"Brioche" in site.ask("/2026/01/", site.cached).content


def labels(site: Site) -> dict[str, str]:
    """Of the pages that are there: others are kept for some seconds anyway."""
    return {address: answer.label for address, answer in site.cached_answers(ADDRESSES).items() if answer.status == 200}


def test_a_comment_takes_away_the_pages_that_show_it_and_leaves_the_others(site, scene):
    labels(site)
    make_comment(scene.bread)
    given = labels(site)
    shown = ["/posts/bread/", "/comments/feed/", "/category/kitchen/"]
    assert [address for address in shown if given[address] != "miss"] == []
    others = ["/posts/other/", "/about/", "/feed/", "/author/ada/feed/json/", "/sitemap-posts-0.xml"]
    assert [address for address in others if given[address] != "hit"] == []


def test_a_draft_that_is_saved_takes_away_no_page(site, scene):
    labels(site)
    save(scene.draft, body=f"{scene.draft.body} And on.", summary="Not yet.")
    assert [address for address, label in labels(site).items() if label == "miss"] == []
