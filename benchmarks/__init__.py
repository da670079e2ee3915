"""What the site costs. Each module is a program of its own; README.md tells how to read what they print."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()
