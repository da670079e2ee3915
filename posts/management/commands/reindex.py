import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from posts.models import Post, SearchDocument, SiteSettings, SpellingKey
from posts.progress import INTERRUPTED, Progress
from posts.search import tables

BATCH = 100


class Command(BaseCommand):
    help = "Make all posts findable anew, as after a change of the site's language or after loading data into it."

    def handle(self, **options: Any) -> None:
        self.read, self.total = 0, Post.all_objects.count()
        self.progress = Progress(self.stderr)
        self.language = SiteSettings.load().language
        tables.rebuild()
        try:
            SpellingKey.objects.all().delete()
            last: int | None = 0
            while last is not None:
                last = self.index_after(last)
        except KeyboardInterrupt:
            self.stderr.write("\nInterrupted. Until you run the same command again, some posts may not be found.")
            sys.exit(INTERRUPTED)
        self.stdout.write(f"Indexed {self.read} posts.")

    def index_after(self, last: int) -> int | None:
        """Index the posts that follow this one by their ids, as they are: nobody saves them meanwhile."""
        with transaction.atomic():
            posts = list(Post.all_objects.filter(pk__gt=last).order_by("pk").select_for_update()[:BATCH])
            SearchDocument.objects.write(posts, self.language)
            SpellingKey.objects.learn(posts)
        self.read += len(posts)
        self.progress.show(self.read, self.total)
        return posts[-1].pk if posts else None
