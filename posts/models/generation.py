from django.db import models


class Generation(models.Model):
    """How often something has changed, counted by the database itself (see `posts.generation`)."""

    number = models.PositiveBigIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.number)


class Surroundings(models.Model):
    """When something around a post changed last: `number` is what the counter of surroundings counted to by it.

    Written by triggers. Of a post that is gone a row may stay; id 0 stands for all posts.
    """

    post_id = models.BigIntegerField(primary_key=True)
    number = models.PositiveBigIntegerField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.post_id}: {self.number}"
