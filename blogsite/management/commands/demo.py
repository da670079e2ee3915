from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.urls import reverse
from django.utils.crypto import get_random_string

from blogsite import demo_content
from posts.slugs import available

from .serve import local_origin

# Without letters and digits that look alike.
LEGIBLE = "abcdefghjkmnpqrstuvwxyz23456789"


class Command(BaseCommand):
    help = "Fill an empty site with a small magazine that shows what it can do, and make an account for the admin."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="where the site will listen, to print its address")
        parser.add_argument("--port", default="8000", help="where the site will listen, to print its address")

    def handle(self, *, host: str, port: str, **options: Any) -> None:
        self.load_content()
        if settings.DEMO:
            origin = settings.SITE_URL or local_origin(host, port)
            self.offer_account(f"{origin}{reverse('admin:index')}")

    def load_content(self) -> None:
        report = demo_content.load()
        if report is None:
            self.stdout.write("The site has posts; they stay as they are, and no demo content is loaded.")
            return
        self.stdout.write(f"Loaded the demo: {report.counts['created']} posts, with their comments and pictures.")

    def offer_account(self, address: str) -> None:
        """Make an account if nobody can administer the site, and show its password this once."""
        users = get_user_model().objects
        owner = users.filter(is_superuser=True, is_active=True).order_by("pk").first()
        if owner:
            self.stdout.write(
                f"The admin account is {owner.get_username()!r}. To set a new password: "
                f"DEMO=true .venv/bin/python manage.py changepassword {owner.get_username()}"
            )
            return
        name = available("admin", lambda name: users.filter(username=name).exists())
        password = "-".join(get_random_string(4, LEGIBLE) for _ in range(4))
        # With an address, mail to moderators is written to the log, too.
        users.create_superuser(name, email=f"{name}@example.org", password=password)
        self.stdout.write(
            framed(
                [
                    "Sign in and write:",
                    "",
                    f"  {address}",
                    f"  Name      {name}",
                    f"  Password  {password}",
                    "",
                    "The password is shown this once.",
                ]
            )
        )


def framed(lines: list[str]) -> str:
    width = max(map(len, lines))
    edge = "─" * (width + 4)
    return "\n".join(["", f"┌{edge}┐", *(f"│  {line:{width}}  │" for line in lines), f"└{edge}┘", ""])
