"""The page cache keeps what is for everybody, and nothing else; and a cache in front is told for how long it may."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.site.pagecaches import Origin, Visitor, asked, run


@pytest.fixture
def visitor() -> Visitor:
    return Visitor(Origin())


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
