"""What holds for all tests."""

import gc
import shutil
from collections.abc import Iterator

import hypothesis
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, transaction
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker

from tests import shelves

# No test is about time: a busy machine must not fail one. And each run tries the same examples, so that what one finds
# is told to whoever has caused it.
hypothesis.settings.register_profile(
    "calm", deadline=None, derandomize=True, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("calm")


@pytest.fixture(autouse=True)
def empty_shelves() -> None:
    """What one test has kept is nothing to the next: each begins anew, some with the same generation."""
    shelves.empty()


@pytest.fixture(autouse=True)
def nobodys_language() -> None:
    """A request leaves its language and its time zone to the thread, until the next one comes."""
    translation.deactivate()
    timezone.deactivate()


@pytest.fixture
def low_ids(db: None) -> None:
    """Rows numbered from 1, for tests that name a block of ids: PostgreSQL takes no number back with a rollback."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_app_config("posts").get_models()):
            cursor.execute(statement)


@pytest.fixture(scope="class")
def rows_of_class(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """For fixtures of a class: what they write is there for all of its tests, each of which is rolled back to it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def pytest_collection_finish() -> None:
    """Tests and modules stay to the end: Python's collector of garbage need not look at them again and again."""
    gc.collect()
    gc.freeze()


COMMITTING = {"transactional_db", "live_server"}


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Give tests that commit the rows that migrations wrote (groups, counters): the last such test emptied all tables.

    For the same reason they run after all others, which pytest-django sees to. What goes to one process as a whole is
    begun with, lest the others wait for it in the end.
    """
    for item in items:
        if isinstance(item, pytest.Function) and commits(item):
            # The closest marker counts, and one of the module may stand there already.
            item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True), append=False)
    yield
    for item in items:
        keep_group(item)
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)


def keep_group(item: pytest.Item) -> None:
    """Call a test what pytest-xdist has called it, which hands out by that: `…@group`.

    Up to 3.8 it writes that where pytest, from 9.2 on, looks no more; so each process started a service of its own.
    """
    if named := vars(item).get("_nodeid"):
        item._id = type(item._id).parse(named)


def commits(item: pytest.Function) -> bool:
    marker = item.get_closest_marker("django_db")
    return bool(COMMITTING & set(item.fixturenames) or (marker and marker.kwargs.get("transaction")))


def pytest_unconfigure() -> None:
    """A worker of xdist ends without the interpreter's own tidying."""
    shutil.rmtree(settings.DATA_DIR, ignore_errors=True)
