"""The page cache: what is the same for everybody is rendered once, and nobody gets anything that is out of date."""

import gzip
from datetime import timedelta

import brotli
import pytest
from django.utils import timezone

from blogsite.pagecache import layer, metrics
from blogsite.security_headers import security_headers
from posts.generation import CONTENT, PAGES, SITE, SURROUNDINGS
from tests.site.pagecaches import TEXT, Origin, Visitor, asked, run


@pytest.fixture
def visitor() -> Visitor:
    return Visitor(Origin())


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


def test_a_page_ends_when_its_time_has_come(visitor, monkeypatch):
    async def story():
        visitor.origin.until = timezone.now() + timedelta(minutes=5)
        await visitor.ask()
        assert (await visitor.ask()).label == "hit"
        monkeypatch.setattr(layer, "time", visitor.origin.until.timestamp)
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
        assert set(security_headers()) <= set(answer.headers)
        assert (await visitor.ask("/healthz")).status == 200
        visitor.clock.is_gone = False
        assert (await visitor.ask()).label == "hit"

    run(story())


def test_the_log_tells_of_an_outage_now_and_then(visitor, monkeypatch, caplog):
    async def story():
        visitor.clock.is_gone = True
        for moment in (1_000_000, 1_000_001, 1_000_000 + layer.BETWEEN_LINES):
            monkeypatch.setattr(layer, "monotonic", lambda moment=moment: moment)
            assert (await visitor.ask()).status == 503

    run(story())

    assert [record.levelname for record in caplog.records if record.name == layer.__name__] == ["WARNING"] * 2


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


def test_files_are_told_of_pages_that_come_and_when_something_turns():
    told = []

    class Files:
        def keep(self, key, entry):
            told.append((key.path, entry.content))

        def turned(self):
            told.append("turned")

    async def story():
        visitor = Visitor(Origin(), files=Files())
        await visitor.ask("/a/")
        await visitor.ask("/a/")
        visitor.clock.turn()
        visitor.origin.status = 404
        await visitor.ask("/b/")
        assert told == [("/a/", TEXT), ("/a/", TEXT), "turned"]

    run(story())


def test_no_file_is_made_of_what_has_turned_while_it_was_rendered(visitor):
    kept = []

    class Files:
        def keep(self, key, entry):
            kept.append(entry.content)

        def turned(self):
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
