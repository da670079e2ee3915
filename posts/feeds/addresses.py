"""Where feeds are: three addresses for each, one a format."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase
from django.urls import URLPattern, path

from .formats import FORMATS
from .views import FeedView


def addresses_of(route: str, name: str, view: type[FeedView], **options: Any) -> list[URLPattern]:
    """`<route>feed/`, `<route>feed/atom/` and `<route>feed/json/`, called `name`, `name_atom` and `name_json`."""

    def answer(format_: Any) -> Callable[..., HttpResponseBase]:
        return view.as_view(format=format_, **options)

    return [path(f"{route}feed/{form.path}", answer(form), name=name + form.suffix) for form in FORMATS]
