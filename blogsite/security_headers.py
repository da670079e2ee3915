"""What every answer tells browsers to refuse, where Django's middleware does not come to say it."""

from __future__ import annotations

from django.conf import settings
from django.utils.csp import build_policy


def security_headers() -> dict[str, str]:
    """By their names in lower case, as Django's middleware says them of an answer that has no policy of its own."""
    told = {
        "content-security-policy": build_policy(settings.SECURE_CSP),  # type: ignore[arg-type]  # the stubs see lists of object
        "cross-origin-opener-policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
        "referrer-policy": settings.SECURE_REFERRER_POLICY,
        "strict-transport-security": hsts(),
        "x-content-type-options": "nosniff",
        "x-frame-options": settings.X_FRAME_OPTIONS,
    }
    return {name: value for name, value in told.items() if value}


def hsts() -> str:
    is_told = settings.SECURE_HSTS_SECONDS and settings.SITE_URL.startswith("https:")
    return f"max-age={settings.SECURE_HSTS_SECONDS}" if is_told else ""
