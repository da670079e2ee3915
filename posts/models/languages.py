from typing import Any
from unicodedata import normalize

from django.conf import settings
from django.utils.translation import get_language_info


def languages() -> list[tuple[str, str]]:
    """Every language that a site or a text can be in: its code, and its name in that language itself."""
    named = [(code, own_name(code)) for code, _ in settings.LANGUAGES]
    return sorted(named, key=lambda language: normalize("NFD", language[1]))


def own_name(code: str) -> str:
    """What a language calls itself, such as "Deutsch", with a capital letter where its script has them."""
    name = str(_known(code).get("name_local", code))
    return name[:1].title() + name[1:]


def is_right_to_left(code: str) -> bool:
    return bool(_known(code).get("bidi"))


def _known(code: str) -> dict[str, Any]:
    """What Django knows of a language; nothing of one that a shell or an old import has written."""
    try:
        return get_language_info(code)
    except KeyError:
        return {}
