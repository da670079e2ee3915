from django import template
from django.template import Context

from ..addresses import absolute as absolute_address

register = template.Library()


@register.simple_tag(takes_context=True)
def absolute(context: Context, path: str) -> str:
    """`path` with the site's scheme and host before it."""
    return absolute_address(context["request"], path)
