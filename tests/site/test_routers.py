"""Replicas: a page comes from one only if it shows what the primary shows; what is wrong with one, nobody sees."""

from __future__ import annotations

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.db import OperationalError, router
from django.http import HttpRequest, HttpResponse

from blogsite import routers
from posts.models import Post
from posts.shown import Note
from posts.state import Count

NOW = (Count(1, 8, "8.0"),)
BEFORE = (Count(1, 7, "7.0"),)


class Copies:
    """The replicas as they are: `states` is what each is in, or why it cannot say."""

    def __init__(self) -> None:
        self.states: dict[str, object] = {"replica1": NOW}
        self.asked: list[str] = []
        self.clock = 0.0

    def current(self, alias: str) -> object:
        self.asked.append(alias)
        state = self.states[alias]
        if isinstance(state, Exception):
            raise state
        return state


@pytest.fixture
def copies(monkeypatch: pytest.MonkeyPatch, settings) -> Copies:
    copies = Copies()
    settings.REPLICAS = copies.states
    settings.DATABASE_ROUTERS = ["blogsite.routers.ReplicaRouter"]
    monkeypatch.setattr(routers.state, "current", copies.current)
    monkeypatch.setattr(routers, "monotonic", lambda: copies.clock)
    return copies


def page_lacked(state: object = NOW) -> HttpRequest:
    """A request as the page cache sends it on."""
    request = HttpRequest()
    request.scope = {"blogsite.page": Note(state)}
    return request


def where_read(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{router.db_for_read(Post)} {router.db_for_write(Post)}")


def answered(middleware: routers.ReplicaMiddleware, request: HttpRequest | None = None) -> str:
    return middleware(request or page_lacked()).content.decode()


def test_a_page_is_read_from_a_replica_that_has_come_as_far(copies):
    assert answered(routers.ReplicaMiddleware(where_read)) == "replica1 default"
    assert router.db_for_read(Post) == "default"


def test_a_replica_that_lags_is_passed_over_and_asked_again_soon(copies):
    middleware = routers.ReplicaMiddleware(where_read)
    copies.states["replica1"] = BEFORE

    assert answered(middleware) == answered(middleware) == "default default"
    assert copies.asked == ["replica1"]

    copies.states["replica1"] = NOW
    copies.clock += routers.BEHIND
    assert answered(middleware) == "replica1 default"


def test_one_that_is_ahead_is_none_either(copies):
    """It may show what was hidden when the page was asked for, and the page is kept as one of the older state."""
    assert answered(routers.ReplicaMiddleware(where_read), page_lacked(BEFORE)) == "default default"


def test_a_replica_that_is_gone_is_asked_by_one_request_alone(copies):
    middleware = routers.ReplicaMiddleware(where_read)
    copies.states["replica1"] = OperationalError("no route to host")

    assert [answered(middleware) for _ in range(5)] == ["default default"] * 5
    assert copies.asked == ["replica1"]

    copies.states["replica1"] = NOW
    copies.clock += routers.GONE
    assert answered(middleware) == "replica1 default"


def test_the_other_one_is_taken_where_one_is_gone(copies):
    copies.states |= {"replica1": OperationalError("gone"), "replica2": NOW}

    assert answered(routers.ReplicaMiddleware(where_read)) == "replica2 default"


def test_a_page_that_fails_on_a_replica_is_asked_of_the_primary(copies):
    def fail_on_replicas(request: HttpRequest) -> HttpResponse:
        return HttpResponse(router.db_for_read(Post), status=500 if router.db_for_read(Post) != "default" else 200)

    middleware = routers.ReplicaMiddleware(fail_on_replicas)

    assert answered(middleware) == "default"
    assert answered(middleware) == "default"
    assert copies.asked == ["replica1"]


def test_whatever_the_page_cache_does_not_ask_for_is_the_primary_s(copies):
    assert answered(routers.ReplicaMiddleware(where_read), HttpRequest()) == "default default"
    assert copies.asked == []


def test_a_site_without_replicas_has_no_such_layer(settings):
    settings.REPLICAS = {}

    with pytest.raises(MiddlewareNotUsed):
        routers.ReplicaMiddleware(where_read)


def test_migrations_are_the_primary_s(copies):
    assert router.allow_migrate("default", "posts")
    assert not router.allow_migrate("replica1", "posts")
