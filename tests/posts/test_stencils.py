"""What is filled into a stencil looks like what its template would have shown."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from django.template.engine import Engine
from django.template.loader import get_template
from django.utils import translation
from django.utils.safestring import SafeString

from posts.stencils import Same, Stencil, forget

TEMPLATE = (
    '{% load i18n %}{ {{ name }} }{% if site %} <a href="{{ site }}">{{ name }}</a>{% endif %}'
    "{% if is_new %}{% blocktranslate %}Comments on “{{ name }}”{% endblocktranslate %}{% endif %}{{ text }}"
)


@pytest.fixture
def template(settings, tmp_path):
    (tmp_path / "person.html").write_text(TEMPLATE, encoding="utf-8")
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path]}]
    forget()
    return "person.html"


def shown(template: str, shape: dict, holes: dict) -> str:
    return get_template(template).render({**shape, **holes})


@pytest.mark.parametrize("is_new", [True, False])
@pytest.mark.parametrize("site", ["", "https://example.org/?a=1&b={2}"])
@pytest.mark.parametrize("name", ["Ada", "<b>%s {0} {name} & \"'"])
def test_it_is_what_the_template_shows(template, name, site, is_new):
    holes = {"name": name, "site": site, "text": SafeString("<p>{}</p>")}
    stencil = Stencil(template)
    for holes_now in (holes, holes | {"name": f"{name}!"}):
        assert stencil.fill(is_new=is_new, **holes_now) == shown(template, {"is_new": is_new}, holes_now)


class Person(NamedTuple):
    name: str
    site: str


def test_tuples_have_holes_too(tmp_path, template):
    (tmp_path / "people.html").write_text(
        "{% for one in people %}{{ one.name }}{% if one.site %}: {{ one.site }}{% endif %}, {% endfor %}{{ age }}"
    )
    stencil = Stencil("people.html")
    for people in ((), (Person("Ada", "x.example"), Person("<Ben>", "")), (Person("Cleo", ""), Person("Dan", "&"))):
        assert stencil.fill(people=people, age=7) == shown("people.html", {"people": people, "age": 7}, {})


def test_what_is_given_as_the_same_is_seen_whole(tmp_path, template):
    (tmp_path / "hosted.html").write_text("{{ guest }} visits {{ host.name|upper }}")
    stencil, host = Stencil("hosted.html"), Same(Person("Ada", ""))

    assert [stencil.fill(guest=name, host=host) for name in ("Ben", "Cleo")] == ["Ben visits ADA", "Cleo visits ADA"]
    assert stencil.fill(guest="Ben", host=Same(Person("Dan", ""))) == "Ben visits DAN"


def test_words_of_the_template_are_those_of_the_language(template):
    stencil = Stencil(template)
    for language in ("en", "de"):
        with translation.override(language):
            assert stencil.fill(is_new=True, name="Ada") == shown(template, {"is_new": True}, {"name": "Ada"})


def test_a_name_cannot_be_taken_for_a_mark(template):
    stencil = Stencil(template)
    first = stencil.fill(name="text", text="Hello")
    assert first == shown(template, {}, {"name": "text", "text": "Hello"})


def test_the_template_is_drawn_once_for_each_shape(template, monkeypatch):
    drawn = []
    find = Engine.get_template
    monkeypatch.setattr(Engine, "get_template", lambda engine, name: drawn.append(name) or find(engine, name))
    stencil = Stencil(template)
    for name in ("Ada", "Ben", "Cleo"):
        stencil.fill(is_new=True, name=name, site="")
    assert len(drawn) == 1
    stencil.fill(is_new=False, name="Ada", site="")
    assert len(drawn) == 2
