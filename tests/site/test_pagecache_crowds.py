"""The page cache when many ask at once, or for more than there is room for."""

import asyncio

import pytest

from blogsite.gate import ClientGone, Gate
from tests.site.pagecaches import TEXT, Origin, Visitor, asked, run, scope_of


@pytest.fixture
def visitor() -> Visitor:
    return Visitor(Origin())


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
    async def story():
        go_on = asyncio.Event()
        visitor.origin.meanwhile = go_on.wait
        visitor.cache.application = Gate(visitor.origin, places=1, max_body=no_body)
        first = asyncio.ensure_future(visitor.ask("/first/"))
        await asyncio.sleep(0.01)
        gone = [asyncio.ensure_future(visitor.send(at(f"/{number}/"), Leaving(0.02))) for number in range(20)]
        assert all(isinstance(error, ClientGone) for error in await asyncio.gather(*gone, return_exceptions=True))
        late = asyncio.ensure_future(visitor.ask("/7/"))
        await asyncio.sleep(0.01)
        go_on.set()
        assert [(await asking).status for asking in (first, late)] == [200, 200]
        assert asked(visitor) == ["/first/", "/7/"]
        assert visitor.cache.running == {}

    run(story())


def test_who_leaves_while_it_is_rendered_leaves_it_to_others(visitor):
    async def story():
        go_on = asyncio.Event()
        visitor.origin.meanwhile = go_on.wait
        with pytest.raises(ClientGone):
            await visitor.send(at("/"), Leaving(0.01))
        others = [asyncio.ensure_future(visitor.ask()) for _ in range(2)]
        go_on.set()
        assert {answer.label for answer in await asyncio.gather(*others)} == {"hit"}
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
