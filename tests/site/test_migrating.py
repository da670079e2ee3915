"""Tables that triggers speak of can be rebuilt by a migration, and what it did uncounted counts in the end."""

from __future__ import annotations

import pytest
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import connection, models
from django.db.migrations import AlterField, Migration, RunSQL
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

from posts import state, triggers
from posts.generation import CONTENT, SITE
from posts.models import Category
from tests.factories import make_comment, make_post

LONGER = models.CharField(max_length=300)


def migrate(app: str, operation: Operation) -> None:
    """As the command does: a migration that is not among the files."""
    migration = Migration("9999_tomorrow", app)
    migration.operations = [operation]
    emit_pre_migrate_signal(0, False, "default", plan=[(migration, False)])
    with connection.schema_editor(atomic=True) as editor:
        migration.apply(MigrationLoader(connection).project_state(), editor)
    emit_post_migrate_signal(0, False, "default")


@pytest.mark.parametrize(
    ("app", "model", "column"),
    [
        ("posts", "post", "title"),
        ("posts", "author", "display_name"),
        ("posts", "sitesettings", "title"),
        ("comments", "comment", "author_name"),
        ("auth", "user", "first_name"),
    ],
)
def test_a_table_that_triggers_speak_of_is_rebuilt_and_watched_again(app, model, column, looker):
    make_comment(make_post())
    migrate(app, AlterField(model, column, LONGER))
    looker.look()
    make_comment(make_post())
    assert looker.look()


def test_what_a_migration_changes_without_triggers_is_counted(looker):
    kitchen = Category.objects.create(name="Kitchen", slug="kitchen")
    looker.look()
    rename = f"UPDATE posts_category SET name = 'Cellar' WHERE id = {kitchen.pk}"
    migrate("posts", RunSQL(rename))
    assert looker.look()[0].counters >= {CONTENT, SITE}


def test_a_migrate_that_has_nothing_to_do_turns_nothing(looker):
    before = state.current()
    triggers.make_way(plan=[])
    emit_post_migrate_signal(0, False, "default")
    assert state.current() == before
