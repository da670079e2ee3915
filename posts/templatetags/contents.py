from django import template

from ..drawing import toc_of

register = template.Library()
register.simple_tag(toc_of, name="toc")
