from typing import Any

from django.core.management.base import BaseCommand

from posts.models import Post
from posts.progress import Progress
from posts.ways import related


class Command(BaseCommand):
    help = "Find anew which posts are related to each other, as after merging tags or moving posts in bulk."

    def handle(self, **options: Any) -> None:
        progress, total, done = Progress(self.stderr), Post.all_objects.count(), 0
        for done in related.refresh_all():
            progress.show(done, total)
        self.stdout.write(f"Related {done} posts.")
