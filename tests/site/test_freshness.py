"""Whether anything has turned: told at once, exactly, and never by guess."""

from __future__ import annotations

import asyncio
import os
import socket
import sqlite3
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from time import sleep, time

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from blogsite import freshness
from blogsite.freshness import Turned, Unavailable, line, looking, postgresql, sqlite
from comments.generation import CONVERSATION
from posts import state
from posts.generation import CONTENT, SITE, SURROUNDINGS
from posts.models import Category, Generation, SiteSettings, Surroundings
from tests.factories import make_category, make_comment, make_draft, make_post
from tests.site.conftest import Looker

on_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'")
on_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'")


def test_before_the_first_look_nobody_knows_anything(on_disk):
    checker = freshness.make(lambda turned: None)
    assert not checker.holds()


def test_a_look_finds_what_was_committed_since_the_last_one(looker):
    make_category("Kitchen")
    assert not looker.checker.holds()
    assert looker.look() == [Turned(frozenset({CONTENT, SITE}), frozenset())]
    assert looker.look() == []
    assert looker.checker.state == state.current()


def test_what_is_rolled_back_has_never_been(looker):
    with transaction.atomic():
        make_category("Kitchen")
        transaction.set_rollback(True)
    assert looker.look() == []


def test_a_comment_names_the_post_that_it_stands_below(looker):
    post, other = make_post(), make_post()
    looker.look()
    make_comment(post)
    assert looker.look() == [Turned(frozenset({CONVERSATION, SURROUNDINGS}), frozenset({post.pk}))]
    make_comment(other)
    make_comment(post)
    assert looker.look()[0].posts == {post.pk, other.pk}


@pytest.mark.parametrize("rows", [[0], range(1, looking.MOST_POSTS + 2)], ids=["all", "too many"])
def test_posts_that_are_too_many_to_tell_are_all(rows, looker):
    post = make_post()
    looker.look()
    with transaction.atomic():
        make_comment(post)
        Surroundings.objects.all().delete()
        Surroundings.objects.bulk_create(Surroundings(post_id=pk, number=10**6) for pk in rows)
    assert looker.look()[0].posts is None


def test_a_database_put_back_to_an_earlier_time_turns_what_stands_around_all_posts(looker):
    """It does not know what was written below which post since then."""
    post = make_post()
    make_comment(post)
    make_comment(post)
    looker.look()
    Generation.objects.filter(pk=SURROUNDINGS).update(number=F("number") - 1)
    Surroundings.objects.update(number=F("number") - 1)
    assert looker.look() == [Turned(frozenset({SURROUNDINGS}), None)]


@pytest.mark.parametrize("field", ["publish_at", "unpublish_at", "pinned_until"])
def test_time_turns_the_content_at_the_moment_that_a_post_names(field, looker, monkeypatch):
    make_draft(publish_at=timezone.now() + timedelta(minutes=20))
    moment = timezone.now() + timedelta(minutes=40)
    make_post(pinned=True, **{"publish_at": moment - timedelta(hours=1), field: moment})
    looker.look()
    assert looker.checker.due == pytest.approx(moment.timestamp(), abs=1e-6), "and not when a draft would be due"
    assert looker.look() == []
    now = moment.timestamp()
    for module in (looking, sqlite):
        monkeypatch.setattr(module, "time", lambda: now)
    assert not looker.checker.holds()
    assert looker.look() == [Turned(frozenset({CONTENT}), frozenset())]
    assert looker.checker.due > now


def test_what_was_due_is_due_again_when_the_clock_is_put_back(looker, monkeypatch):
    moment = timezone.now() - timedelta(minutes=1)
    make_post(publish_at=moment)
    looker.look()
    assert looker.checker.due > time()
    earlier = moment.timestamp() - 60
    for module in (looking, sqlite):
        monkeypatch.setattr(module, "time", lambda: earlier)
    assert not looker.checker.holds()
    assert looker.look() == [Turned(frozenset({CONTENT}), frozenset())]
    assert looker.checker.due == pytest.approx(moment.timestamp(), abs=1e-6)
    assert looker.look() == []


def test_many_who_look_at_once_all_learn_it_and_who_leaves_hinders_none(looker):
    make_category("Kitchen")
    looker.turned.clear()

    async def crowd() -> list[BaseException | None]:
        looks = [asyncio.ensure_future(looker.checker.look()) for _ in range(20)]
        await asyncio.sleep(0)
        for leaving in looks[::2]:
            leaving.cancel()
        return await asyncio.gather(*looks, return_exceptions=True)

    found = looker.runner.run(crowd())
    assert found[1::2] == [None] * 10
    assert looker.turned == [Turned(frozenset({CONTENT, SITE}), frozenset())]


