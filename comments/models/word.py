from django.db import models


class Word(models.Model):
    """In how many comments a word was seen that moderators approved, and in how many that they called spam.

    The row of the empty word counts the comments themselves. See `comments.spam_filter`.
    """

    word = models.CharField(max_length=64, primary_key=True)
    ham = models.PositiveIntegerField(default=0)
    spam = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.word
