"""Parts of pages that differ in their words and in little else, such as comments: drawn once, then filled in.

To render a template costs a hundred times what it takes to put a dozen words into a text. So a template is rendered
once for each shape that it has, with marks where the words belong; whatever is shown later, though nobody has seen it
before, is that text with its own words. HTML stays in templates.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from functools import lru_cache
from itertools import count
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.template import Context
from django.template.engine import Engine
from django.urls import get_script_prefix
from django.utils import timezone, translation
from django.utils.safestring import SafeString

from . import markup

# A kilobyte or two each: of a template there are as many shapes as its conditions can combine.
MAX_SHAPES = 1000

# Letters and digits alone, which nothing escapes or quotes; and none that anybody could know and write.
_MARK = f"x{token_hex(8)}n{{}}x"


class Stencil:
    """A template with holes for words.

    Each text that it is given is such a hole, alone or in a tuple, of any depth and also a named one. The template
    prints it as it is, or asks whether it is empty; filters would see a mark instead of the words. All else that it is
    given, such as flags, is its shape, and of few values; what is given as `Same` it gets whole, words and all.
    """

    def __init__(self, template_name: str) -> None:
        self._template_name = template_name

    def fill(self, **values: Any) -> SafeString:
        draw = _drawn.__wrapped__ if settings.DEBUG else _drawn
        words: list[str] = []
        shape = tuple([(name, _shape(value, words)) for name, value in values.items()])
        return markup.filled(draw(self._template_name, circumstances(), shape), words)


class Hole:
    """In a shape, a text that is not empty."""


def _shape(value: Any, words: list[str]) -> Hashable:
    """What is left of a value without its words, which are put behind those before them."""
    if isinstance(value, str):
        if value:
            words.append(value)
            return Hole
        return ""
    if isinstance(value, tuple):
        return type(value), tuple([_shape(item, words) for item in value])
    return value


def _marked(shape: Any, numbers: Iterator[int]) -> Any:
    """A value of this shape, with marks for words."""
    if shape is Hole:
        return _MARK.format(next(numbers))
    if isinstance(shape, Same):
        return shape.it
    if isinstance(shape, tuple):
        kind, items = shape
        made = [_marked(item, numbers) for item in items]
        return kind._make(made) if hasattr(kind, "_make") else tuple(made)
    return shape


class Same[T]:
    """Something that requests share until it changes: equal to itself alone, as rows of models are not."""

    def __init__(self, it: T) -> None:
        self.it = it

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.it is self.it

    def __hash__(self) -> int:
        return id(self.it)


def circumstances() -> tuple[Hashable, ...]:
    """What a template may look at besides what it is given."""
    return translation.get_language(), timezone.get_current_timezone(), get_script_prefix()


@lru_cache(maxsize=MAX_SHAPES)
def _drawn(template_name: str, _circumstances: tuple[Hashable, ...], shape: tuple[tuple[str, Hashable], ...]) -> str:
    """The template in this shape, as `str.format` takes it."""
    numbers = count()
    values = {name: _marked(part, numbers) for name, part in shape}
    text = str(Engine.get_default().get_template(template_name).render(Context(values)))
    text = text.replace("{", "{{").replace("}", "}}")
    for number in range(next(numbers)):
        text = text.replace(_MARK.format(number), f"{{{number}}}")
    return text


def forget() -> None:
    """For tests that change what is otherwise settled once the process runs."""
    _drawn.cache_clear()
