"""Texts are kept as far as there is room for them, and not by their number."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.utils.safestring import SafeString

from posts.remembered import OVERHEAD, Remembered

ROOM = 100 * OVERHEAD


@pytest.fixture
def made():
    """The keys of which a text was made, one by one."""
    return []


@pytest.fixture
def remembered(made):
    def make(key):
        made.append(key)
        return SafeString("x" * key[1])

    return Remembered(make, ROOM)


def test_a_text_is_made_once(remembered, made):
    assert remembered(("a", 3)) == remembered(("a", 3)) == "xxx"
    assert made == [("a", 3)]


def test_whatever_the_texts_are_long_they_take_no_more_than_the_room(remembered):
    for number in range(500):
        remembered((number, number * 50 % 20_000))
        assert remembered.taken <= ROOM


def test_the_oldest_goes_first_but_what_is_asked_for_stays(remembered, made):
    for number in range(500):
        remembered((number, 10))
        remembered(("popular", 10))
    assert made.count(("popular", 10)) == 1
    remembered((499, 10))
    remembered((0, 10))
    assert made.count((499, 10)) == 1
    assert made.count((0, 10)) == 2


def test_one_that_would_take_most_of_the_room_is_made_each_time(remembered, made):
    remembered(("short", 10))
    for _ in range(2):
        assert len(remembered(("endless", ROOM))) == ROOM
    remembered(("short", 10))
    assert made == [("short", 10), ("endless", ROOM), ("endless", ROOM)]


def test_characters_count_as_they_lie_in_memory():
    remembered = Remembered(lambda key: SafeString("🦉" * 1000), ROOM)
    remembered("owls")
    assert remembered.taken > 2 * 4 * 1000


def test_several_threads_count_right(remembered):
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: remembered((number % 150, 900)), range(4000)))
    assert 0 < remembered.taken <= ROOM
    assert remembered.taken == sum(text.size for text in remembered._texts.values())


def test_what_is_forgotten_is_made_anew(remembered, made):
    remembered(("a", 3))
    remembered.forget()
    assert remembered.taken == 0
    remembered(("a", 3))
    assert len(made) == 2
