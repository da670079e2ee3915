"""The page cache: what is the same for everybody is rendered once, and nobody gets anything that is out of date."""

import asyncio
import gzip
from datetime import timedelta

import brotli
import pytest
from django.utils import timezone

from blogsite.gate import ClientGone, Gate
from blogsite.pagecache import metrics
from posts.generation import CONTENT, PAGES, SITE, SURROUNDINGS
from tests.site.pagecaches import TEXT, Origin, Visitor, run, scope_of


@pytest.fixture
def visitor() -> Visitor:
    return Visitor(Origin())


def asked(visitor: Visitor) -> list[str]:
    """The addresses that the origin was asked for."""
    return [f"{scope['path']}?{scope['query_string'].decode()}".rstrip("?") for scope in visitor.origin.asked]


# --- Hits and misses -------------------------------------------------------------------------------------------------


def test_a_page_is_rendered_once(visitor):
    async def story():
        first, second = await visitor.ask(), await visitor.ask()

        assert (first.label, second.label) == ("miss", "hit")
        assert first.content == second.content == TEXT
        assert asked(visitor) == ["/"]

    run(story())


def test_each_encoding_has_its_bytes_and_its_tag(visitor):
    async def story():
        plain, zipped = await visitor.ask(), await visitor.ask(accept_encoding="gzip")
        small = await visitor.ask(accept_encoding="gzip, deflate, br")

        assert gzip.decompress(zipped.content) == brotli.decompress(small.content) == plain.content
        assert len({answer.headers["etag"] for answer in (plain, zipped, small)}) == 3
        assert [answer.headers.get("content-encoding") for answer in (plain, zipped, small)] == [None, "gzip", "br"]
        for answer in (plain, zipped, small):
            assert answer.headers["vary"] == "Accept-Encoding"
            assert answer.headers["content-length"] == str(len(answer.content))
            assert answer.headers["etag"].startswith('"')
        assert asked(visitor) == ["/"]

    run(story())


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip;q=0, br;q=0", None), ("identity", None), ("br;q=0.1, gzip", "gzip"), ("*", "br"), ("gzip;q=x", None)],
)
def test_what_a_client_refuses_it_does_not_get(visitor, accepted, encoding):
    answer = run(visitor.ask(accept_encoding=accepted))

    assert answer.headers.get("content-encoding") == encoding


def test_head_is_told_what_get_would_be(visitor):
    async def story():
        before = await visitor.ask(method="HEAD")
        whole, head = await visitor.ask(), await visitor.ask(method="HEAD")

        assert before.content == head.content == b""
        assert head.headers == whole.headers
        assert whole.content == TEXT
        assert asked(visitor) == ["/"]
        assert visitor.origin.asked[0]["method"] == "GET"

    run(story())


def test_what_is_small_or_a_picture_is_not_compressed():
    async def story():
        for origin in (Origin(content=b"ok"), Origin(content_type="image/png")):
            visitor = Visitor(origin)
            answer = await visitor.ask(accept_encoding="br")
            assert "content-encoding" not in answer.headers
            assert answer.content == origin.content
            assert answer.headers["etag"] == (await visitor.ask()).headers["etag"]

    run(story())


# --- Conditions ------------------------------------------------------------------------------------------------------


def test_who_has_a_page_is_told_so_without_work(visitor):
    async def story():
        etag = (await visitor.ask()).headers["etag"]
        for tags in (etag, f"W/{etag}", f'"other", {etag}', "*", f'W/"x" ,W/{etag}'):
            for method in ("GET", "HEAD"):
                answer = await visitor.ask(method=method, if_none_match=tags)
                assert (answer.status, answer.content, answer.headers["etag"]) == (304, b"", etag)
                assert "content-length" not in answer.headers
        assert asked(visitor) == ["/"]

    run(story())


@pytest.mark.parametrize("tags", ['"other"', "", "etag", '"*"', "W/*", '"', ","])
def test_who_has_another_page_gets_this_one(visitor, tags):
    async def story():
        await visitor.ask()
        assert (await visitor.ask(if_none_match=tags)).status == 200

    run(story())


def test_the_tag_of_another_encoding_is_another_one(visitor):
    async def story():
        etag = (await visitor.ask(accept_encoding="br")).headers["etag"]
        assert (await visitor.ask(accept_encoding="gzip", if_none_match=etag)).status == 200
        assert (await visitor.ask(accept_encoding="br", if_none_match=etag)).status == 304

    run(story())


