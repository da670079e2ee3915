from typing import Any

from django.core.management.base import BaseCommand

from posts.files import renditions
from posts.models import Image
from posts.progress import Progress


class Command(BaseCommand):
    help = "Make the smaller copies of pictures that are missing, as after an import or in a restored backup."

    def handle(self, **options: Any) -> None:
        made = 0
        total = Image.objects.count()
        progress = Progress(self.stderr)
        for number, image in enumerate(Image.objects.order_by("pk").iterator(), start=1):
            made += renditions.make(image)
            progress.show(number, total)
        self.stdout.write(f"Made {made} renditions of {total} pictures.")
