from typing import Any

from django.core.management.base import BaseCommand

from comments.mail import postman
from comments.models import Notice


class Command(BaseCommand):
    help = (
        "Deliver the mail about comments that is due: what waited for more of its kind, what a mail server did not "
        "take, and what a crash left behind. For a timer; harmless at any time, and several at once."
    )

    def handle(self, **options: Any) -> None:
        sent = postman.deliver()
        waiting, lost = Notice.objects.waiting().count(), Notice.objects.given_up().count()
        self.stdout.write(f"Messages: {sent} sent. Notices: {waiting} waiting, {lost} given up.")