def test_a_page_that_is_new_but_the_same_keeps_its_tag(visitor):
    async def story():
        etag = (await visitor.ask(accept_encoding="br")).headers["etag"]
        visitor.clock.turn()
        answer = await visitor.ask(accept_encoding="br", if_none_match=etag)
        assert (answer.status, answer.label) == (304, "miss")

    run(story())


def test_a_date_alone_is_judged_by_django(visitor):
    async def story():
        etag = (await visitor.ask()).headers["etag"]
        date = "Mon, 23 Nov 2026 01:00:00 GMT"
        assert (await visitor.ask(if_modified_since=date)).label == "bypass"
        assert (await visitor.ask(if_modified_since=date, if_none_match=etag)).status == 304
        assert (await visitor.ask(if_match=etag)).label == "bypass"

    run(story())


# --- Nothing is stale ------------------------------------------------------------------------------------------------


def test_what_has_turned_is_never_seen_again(visitor):
    async def story():
        await visitor.ask()
        visitor.origin.content = TEXT.replace(b"Words", b"Other")
        visitor.clock.turn()
        answer = await visitor.ask()
        assert (answer.label, answer.content) == ("miss", visitor.origin.content)

    run(story())


@pytest.mark.parametrize(
    ("counters", "posts", "label"),
    [
        ({CONTENT}, frozenset(), "miss"),
        ({SITE, PAGES}, frozenset(), "hit"),
        ({SURROUNDINGS}, frozenset({7}), "miss"),
        ({SURROUNDINGS}, frozenset({8}), "hit"),
        ({SURROUNDINGS}, None, "miss"),
    ],
)
def test_a_change_takes_away_what_shows_it_and_nothing_else(visitor, counters, posts, label):
    async def story():
        visitor.origin.shows = {"counters": frozenset({CONTENT}), "posts": frozenset({7})}
        await visitor.ask()
        visitor.clock.turn(*counters, posts=posts)
        assert (await visitor.ask()).label == label

    run(story())


def test_what_says_nothing_of_what_it_shows_shows_everything(visitor):
    async def story():
        await visitor.ask()
        visitor.clock.turn(PAGES)
        assert (await visitor.ask()).label == "miss"

    run(story())


def test_what_turns_while_a_page_is_rendered_is_not_kept(visitor):
    async def turn():
        visitor.clock.turn()

    async def story():
        visitor.origin.meanwhile = turn
        assert (await visitor.ask()).label == "miss"
        visitor.origin.meanwhile = None
        assert (await visitor.ask()).label == "miss"
        assert (await visitor.ask()).label == "hit"

    run(story())


def test_a_page_ends_when_its_time_has_come(visitor):
    async def story():
        visitor.origin.until = timezone.now() + timedelta(seconds=0.05)
        await visitor.ask()
        assert (await visitor.ask()).label == "hit"
        await asyncio.sleep(0.06)
        assert (await visitor.ask()).label == "miss"

    run(story())


def test_without_a_database_nothing_is_told(visitor):
    async def story():
        await visitor.ask()
        visitor.clock.is_gone = True
        answer = await visitor.ask()
        assert answer.status == 503
        assert int(answer.headers["retry-after"]) > 0
        assert answer.headers["cache-control"] == "no-store"
        assert (await visitor.ask("/healthz")).status == 200
        visitor.clock.is_gone = False
        assert (await visitor.ask()).label == "hit"

    run(story())


# --- Many at once ----------------------------------------------------------------------------------------------------


def test_a_stampede_renders_once(visitor):
    async def wait():
        await asyncio.sleep(0.02)

    async def story():
        visitor.origin.meanwhile = wait
        answers = await asyncio.gather(*(visitor.ask() for _ in range(50)))
        assert {answer.content for answer in answers} == {TEXT}
        assert sorted(answer.label for answer in answers) == ["hit"] * 49 + ["miss"]
        assert asked(visitor) == ["/"]

    run(story())


