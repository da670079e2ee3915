"""Parts of pages that are kept show what they are given, and nothing that they were not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import timezone, translation
from django.utils.html import mark_safe

from posts.models import Category
from posts.templatetags import pure


def drawn(source: str, **values: object) -> str:
    return Template("{% load pure %}" + source).render(Context(values))


MARK = '{% pure "_partials/date_mark.html" with date=date %}'


def test_what_it_is_not_given_it_does_not_see():
    assert drawn('{% pure "_partials/links.html" %}', items=[Category(name="Kitchen", slug="kitchen")]).strip() == ""


def test_a_second_time_it_is_not_drawn_but_found():
    pure.forget()
    date = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    first = drawn(MARK, date=date)
    assert drawn(MARK, date=date) == first
    assert pure.rendered.cache_info().misses == 1
    assert drawn(MARK, date=date.replace(day=21)) != first


def test_another_language_and_another_time_zone_are_drawn_anew():
    date = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert "November" in drawn(MARK, date=date)
    assert "<b>22</b>" in drawn(MARK, date=date)
    with timezone.override("Asia/Tokyo"):
        assert "<b>23</b>" in drawn(MARK, date=date)
    with translation.override("es"):
        assert "noviembre" in drawn(MARK, date=date)


def test_safe_words_make_others_no_safer():
    source = '{% pure "_partials/feed_row.html" with feed="posts:feed" title=title %}'
    assert "<b>bold</b>" in drawn(source, title=mark_safe("<b>bold</b>"))
    assert "&lt;b&gt;bold&lt;/b&gt;" in drawn(source, title="<b>bold</b>")


def test_a_row_of_a_model_is_refused():
    with pytest.raises(TypeError, match="row of a model"):
        drawn('{% pure "_partials/links.html" with items=items %}', items=Category(pk=1, name="Kitchen"))


@pytest.mark.parametrize(
    "source", ["{% pure %}", "{% pure name %}", '{% pure "a.html" x=1 %}', '{% pure "a.html" with x %}']
)
def test_a_slip_in_a_template_is_told(source):
    with pytest.raises(TemplateSyntaxError):
        drawn(source)
