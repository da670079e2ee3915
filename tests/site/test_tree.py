"""Rules that hold for every file of the tree: read as text, none of it is run."""

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOT_OURS = {".git", "node_modules", "var", "__pycache__", "htmlcov"}
TOO_BIG = 2_000_000

# Spelt in parts, so that this file passes its own test.
REGISTRIES = re.compile(
    "|".join(
        re.escape(".".join(host))
        for host in [
            ("pypi", "org"),
            ("python" + "hosted", "org"),
            ("npmjs", "org"),
            ("npmjs", "com"),
            ("yarnpkg", "com"),
            ("debian", "org"),
            ("docker", "io"),
            ("ghcr", "io"),
        ]
    )
)
MACHINE_PATHS = re.compile(r"(?<![\w.~/-])/(?:" + "|".join(["root", "work", "Users"]) + r")/\w")
INLINE = re.compile(
    r"<style\b|<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(?:ld\+)?json\")|\sstyle=|\son[a-z]+=|javascript:"
)
UNESCAPED = re.compile(r"\|\s*safe(?:seq)?\b|autoescape\s+off|\bmark_safe\(|\bSafeString\(|\bSafeText\(")


def files() -> Iterator[Path]:
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in NOT_OURS and not name.endswith(("_cache", "venv"))]
        folders[:] = [name for name in folders if name != ".hypothesis"]
        yield from (Path(folder, name) for name in names)


def texts(*suffixes: str) -> Iterator[tuple[str, str]]:
    """Each text file's path below the root, and its text; with suffixes, of those files alone."""
    for path in files():
        if (suffixes and path.suffix not in suffixes) or path.stat().st_size > TOO_BIG or path.name == ".env":
            continue
        try:
            yield path.relative_to(ROOT).as_posix(), path.read_text()
        except UnicodeDecodeError:
            continue


def found(pattern: re.Pattern[str], *suffixes: str) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in texts(*suffixes)
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def imported_packages(source: str) -> set[str]:
    """The first name of every absolute import, wherever it stands in the module."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add((node.module or "").partition(".")[0])
    return names


def test_no_file_names_a_package_registry():
    assert found(REGISTRIES) == []


def test_no_file_names_a_path_of_one_machine():
    assert found(MACHINE_PATHS) == []


def test_no_template_has_inline_script_or_style():
    # A mail has no stylesheet to link to: its base alone holds one.
    assert [hit for hit in found(INLINE, ".html") if not hit.startswith("templates/email/base.html:")] == []


def test_only_the_markdown_pipeline_marks_html_safe():
    assert [
        hit for hit in found(UNESCAPED, ".html", ".py") if not hit.startswith(("posts/markup/__init__.py:", "tests/"))
    ] == []


@pytest.mark.parametrize(("package", "forbidden"), [("posts", {"comments", "blogsite"}), ("comments", {"blogsite"})])
def test_imports_point_one_way(package, forbidden):
    offenders = {
        name: wrong
        for name, text in texts(".py")
        if name.startswith(f"{package}/") and (wrong := imported_packages(text) & forbidden)
    }
    assert offenders == {}
