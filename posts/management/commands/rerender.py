import sys
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from posts.batches import batches
from posts.markup import Picture
from posts.middleware import activated
from posts.models import Image, Page, Post, SearchDocument, SiteSettings
from posts.models.written import RENDERED_FIELDS
from posts.progress import INTERRUPTED, Progress


class Command(BaseCommand):
    help = "Render all posts, all pages and the footer again, as after an upgrade. Their texts and dates stay."

    def handle(self, **options: Any) -> None:
        self.read = self.changed = 0
        self.pictures = known_pictures()
        self.total = Post.all_objects.count() + Page.all_objects.count()
        self.progress = Progress(self.stderr)
        try:
            with activated(SiteSettings.load()):
                self.render_footer()
                for posts in batches(Post.all_objects.all()):
                    self.render(posts)
                for pages in batches(Page.all_objects.all()):
                    self.render(pages)
        except KeyboardInterrupt:
            self.stderr.write("\nInterrupted. What is rendered is saved; run the same command again for the rest.")
            sys.exit(INTERRUPTED)
        finally:
            self.stdout.write(f"Rendered {self.read} of {self.total} posts and pages; {self.changed} have changed.")

    def render_footer(self) -> None:
        settings = SiteSettings.objects.filter(pk=1).first()
        if settings:
            settings.save(update_fields=["footer_html"])

    def render(self, rows: Sequence[Post | Page]) -> None:
        """Render a batch and save what has changed, in one transaction."""
        with transaction.atomic():
            for row in rows:
                before = rendered(row)
                row.render(picture_of=self.pictures.get)
                if rendered(row) != before:
                    self.changed += save_rendered(row)
        self.read += len(rows)
        self.progress.show(self.read, self.total)


def rendered(row: Post | Page) -> dict[str, Any]:
    return {name: getattr(row, name) for name in RENDERED_FIELDS}


def save_rendered(row: Post | Page) -> int:
    """Save what was rendered, unless someone has saved another text since it was read; that one was rendered then."""
    saved = type(row).all_objects.filter(pk=row.pk, version=row.version).update(**rendered(row))
    if saved and isinstance(row, Post):
        SearchDocument.objects.write([row])
    return saved


def known_pictures() -> dict[str, Picture]:
    """Every picture by its address: one query, where asking for each would be thousands."""
    return {image.file.url: image.picture for image in Image.objects.order_by().iterator()}
