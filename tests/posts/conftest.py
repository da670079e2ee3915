from __future__ import annotations

from pathlib import Path

import pytest


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
