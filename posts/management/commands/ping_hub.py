from typing import Any

from django.core.management.base import BaseCommand

from posts.feeds import websub
from posts.models import HubPing


class Command(BaseCommand):
    help = (
        "Tell the WebSub hub of the settings which feeds have something new: posts that have become due by now, and "
        "what it did not take before. For a timer; harmless at any time, and several at once."
    )

    def handle(self, **options: Any) -> None:
        told = websub.tell()
        self.stdout.write(f"Feeds: {told} told, {HubPing.objects.values('topic').distinct().count()} waiting.")
