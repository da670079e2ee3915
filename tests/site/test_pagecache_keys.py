"""What a request asks for, in one spelling, and who is sent past the page cache. Hostile requests among them."""

import ast
import re
from pathlib import Path

import pytest

from blogsite.pagecache import keys
from blogsite.pagecache.keys import PARAMETERS, Reader, known_part
from tests.site.pagecaches import TEXT, Origin, Visitor, run, scope_of

ROOT = Path(__file__).parents[2]
PAGE = "/posts/a-day/"


@pytest.fixture
def reader() -> Reader:
    return Reader()


def read(reader, address=PAGE, method="GET", **headers):
    named = {"host": "localhost"} | {name.replace("_", "-"): value for name, value in headers.items()}
    return reader.read(scope_of(address, method, [(n.encode(), v.encode("latin-1")) for n, v in named.items()]))


# --- Queries ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "known"),
    [
        (b"", b""),
        (b"utm_source=x&utm_medium=y", b""),
        (b"utm_source=x&before=2026_1&fbclid=z", b"before=2026_1"),
        (b"q=a&q=b", b"q=a&q=b"),
        (b"q=b&tag=a", b"q=b&tag=a"),
        (b"q", b"q"),
        (b"q=a=b", b"q=a=b"),
        (b"%62efore=1", b"%62efore=1"),
        (b"before+=1", b""),
        (b"&&q=1&", b"q=1"),
        (b"Q=1", b""),
        (b"q;page=1", b""),
        (b"%FF=1&%=2&q=%FF", b"q=%FF"),
    ],
)
def test_of_a_query_only_what_pages_read_matters(query, known):
    assert known_part(query) == known


def test_campaigns_make_no_other_page():
    async def story():
        visitor = Visitor(Origin())
        labels = [(await visitor.ask(f"/?utm_source={number}")).label for number in range(5)]
        assert labels == ["miss"] + ["hit"] * 4
        assert [scope["query_string"] for scope in visitor.origin.asked] == [b""]

    run(story())


# They take names from elsewhere: from whoever calls them by `asked_for(request, "name")`, or from the lists of NAMES.
BY_LISTS = {
    "posts/pagination.py",
    "posts/serving.py",
    "posts/templatetags/head.py",
    "posts/views/lists.py",
    "posts/views/searching.py",
    "posts/feeds/views.py",
}


def test_every_parameter_that_a_page_reads_is_known():
    """Otherwise the page cache would leave it out."""
    read = re.findall(r"request\.GET\.(\w+)", templates())
    for source in sources():
        read += names_of(ast.parse(source.read_text()))

    assert {"after", "page"} <= set(read) <= PARAMETERS


def test_whatever_reads_a_query_names_what_it_reads():
    """Who takes `request.GET` in another way has to be looked at, and to be added to the list."""
    for source in sources():
        tree = ast.parse(source.read_text())
        uses = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "GET"]
        if str(source.relative_to(ROOT)) not in BY_LISTS:
            assert len(uses) == len(list(names_of(tree, but="asked_for"))), source


def sources():
    """The modules that render pages for everybody."""
    found = [path for package in ("blogsite", "comments", "posts") for path in (ROOT / package).rglob("*.py")]
    return [path for path in found if not {"admin", "migrations", "importers", "pagecache"} & set(path.parts)]


def templates():
    return "".join(path.read_text() for path in (ROOT / "templates").rglob("*.html") if "admin" not in path.parts)


