"""The public templates, read as text: what holds for each of them without rendering any."""

import re
from pathlib import Path

import pytest

from posts.markup import RESERVED_IDS, RESERVED_PREFIXES

TEMPLATES = Path(__file__).parents[2] / "templates"
PAGES = sorted([*TEMPLATES.glob("posts/*.html"), TEMPLATES / "404.html"])
PUBLIC = [path for path in sorted(TEMPLATES.rglob("*.html")) if "admin" not in path.relative_to(TEMPLATES).parts]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_extends_the_base_first_of_all(path):
    assert path.read_text().startswith('{% extends "base.html" %}\n')


def test_the_page_for_our_own_faults_needs_nothing_that_may_be_at_fault():
    assert not re.search(r"{[%{#]|<link|<script|<img", (TEMPLATES / "500.html").read_text())


@pytest.mark.parametrize("path", PUBLIC, ids=lambda path: path.relative_to(TEMPLATES).as_posix())
def test_no_text_can_take_an_id_of_the_page_around_it(path):
    ids = re.findall(r'\sid="([\w-]+)"', path.read_text())
    assert [name for name in ids if name not in RESERVED_IDS and not name.startswith(RESERVED_PREFIXES)] == []


@pytest.mark.parametrize("path", PUBLIC, ids=lambda path: path.relative_to(TEMPLATES).as_posix())
def test_a_picture_says_how_large_it_is_before_it_arrives(path):
    pictures = re.findall(r"<img\b.*?>", path.read_text())
    assert [tag for tag in pictures if "width=" not in tag or "height=" not in tag or "alt=" not in tag] == []