def test_who_waits_gets_nothing_that_was_begun_before_a_change(visitor):
    """The first rendering is under way when the page changes; whoever asks after that must see the change."""
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def first_rendering():
        begun.set()
        visitor.origin.meanwhile = None
        await go_on.wait()

    async def story():
        visitor.origin.meanwhile = first_rendering
        early = asyncio.ensure_future(visitor.ask())
        await begun.wait()
        visitor.origin.content = TEXT.replace(b"Words", b"Other")
        visitor.clock.turn()
        late = [asyncio.ensure_future(visitor.ask()) for _ in range(10)]
        await asyncio.sleep(0.01)
        go_on.set()
        assert (await early).content == TEXT
        assert {answer.content for answer in await asyncio.gather(*late)} == {visitor.origin.content}
        assert asked(visitor) == ["/", "/"]

    run(story())


def test_under_constant_change_everybody_is_answered(visitor):
    async def change():
        await asyncio.sleep(0.002)
        visitor.clock.turn()

    async def visit():
        return [(await visitor.ask()).status for _ in range(5)]

    async def story():
        visitor.origin.meanwhile = change
        assert await asyncio.gather(*(visit() for _ in range(10))) == [[200] * 5] * 10
        # Nobody waits for more than two renderings, and each is for all who wait.
        assert len(visitor.origin.asked) <= 2 * 5 + 5

    run(story())


def test_a_client_that_leaves_breaks_nothing_off_for_others(visitor):
    async def wait():
        await asyncio.sleep(0.02)

    async def story():
        visitor.origin.meanwhile = wait
        leaving, staying = (asyncio.ensure_future(visitor.ask()) for _ in range(2))
        await asyncio.sleep(0.01)
        leaving.cancel()
        assert (await staying).content == TEXT
        assert asked(visitor) == ["/"]

    run(story())


class Leaving:
    """A client that asks, and leaves some seconds later."""

    def __init__(self, after):
        self.after = after
        self.is_told = False

    async def __call__(self):
        if self.is_told:
            await asyncio.sleep(self.after)
            return {"type": "http.disconnect"}
        self.is_told = True
        return {"type": "http.request", "body": b"", "more_body": False}


def at(address):
    return scope_of(address, "GET", [(b"host", b"localhost")])


async def no_body(scope):
    return 0


def test_who_leaves_while_it_waits_for_a_place_has_nothing_rendered(visitor):
    async def wait():
        await asyncio.sleep(0.1)

    async def story():
        visitor.origin.meanwhile = wait
        visitor.cache.application = Gate(visitor.origin, places=1, max_body=no_body)
        first = asyncio.ensure_future(visitor.ask("/first/"))
        await asyncio.sleep(0.01)
        gone = [asyncio.ensure_future(visitor.send(at(f"/{number}/"), Leaving(0.02))) for number in range(20)]
        await asyncio.sleep(0.05)
        late = asyncio.ensure_future(visitor.ask("/7/"))
        assert all(isinstance(error, ClientGone) for error in await asyncio.gather(*gone, return_exceptions=True))
        assert [(await asking).status for asking in (first, late)] == [200, 200]
        assert asked(visitor) == ["/first/", "/7/"]
        assert visitor.cache.running == {}

    run(story())


def test_who_leaves_while_it_is_rendered_leaves_it_to_others(visitor):
    async def wait():
        await asyncio.sleep(0.03)

    async def story():
        visitor.origin.meanwhile = wait
        with pytest.raises(ClientGone):
            await visitor.send(at("/"), Leaving(0.01))
        answers = await asyncio.gather(visitor.ask(), visitor.ask())
        assert {answer.label for answer in answers} == {"hit"}
        assert asked(visitor) == ["/"]

    run(story())


def test_an_error_is_told_to_all_who_wait_and_kept_for_nobody():
    async def story():
        visitor = Visitor(Origin(500, cache_control="no-store"))
        answers = await asyncio.gather(*(visitor.ask() for _ in range(5)))
        assert {answer.status for answer in answers} == {500}
        assert len(visitor.origin.asked) == 1
        visitor.origin.status, visitor.origin.headers["cache-control"] = 200, ""
        assert (await visitor.ask()).label == "miss"

    run(story())


def test_an_origin_that_breaks_down_leaves_nothing_behind(visitor):
    async def break_down():
        visitor.origin.meanwhile = None
        raise RuntimeError("Broken.")

    async def story():
        visitor.origin.meanwhile = break_down
        with pytest.raises(RuntimeError):
            await visitor.ask()
        assert (await visitor.ask()).status == 200

    run(story())


