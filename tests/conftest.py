"""What holds for all tests."""

import pytest
from hypothesis import settings

# No test is about time: a busy machine must not fail one.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

COMMITTING = {"transactional_db", "live_server"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give tests that commit the rows that migrations wrote (groups, counters): the last such test emptied all tables.

    For the same reason they run after all others, which pytest-django sees to.
    """
    for item in items:
        if isinstance(item, pytest.Function) and commits(item):
            item.fixturenames.append("django_db_serialized_rollback")


def commits(item: pytest.Function) -> bool:
    marker = item.get_closest_marker("django_db")
    return bool(COMMITTING & set(item.fixturenames) or (marker and marker.kwargs.get("transaction")))
