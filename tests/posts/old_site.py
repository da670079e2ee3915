"""What the tests of the import share: the folder of an old site, and its move."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.apps import apps
from PIL import Image as Pillow

from posts.importers.markdown import MarkdownImport, Options
from posts.importers.report import Report

OLD_SITE = "https://old.example"


def write(folder: Path, name: str, body: str = "Words.", **fields: Any) -> Path:
    """A post with TOML front matter, dated and signed unless told otherwise."""
    fields = {"title": name, "date": "2024-01-31", "authors": ["Ada"], "categories": ["News"], **fields}
    lines = [f"{key.replace('__', '.')} = {toml(value)}" for key, value in fields.items() if value is not None]
    return write_raw(folder, name, "\n".join(["+++", *lines, "+++", "", body, ""]))


def toml(value: Any) -> str:
    if isinstance(value, str) and len(value) == 10 and value[4] == "-":
        return value
    return str(value).lower() if isinstance(value, bool) else repr(value)


def write_raw(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def draw(folder: Path, name: str, colour: str = "red") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    Pillow.new("RGB", (4, 3), colour).save(path)
    return path


def run(folder: Path, **options: Any) -> Report:
    return MarkdownImport(folder, Options(source="old", **options)).run()


def everything() -> dict[str, list[dict[str, Any]]]:
    """All rows of the site, to see that nothing has changed."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in {"posts", "redirects"}
    }