@on_sqlite
class TestOnSQLite:
    def test_it_holds_without_a_query_until_somebody_commits(self, looker):
        assert all(looker.checker.holds() for _ in range(100))
        SiteSettings(title="Lighthouse").save()
        assert not looker.checker.holds()

    def test_what_changes_nothing_public_is_looked_at_once_and_turns_nothing(self, looker):
        make_draft("Unfinished", author=make_post().author)
        looker.look()
        Category.objects.filter(pk=0).update(name="Nobody")
        assert looker.look() == []
        assert looker.checker.holds()

    def test_ten_thousand_commits_of_another_process_are_all_seen(self, on_disk, looker):
        """Each is acknowledged by a pipe, and whoever has read that must not hold what was before it for true."""
        make_category("Kitchen")
        looker.look()
        before = count_of(SITE, looker)
        reading, writing = os.pipe()
        writer = os.fork()
        if writer == 0:
            write_and_tell(on_disk, writing)
        missed = 0
        for acknowledged in range(1, 10_001):
            os.read(reading, 1)
            missed += looker.checker.holds() and count_of(SITE, looker) < before + acknowledged
            looker.runner.run(looker.checker.look())
        os.waitpid(writer, 0)
        assert missed == 0
        assert count_of(SITE, looker) == before + 10_000

    def test_several_writers_at_once_are_followed_to_the_last_commit(self, on_disk, looker):
        make_category("Kitchen")
        writers = [threading.Thread(target=write, args=(on_disk, 300)) for _ in range(3)]
        for writer in writers:
            writer.start()
        while any(writer.is_alive() for writer in writers):
            looker.look()
        looker.look()
        assert looker.checker.holds()
        assert looker.checker.state == state.current()

    @pytest.mark.parametrize("housekeeping", ["VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA optimize"])
    def test_after_housekeeping_everything_is_followed_as_before(self, housekeeping, on_disk, looker):
        with closing(sqlite3.connect(on_disk, isolation_level=None)) as other:
            other.execute(housekeeping).fetchall()
        assert looker.look() == []
        assert looker.checker.holds()
        make_category("Kitchen")
        assert not looker.checker.holds()
        assert looker.look()

    def test_a_log_that_begins_anew_again_and_again_hides_nothing(self, on_disk, looker):
        make_category("Kitchen")
        with closing(sqlite3.connect(on_disk, isolation_level=None)) as other:
            for number in range(200):
                other.execute("UPDATE posts_category SET name = ?", [f"Kitchen {number}"])
                assert not looker.checker.holds(), number
                other.execute("PRAGMA wal_checkpoint(RESTART)").fetchall()
                assert looker.look()

    def test_another_file_in_its_place_is_noticed_within_a_second(self, on_disk, looker):
        copy = on_disk.with_name("copy.sqlite3")
        with closing(sqlite3.connect(on_disk)) as database, closing(sqlite3.connect(copy)) as other:
            database.backup(other)
        connection.close()
        copy.replace(on_disk)
        sleep(sqlite.GLANCE)
        assert not looker.checker.holds()
        assert looker.look()[0].posts is None, "whatever it holds"
        assert looker.checker.holds()
        make_category("Kitchen")
        assert not looker.checker.holds()

    def test_without_the_file_nothing_is_fresh_and_with_it_all_is_well_again(self, on_disk, looker):
        away = on_disk.with_name("away.sqlite3")
        on_disk.replace(away)
        sleep(sqlite.GLANCE)
        assert not looker.checker.holds()
        for _ in range(2):
            with pytest.raises(Unavailable):
                looker.look()
        away.replace(on_disk)
        looker.look()
        assert looker.checker.holds()

    def test_without_a_log_each_look_is_a_query(self, on_disk):
        connection.close()
        path = on_disk.with_name("plain.sqlite3")
        with closing(sqlite3.connect(on_disk)) as database, closing(sqlite3.connect(path)) as plain:
            database.backup(plain)
            plain.execute("PRAGMA journal_mode=DELETE")
        turned: list[Turned] = []
        checker = sqlite.OnSQLite(turned.append, path)
        asyncio.run(checker.look())
        turned.clear()
        assert not checker.holds()
        with closing(sqlite3.connect(path)) as plain, plain:
            plain.execute("INSERT INTO posts_category (name, slug, description) VALUES ('Kitchen', 'kitchen', '')")
        asyncio.run(checker.look())
        assert turned == [Turned(frozenset({CONTENT, SITE}), frozenset())]
        checker.close()

    def test_a_process_that_was_forked_off_looks_for_itself(self, looker):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            before = looker.checker.holds()
            looker.look()
            os.write(writing, bytes([before, looker.checker.holds()]))
            os._exit(0)
        os.waitpid(child, 0)
        assert os.read(reading, 2) == bytes([False, True])
        make_category("Kitchen")
        assert looker.look()


