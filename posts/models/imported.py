from django.db import models

from .post import Post


class ImportRecord(models.Model):
    """Where a post came from: what makes an import that is run again find its posts."""

    source = models.CharField(max_length=600, unique=True)
    digest = models.CharField(max_length=64)
    post = models.ForeignKey(Post, models.CASCADE, related_name="import_records")
    post_version = models.PositiveIntegerField()
    imported_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.source
