from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from ..models import Page, Post
from ..models.languages import is_right_to_left

register = template.Library()


@register.simple_tag
def lang(text: Post | Page | str) -> SafeString | str:
    """The attributes `lang` and `dir` of words in the language of a text, or of a code; none where it is the page's."""
    language = text if isinstance(text, str) else text.language
    if not language or language == get_language():
        return ""
    direction = "rtl" if is_right_to_left(language) else "ltr"
    return format_html(' lang="{}" dir="{}"', language, direction)
