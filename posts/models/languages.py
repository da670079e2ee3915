from django.conf import settings


def languages() -> list[tuple[str, str]]:
    """Every language that a site or a text can be in: its code and its name."""
    return list(settings.LANGUAGES)
