"""The way from a clean clone to a running site: the sentences of `make` and of the scripts behind it.

A real installation is left to CI, which makes one. Here a shell script plays Python, and fails as a machine may.
"""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs a command at the root of the tree, on a machine that has no Python but those the test puts into `bin`."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for tool in ("sh", "grep", "tail", "touch", "rm", "mkdir", "awk", "make", "find", "mktemp", "cat"):
        (programs / tool).symlink_to(shutil.which(tool))

    def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": str(programs), "VENV": str(tmp_path / "venv")} | environment
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    return run


def put_python(folder: Path, name: str, script: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_make_alone_lists_every_target(run):
    described = set(re.findall(r"^  make (\w+)", run("make").stdout, flags=re.MULTILINE))
    [phony] = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)

    assert described == set(phony.split()) - {"port"}


def test_no_python_at_all_is_a_sentence(run):
    result = run("make", "run")

    assert "Blogsite needs Python 3.12 or newer, and none was found." in result.stderr
    assert "Traceback" not in result.stderr


def test_a_python_that_does_not_start_is_passed_over(run, tmp_path):
    put_python(tmp_path / "bin", "python3.13", "echo 'command not found in this version' >&2; exit 127")
    put_python(tmp_path / "bin", "python3.12", "[ $1 = -c ] || echo I am 3.12")

    assert run("sh", "scripts/python", "hello").stdout == "I am 3.12\n"


def test_an_old_python_that_was_asked_for_is_a_sentence(run):
    result = run("sh", "scripts/python", "--version", PYTHON="false")

    assert result.returncode == 1
    assert "PYTHON=false is not a Python 3.12 or newer that runs." in result.stderr


def test_a_python_without_venv_is_a_sentence(run, tmp_path):
    put_python(tmp_path / "bin", "python3", "case $2 in *ensurepip*) exit 1;; esac")

    result = run("sh", "scripts/install", "base")

    assert result.returncode == 1
    assert "apt install python3-venv" in result.stderr


def test_a_folder_that_is_no_environment_is_left_alone(run, tmp_path):
    (tmp_path / "venv").mkdir()
    (tmp_path / "venv" / "diary.txt").write_text("mine")

    result = run("sh", "scripts/install", "base")

    assert "is in the way" in result.stderr
    assert (tmp_path / "venv" / "diary.txt").exists()


@pytest.mark.parametrize(
    ("words_of_pip", "sentence"),
    [
        ("Failed to establish a new connection: Name or service not known", "Could not download the packages."),
        ("THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "so nothing was installed"),
        ("OSError: No space left on device", "There is no space left on this disk"),
        ("error: something new", "The packages could not be installed."),
    ],
)
def test_a_failed_installation_is_a_sentence_and_is_not_taken_for_done(run, tmp_path, words_of_pip, sentence):
    put_python(tmp_path / "venv" / "bin", "python", f"[ $1 = -c ] || {{ echo '{words_of_pip}'; exit 1; }}")

    result = run("sh", "scripts/install", "base")

    assert result.returncode == 1
    assert sentence in result.stderr
    assert not (tmp_path / "venv" / "base.installed").exists()


def test_a_finished_installation_leaves_its_mark(run, tmp_path):
    put_python(tmp_path / "venv" / "bin", "python", "exit 0")

    assert run("sh", "scripts/install", "base").returncode == 0
    assert (tmp_path / "venv" / "base.installed").exists()


# It fails as each of the two runs is told to.
TESTED = (
    'case "$*" in *--ignore=tests/browser) echo others; exit $OTHERS;; *) echo in the browser; exit $BROWSER;; esac'
)


@pytest.mark.parametrize(("others", "browser"), [("0", "0"), ("1", "0"), ("0", "1"), ("1", "1")])
def test_all_tests_have_to_pass(run, tmp_path, others, browser):
    put_python(tmp_path / "venv" / "bin", "python", TESTED)

    result = run("sh", "scripts/test", OTHERS=others, BROWSER=browser)

    assert result.stdout == "others\nin the browser\n"
    assert (result.returncode == 0) == (others == browser == "0")
