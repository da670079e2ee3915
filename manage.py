#!/usr/bin/env python3
"""Blogsite's command line."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "blogsite.settings")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Django is not installed in this Python. Run `make run` or `make test`, which set everything up.")
    from blogsite.startup import DatabaseUnreachable, sentence_for_database_errors

    try:
        with sentence_for_database_errors():
            execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"Blogsite cannot start. {error}")
    except DatabaseUnreachable as error:
        sys.exit(f"Blogsite cannot reach its database. {error}")


if __name__ == "__main__":
    main()
