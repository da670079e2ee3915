"""`kill -9` in the middle of an import: what it had told is there, and the same import does the rest."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.redirects.models import Redirect
from django.db import connection

from posts.importers.markdown import BATCH
from posts.models import ImportRecord, Post, RelatedPost, Tag
from tests.posts.old_site import run, write
from tests.site.dying_import import BEFORE_RELATING, IN_A_TRANSACTION

NUMBER = 3 * BATCH


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "old"
    for number in range(NUMBER):
        tags = [f"shared {number % 7}", f"own {number}"]
        write(folder, f"{number}.md", f"Loaf {number}.", tags=tags, aliases=[f"/old/{number}.html"], series=None)
    return folder


def start(folder: Path, on_disk: Path, moment: str) -> subprocess.Popen[str]:
    url = f"sqlite:///{on_disk}"
    if connection.vendor == "postgresql":
        url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-m", "tests.site.dying_import", str(folder), moment]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def told(process: subprocess.Popen[str], enough: int) -> int:
    """How many posts it told last, until there were enough of them or it was gone. It is gone afterwards."""
    with process:
        number = 0
        for line in process.stdout or ():
            number = int(line)
            if number >= enough:
                process.kill()
    return number


@pytest.mark.parametrize(
    ("moment", "written"),
    [(IN_A_TRANSACTION, BATCH), (BEFORE_RELATING, 2 * BATCH), ("any", None)],
    ids=["in a transaction", "before relating", "from outside"],
)
def test_an_import_that_is_killed_goes_on_where_it_was(on_disk, folder, moment, written):
    number = told(start(folder, on_disk, moment), BATCH if written is None else NUMBER)
    there = Post.objects.count()
    assert BATCH <= number <= there, "what it told is there"
    assert there == (written or there) == ImportRecord.objects.count() == Redirect.objects.count()

    report = run(folder)

    assert (report.counts["created"], report.counts["unchanged"]) == (NUMBER - there, there)
    assert Post.all_objects.count() == ImportRecord.objects.count() == Redirect.objects.count() == NUMBER
    assert Tag.objects.count() == NUMBER + 7
    assert not Post.objects.exclude(pk__in=RelatedPost.objects.values("post")).exists()
    assert run(folder).counts == {"unchanged": NUMBER}
