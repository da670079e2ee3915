from __future__ import annotations

from typing import Any

from django.views.generic import TemplateView

from ..search import search, words

MAX_RESULTS = 50


class SearchView(TemplateView):
    template_name = "posts/search.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = " ".join(words(self.request.GET.get("q", "")))
        found = list(search(query).for_list()[: MAX_RESULTS + 1])
        results = found[:MAX_RESULTS]
        return super().get_context_data(query=query, results=results, has_more=len(found) > MAX_RESULTS, **kwargs)
