"""Which pages may be files, where they lie, and what takes them away."""

import re
from math import inf
from pathlib import Path

import pytest

from blogsite.pagefiles import folder as layout
from blogsite.pagefiles import names, withdrawing
from blogsite.pagefiles.folder import Edition, Folder, Page, slot_of
from comments.generation import CONVERSATION
from posts.generation import CONTENT, SITE, SURROUNDINGS
from posts.shown import Note
from posts.state import Count
from posts.triggers import ALL_POSTS

CONFIGURATION = Path(__file__).parents[2] / "deploy" / "nginx.conf"
STATE = tuple(Count(counter, 10, "yesterday") for counter in (CONTENT, CONVERSATION, SURROUNDINGS, SITE))
NOW = 1_800_000_004.0


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


@pytest.fixture(autouse=True)
def _usual_headers_of_these_settings():
    names.usual_headers.cache_clear()
    yield
    names.usual_headers.cache_clear()


def published(folder, due=inf, state=STATE):
    return folder.begin(Edition("ours", withdrawing.digest_of(state), due), withdrawing.numbers_of(state))


def place(folder, path, name, note=None, until=inf):
    keys = withdrawing.keys_of(note or Note(STATE))
    folder.place(path, Page(name, {"": b"words", ".gz": b"fewer"}, keys, until))


def turned(*counters):
    return tuple(count._replace(number=11) if count.counter in counters else count for count in STATE)


def answer(**headers):
    its_own = ((name.replace("_", "-").encode(), value.encode()) for name, value in headers.items())
    return [*names.usual_headers().items(), *its_own]


# --- Names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/", "/index.html"),
        ("/posts/harbour/", "/posts/harbour/index.html"),
        ("/posts/漁港/", "/posts/%E6%BC%81%E6%B8%AF/index.html"),
    ],
)
def test_a_page_has_the_name_of_its_address(path, name):
    assert names.file_name(path, answer()) == name


@pytest.mark.parametrize(
    "path",
    [
        "",
        "posts/",
        "//",
        "/./",
        "/../",
        "/posts/../../lock",
        "/.html",
        "/a/.b/",
        "/a/..",
        "/posts/harbour",
        "/robots.txt",
        "/sitemap.xml",
        "/" + "a" * 201 + "/",
        "/" + "a/" * 501,
        "/漁" * 150 + "/",
    ],
)
def test_no_other_address_has_a_file(path):
    assert names.file_name(path, answer()) is None


@pytest.mark.parametrize(
    "path", ["/\0/", "/a b/", "/a%2e%2e/", "/a\n/", "/a?b/", "/a;b/", '/"/', "/$page/", "/\\..\\/"]
)
def test_a_strange_character_is_only_a_number_in_a_name(path):
    assert re.fullmatch(r"(?:/[A-Za-z0-9_.~%-]+)+", names.file_name(path, answer()))


