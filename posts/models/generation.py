from django.db import models


class Generation(models.Model):
    """How often the content has changed, counted by the database itself (see `posts.generation`)."""

    number = models.PositiveBigIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.number)
