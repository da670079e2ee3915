"""The search page, its first finds while a reader types, and what a browser wants to know of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from ..addresses import origin
from ..generation import CONTENT, FINDABLE, SITE
from ..middleware import SiteRequest
from ..questions import LAST_PAGE, PAGE_SIZE, Question
from ..search import Facet, Results, languages_for, near, search
from ..shown import shows

INSTANT = 6
SUGGESTED = 8
MAX_CHOICES = 10
# The order of finds follows the clock: what is new comes first.
NEW = timedelta(minutes=1)
# https://github.com/dewitt/opensearch/blob/master/opensearch-1-1-draft-6.md#the-shortname-element
SHORT_NAME = 16


@dataclass(frozen=True)
class Choice:
    """A filter to set, with the number of posts that it leaves; or one that is set, with the address without it."""

    name: str
    address: str
    count: int = 0


class SearchView(TemplateView):
    """Each question has one address: whatever else asks the same is led there."""

    template_name = "posts/search.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        question = Question.of(request.GET)
        if not question.is_spelt_like(request.GET):
            return redirect(question.address)
        results = search(
            question.text,
            question.filters,
            offset=question.offset,
            limit=PAGE_SIZE,
            languages=languages_for(request),
        )
        last = min(ceil(results.total / PAGE_SIZE), LAST_PAGE) or 1
        if question.page > last:
            return redirect(question.at_page(last))
        context = finds(question, results) | pages(question, last)
        show(request, results)
        return self.render_to_response(self.get_context_data(**context))


def show(request: HttpRequest, results: Results) -> None:
    """Tell what finds show: comments of other posts leave them as they are."""
    posts = [hit.post.pk for hit in results.hits]
    shows(request, counters=(CONTENT, FINDABLE, SITE), posts=posts, until=timezone.now() + NEW)


def finds(question: Question, results: Results) -> dict[str, Any]:
    """What was found, and the ways to ask otherwise."""
    return {
        "question": question,
        "query": question.text,
        "results": results,
        "filters": filters(question, results),
        "chosen": chosen(question, results),
        "better": better(question, results),
    }


def better(question: Question, results: Results) -> str:
    """The address of the same question in a better spelling, or ""."""
    return question.but(q=results.suggestion) if results.suggestion else ""


def pages(question: Question, last: int) -> dict[str, Any]:
    """The number of the last page, and the addresses of the pages beside this one."""
    return {
        "last": last,
        "previous": question.at_page(question.page - 1),
        "following": question.at_page(question.page + 1) if question.page < last else "",
    }


def facets(results: Results) -> dict[str, list[Facet]]:
    """By the names of the parameters that set them."""
    return {"category": results.categories, "tag": results.tags, "author": results.authors, "year": results.years}


def filters(question: Question, results: Results) -> list[tuple[str, list[Choice]]]:
    """The filters that can be set, by kinds: the kind's heading, and its choices.

    One of a kind takes the place of another, so that the finds of one do not tell how many the next has.
    """
    headings = {"category": _("Categories"), "tag": _("Tags"), "author": _("Authors"), "year": _("Years")}
    groups = []
    for kind, found in facets(results).items():
        others = [] if kind in question.chosen else found[:MAX_CHOICES]
        choices = [Choice(facet.name, question.but(**{kind: facet.value}), facet.count) for facet in others]
        groups.append((headings[kind], choices))
    return [(heading, choices) for heading, choices in groups if choices]


def chosen(question: Question, results: Results) -> list[Choice]:
    """The filters that are set, by their names, or as they were typed where nothing was found."""
    names = {kind: facet.name for kind, found in facets(results).items() for facet in found if facet.is_selected}
    return [Choice(names.get(kind, value), question.but(**{kind: ""})) for kind, value in question.chosen.items()]


class InstantView(TemplateView):
    """The list below a search box, for static/js/search.js: the first finds, or a better spelling."""

    template_name = "_partials/search_instant.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        question = Question.of(self.request.GET)
        results = search(question.text, limit=INSTANT, facets=False, languages=languages_for(self.request))
        show(self.request, results)
        return super().get_context_data(question=question, results=results, better=better(question, results), **kwargs)

    def render_to_response(self, context: dict[str, Any], **response_kwargs: Any) -> HttpResponse:
        return super().render_to_response(context, headers={"X-Robots-Tag": "noindex"}, **response_kwargs)


class SuggestionsView(View):
    """Titles for the address bar of a browser.

    https://github.com/dewitt/opensearch/blob/master/mediawiki/Specifications/OpenSearch/Extensions/Suggestions/1.1/Draft%201.wiki
    """

    request: SiteRequest

    def get(self, request: SiteRequest) -> JsonResponse:
        text = Question.of(request.GET).text
        posts = near(text, SUGGESTED, languages_for(request)) if text else []
        addresses = [origin(request) + post.get_absolute_url() for post in posts]
        shows(request, counters=(CONTENT, FINDABLE, SITE))
        answer = [text, [post.title for post in posts], [""] * len(posts), addresses]
        return JsonResponse(answer, safe=False, content_type="application/x-suggestions+json")


class DescriptionView(TemplateView):
    """The OpenSearch description, by which a browser offers to search this site."""

    template_name = "posts/opensearch.xml"
    content_type = "application/opensearchdescription+xml; charset=utf-8"
    request: SiteRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        short_name = self.request.site_settings.title[:SHORT_NAME].strip()
        return super().get_context_data(short_name=short_name, origin=origin(self.request), **kwargs)
