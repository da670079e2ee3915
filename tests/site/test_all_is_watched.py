"""Whatever a public page reads of the database is watched by a counter, or stands here with the reason why not."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comments import generation
from posts import watches
from posts.search.tables import FTS
from tests.site.test_nothing_stale import ADDRESSES, build

# Made by triggers of their own, in the same transaction, of rows that are watched.
DERIVED = {"posts_listing", "posts_tally", "posts_ancestry", *FTS.values()}
# What tells the state cannot itself be part of it.
COUNTERS = {"posts_generation", "posts_surroundings"}
# Columns of tables that only some columns are watched of.
UNWATCHED = {
    ("auth_user", "id"): "it never changes",
    ("comments_comment", "id"): "it never changes",
    # Read with the row by the page that leads to a comment, and shown by none.
    ("comments_comment", "address_hash"): "for moderators",
    ("comments_comment", "address_range"): "for moderators",
    ("comments_comment", "body"): "what is shown is rendered from it, and watched",
    ("comments_comment", "erased_at"): "for moderators",
    ("comments_comment", "learnt_as"): "for moderators",
    ("comments_comment", "reasons"): "for moderators",
    ("comments_comment", "updated_at"): "for moderators",
}

NAMED = re.compile(r'\b(?:FROM|JOIN) "?(\w+)"?(?: "?([A-Z]\d+)"?)?')
COLUMN = re.compile(r'"(\w+)"\."(\w+)"')


def tables_read(sql: str) -> dict[str, set[str]]:
    """The tables of a query by the names that it gives them; one name may stand for several, each in its own place."""
    tables: dict[str, set[str]] = {}
    for table, alias in NAMED.findall(sql):
        tables.setdefault(table, set()).add(table)
        tables.setdefault(alias or table, set()).add(table)
    return tables


def columns_read(sql: str) -> set[tuple[str, str]]:
    tables = tables_read(sql)
    return {(table, column) for name, column in COLUMN.findall(sql) for table in tables.get(name, ())}


def all_columns() -> set[tuple[str, str]]:
    return {
        (model._meta.db_table, field.column) for model in apps.get_models() for field in model._meta.concrete_fields
    }


@pytest.fixture
def queries(db, client: Client) -> list[str]:
    """All that the public pages ask the database."""
    build()
    with CaptureQueriesContext(connection) as captured:
        for address in ADDRESSES:
            assert client.get(address).status_code < 500, address
    return [query["sql"] for query in captured.captured_queries]


def watched() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for watch in [*watches.all_watches(), *generation.all_watches()]:
        found.setdefault(watch.table, set()).update(watch.columns)
    return found


def test_each_table_that_a_page_reads_is_watched(queries):
    known = set(connection.introspection.table_names())
    read = {table for sql in queries for tables in tables_read(sql).values() for table in tables} & known
    assert len(read) > 15, "else this proves nothing"
    assert read - set(watched()) - DERIVED - COUNTERS == set()


def test_each_column_that_a_page_reads_is_watched(queries):
    columns = watched()
    read = {pair for sql in queries for pair in columns_read(sql) if pair[0] in columns} & all_columns()
    assert len(read) > 80, "else this proves nothing"
    assert {pair for pair in read if pair[1] not in columns[pair[0]]} - set(UNWATCHED) == set()
