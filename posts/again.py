"""Tasks that come again by themselves while their process lives."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.tasks import Task
from django.utils import timezone

# In-process retries come no faster, so that a dead server is not asked all the time.
BREATH = timedelta(minutes=1)


def lives_here(task: Task) -> bool:
    """Whether a task runs in this very process, where of equal ones that wait one is kept (see `blogsite.tasks`)."""
    return getattr(task.get_backend(), "keeps_one_of_equal_tasks", False)


def come_again(task: Task, at: datetime | None) -> None:
    """Run a task once more at a moment, or never (None). Elsewhere than in this process a timer has to see to that."""
    if at and lives_here(task):
        task.using(run_after=max(at, timezone.now() + BREATH)).enqueue()
