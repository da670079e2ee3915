from __future__ import annotations

from typing import Any

from django import template

from posts.admin import desk

register = template.Library()


@register.simple_tag(takes_context=True)
def desk_panels(context: dict[str, Any]) -> list[desk.Panel]:
    return desk.panels(context["request"])
