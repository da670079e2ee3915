from django.db import models


class Attempt(models.Model):
    """How often something was done since a moment: by one address, say, or on one post. See `comments.limits`."""

    key = models.CharField(max_length=100, primary_key=True)
    since = models.DateTimeField(db_index=True)
    number = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=models.Q(number__gte=1), name="attempt_number_positive")]

    def __str__(self) -> str:
        return f"{self.key}: {self.number}"