# --- What is not for everybody ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"set_cookie": "a=b"},
        {"vary": "Cookie"},
        {"vary": "Accept-Encoding, Accept-Language"},
        {"vary": "*"},
        {"cache_control": "no-store"},
        {"cache_control": "Private, max-age=60"},
        {"cache_control": "max-age=0, no-cache"},
        {"content_length": ""},
        {"content_length": "7"},
    ],
)
def test_what_is_for_one_alone_is_asked_for_by_that_one(headers):
    async def story():
        visitor = Visitor(Origin(**headers))
        for _ in range(3):
            assert (await visitor.ask(cookie="csrftoken=x", user_agent="Lynx")).label == "bypass"
        own = visitor.origin.asked[1:]
        assert [dict(scope["headers"]).get(b"user-agent") for scope in own] == [b"Lynx"] * 3
        assert "blogsite.page" not in own[0]
        # Once, to learn that it is not for everybody.
        assert dict(visitor.origin.asked[0]["headers"]).keys() == {b"host", b"x-forwarded-proto"}
        assert visitor.cache.pages.entries == {}

    run(story())


def test_an_old_answer_of_one_is_not_told_to_another_when_it_changes():
    async def story():
        visitor = Visitor(Origin())
        await visitor.ask()
        visitor.origin.headers["set-cookie"] = "a=b"
        visitor.clock.turn()
        assert (await visitor.ask()).label == "bypass"

    run(story())


@pytest.mark.parametrize("status", [206, 302, 400, 403, 429, 500, 503])
def test_neither_errors_nor_parts_are_kept(status):
    async def story():
        visitor = Visitor(Origin(status))
        assert [(await visitor.ask()).status for _ in range(2)] == [status] * 2
        assert len(visitor.origin.asked) == 2

    run(story())


@pytest.mark.parametrize("status", [301, 404, 410])
def test_what_is_missing_is_kept_for_some_seconds_apart_from_pages(status):
    async def story():
        visitor = Visitor(Origin(status))
        assert [(await visitor.ask()).label for _ in range(2)] == ["miss", "hit"]
        [entry] = visitor.cache.missing.entries.values()
        assert visitor.cache.pages.entries == {}
        assert 0 < entry.until - timezone.now().timestamp() <= 5
        assert "etag" not in (await visitor.ask()).headers
        assert [(await visitor.ask(if_none_match=tags)).status for tags in ("", "*")] == [status] * 2
        visitor.clock.turn()
        assert (await visitor.ask()).label == "miss"

    run(story())


def test_where_no_page_is_the_whole_address_may_matter():
    """An old address of another system may be known by a parameter that ours does not read."""

    async def story():
        visitor = Visitor(Origin(404))
        await visitor.ask("/index.php")
        answer = await visitor.ask("/index.php?p=12")
        assert answer.label == "bypass"
        assert asked(visitor) == ["/index.php", "/index.php?p=12"]

    run(story())


# --- Memory ----------------------------------------------------------------------------------------------------------


def test_memory_is_bounded_and_the_popular_stay():
    async def story():
        visitor = Visitor(Origin(), room=200_000)
        for _ in range(3):
            await visitor.ask("/popular/")
        for number in range(2000):
            await visitor.ask(f"/?after={number}")
            if number % 100 == 0:
                assert (await visitor.ask("/popular/")).label == "hit"
        assert visitor.cache.pages.taken <= 200_000

    run(story())


def test_a_flood_of_missing_pages_takes_no_room_from_pages():
    async def story():
        visitor = Visitor(Origin(404), room=500_000)
        visitor.origin.status = 200
        for number in range(100):
            await visitor.ask(f"/{number}/")
        kept = set(visitor.cache.pages.entries)
        visitor.origin.status = 404
        for number in range(1000):
            await visitor.ask(f"/nothing/{number}/")
        assert set(visitor.cache.pages.entries) == kept
        assert visitor.cache.missing.taken <= 500_000 * 0.05

    run(story())


def test_a_page_that_is_too_large_takes_the_place_of_no_others():
    async def story():
        large = Visitor(Origin(content=bytes(200_000)))
        assert [(await large.ask()).label for _ in range(2)] == ["miss", "miss"]
        assert large.cache.pages.taken == 0

    run(story())


