from django.db import models

from .post import Post


class RelatedPost(models.Model):
    """That a reader of `post` may like `other`; the higher the score, the more. Kept by `posts.ways.related`."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="related")
    other = models.ForeignKey(Post, models.CASCADE, related_name="alike")
    score = models.FloatField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["post", "other"], name="related_post_once")]
        indexes = [models.Index("post", models.F("score").desc(), "other", name="related_best_first")]

    def __str__(self) -> str:
        return f"{self.post_id} → {self.other_id}"
