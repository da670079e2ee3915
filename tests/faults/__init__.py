"""Trials of a whole site under faults: programs, not tests, as each takes a minute or two.

`python -m tests.faults.burst` runs one, say; DATABASE_URL names the engine. It prints what it saw, and ends with an
error if anything was not as it must be.
"""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()
