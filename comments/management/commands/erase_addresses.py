import sys
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from comments import upkeep
from posts.feeds import subscribers
from posts.models import SiteSettings
from posts.progress import INTERRUPTED


class Command(BaseCommand):
    help = (
        "Erase what is left of network addresses once the days are over that the site's settings name, and the notes "
        "of mail long sent. It may be interrupted, and run again, at any moment."
    )

    def handle(self, **options: Any) -> None:
        before = timezone.now() - timedelta(days=SiteSettings.load().comment_address_days)
        try:
            self.erase(before)
        except KeyboardInterrupt:
            self.stderr.write("\nInterrupted. What is erased is erased; run the same command again for the rest.")
            sys.exit(INTERRUPTED)

    def erase(self, before: Any) -> None:
        self.stdout.write(f"Erased the network addresses of {sum(upkeep.erase_addresses(before))} comments.")
        self.stdout.write(f"Forgot who made {upkeep.erase_reporters(before)} reports.")
        self.stdout.write(f"Deleted {upkeep.forget_attempts()} counters of attempts.")
        self.stdout.write(f"Deleted {upkeep.forget_unconfirmed()} subscriptions that nobody confirmed.")
        self.stdout.write(f"Deleted {upkeep.forget_notices()} notes of mail.")
        self.stdout.write(f"Deleted {subscribers.forget()} old numbers of feed readers.")
