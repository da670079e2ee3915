"""The ASGI entry point, which `manage.py serve` hands to granian."""

import gc
import os
import warnings

import django

# What a process begins with stays to its end: to look for garbage in it takes a tenth of the start, and afterwards
# 50 ms, in which nobody is answered, each time that all is looked through.
gc.disable()

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "blogsite.settings")
os.environ.setdefault("DATABASE_POOL", "true")

# Static files are read whole, in the thread of their request. They are small, and the gate hands them out.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

django.setup(set_prefix=False)

from django.conf import settings

from blogsite import freshness
from blogsite.gate import Application, Gate
from blogsite.handler import Handler
from blogsite.pagecache import PageCache
from blogsite.pagefiles.folder import Folder
from blogsite.pagefiles.publisher import PageFiles
from blogsite.uploads import max_body

# Python runs one thread at a time, and the others wait for the database: 4, 8 and 16 served alike.
PLACES = 4

application: Application = Gate(Handler(PLACES), places=PLACES, max_body=max_body)
if settings.PAGE_CACHE_MB > 0:
    files = PageFiles(Folder(settings.PAGE_FILES), settings.SITE_URL) if settings.PAGE_FILES else None
    room = settings.PAGE_CACHE_MB * 1024 * 1024
    pages = PageCache(application, freshness.make, room=room, files=files, cdn_seconds=settings.CDN_SECONDS)
    if files:
        files.start(pages.freshness)
    application = pages

gc.freeze()
gc.enable()
