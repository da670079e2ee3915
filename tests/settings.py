"""The settings of the tests: the product's own in demo mode, made fast and kept away from any data of the site.

DATABASE_URL is honoured, so that the same tests run on PostgreSQL.
"""

import atexit
import os
import shutil
from pathlib import Path
from tempfile import mkdtemp

os.environ["DATA_DIR"] = mkdtemp(prefix="blogsite-tests-")
atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)
Path(os.environ["DATA_DIR"], "static").mkdir()  # whitenoise warns where there is none
os.environ["DEMO"] = "true"
for name in (
    "ALLOWED_HOSTS",
    "CACHE_URL",
    "CDN_KEYS",
    "CDN_SECONDS",
    "EMAIL_URL",
    "LOG_LEVEL",
    "METRICS_TOKEN",
    "PAGE_CACHE_MB",
    "PAGE_FILES",
    "SECRET_KEY",
    "SITE_URL",
    "TASKS_BACKEND",
):
    os.environ.pop(name, None)

from blogsite.settings import *  # noqa: E402, F403 -- only now does the environment say what the tests need
from blogsite.settings import DATABASES, STORAGES  # noqa: E402 -- the same

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Nobody pulls the plug here, and to wait for the disk at each commit is most of what a committing test does.
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
else:
    # Readers are told after two seconds that the database is away; here it may only be busy with other tests.
    DATABASES["default"]["OPTIONS"]["connect_timeout"] = 60
    if "TEST_RUN" in os.environ:
        # Two runs at once have databases of their own (see scripts/test).
        DATABASES["default"]["TEST"] = {"NAME": f"test_{DATABASES['default']['NAME']}_{os.environ['TEST_RUN']}"}
# A real hash takes a tenth of a second on purpose.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# No manifest: the tests collect nothing.
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# Tests deliver mail themselves, where they are about it.
TASKS = {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}}
