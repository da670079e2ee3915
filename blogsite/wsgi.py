"""The WSGI entry point, for a server that knows nothing else. It needs a proxy in front that buffers requests."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "blogsite.settings")
os.environ.setdefault("DATABASE_POOL", "true")

application = get_wsgi_application()