def test_what_is_dropped_gives_its_room_back(visitor):
    async def story():
        for encoding in ("", "gzip", "br"):
            await visitor.ask(accept_encoding=encoding)
        visitor.clock.turn()
        await visitor.clock.look()
        assert (visitor.cache.pages.taken, visitor.cache.pages.entries) == (0, {})
        await visitor.ask()
        [entry] = visitor.cache.pages.entries.values()
        assert visitor.cache.pages.taken == entry.size

    run(story())


# --- What is told about it -------------------------------------------------------------------------------------------


def test_what_happens_is_counted(visitor):
    async def story():
        before = metrics.total()
        etag = (await visitor.ask()).headers["etag"]
        await visitor.ask()
        await visitor.ask(if_none_match=etag)
        await visitor.ask(cookie="sessionid=x")
        more = [after - first for after, first in zip(metrics.total(), before, strict=True)]
        assert [more[place] for place in (metrics.HIT, metrics.MISS, metrics.BYPASS)] == [2, 1, 1]
        assert (more[metrics.UNCHANGED], more[metrics.REBUILT]) == (1, 1)

    run(story())


def test_whoever_gets_an_answer_is_told_of_to_who_wants_to_know(visitor):
    async def story():
        heard = []
        visitor.origin.shows = {"on_hit": lambda scope: heard.append(dict(scope["headers"])[b"user-agent"])}
        etag = (await visitor.ask(user_agent="one")).headers["etag"]
        await visitor.ask(user_agent="two")
        await visitor.ask(user_agent="three", if_none_match=etag)
        assert heard == [b"one", b"two", b"three"]

    run(story())


def test_files_are_told_of_pages_that_come_and_go():
    kept, dropped = [], []

    class Files:
        def keep(self, key, entry):
            kept.append((key.path, entry.content))

        def drop(self, keys):
            dropped.extend(key.path for key in keys)

    async def story():
        visitor = Visitor(Origin(), files=Files())
        await visitor.ask("/a/")
        await visitor.ask("/a/")
        visitor.clock.turn()
        visitor.origin.status = 404
        await visitor.ask("/b/")
        assert (kept, dropped) == ([("/a/", TEXT)] * 2, ["/a/"])

    run(story())


def test_no_file_is_made_of_what_has_turned_while_it_was_rendered(visitor):
    kept = []

    class Files:
        def keep(self, key, entry):
            kept.append(entry.content)

        def drop(self, keys):
            pass

    async def turn():
        visitor.clock.turn()

    async def story():
        visitor.cache.files = Files()
        visitor.origin.meanwhile = turn
        assert (await visitor.ask(accept_encoding="br")).status == 200
        assert kept == []

    run(story())


def test_what_is_no_request_for_a_page_passes(visitor):
    async def story():
        heard = []

        async def origin(scope, receive, send):
            heard.append(scope["type"])

        visitor.cache.application = origin
        await visitor.cache({"type": "lifespan"}, None, None)
        assert heard == ["lifespan"]

    run(story())


# --- A cache in front ------------------------------------------------------------------------------------------------


def shared_seconds(answer) -> int:
    return int(answer.headers["cache-control"].partition("s-maxage=")[2].partition(",")[0])


@pytest.mark.parametrize(("due", "until", "least"), [(60, None, 60), (None, 40, 40), (60, 40, 40), (9000, None, 3600)])
def test_a_cdn_is_given_no_more_seconds_than_there_are_until_something_is_due(due, until, least):
    async def story():
        origin = Origin(cache_control="public, max-age=0, s-maxage=3600, must-revalidate")
        origin.until = until and timezone.now() + timedelta(seconds=until)
        visitor = Visitor(origin, cdn_seconds=3600)
        visitor.clock.due = timezone.now().timestamp() + due if due else float("inf")
        first, second = await visitor.ask(), await visitor.ask()
        unchanged = await visitor.ask(if_none_match=second.headers["etag"])

        for answer, label, status in ((first, "miss", 200), (second, "hit", 200), (unchanged, "hit", 304)):
            assert (answer.label, answer.status) == (label, status)
            assert least - 3 <= shared_seconds(answer) <= least

    run(story())


def test_what_is_due_this_moment_is_for_nobody_to_keep():
    async def story():
        visitor = Visitor(Origin(cache_control="public, max-age=0, s-maxage=3600, must-revalidate"), cdn_seconds=3600)
        visitor.clock.due = timezone.now().timestamp() - 1

        assert shared_seconds(await visitor.ask()) == 0

    run(story())
