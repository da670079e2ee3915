"""What the site depends on is gone: readers are told so, and nothing breaks that need not."""

import logging

import pytest
from django.core.cache.backends.locmem import LocMemCache
from django.db import InterfaceError, OperationalError, ProgrammingError
from django.http import HttpRequest, HttpResponse
from django.test import Client

from blogsite import outages
from posts import hints
from posts.files import renditions
from posts.models import SiteSettings
from tests.factories import make_image, make_post, make_staff


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


def breaking(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Let whatever asks for the settings of the site find this."""

    def load() -> SiteSettings:
        raise error

    monkeypatch.setattr("posts.middleware.site_settings._load", load)


@pytest.mark.django_db
@pytest.mark.parametrize("error", [OperationalError("connection refused"), InterfaceError("it is closed")])
@pytest.mark.parametrize("address", ["/", "/posts/hello/", "/nothing/here/", "/comments/sign-in/"])
def test_without_a_database_readers_are_asked_to_come_back(visitor, monkeypatch, address, error):
    make_post(slug="hello")
    breaking(monkeypatch, error)

    response = visitor.get(address)

    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert response.headers["Cache-Control"] == "no-store"
    assert "try again in a few seconds" in response.content.decode()


@pytest.mark.django_db
def test_a_statement_that_the_database_refuses_is_a_fault_of_ours(visitor, monkeypatch):
    breaking(monkeypatch, ProgrammingError("no such column"))

    response = visitor.get("/")

    assert response.status_code == 500
    assert "Retry-After" not in response.headers


@pytest.mark.django_db
def test_an_outage_is_a_line_of_the_log_for_each_request_and_no_mail(visitor, monkeypatch, caplog):
    breaking(monkeypatch, OperationalError("connection\n  refused"))

    with caplog.at_level(logging.WARNING, "django.request"):
        visitor.get("/")

    [record] = caplog.records
    assert record.levelno == logging.WARNING  # mails are for errors
    assert record.getMessage().endswith("the database does not answer: connection refused")
    assert record.exc_info is None


@pytest.mark.django_db
def test_who_is_refused_at_the_door_is_a_warning_too(visitor, monkeypatch, caplog):
    monkeypatch.setattr(outages.OutageMiddleware, "_lets_in", lambda self: False)

    with caplog.at_level(logging.WARNING, "django.request"):
        assert visitor.get("/").status_code == 503

    assert {record.levelname for record in caplog.records} == {"WARNING"}


class Outage:
    """A database that can be reached or not, and a clock; `tried` counts the requests that came as far."""

    def __init__(self) -> None:
        self.connection: object | None = None
        self.clock = 0.0
        self.tried = 0

    def answer(self, request: HttpRequest) -> HttpResponse:
        self.tried += 1
        return HttpResponse("a page") if self.connection else outages.unavailable()


@pytest.fixture
def outage(monkeypatch: pytest.MonkeyPatch) -> Outage:
    outage = Outage()
    monkeypatch.setattr(outages, "connection", outage)
    monkeypatch.setattr(outages, "monotonic", lambda: outage.clock)
    return outage


def ask(middleware: outages.OutageMiddleware, path: str = "/") -> int:
    request = HttpRequest()
    request.path = path
    return middleware(request).status_code


def test_while_no_connection_can_be_made_one_request_a_second_tries(outage):
    middleware = outages.OutageMiddleware(outage.answer)

    assert [ask(middleware) for _ in range(10)] == [503] * 10
    assert outage.tried == 1

    outage.clock += outages.SECONDS_BETWEEN_TRIALS
    assert [ask(middleware) for _ in range(10)] == [503] * 10
    assert outage.tried == 2


def test_the_first_that_is_answered_opens_the_door_to_all(outage):
    middleware = outages.OutageMiddleware(outage.answer)
    ask(middleware)
    outage.connection = object()
    outage.clock += outages.SECONDS_BETWEEN_TRIALS

    assert [ask(middleware) for _ in range(3)] == [200] * 3


def test_a_lock_that_somebody_waited_for_in_vain_shuts_nobody_out(outage):
    outage.connection = object()
    middleware = outages.OutageMiddleware(lambda request: outages.unavailable())
    assert ask(middleware) == 503

    middleware.get_response = outage.answer
    assert ask(middleware) == 200


def test_probes_and_files_pass_at_all_times(outage):
    middleware = outages.OutageMiddleware(outage.answer)
    ask(middleware)
    outage.connection = object()

    assert [ask(middleware, path) for path in ("/healthz", "/readyz", "/media/images/aa/b.jpg")] == [200] * 3


class GoneCache(LocMemCache):
    """As a server would be that does not answer."""

    def add(self, *arguments, **options):
        raise ConnectionError("Error 111 connecting to localhost:6379.")


@pytest.fixture
def gone_cache(settings):
    settings.CACHES = {"default": {"BACKEND": f"{__name__}.GoneCache"}}


def test_a_cache_that_is_gone_has_forgotten_everything(gone_cache, caplog):
    assert [hints.is_first("a", 60) for _ in range(2)] == [True, True]
    assert [hints.count("b", 60) for _ in range(2)] == [1, 1]
    assert "CACHE_URL does not answer" in caplog.text


@pytest.mark.django_db
def test_a_picture_is_shown_without_the_cache(gone_cache, client):
    image = make_image(size=(900, 20))
    missing = image.rendition_names[0]

    assert client.get(f"/media/{missing}").status_code == 302
    renditions.request(image)


@pytest.mark.django_db
def test_an_editor_works_on_without_the_cache(gone_cache, client):
    client.force_login(make_staff(is_superuser=True))

    answer = client.post("/admin/posts/post/preview/", {"body": "Words."})

    assert answer.status_code == 200
