"""Lists that no address, no form and no number of rows can break: Django looks up whatever a request names."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import BadRequest
from django.db import DataError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from .. import markup
from .counting import BoundedPaginator

MAX_DIGITS = 18


def is_id(text: str) -> bool:
    """Whether a database could have given this number to a row."""
    return text.isdecimal() and len(text) <= MAX_DIGITS


class SafeLookups(admin.ModelAdmin):
    paginator = BoundedPaginator
    show_full_result_count = False

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Raises IncorrectLookupParameters, upon which Django shows the whole list, for years and numbers too large."""
        try:
            return super().get_changelist_instance(request)
        except (DataError, OverflowError, ValueError) as error:
            raise IncorrectLookupParameters from error

    def response_action(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse | None:
        if not all(map(is_id, request.POST.getlist(ACTION_CHECKBOX_NAME))):
            raise BadRequest("What is ticked is not a row.")
        return super().response_action(request, *args, **kwargs)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """PostgreSQL takes no NUL."""
        return super().get_search_results(request, queryset, markup.clean_line(search_term))
