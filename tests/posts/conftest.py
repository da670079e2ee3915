from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from tests.posts.desk import make_writer


@pytest.fixture
def media(settings, tmp_path_factory) -> Path:
    """The folder of the site's pictures, empty."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")
    return Path(settings.MEDIA_ROOT)


@pytest.fixture
def folder(tmp_path) -> Path:
    """The folder of an old site, empty."""
    path = tmp_path / "content"
    path.mkdir()
    return path


@pytest.fixture
def anna(db) -> Client:
    """Anna Reed, an author, logged in."""
    return make_writer("Anna Reed")[0]


@pytest.fixture
def eva(db) -> Client:
    """Eva Stern, an editor, logged in."""
    return make_writer("Eva Stern", group="Editor")[0]
