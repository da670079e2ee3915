from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.translation import ngettext

from comments.models import Comment
from posts.admin.counting import count, in_digits

register = template.Library()


@register.filter
def with_waiting(apps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Django's list of applications; beside the name of the comments the number of those that wait.

    Who may not see comments does not find them in this list, and nothing is counted.
    """
    return [app | {"models": [_counted(model) for model in app["models"]]} for app in apps]


def _counted(model: dict[str, Any]) -> dict[str, Any]:
    if model["model"] is not Comment or not (number := count(Comment.objects.pending())):
        return model
    words = ngettext("%s waits", "%s wait", number) % in_digits(number)
    badge = '{} <span class="waiting" aria-hidden="true">{}</span><span class="visually-hidden"> ({})</span>'
    return model | {"name": format_html(badge, model["name"], in_digits(number), words)}
