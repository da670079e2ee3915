"""nginx serves pages that are files, and none that is not true."""

import gzip
import json
import socket
import sqlite3
import stat
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from tests.behind_nginx import Answer, Site, Writer, needs_nginx, wait_until
from tests.ports import free_port

pytestmark = needs_nginx

PAGES = ["/", "/posts/harbour/", "/archive/"]
# What a server says of itself, this moment, a connection, an encoding; and tags, which each makes in its own way.
ITS_OWN = {"server", "date", "connection", "etag", "x-cache", "content-length", "transfer-encoding"}

BEGIN = """
from django.db import connection, transaction
from django.utils import timezone
from posts.models import *
from comments.models import Comment
from tests.factories import *
harbour = make_post("Harbour", slug="harbour")
mill = make_post("Mill", slug="mill")
make_comment(mill, "Hello from Ada.")
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("site"))
    yield site
    site.stop()


@pytest.fixture
def site(built: Site) -> Site:
    """The site with its two posts and nothing else, however the test before has left it."""
    if built.writer.process.poll() is not None:
        built.writer = Writer(built)
    built.writer.does("from posts.models import *; Post.all_objects.all().purge()\n" + BEGIN)
    if built.service.poll() is not None:
        built.start_service()
    return built


def told(answer: Answer) -> dict[str, str]:
    """What it says; of a value in quotation marks, which need not be there, without them."""
    told = {name: value for name, value in answer.headers.items() if name not in ITS_OWN}
    return told | {"content-type": told["content-type"].replace('charset="utf-8"', "charset=utf-8")}


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_file_is_what_the_service_says(site, path, encoding):
    site.become_file(path)
    by_nginx = site.ask(path, Accept_Encoding=encoding)
    by_service = site.ask_the_service(path, Accept_Encoding=encoding)

    assert by_nginx.is_file
    assert told(by_nginx) == told(by_service)
    if encoding == "gzip":
        assert gzip.decompress(by_nginx.body) == gzip.decompress(by_service.body)
    else:
        assert by_nginx.body == by_service.body


STATIC_FILES = ["css/site.css", "js/reading.js", "img/favicon.svg"]


@pytest.mark.parametrize("name", STATIC_FILES)
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_static_file_is_what_the_service_says(site, name, encoding):
    manifest = json.loads((site.folder / "data/static/staticfiles.json").read_text())
    path = f"/static/{manifest['paths'][name]}"
    by_nginx = site.ask(path, Accept_Encoding=encoding)
    by_service = site.ask_the_service(path, Accept_Encoding=encoding)

    assert by_nginx.is_file
    assert told(by_nginx) == told(by_service)
    assert by_nginx.body == by_service.body


@pytest.mark.parametrize("ending", ["avif", "gif", "jpg", "m4a", "mp3", "ogg", "png", "webp"])
def test_what_was_uploaded_is_what_the_service_says(site, ending):
    path = f"images/3f/{ending}.{ending}"
    site.writer.does(
        "from django.core.files.base import ContentFile\n"
        "from django.core.files.storage import default_storage\n"
        f"default_storage.delete({path!r})\n"
        f"default_storage.save({path!r}, ContentFile(b'0123456789'))"
    )
    by_nginx, by_service = site.ask(f"/media/{path}"), site.ask_the_service(f"/media/{path}")
    part = site.ask(f"/media/{path}", Range="bytes=2-4")

    assert by_nginx.is_file
    assert told(by_nginx) == told(by_service)
    assert by_nginx.body == by_service.body
    assert (part.status, part.body, part.headers["content-range"]) == (206, b"234", "bytes 2-4/10")


@pytest.mark.parametrize(
    "path",
    [
        "/static/staticfiles.json",
        "/static/css/site.css",
        "/static/../db.sqlite3",
        "/static/%2e%2e/secret_key",
        "/media/images/3f/missing.jpg",
        "/media/images/3f/readme.html",
        "/media/../secret_key",
        "/media/..%2fsecret_key",
    ],
)
def test_the_service_answers_for_all_other_files(site, path):
    (site.folder / "data/media/images/3f").mkdir(parents=True, exist_ok=True)
    (site.folder / "data/media/images/3f/readme.html").write_text("<script>alert(1)</script>")
    by_nginx, by_service = site.ask(path), site.ask_the_service(path)

    assert not by_nginx.is_file
    assert (by_nginx.status, by_nginx.body) == (by_service.status, by_service.body)


def test_a_head_is_a_page_without_its_body(site):
    page = site.become_file("/")
    head = site.ask("/", "HEAD")

    assert (head.status, head.body, head.is_file) == (200, b"", True)
    assert told(head) == told(page)
    assert head.headers["content-length"] == str(len(page.body))


def test_who_has_the_page_is_told_so(site):
    tag = site.become_file("/").headers["etag"]
    again = site.ask("/", If_None_Match=tag)

    assert (again.status, again.body, again.is_file) == (304, b"", True)


def test_a_change_of_equal_length_within_a_second_gives_another_tag(site):
    site.writer.does("Post.objects.filter(pk=mill.pk).update(title='Mild')")
    first = site.become_file("/posts/mill/")
    site.writer.does("Post.objects.filter(pk=mill.pk).update(title='Wild')")
    second = site.ask("/posts/mill/", If_None_Match=first.headers["etag"])
    site.become_file("/posts/mill/")
    third = site.ask("/posts/mill/", If_None_Match=first.headers["etag"])

    assert (second.status, third.status) == (200, 200)
    assert len(third.body) == len(first.body)
    assert b"Wild" in third.body


def test_no_date_tells_that_a_page_is_old(site):
    page = site.become_file("/")
    again = site.ask("/", If_Modified_Since="Fri, 01 Jan 2038 00:00:00 GMT")

    assert "last-modified" not in page.headers
    assert again.status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": f"sessionid={'a' * 32}"},
        {"Cookie": "theme=dark; own_comments=abc"},
        {"Cookie": "messages=abc"},
        {"Authorization": "Basic YTpi"},
        {"If_Match": '"abc"'},
    ],
    ids=lambda headers: next(iter(headers.values()))[:12],
)
def test_who_is_somebody_gets_no_file(site, headers):
    site.become_file("/")

    assert not site.ask("/", **headers).is_file


def test_a_cookie_of_nobody_of_ours_does_not_matter(site):
    site.become_file("/")

    assert site.ask("/", Cookie="theme=dark; _ga=1").is_file


@pytest.mark.parametrize(
    "path",
    [
        "/?utm_source=x",
        "/?",
        "//",
        "/./",
        "/posts/harbour",
        "/posts//harbour/",
        "/posts/./harbour/",
        "/posts/mill/../harbour/",
        "/posts/mill/%2e%2e/harbour/",
        "/posts/harbou%72/",
        "/posts/harbour/index.html",
        "/posts/harbour/index.html.gz",
        "/index.html",
        "/.none",
        "/../lock",
        "/..%2flock",
        "/%00/",
        "/posts/harbour/%00/",
        "/" + "a" * 300 + "/",
        "/" + "a/" * 1500,
        "/posts/harbour/;/",
        "/posts/harbour/\\..\\/",
    ],
)
def test_another_spelling_has_no_file(site, path):
    site.become_file("/")
    site.become_file("/posts/harbour/")
    with socket.create_connection(("127.0.0.1", site.port), timeout=120) as client:
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: client.recv(65536), b""))

    assert b"X-Cache: file" not in answer
    assert int(answer.split(b" ", 2)[1]) < 500


def test_another_host_has_no_file(site):
    site.become_file("/")

    assert not site.ask("/", Host="evil.example").is_file


def test_what_is_sent_arrives_at_the_service(site):
    site.become_file("/posts/mill/")
    answer = site.ask("/posts/mill/", "POST")

    assert not answer.is_file
    assert answer.status in {403, 405}


CHANGES = {
    "a save": "harbour.title = 'Haven'; harbour.save()",
    "a bulk update": "Post.objects.filter(pk=harbour.pk).update(title='Haven')",
    "raw SQL": "connection.cursor().execute('UPDATE posts_post SET title = %s WHERE id = %s', ['Haven', harbour.pk])",
    "raw SQL that returns rows": (
        "with connection.cursor() as cursor:\n"
        "    cursor.execute('UPDATE posts_post SET title = %s WHERE id = %s RETURNING id', ['Haven', harbour.pk])\n"
        "    assert cursor.fetchone() == (harbour.pk,), 'The row is returned after the commit.'\n"
        "    assert cursor.fetchone() is None"
    ),
    "a transaction": (
        "with transaction.atomic():\n"
        "    harbour.title = 'Haven'\n    harbour.save()\n    mill.body = 'New.'\n    mill.save()"
    ),
    "the trash": "harbour.delete()",
    "another site title": "SiteSettings.objects.update_or_create(pk=1, defaults={'title': 'Haven'})",
    "another name of its author": "harbour.author.display_name = 'Haven'; harbour.author.save()",
    "a comment": "make_comment(harbour, 'Haven')",
}


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_takes_the_page_away_before_it_is_acknowledged(site, change):
    site.become_file("/posts/harbour/")
    site.writer.does(CHANGES[change])
    answer = site.ask("/posts/harbour/")

    assert not answer.is_file
    assert answer.status == 404 if change == "the trash" else b"Haven" in answer.body


def test_a_draft_that_nobody_sees_takes_nothing_away(site):
    site.become_file("/posts/harbour/")
    site.writer.does("make_draft('Nobody reads this.')")

    assert b"Nobody reads this" not in site.ask("/").body


def test_what_is_rolled_back_leaves_no_other_page(site):
    before = site.become_file("/posts/harbour/")
    site.writer.does(
        "try:\n    with transaction.atomic():\n        harbour.title = 'Never'\n        harbour.save()\n        1 / 0\n"
        "except ZeroDivisionError:\n    pass"
    )

    assert site.become_file("/posts/harbour/").body == before.body


def test_a_comment_takes_away_only_what_shows_it(site):
    site.become_file("/posts/mill/")
    site.become_file("/posts/harbour/")
    site.writer.does("make_comment(mill, 'Only here.')")

    assert b"Only here." in site.ask("/posts/mill/").body
    assert site.ask("/posts/harbour/").is_file


def test_nobody_is_given_the_page_of_before(site):
    """A reader asks without pause while a writer commits, and asks at once what nginx says now."""
    stop = threading.Event()
    seen: list[bool] = []

    def hammer() -> None:
        while not stop.is_set():
            seen.append(site.ask("/posts/harbour/").is_file)

    readers = [threading.Thread(target=hammer) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        stale = []
        # So often that readers were given files meanwhile: without them the trial means nothing.
        for number in range(10_000):
            if not is_told_at_once(site, f"Number {number}."):
                stale.append(number)
            if number >= 150 and sum(seen) > 100:
                break
    finally:
        stop.set()
        for reader in readers:
            reader.join()

    assert stale == []
    assert sum(seen) > 100


def is_told_at_once(site: Site, title: str) -> bool:
    site.writer.does(f"Post.objects.filter(pk=harbour.pk).update(title={title!r})")
    return title.encode() in site.ask("/posts/harbour/").body


def test_a_writer_that_dies_before_its_commit_has_only_taken_away(site):
    before = site.become_file("/posts/harbour/")
    site.writer.dies_of(
        "import os, signal\n"
        "type(connection).mro()[2]._commit = lambda self: os.kill(os.getpid(), signal.SIGKILL)\n"
        "harbour.title = 'Never'; harbour.save()"
    )

    assert site.become_file("/posts/harbour/").body == before.body


def test_while_the_service_is_dead_files_are_served_until_they_are_not_true(site):
    site.become_file("/posts/harbour/")
    site.become_file("/posts/mill/")
    site.kill_service()

    assert site.ask("/posts/mill/").is_file
    site.writer.does("harbour.title = 'Haven'; harbour.save()")
    for path in ("/posts/harbour/", "/"):
        answer = site.ask(path)
        assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    site.start_service()
    assert b"Haven" in site.ask("/posts/harbour/").body
    assert b"Haven" in site.become_file("/posts/harbour/").body


def test_nothing_is_left_of_a_service_with_other_settings(site):
    """While it is reloaded, processes of before go on publishing."""
    site.become_file("/")
    before, port = site.service, site.service_port
    site.environment["CDN_SECONDS"], site.service_port = "60", free_port()
    try:
        site.start_service()
        after, site.service = site.service, before
        for _ in range(5):
            site.ask("/")
        site.kill_service()
        wait_until(lambda: site.ask("/").status == 503, "All files are gone.")
        site.service = after
        site.kill_service()
    finally:
        del site.environment["CDN_SECONDS"]
        site.service_port = port


def test_a_post_that_becomes_due_is_there_even_if_the_service_is_dead_meanwhile(site):
    """Files are let for slots of time, and for none in which anything becomes due."""
    for seconds in (4, 20, 100):
        due = datetime.now(UTC) + timedelta(seconds=seconds)
        site.writer.does(f"make_post('Due now', publish_at=timezone.datetime.fromisoformat('{due.isoformat()}'))")
        site.ask("/")
        time.sleep(0.5)
        site.kill_service()
        if datetime.now(UTC) < due:
            break
        # This machine has much else to do: the moment came before the end of the service.
        site.start_service()
    wait_until(lambda: datetime.now(UTC) > due, "The moment comes.")

    assert site.ask("/").status == 503
    site.start_service()
    assert b"Due now" in site.ask("/").body


def test_the_first_page_after_the_due_moment_shows_the_post(site):
    due = datetime.now(UTC) + timedelta(seconds=3)
    site.become_file("/")
    site.writer.does(f"make_post('Due now', publish_at=timezone.datetime.fromisoformat('{due.isoformat()}'))")
    while datetime.now(UTC) < due:
        assert b"Due now" not in site.ask("/").body or datetime.now(UTC) >= due

    assert b"Due now" in site.ask("/").body


def test_a_change_past_django_is_noticed_soon(site):
    site.become_file("/posts/harbour/")
    if site.database_url.startswith("postgres"):
        with psycopg.connect(site.database_url) as connection:
            connection.execute("UPDATE posts_post SET title = 'Haven' WHERE slug = 'harbour'")
    else:
        with sqlite3.connect(site.database_url.removeprefix("sqlite:///"), timeout=20) as connection:
            connection.execute("UPDATE posts_post SET title = 'Haven' WHERE slug = 'harbour'")
        connection.close()

    wait_until(lambda: b"Haven" in site.ask("/posts/harbour/").body, "The change shows.")


def test_the_web_server_may_read_files_whatever_the_umask(site):
    site.become_file("/posts/harbour/")
    site.writer.does(
        "import os\n"
        "from django.core.files.base import ContentFile\n"
        "from django.core.files.storage import default_storage\n"
        "before = os.umask(0o077)\n"
        "default_storage.save('images/5e/picture.jpg', ContentFile(b'picture'))\n"
        "os.umask(before)"
    )
    page, picture = "pages/current/pages/posts/harbour/index.html", "data/media/images/5e/picture.jpg"
    for file in (site.folder / page, site.folder / picture):
        assert stat.S_IMODE(file.stat().st_mode) == 0o644
        for folder in [*file.parents][: len(file.parents) - len(site.folder.parents) - 2]:
            assert stat.S_IMODE(folder.stat().st_mode) == 0o755
