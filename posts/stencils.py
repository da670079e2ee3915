"""Parts of pages that differ in their words and in little else, such as comments: drawn once, then filled in.

To render a template costs a hundred times what it takes to put a dozen words into a text. So a template is rendered
once for each shape that it has, with marks where the words belong; whatever is shown later, though nobody has seen it
before, is that text with its own words. HTML stays in templates, and escaping is Django's.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import lru_cache
from secrets import token_hex

from django.conf import settings
from django.template import Context
from django.template.engine import Engine
from django.urls import get_script_prefix
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString

# A kilobyte or two each: of a template there are as many shapes as its conditions can combine.
MAX_SHAPES = 1000

# Letters and digits alone, which nothing escapes or quotes; and none that anybody could know and write.
_MARK = f"x{token_hex(8)}{{}}x"

type Shape = Mapping[str, Hashable]


class Stencil:
    """A template with holes for words. In it, a hole is printed as it is or tested for being empty, and nothing else.

    What else the template asks is its shape: few values altogether, such as yes and no. Filters and lengths of holes
    would see a mark instead of the words.
    """

    def __init__(self, template_name: str) -> None:
        self._template_name = template_name

    def fill(self, shape: Shape, **holes: str) -> SafeString:
        filled = tuple(name for name, words in holes.items() if words)
        form = _drawn.__wrapped__ if settings.DEBUG else _drawn
        return format_html(form(self._template_name, _surroundings(), tuple(shape.items()), filled), **holes)


def _surroundings() -> tuple[Hashable, ...]:
    """What a template may look at besides what it is given."""
    return translation.get_language(), timezone.get_current_timezone(), get_script_prefix()


@lru_cache(maxsize=MAX_SHAPES, typed=True)
def _drawn(
    template_name: str, _around: tuple[Hashable, ...], shape: tuple[tuple[str, Hashable], ...], filled: tuple[str, ...]
) -> str:
    """The template in this shape, as `str.format` takes it."""
    marks = {name: _MARK.format(name) for name in filled}
    text = str(Engine.get_default().get_template(template_name).render(Context({**dict(shape), **marks})))
    text = text.replace("{", "{{").replace("}", "}}")
    for name, mark in marks.items():
        text = text.replace(mark, f"{{{name}}}")
    return text


def forget() -> None:
    """For tests that change what is otherwise settled once the process runs."""
    _drawn.cache_clear()
