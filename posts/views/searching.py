from __future__ import annotations

from typing import Any

from django.views.generic import TemplateView

from ..search import search

MAX_RESULTS = 50


class SearchView(TemplateView):
    template_name = "posts/search.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = search(self.request.GET.get("q", ""), limit=MAX_RESULTS, facets=False)
        return super().get_context_data(
            query=found.query,
            results=[hit.post for hit in found.hits],
            has_more=found.is_capped or found.total > MAX_RESULTS,
            **kwargs,
        )
