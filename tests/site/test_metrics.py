"""Figures for whoever watches the service: right with several processes, and for nobody without the token."""

import os
import subprocess

import pytest
from django.test import Client

from blogsite.pagecache import metrics
from blogsite.pagecache.metrics import BYPASS, BYTES, ENTRIES, HIT, Counts


@pytest.fixture
def folder(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    (tmp_path / "metrics").mkdir()
    return tmp_path / "metrics"


@pytest.fixture
def ended() -> int:
    """The number of a process that is no more."""
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


def count(path, **numbers):
    counts = Counts(path)
    for name, number in numbers.items():
        counts.numbers[getattr(metrics, name)] = number


def test_all_processes_of_a_service_are_added_up(folder):
    count(folder / f"{os.getppid()}-{os.getpid()}.counts", HIT=3, ENTRIES=2, BYTES=100)
    count(folder / f"{os.getppid()}-{os.getppid()}.counts", HIT=4, ENTRIES=5, BYTES=1000)

    total = metrics.total()

    assert (total[HIT], total[ENTRIES], total[BYTES]) == (7, 7, 1100)


def test_what_a_process_counted_that_has_ended_still_counts_but_not_what_it_held(folder, ended):
    count(folder / f"{os.getppid()}-{ended}.counts", HIT=4, BYPASS=1, ENTRIES=5, BYTES=1000)

    total = metrics.total()

    assert (total[HIT], total[BYPASS], total[ENTRIES], total[BYTES]) == (4, 1, 0, 0)


def test_another_service_is_none_of_ours(folder, ended):
    count(folder / f"{ended}-{ended}.counts", HIT=4)

    assert metrics.total()[HIT] == 0


def test_a_server_that_starts_begins_at_nothing(folder, ended):
    for service in (os.getpid(), ended, os.getppid()):
        count(folder / f"{service}-1.counts", HIT=4)

    metrics.begin_anew()

    assert [path.name for path in folder.iterdir()] == [f"{os.getppid()}-1.counts"]


def test_the_figures_are_in_the_format_of_prometheus(folder):
    counts = Counts()
    counts.numbers[HIT] = 12
    for seconds in (0.004, 0.02, 7):
        counts.rebuilt(seconds)

    lines = metrics.text().splitlines()

    assert "# TYPE blogsite_page_cache_hits_total counter" in lines
    assert "blogsite_page_cache_hits_total 12" in lines
    assert 'blogsite_page_cache_rebuild_seconds_bucket{le="0.005"} 1' in lines
    assert 'blogsite_page_cache_rebuild_seconds_bucket{le="2.5"} 2' in lines
    assert 'blogsite_page_cache_rebuild_seconds_bucket{le="+Inf"} 3' in lines
    assert "blogsite_page_cache_rebuild_seconds_sum 7.024000" in lines
    assert "blogsite_page_cache_rebuild_seconds_count 3" in lines


@pytest.mark.django_db
def test_only_who_has_the_token_sees_them(client, settings, folder):
    settings.METRICS_TOKEN = "sesame"
    answer = client.get("/metrics", headers={"Authorization": "Bearer sesame"})

    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert answer.headers["Cache-Control"] == "no-store"
    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": "sesame"}, {"Authorization": "Bearer \xe9"}):
        assert client.get("/metrics", headers=headers).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["Bearer ", "Bearer", ""])
def test_without_a_token_nobody_sees_them(client, settings, token):
    settings.METRICS_TOKEN = ""

    assert client.get("/metrics", headers={"Authorization": token}).status_code == 404


@pytest.mark.django_db
def test_they_are_read_and_not_written_to(settings):
    settings.METRICS_TOKEN = "sesame"

    assert Client().post("/metrics", headers={"Authorization": "Bearer sesame"}).status_code == 405
