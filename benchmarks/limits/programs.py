"""The two limits in Python, served by granian as the site is: a bare WSGI program, and Django with a constant view.

Not part of the package while it is served: granian finds this file by its folder, so that nothing else is imported.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

BODIES = Path(os.environ["BENCHMARK_BODIES"])
KINDS = ("identity", "gzip", "br")
bodies = {f"/{kind}": (BODIES / kind).read_bytes() for kind in KINDS}
HTML = "text/html; charset=utf-8"


def bare(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """The bytes of the page, and the headers without which there is none."""
    body = bodies[environ["PATH_INFO"]]
    start_response("200 OK", [("Content-Type", HTML), ("Content-Length", str(len(body)))])
    return [body]


def django_constant() -> Any:
    """Django as `startproject` sets it up, with the same bytes from a view that does nothing."""
    import django  # noqa: PLC0415 -- the bare program does without
    from django.conf import settings  # noqa: PLC0415 -- the same
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415 -- the same
    from django.http import HttpResponse  # noqa: PLC0415 -- the same
    from django.urls import re_path  # noqa: PLC0415 -- the same

    settings.configure(
        SECRET_KEY="of a benchmark",  # noqa: S106 -- it guards nothing
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=(re_path("", lambda request: HttpResponse(bodies["/identity"])),),
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
    )
    django.setup()
    return get_wsgi_application()


constant = django_constant() if os.environ.get("BENCHMARK_DJANGO") else None
