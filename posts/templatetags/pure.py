"""Parts of pages that are the same wherever the same is shown: rendered once, as long as anyone asks for them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.db.models import Model
from django.template import Context, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.template.engine import Engine
from django.utils.safestring import SafeString

from ..stencils import circumstances

register = template.Library()

# A kilobyte or two each: entries of lists, mostly.
MAX_KEPT = 2000


@register.tag
def pure(parser: Parser, token: Token) -> PureNode:
    """`{% pure "_partials/some.html" with name=value … %}`: an include that sees the values named, and nothing else.

    So what it shows is a function of these values, of the language and of the time zone, and is kept by them: it cannot
    be out of date, whatever it was that changed. Values are such as cannot change: text, numbers, moments, and tuples
    of these. A row of a model is refused, since it equals each other state of itself.
    """
    name, *rest = token.split_contents()[1:] or [""]
    if not name.startswith(('"', "'")) or (rest and rest.pop(0) != "with"):
        raise TemplateSyntaxError('Write {% pure "name.html" with value=… %}, the name of the template in quotes.')
    values = token_kwargs(rest, parser, support_legacy=False)
    if rest:
        raise TemplateSyntaxError(f"{' '.join(rest)} is no name=value.")
    return PureNode(name.strip("\"'"), values)


class PureNode(template.Node):
    def __init__(self, template_name: str, values: dict[str, FilterExpression]) -> None:
        self.template_name = template_name
        self.names = tuple(values)
        self.values = tuple(values.values())

    def render(self, context: Context) -> SafeString:
        values = [value.resolve(context) for value in self.values]
        return shown(self.template_name, self.names, *values)


def shown(template_name: str, names: tuple[str, ...], *values: Any) -> SafeString:
    """The template with these values, as the language and the time zone of this thread have it."""
    # In development a template changes while the process runs.
    render = rendered.__wrapped__ if settings.DEBUG else rendered
    return render(template_name, names, circumstances(), *values)


# Typed, since a text that is safe equals one that is not, and True equals 1.
@lru_cache(maxsize=MAX_KEPT, typed=True)
def rendered(template_name: str, names: tuple[str, ...], _circumstances: tuple[Any, ...], *values: Any) -> SafeString:
    if any(isinstance(value, Model) for value in values):
        raise TypeError(f"{template_name} was given a row of a model: give it the values that it shows.")
    found = Engine.get_default().get_template(template_name)
    return found.render(Context(dict(zip(names, values, strict=True))))


def forget() -> None:
    """For tests that change what is otherwise settled once the process runs."""
    rendered.cache_clear()
