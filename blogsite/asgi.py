"""The ASGI entry point, which `manage.py serve` hands to granian."""

import os
import warnings

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "blogsite.settings")
os.environ.setdefault("DATABASE_POOL", "true")

from django.conf import settings
from django.urls import reverse

from blogsite.gate import Gate
from blogsite.nonsense import Handler

# Static files are read whole, in the thread of their request. They are small, and the gate hands them out.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

django.setup(set_prefix=False)
desk = reverse("admin:index")


def max_body(path: str) -> int:
    """Files come in at the desk alone: a post with its cover and its recording."""
    files = settings.IMAGE_MAX_BYTES + settings.AUDIO_MAX_BYTES if path.startswith(desk) else 0
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE + files


application = Gate(
    Handler(),
    # Python runs one thread at a time, and the others wait for the database: 4, 8 and 16 served alike.
    places=4,
    max_body=max_body,
)
