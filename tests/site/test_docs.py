"""The documents say what the code does."""

import os
import re
import secrets
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path

import pytest
from django.core.management import get_commands

from comments import own

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("benchmarks/*.md")])


def example_environment() -> dict[str, str]:
    """The production settings that the documents tell operators to start from."""
    lines = (ROOT / "deploy" / "blogsite.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def normalised(requirement: str) -> str:
    return re.split(r"[\[<>=!~ ]", requirement, maxsplit=1)[0].lower()


def test_every_variable_is_documented_and_every_documented_variable_is_read():
    settings = (ROOT / "blogsite" / "settings.py").read_text()
    read = set(re.findall(r"(?:\benv\.\w+|\benv\.ENVIRON\.get|\blisted)\(\s*\"([A-Z_]+)\"", settings))
    documented = re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs" / "operators.md").read_text(), flags=re.MULTILINE)

    assert set(documented) == read
    assert len(documented) == len(read)


def test_no_module_but_the_settings_reads_the_environment():
    readers = {
        path.relative_to(ROOT).as_posix()
        for package in ("blogsite", "posts", "comments")
        for path in (ROOT / package).rglob("*.py")
        if re.search(r"os\.environ\b(?!\.setdefault\()|os\.getenv", path.read_text())
    }
    assert readers == set()


def test_the_documented_production_settings_pass_the_deployment_check(tmp_path):
    environment = example_environment() | {"DATA_DIR": str(tmp_path), "PATH": os.environ["PATH"]}
    environment |= {"SECRET_KEY": secrets.token_urlsafe(48), "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3"}

    result = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "DEBUG"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (result.returncode, result.stderr) == (0, "")
    assert "no issues" in result.stdout


def test_every_dependency_has_its_argument():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = chain(project["project"]["dependencies"], *project["dependency-groups"].values())
    tables = " ".join(re.findall(r"^\| (.*?) \|", (ROOT / "CONTRIBUTING.md").read_text(), flags=re.MULTILINE)).lower()

    assert [name for name in map(normalised, wanted) if name not in tables] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_between_documents_lead_somewhere(document):
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", document.read_text())

    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_make_command_in_a_document_exists(document):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    commands = re.findall(r"(?:^|`)(?:\w+=\S+ )*make ([a-z]+)", document.read_text(), flags=re.MULTILINE)

    assert set(commands) <= targets


@pytest.mark.parametrize(
    "document", [*DOCUMENTS, *sorted(ROOT.glob("deploy/*"))], ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_every_command_in_a_document_or_a_unit_exists(document):
    commands = re.findall(r"manage\.py ([a-z_]+)", document.read_text())
    assert set(commands) <= get_commands().keys()


def test_whoever_puts_a_cache_in_front_is_told_what_to_let_through():
    assert f"the cookie `{own.COOKIE}`" in (ROOT / "docs" / "operators.md").read_text()


@pytest.mark.parametrize("timer", sorted(ROOT.glob("deploy/*.timer")), ids=lambda path: path.name)
def test_every_timer_has_what_it_starts_and_is_documented(timer):
    assert timer.with_suffix(".service").exists()
    assert timer.name in (ROOT / "docs" / "operators.md").read_text()
