from __future__ import annotations

from django.db import models

from .post import Post


class HubPing(models.Model):
    """That the WebSub hub is to be told of a change in a feed, at a moment (see `posts.feeds.websub`)."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="hub_pings")
    topic = models.CharField(max_length=300)
    """The path of the feed's address."""
    due_at = models.DateTimeField(db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["post", "topic"], name="hubping_once_a_topic")]

    def __str__(self) -> str:
        return self.topic
