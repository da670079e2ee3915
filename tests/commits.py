"""What happens at a commit, and after it, for tests that never commit."""

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from posts.models import Generation


def as_if_committed() -> None:
    """Let the database do what it keeps for the commit: PostgreSQL counts generations then.

    In a savepoint, so that the counter is not found turned by the same transaction before.
    """
    with transaction.atomic():
        connection.check_constraints()


def as_if_long_ago() -> None:
    """Let the last change lie some minutes back, as it nearly always does."""
    as_if_committed()
    with transaction.atomic():
        Generation.objects.update(changed_at=timezone.now() - timedelta(minutes=5))
