"""How often is too often: counted exactly, in however many threads and processes."""

from __future__ import annotations

import ipaddress
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.utils import timezone

from comments.limits import TooMany, by_address, count, tidy
from comments.models import Attempt

pytestmark = pytest.mark.django_db


def later(**delta):
    """Let time pass: everything counted so far lies further back."""
    for attempt in Attempt.objects.all():
        Attempt.objects.filter(pk=attempt.pk).update(since=attempt.since - timedelta(**delta))


def test_as_many_as_the_limit_are_let_in():
    for _ in range(3):
        count({"a": 3})
    with pytest.raises(TooMany):
        count({"a": 3})


def test_who_is_refused_hears_when_to_come_back():
    count({"a": 1})
    later(minutes=4)
    with pytest.raises(TooMany) as refusal:
        count({"a": 1})
    assert 240 <= refusal.value.retry_after <= 360
    assert refusal.value.minutes == 6


def test_a_refusal_counts_for_nothing():
    count({"a": 1})
    for _ in range(5):
        with pytest.raises(TooMany):
            count({"a": 1, "b": 9})
    assert Attempt.objects.get(key="a").number == 1
    assert not Attempt.objects.filter(key="b").exists()


def test_after_ten_minutes_it_begins_anew():
    count({"a": 1})
    later(minutes=10)
    count({"a": 1})
    assert Attempt.objects.get().number == 1
    assert Attempt.objects.get().since > timezone.now() - timedelta(minutes=1)


def test_each_key_has_its_own_limit():
    count({"a": 1})
    count({"b": 1})
    with pytest.raises(TooMany):
        count({"b": 1, "c": 5})


def test_what_is_rolled_back_was_never_counted():
    def fail():
        with transaction.atomic():
            count({"a": 1})
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    count({"a": 1})


def test_addresses_are_counted_by_their_hash_and_unknown_ones_not_at_all():
    [key] = by_address("comment", ipaddress.ip_address("203.0.113.7"), 5)
    assert "203.0.113" not in key
    assert len(key) <= 100
    assert by_address("comment", None, 5) == {}


def test_a_customer_s_whole_network_is_one_address():
    one, other = (by_address("comment", ipaddress.ip_address(f"2001:db8::{n}"), 5) for n in (1, 2))
    assert one == other


def test_old_counters_are_forgotten():
    count({"old": 1})
    later(minutes=10)
    count({"new": 1})
    assert tidy() == 1
    assert [attempt.key for attempt in Attempt.objects.all()] == ["new"]
    later(minutes=10)
    assert tidy() == 1


def test_threads_that_race_are_let_in_up_to_the_limit(open_to_threads):
    open_to_threads()
    start = Barrier(8)

    def attempt(_index):
        start.wait()
        try:
            count({"b": 5, "a": 100})
        except TooMany:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(8))) == 5
