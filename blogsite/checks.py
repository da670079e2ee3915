"""System checks of our own settings, for `manage.py check --deploy`."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks


@checks.register(deploy=True)
def check_demo_is_off(**_: Any) -> list[checks.CheckMessage]:
    if not settings.DEMO:
        return []
    return [
        checks.Warning(
            "DEMO is on: cookies and redirects are those of a trial on one's own machine.",
            hint="Unset DEMO and set SECRET_KEY and ALLOWED_HOSTS.",
            id="blogsite.W001",
        )
    ]


@checks.register(deploy=True)
def check_site_url(**_: Any) -> list[checks.CheckMessage]:
    if settings.SITE_URL.startswith("https://"):
        return []
    return [
        checks.Warning(
            "SITE_URL is not an https:// address: feeds and canonical links follow whatever host a reader used, "
            "and links in mails guess.",
            hint="Set SITE_URL to the address of the site, such as https://blog.example.org.",
            id="blogsite.W002",
        )
    ]