@on_postgresql
class TestOnPostgreSQL:
    def test_a_connection_that_was_lost_meanwhile_is_made_anew(self, looker):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            assert cursor.fetchall()
        make_category("Kitchen")
        assert looker.look() == [Turned(frozenset({CONTENT, SITE}), frozenset())]

    def test_one_query_answers_all_who_ask_while_another_is_under_way(self, looker, monkeypatch):
        asked = []
        ask = line.Line.ask
        monkeypatch.setattr(line.Line, "ask", lambda self, question: (asked.append(question), ask(self, question)))

        async def crowd() -> None:
            first = asyncio.ensure_future(looker.checker.look())
            await asyncio.sleep(0)
            await asyncio.gather(first, *(looker.checker.look() for _ in range(50)))

        looker.runner.run(crowd())
        assert len(asked) == 2

    def test_who_asks_while_a_query_is_under_way_is_not_put_off_with_its_answer(self, looker):
        """It may have been made before what has been committed since."""

        async def asks() -> None:
            early = asyncio.ensure_future(looker.checker.look())
            await asyncio.sleep(0)
            await asyncio.to_thread(commit_something)
            await looker.checker.look()
            await early

        looker.turned.clear()
        looker.runner.run(asks())
        assert {counter for turned in looker.turned for counter in turned.counters} == {CONTENT, SITE}

    @pytest.mark.parametrize(("threshold", "prepared"), [(None, 0), (0, 1)])
    def test_nothing_is_prepared_where_a_pooler_may_stand_between(self, on_disk, threshold, prepared):
        parameters = {**connection.get_connection_params(), "prepare_threshold": threshold}
        checker = postgresql.OnPostgreSQL(lambda turned: None, parameters)

        async def look_twice() -> int:
            await checker.look()
            before = checker.state
            await checker.look()
            assert checker.state == before != ()
            assert checker._line is not None
            count = "SELECT count(*) FROM pg_prepared_statements WHERE name = 'blogsite_state'"
            asked = await checker._line._connection.execute(count)
            [number] = await asked.fetchone() or ()
            checker.close()
            return number

        assert asyncio.run(look_twice()) == prepared

    def test_a_server_that_is_not_there_makes_nobody_wait(self, on_disk, monkeypatch):
        monkeypatch.setattr(postgresql, "PATIENCE", 60)
        with closing(socket.socket()) as taken:
            taken.bind(("127.0.0.1", 0))
            checker = checker_of(taken.getsockname()[1])
            for _ in range(2):
                began = time()
                with pytest.raises(Unavailable):
                    asyncio.run(checker.look())
                assert time() - began < 60

    def test_a_server_that_says_nothing_is_given_up(self, on_disk, monkeypatch):
        monkeypatch.setattr(postgresql, "PATIENCE", 0.2)
        with closing(socket.create_server(("127.0.0.1", 0))) as silent, pytest.raises(Unavailable):
            asyncio.run(checker_of(silent.getsockname()[1]).look())

    def test_a_server_that_falls_silent_is_given_up_and_found_again(self, looker, monkeypatch):
        with connection.cursor() as cursor, transaction.atomic(), monkeypatch.context() as hurry:
            hurry.setattr(postgresql, "PATIENCE", 0.2)
            cursor.execute("LOCK TABLE posts_generation IN ACCESS EXCLUSIVE MODE")
            with pytest.raises(Unavailable):
                looker.look()
        sleep(postgresql.FIRST_PAUSE * 3)
        make_category("Kitchen")
        assert looker.look()


def commit_something() -> None:
    """From another thread."""
    make_category("Kitchen")
    connection.close()


def checker_of(port: int) -> postgresql.OnPostgreSQL:
    parameters = {"host": "127.0.0.1", "port": port, "dbname": "site", "user": "site"}
    return postgresql.OnPostgreSQL(lambda turned: None, parameters)


def count_of(counter: int, looker: Looker) -> int:
    return next(count.number for count in looker.checker.state if count.counter == counter)


def write(path: Path, times: int) -> None:
    with closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as writer:
        for number in range(times):
            writer.execute("UPDATE posts_category SET name = ?", [f"Kitchen {number}"])


def write_and_tell(path: Path, pipe: int) -> None:
    """Never returns: it is the whole life of a process."""
    writer = sqlite3.connect(path, isolation_level=None, timeout=30)
    writer.execute("PRAGMA synchronous=OFF")
    for number in range(10_000):
        writer.execute("UPDATE posts_category SET name = ?", [f"Kitchen {number}"])
        os.write(pipe, b".")
    os._exit(0)