@pytest.mark.parametrize(
    "headers",
    [
        {"content_security_policy": "default-src 'none'; frame-src https://player.example"},
        {"link": '<https://hub.example/>; rel="hub"'},
        {"set_cookie": "a=b"},
        {"x_robots_tag": "noindex"},
        {"content_type": "application/rss+xml"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_what_says_anything_of_its_own_is_no_file(headers):
    assert names.file_name("/", answer(**headers)) is None


def test_a_page_with_a_date_is_no_file():
    assert names.file_name("/", answer(last_modified="Mon, 06 Jul 2026 08:00:00 GMT")) is None


def page_looked_for(**sent):
    """The page that nginx looks for when variables of its own have these values; None if it asks the service."""
    text = CONFIGURATION.read_text()
    key, pattern = re.search(r'map "(.*)" \$page_file \{.*?"~(.*?)" /\$slot', text, re.DOTALL).groups()
    told = {"host": "blog.example.org", "msec": "1800000004.123", "request_uri": "/posts/harbour/"} | sent
    key = re.sub(r"\$(\w+)", lambda name: told.get(name[1], ""), key.replace(r"\n", "\n"))
    found = re.search(pattern.replace("(?<", "(?P<"), key, re.ASCII)
    return found and found["page"]


def test_nginx_looks_for_the_page_of_the_address():
    assert page_looked_for() == "/posts/harbour/"
    assert page_looked_for(http_cookie="theme=dark") == "/posts/harbour/"


@pytest.mark.parametrize(
    "sent",
    [
        # A header of HTTP/2 may begin with a blank, and nginx before 1.21.1 takes one in an address.
        {"http_authorization": " blog.example.org 1800000004.1 / "},
        {"http_if_match": " blog.example.org 1800000004.1 / "},
        {"http_if_unmodified_since": " blog.example.org 1800000004.1 / "},
        {"request_uri": "/posts/harbour/ x"},
        {"http_cookie": "theme=dark; sessionid=abc"},
    ],
    ids=lambda sent: next(iter(sent)),
)
def test_nothing_that_a_client_writes_leads_to_another_file(sent):
    assert page_looked_for(**sent) is None


def test_nginx_says_of_a_file_what_the_service_says(settings):
    settings.SITE_URL = "https://blog.example.org"
    settings.SECURE_HSTS_SECONDS = 31_536_000
    pages = CONFIGURATION.read_text().partition("location / {")[2].partition("\n    }")[0]
    added = {name.lower(): value.strip('"') for name, value in re.findall(r'add_header (\S+) (".*?"|\S+);', pages)}
    added["content-type"] = re.search(r'"(\S+; \S+)" html;', pages)[1]
    of_files = {"last-modified": "", "vary": "Accept-Encoding", "x-cache": "file"}

    said = {name.decode(): value.decode() for name, value in names.usual_headers().items()}
    assert added == said | of_files


# --- Where they lie, and for how long --------------------------------------------------------------------------------


def test_all_pages_go_at_once(folder):
    path, _ = published(folder)
    place(folder, path, "/index.html")
    folder.take_away()

    assert folder.published() is None
    assert not (folder.path / "current").exists()
    assert folder.left_over() == [path]
    folder.sweep(folder.left_over())
    assert list((folder.path / "sets").iterdir()) == []


def test_a_set_is_let_for_the_time_in_which_nothing_turns(folder):
    due = NOW + 35
    of_now = published(folder, due)
    folder.lease(of_now, NOW)
    slots = sorted(int(entry.name) for entry in of_now.path.iterdir() if entry.name.isdigit())

    assert slots == [slot_of(NOW), slot_of(NOW) + 1, slot_of(NOW) + 2]
    assert (slots[-1] + 1) * layout.SLOT < due - layout.MARGIN


def test_leases_that_are_over_go(folder):
    of_now = published(folder)
    folder.lease(of_now, NOW)
    folder.lease(of_now, NOW + layout.SLOT)

    assert not (of_now.path / str(slot_of(NOW))).exists()
    assert (of_now.path / str(slot_of(NOW) + layout.AHEAD + 1)).exists()


def test_a_page_that_expires_goes_before_its_set_is_let_for_that_time(folder):
    of_now = published(folder)
    until = NOW + (layout.AHEAD + 3) * layout.SLOT
    assert folder.outlasts(until, NOW)
    place(folder, of_now.path, "/closing/index.html", until=until)
    place(folder, of_now.path, "/index.html")
    for seconds in range(0, 60, layout.SLOT):
        folder.lease(of_now, NOW + seconds)

    assert not folder.has(of_now.path, "/closing/index.html")
    assert folder.has(of_now.path, "/index.html")


def test_a_page_that_expires_soon_is_no_file(folder):
    assert not folder.outlasts(NOW + 60, NOW)


def test_the_date_of_a_file_is_made_of_its_content(folder):
    path, _ = published(folder)
    dates = set()
    for content in (b"mild", b"wild"):
        folder.place(path, Page("/index.html", {"": content}, frozenset()))
        dates.add(int((path / "pages/index.html").stat().st_mtime))

    assert len(dates) == 2
    assert all(0 <= date < 2**31 for date in dates)


def test_a_set_knows_how_large_it_is(folder):
    path, _ = published(folder)
    place(folder, path, "/index.html")
    place(folder, path, "/about/index.html")

    assert folder.used(path) == 2 * len(b"words" + b"fewer")


def test_a_name_that_is_a_folder_already_is_not_written(folder):
    path, _ = published(folder)
    place(folder, path, "/a/index.html/index.html")

    with pytest.raises(OSError, match="was not written"):
        place(folder, path, "/a/index.html")
    assert [entry.name for entry in (path / "pages/a").iterdir()] == ["index.html"]


def test_only_one_publishes_and_none_while_somebody_commits(folder):
    with folder.no_writer() as is_first, folder.no_writer() as is_second:
        assert (is_first, is_second) == (True, False)
    with folder.no_publisher(), folder.no_publisher(), folder.no_writer() as is_free:
        assert not is_free


# --- What takes them away --------------------------------------------------------------------------------------------


def withdraw(folder, state, posts=()):
    withdrawing.withdraw(folder, state, lambda number, most: list(posts)[:most])


def test_what_has_not_changed_stays(folder):
    path, _ = published(folder)
    place(folder, path, "/index.html")
    withdraw(folder, STATE)

    assert (folder.path / "current/pages/index.html").exists()


@pytest.mark.parametrize("counter", [CONTENT, SITE])
def test_a_change_of_the_content_takes_all_away(folder, counter):
    path, _ = published(folder)
    place(folder, path, "/index.html", Note(STATE, frozenset()))
    withdraw(folder, turned(counter))

    assert folder.published() is None


def test_a_database_that_has_counted_as_far_is_another_one(folder):
    published(folder)
    withdraw(folder, tuple(count._replace(turned_at="today") for count in STATE))

    assert folder.published() is None


def test_a_comment_takes_away_what_shows_it(folder):
    path, _ = published(folder)
    place(folder, path, "/posts/mill/index.html", Note(STATE, frozenset({CONTENT}), frozenset({1})))
    place(folder, path, "/posts/harbour/index.html", Note(STATE, frozenset({CONTENT}), frozenset({2})))
    place(folder, path, "/tags/index.html", Note(STATE, frozenset({CONTENT})))
    place(folder, path, "/talk/index.html", Note(STATE, frozenset({CONVERSATION})))
    place(folder, path, "/says-nothing/index.html")
    withdraw(folder, turned(CONVERSATION, SURROUNDINGS), posts=[1])

    left = sorted(str(page.relative_to(path / "pages")) for page in path.glob("pages/**/*") if page.is_file())
    assert left == [f"{page}/index.html{e}" for page in ("posts/harbour", "tags") for e in ("", ".gz")]


@pytest.mark.parametrize("posts", [[ALL_POSTS], range(1, withdrawing.MOST_POSTS + 5)], ids=["all", "many"])
def test_changes_around_many_posts_take_all_away(folder, posts):
    published(folder)
    withdraw(folder, turned(SURROUNDINGS), posts)

    assert folder.published() is None


def test_a_database_put_back_to_an_earlier_time_takes_all_away(folder):
    """It does not know what was written below which post since then."""
    published(folder)
    earlier = tuple(count._replace(number=9) if count.counter == SURROUNDINGS else count for count in STATE)
    withdraw(folder, earlier)

    assert folder.published() is None


def test_what_is_only_about_to_be_committed_is_not_noted(folder):
    """Else the next change would count as far, and find nothing to do, when this one is rolled back."""
    path, _ = published(folder)
    place(folder, path, "/posts/mill/index.html", Note(STATE, frozenset(), frozenset({1})))
    withdraw(folder, turned(SURROUNDINGS), posts=[2])
    withdraw(folder, turned(SURROUNDINGS), posts=[1])

    assert not folder.has(path, "/posts/mill/index.html")


def test_what_is_committed_is_noted(folder):
    path, _ = published(folder)
    withdrawing.settle(folder, path, turned(SURROUNDINGS), lambda number, most: [1])

    assert folder.seen(path) == withdrawing.numbers_of(turned(SURROUNDINGS))
