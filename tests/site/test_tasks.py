"""Tasks run in a thread of the server: soon, in order, each once, and without holding up who enqueued them."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.tasks import task
from django.test import override_settings
from django.utils import timezone

from blogsite import tasks

ROOT = Path(__file__).parents[2]

done: list[str] = []
gate = threading.Event()


@task
def note(word: str) -> None:
    done.append(word)


@task
def wait_at_the_gate() -> None:
    gate.wait(60)


@task
def fail() -> None:
    raise RuntimeError("no luck")


@pytest.fixture(autouse=True)
def worker(monkeypatch):
    worker = tasks.Worker()
    monkeypatch.setattr(tasks, "worker", worker)
    done.clear()
    gate.clear()
    with override_settings(TASKS={"default": {"BACKEND": "blogsite.tasks.ThreadBackend"}}):
        yield worker
    gate.set()
    worker.close()


def wait_for(words: list[str]) -> None:
    for _ in range(6000):
        if done == words:
            return
        time.sleep(0.01)
    assert done == words


def test_a_task_runs_in_another_thread_and_nobody_waits_for_it():
    wait_at_the_gate.enqueue()
    note.enqueue("later")

    assert done == []
    gate.set()
    wait_for(["later"])


def test_equal_tasks_that_wait_are_run_once():
    wait_at_the_gate.enqueue()
    time.sleep(0.05)
    for word in ("a", "b", "a", "b", "a"):
        note.enqueue(word)
    gate.set()

    wait_for(["a", "b"])


def test_a_deferred_task_waits_and_is_brought_forward_by_an_earlier_one():
    moment = timezone.now()
    note.using(run_after=moment + timedelta(hours=1)).enqueue("a")
    soon = moment + timedelta(seconds=0.1)
    note.using(run_after=soon).enqueue("b")
    wait_for(["b"])
    assert timezone.now() >= soon

    note.enqueue("a")

    wait_for(["b", "a"])


def test_a_task_that_fails_is_logged_and_the_next_one_runs(caplog):
    fail.enqueue()
    note.enqueue("after")

    wait_for(["after"])
    assert "no luck" in caplog.text


def test_a_process_that_ends_finishes_what_it_has_begun():
    program = (
        "import threading, time, django; django.setup();"
        "from datetime import UTC, datetime; from blogsite.tasks import Job, worker;"
        "begun = threading.Event();"
        "until_closed = lambda: [time.sleep(0.01) for _ in iter(lambda: worker._is_closed, True)];"
        "work = lambda: (begun.set(), until_closed(), time.sleep(0.1), print('finished'));"
        "worker.add(Job('a', work, datetime.now(UTC)));"
        "worker.add(Job('b', lambda: print('begun'), datetime.now(UTC)));"
        "begun.wait()"
    )
    environment = {"DJANGO_SETTINGS_MODULE": "tests.settings", "PATH": ""}
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )

    assert (result.returncode, result.stdout.split()) == (0, ["finished"]), result.stderr
