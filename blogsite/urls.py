from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from . import errors, health, media, metrics, robots

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", metrics.show, name="metrics"),
    # Django's way to any object by its number asks for no right to see it: drafts of others among them.
    path("admin/r/<path:shortcut>", errors.missing, name="shortcut"),
    path("admin/", admin.site.urls),
    path(f"{settings.MEDIA_URL.strip('/')}/<path:name>", media.serve, name="media"),
    path("robots.txt", robots.robots, name="robots"),
    path("", include("comments.urls")),
    path("", include("posts.urls")),
]

handler400 = errors.bad_request
handler404 = errors.not_found
handler500 = errors.server_error
