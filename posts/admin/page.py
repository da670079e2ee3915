from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from ..forms import PageForm
from ..models import MenuItem, Page
from .states import state_in_words
from .written import WrittenAdmin


@admin.register(Page)
class PageAdmin(WrittenAdmin):
    form = PageForm
    translation_field = MenuItem._meta.get_field("page")
    list_display = ["title", "state_badge", "updated_at"]
    search_fields = ["title", "slug"]

    @admin.display(description=gettext_lazy("state"), ordering="status")
    def state_badge(self, page: Page) -> Any:
        state = "trashed" if page.is_trashed else page.status
        return format_html('<span class="badge {}">{}</span>', state, state_in_words(page))
