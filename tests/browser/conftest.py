"""Chromium and the page checkers, or a sentence on what to install for the tests that want them.

`BROWSER_TESTS=required` turns each of those sentences into a failure, so that CI cannot skip them unnoticed.
"""

import gc
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from django.db import connection
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
NODE_MODULES = HERE.parent.parent / "node_modules"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Chromium's sandbox cannot start for root, who runs CI; the rest keeps it from calling home.
CHROMIUM_OPTIONS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
# A program that runs for two seconds need not be compiled well. The validator asks for a large stack.
QUICK = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss8m"]


def pytest_itemcollected(item: pytest.Item) -> None:
    item.add_marker(pytest.mark.browser)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the browser's tests to a run of their own, as `make test` does.

    Playwright keeps an event loop running in its thread. Django then gives the thread other connections than before,
    and no other test could start a loop.
    """
    in_browser = [item for item in items if item.get_closest_marker("browser")]
    if len(in_browser) < len(items):
        config.hook.pytest_deselected(items=in_browser)
        items[:] = [item for item in items if not item.get_closest_marker("browser")]


def unavailable(sentence: str) -> NoReturn:
    if os.environ.get("BROWSER_TESTS") == "required":
        pytest.fail(sentence)
    pytest.skip(sentence)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, tmp_path_factory: pytest.TempPathFactory) -> None:
    """On SQLite a file: of a database in memory, all threads of the live server would use one connection at once."""
    if connection.vendor == "sqlite":
        file = tmp_path_factory.mktemp("database") / "site.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(file)


@pytest.fixture(scope="session")
def chromium(django_db_setup: None) -> Iterator[Browser]:
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not executable:
        unavailable("Chromium is not installed, so the browser tests are skipped.")
    # Playwright's own event loop runs in this thread, and Django would take it for an asynchronous context.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    # And Django gives it other connections, which know nothing of the rows that are to be there before each test.
    rows = connection._test_serialized_contents
    with sync_playwright() as playwright:
        connection._test_serialized_contents = rows
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()
    # The live server has ended by now: its last connections go with the last test, not with pytest itself.
    gc.collect()


@pytest.fixture
def page(chromium: Browser, live_server) -> Iterator[Page]:
    """A fresh window on the live server, without cookies; `page.goto("/")` is the home page."""
    context = chromium.new_context(base_url=live_server.url)
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()
    # Now, so that no later test is blamed for the connections.
    gc.collect()


@pytest.fixture(scope="session")
def axe_source() -> str:
    """The script of axe-core, for `page.evaluate(axe_source)`, which a strict CSP allows."""
    script = NODE_MODULES / "axe-core" / "axe.min.js"
    if not script.exists():
        unavailable("axe-core is not there; `make checkers` fetches it.")
    return script.read_text()


@pytest.fixture(scope="session")
def html_errors() -> Callable[[list[Path]], list[str]]:
    """A function that validates HTML files, all in one run of the Nu validator, and returns its complaints."""
    jar = NODE_MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
    if not jar.exists():
        unavailable("The HTML validator is not there; `make checkers` fetches it.")
    if not shutil.which("java"):
        unavailable("Java is not installed, so the HTML validator cannot run.")

    def validate(files: list[Path]) -> list[str]:
        command = ["java", *QUICK, "-jar", str(jar), "--format", "json", "--skip-non-html", *map(str, files)]
        report = subprocess.run(command, capture_output=True, text=True, check=False)
        return [
            f"{Path(message['url']).name}:{message.get('lastLine', 0)} {message['message']}"
            for message in json.loads(report.stderr)["messages"]
            if message["type"] != "info" or message.get("subType") == "warning"
        ]

    return validate
