from __future__ import annotations

import secrets

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from posts.models import Post

from .comment import Comment


def new_token() -> str:
    return secrets.token_urlsafe(24)


class Subscription(models.Model):
    """Someone wants mail: about each new comment on a post, or, with a `comment`, about each reply to that one.

    Nothing is sent for it before its address has been confirmed; to unsubscribe is to delete it.
    """

    post = models.ForeignKey(Post, models.CASCADE, related_name="comment_subscriptions", verbose_name=_("post"))
    comment = models.ForeignKey(
        Comment, models.CASCADE, null=True, blank=True, related_name="subscriptions", verbose_name=_("replies to")
    )
    # The form of which comment it was ordered with: until that one is public, its address gets no mail of us.
    asked_with = models.ForeignKey(Comment, models.SET_NULL, null=True, blank=True, editable=False, related_name="+")
    email = models.EmailField(_("e-mail"), max_length=254, db_index=True)
    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [
            models.UniqueConstraint(
                fields=["post", "email"], condition=Q(comment=None), name="subscription_to_post_once"
            ),
            models.UniqueConstraint(fields=["comment", "email"], name="subscription_to_replies_once"),
        ]

    def __str__(self) -> str:
        return self.email