def names_of(tree, but=None):
    """The names in `….GET.get("name")`, `….GET["name"]`, `"name" in ….GET` and `asked_for(request, "name")`."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Attribute(attr="GET")), args=[ast.Constant(value=str(name)), *_]
            ):
                yield name
            case ast.Subscript(value=ast.Attribute(attr="GET"), slice=ast.Constant(value=str(name))):
                yield name
            case ast.Compare(left=ast.Constant(value=str(name)), comparators=[ast.Attribute(attr="GET")]):
                yield name
            case ast.Call(func=ast.Name(id="asked_for"), args=[_, ast.Constant(value=str(name))]) if not but:
                yield name
            case _:
                pass


# --- Hosts and schemes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    ["", "evil.example", "localhost.evil.example", "localhost, evil.example", "local host", "localhost:x", "a" * 5000],
)
def test_a_host_that_django_refuses_is_left_to_django(reader, host):
    assert read(reader, host=host) is None


def test_hosts_that_django_tells_apart_are_told_apart(reader, settings):
    settings.ALLOWED_HOSTS = ["localhost", ".example.org"]

    found = {
        read(reader, host=host).key.host for host in ("localhost", "localhost:8000", "a.example.org", "b.example.org")
    }

    assert found == {"localhost", "localhost:8000", "a.example.org", "b.example.org"}


def test_a_host_in_capitals_is_the_same_one(reader):
    assert read(reader, host="LocalHost:8000") == read(reader, host="localhost:8000")


def test_a_host_said_twice_is_none(reader):
    scope = scope_of(PAGE, "GET", [(b"host", b"localhost"), (b"host", b"localhost")])

    assert reader.read(scope) is None


def test_nobody_claims_https_but_a_proxy_of_ours(reader, settings):
    assert read(reader, x_forwarded_proto="https").key.scheme == "http"

    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    behind = Reader()
    assert read(behind, x_forwarded_proto="https").key.scheme == "https"
    assert read(behind, x_forwarded_proto="http").key.scheme == "http"
    assert read(behind, x_forwarded_proto="https, http").key.scheme == "https"
    assert read(behind, x_forwarded_proto="ftp").key.scheme == "http"
    assert read(behind, x_forwarded_proto="https" * 100) is None
    assert read(behind).key.scheme == "http"


@pytest.mark.parametrize(
    "name", ["x-forwarded-host", "x-original-url", "x-rewrite-url", "x-http-method-override", "forwarded"]
)
def test_headers_that_poison_other_caches_reach_nobody(name):
    async def story():
        visitor = Visitor(Origin())
        scope = scope_of("/", "GET", [(b"host", b"localhost"), (name.encode(), b"evil.example")])
        await visitor.send(scope)
        assert dict(visitor.origin.asked[0]["headers"]) == {b"host": b"localhost", b"x-forwarded-proto": b"http"}

    run(story())


# --- Who is sent past ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cookie",
    [
        "sessionid=0123456789abcdef0123456789abcdef",
        "a=b; sessionid=x",
        "a=b;sessionid=x;c=d",
        'own_comments="WzFd:1:2"',
        "messages=W10",
        "sessionid",
        "sessionid=",
        " sessionid =x",
        "a=b;; messages=x",
    ],
)
def test_who_may_get_a_page_of_their_own_is_sent_past(reader, cookie):
    is_theirs = cookie != "sessionid"

    assert (read(reader, cookie=cookie) is None) == is_theirs


@pytest.mark.parametrize(
    "cookie",
    [
        "_ga=GA1.2.3",
        "csrftoken=x",
        "mysessionid=x",
        "x=sessionid",
        "x=own_comments; y=messages",
        "SessionID=x",
        "",
        "é=ü",
        ";;=",
    ],
)
def test_other_cookies_make_no_difference(reader, cookie):
    assert read(reader, cookie=cookie) == read(reader)


def test_cookies_in_several_headers_are_all_read(reader):
    headers = [(b"host", b"localhost"), (b"cookie", b"a=b"), (b"cookie", b"sessionid=x")]

    assert reader.read(scope_of(PAGE, "GET", headers)) is None


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "get", "GETS", "TRACE", "CONNECT", ""])
def test_only_who_wants_to_read_is_answered(reader, method):
    assert read(reader, method=method) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Basic eDp5"},
        {"content_length": "3"},
        {"transfer_encoding": "chunked"},
        {"if_modified_since": "Mon, 23 Nov 2026 01:00:00 GMT"},
        {"if_match": "*"},
        {"if_unmodified_since": "Mon, 23 Nov 2026 01:00:00 GMT", "if_none_match": "*"},
    ],
)
def test_what_only_django_can_judge_is_left_to_it(reader, headers):
    assert read(reader, **headers) is None


@pytest.mark.parametrize(
    "path", ["/static/css/site.css", "/media/a.avif", "/admin/", "/admin/login/", "/healthz", "/readyz"]
)
def test_files_probes_and_the_desk_are_no_pages(reader, path):
    assert read(reader, path) is None


@pytest.mark.parametrize("path", ["/metrics-of-a-year/", "/healthz/", "/administration/", "/static", "/my/media/"])
def test_what_only_begins_like_them_is_a_page(reader, path):
    assert read(reader, path)


@pytest.mark.parametrize(
    "headers",
    [
        {"range": "bytes=0-9"},
        {"if_range": '"x"', "range": "bytes=0-9"},
        {"cache_control": "no-cache"},
        {"pragma": "no-cache"},
        {"accept": "image/*"},
        {"accept_language": "de"},
        {"if_none_match": '"x"', "if_modified_since": "x"},
    ],
)
def test_what_pages_do_not_go_by_makes_no_difference(reader, headers):
    assert read(reader, **headers)._replace(tags=None) == read(reader)


def test_a_part_that_is_asked_for_is_the_whole():
    async def story():
        visitor = Visitor(Origin())
        await visitor.ask()
        answer = await visitor.ask(range="bytes=0-9")
        assert (answer.status, answer.content) == (200, TEXT)

    run(story())


def test_what_is_said_twice_is_read_as_django_reads_it():
    async def story():
        visitor = Visitor(Origin())
        etag = (await visitor.ask()).headers["etag"].encode()
        twice = [(b"host", b"localhost"), (b"if-none-match", b'"x"'), (b"if-none-match", etag)]
        assert (await visitor.send(scope_of("/", "GET", twice))).status == 304
        refused = [(b"host", b"localhost"), (b"accept-encoding", b"br"), (b"accept-encoding", b"br;q=0")]
        assert "content-encoding" not in (await visitor.send(scope_of("/", "GET", refused))).headers

    run(story())


@pytest.mark.parametrize("address", ["/" + "a" * 3000, "/?q=" + "a" * 3000, "/?é"])
def test_monstrous_addresses_are_left_to_django(reader, address):
    assert read(reader, address) is None


def test_spellings_are_remembered_up_to_a_limit(reader, monkeypatch):
    monkeypatch.setattr(keys, "MOST_SPELLINGS", 10)
    for number in range(100):
        assert read(reader, f"/{number}/", accept_encoding="gzip").encoding == "gzip"

    assert len(reader._known) <= 10
    read(reader, accept_encoding="br," * 1000)
    assert len(reader._known) <= 10


def test_paths_are_told_apart_as_django_tells_them_apart(reader):
    spellings = ["/a/", "/a", "//a/", "/A/", "/a/./", "/a/%2e/", "/a/\x00", "/á/", "/a;b/", "*"]

    assert len({read(reader, path).key for path in spellings}) == len(spellings)
