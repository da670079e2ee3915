"""The controls of the writing desk. Each works without script as what it is in HTML."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from markdownx.widgets import AdminMarkdownxWidget

from . import markup
from .files import images, recordings


def module(name: str) -> forms.Script:
    """One of our scripts, each a module of its own."""
    return forms.Script(f"js/{name}.js", type="module")


class BodyWidget(AdminMarkdownxWidget):
    """markdownx's text area in our clothes: Django's template, our script, and none of its addresses."""

    template_name = "django/forms/widgets/textarea.html"

    class Media:
        extend = False
        js = [module("editor"), module("editor-images"), module("editor-preview")]

    @staticmethod
    def add_markdownx_attrs(attrs: dict[str, Any]) -> dict[str, Any]:
        return {
            **attrs,
            "class": "body-text",
            "data-limit": markup.MAX_BODY_LENGTH,
            "placeholder": _("Write in Markdown. Drop pictures where they belong."),
            "rows": 20,
        }


class TitleWidget(forms.Textarea):
    """One line that may wrap: a long title stays in view as a whole."""

    def __init__(self) -> None:
        super().__init__({"rows": 1, "class": "title-text", "placeholder": gettext_lazy("Title")})


class TagsWidget(forms.TextInput):
    """Names between commas; a name that holds a comma or a quote stands in quotes."""

    class Media:
        js = [module("tag-input")]

    def __init__(self) -> None:
        super().__init__(
            {
                "autocomplete": "off",
                "data-remove": gettext_lazy("Remove {name}"),
                "data-suggest": reverse_lazy("admin:posts_tag_suggest"),
            }
        )

    def format_value(self, value: Any) -> str | None:
        return value if value is None or isinstance(value, str) else join_tags(str(tag) for tag in value)


class PictureInput(forms.FileInput):
    """A file of a kind that `images` takes."""

    def __init__(self) -> None:
        super().__init__({"accept": images.MEDIA_TYPES})


class RecordingInput(forms.FileInput):
    """A file of a kind that `recordings` takes."""

    def __init__(self) -> None:
        super().__init__({"accept": recordings.ACCEPTED})


class MomentWidget(forms.DateTimeInput):
    """The browser's own calendar and clock; the site's time zone."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__({"step": 60}, "%Y-%m-%dT%H:%M")


def join_tags(names: Iterable[str]) -> str:
    return ", ".join('"' + name.replace('"', '""') + '"' if set(name) & {",", '"'} else name for name in names)


def split_tags(text: str) -> list[str]:
    """The names in `text`, as `join_tags` writes them. A name of words without a comma needs no quotes."""
    line = " ".join(text.split())
    names = next(csv.reader([line], skipinitialspace=True), []) if line else []
    return [name for name in map(markup.clean_line, names) if name]
