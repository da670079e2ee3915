"""Tasks in the server's own process: the default of TASKS, for a site without a worker beside it.

What is enqueued here lives only as long as the process. So a task must find its work in the database, where a timer
finds it too if the process dies first; and of equal tasks that wait, one is enough.
"""

from __future__ import annotations

import atexit
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connections
from django.tasks import Task, TaskResult, TaskResultStatus
from django.tasks.backends.immediate import ImmediateBackend
from django.utils import timezone
from django.utils.crypto import get_random_string

# In seconds; the server gives its processes a little longer to end.
PATIENCE = 8


class ThreadBackend(ImmediateBackend):
    """Runs tasks one after another in a thread beside those that serve requests."""

    supports_defer = True
    # Of our own, for tasks that enqueue themselves anew: elsewhere, they would become more and more.
    keeps_one_of_equal_tasks = True

    def enqueue(self, task: Task, args: list[Any], kwargs: dict[str, Any]) -> TaskResult:
        """Note what is to be done, and return at once; the result never tells of the outcome, which is logged."""
        self.validate_task(task)
        result: TaskResult[Any, Any] = TaskResult(
            task=task,
            id=get_random_string(32),
            status=TaskResultStatus.READY,
            enqueued_at=timezone.now(),
            started_at=None,
            finished_at=None,
            last_attempted_at=None,
            args=args,
            kwargs=kwargs,
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )
        run = partial(self._run, task, args, kwargs)
        worker.add(Job(f"{task.module_path} {args} {kwargs}", run, task.run_after or timezone.now()))
        return result

    def _run(self, task: Task, args: list[Any], kwargs: dict[str, Any]) -> None:
        """In the thread: there, to enqueue is to run."""
        super().enqueue(task, args, kwargs)


@dataclass(frozen=True)
class Job:
    """`name` tells what is to be done: jobs of one name are one job."""

    name: str
    run: Callable[[], object]
    due_at: datetime


class Worker:
    """The thread, which starts with the first job. There is one in a process, whereas backends are many."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._is_closed = False

    def add(self, job: Job) -> None:
        with self._changed:
            waiting = self._jobs.get(job.name)
            if waiting is None or job.due_at < waiting.due_at:
                self._jobs[job.name] = job
            # A process that was forked has the worker, but not its thread.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="tasks", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def close(self) -> None:
        """Begin nothing any more, and wait a moment for what is being done."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        if self._thread and self._thread.is_alive():
            self._thread.join(PATIENCE)

    def _work(self) -> None:
        while job := self._next():
            try:
                job.run()
            finally:
                connections.close_all()

    def _next(self) -> Job | None:
        """Wait until a job is due, and take it; None once the worker is closed."""
        with self._changed:
            while not self._is_closed:
                job = min(self._jobs.values(), key=lambda job: job.due_at, default=None)
                wait = (job.due_at - timezone.now()).total_seconds() if job else None
                if job and wait is not None and wait <= 0:
                    return self._jobs.pop(job.name)
                self._changed.wait(wait)
            return None


worker = Worker()
atexit.register(worker.close)
