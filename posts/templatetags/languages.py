from django import template
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from ..models import Page, Post
from ..models.languages import is_right_to_left

register = template.Library()


@register.filter
def number(value: int) -> str:
    """A quantity with its thousands parted as the page's language does: 1,234 or 1.234. Not for years and ids."""
    return number_format(value, force_grouping=True)


@register.simple_tag
def lang(text: Post | Page | str) -> SafeString | str:
    """The attributes `lang` and `dir` of words in the language of a text, or of a code; none where it is the page's."""
    language = text if isinstance(text, str) else text.language
    if not language or language == get_language():
        return ""
    direction = "rtl" if is_right_to_left(language) else "ltr"
    return format_html(' lang="{}" dir="{}"', language, direction)
