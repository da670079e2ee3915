from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from posts import markup
from posts.models import Post
from posts.models.trash import Trashable

from ..counts import lock_posts, recount
from ..managers import AllCommentManager, CommentManager, TrashedCommentManager
from ..moderation import in_words
from ..places import settle

LIVE = Q(deleted_at=None)


class Comment(Trashable):
    """What a reader wrote below a post, perhaps in reply to another reader."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Waiting")
        APPROVED = "approved", _("Approved")
        SPAM = "spam", _("Spam")

    # Without an index of its own: the first of those below serves it.
    post = models.ForeignKey(Post, models.CASCADE, related_name="comments", db_index=False, verbose_name=_("post"))
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="replies", verbose_name=_("in reply to")
    )
    # The comment at the top of the conversation; none for one that stands there itself. See `comments.places`.
    thread = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, editable=False, related_name="+", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="comments",
        verbose_name=_("account"),
    )
    author_name = models.CharField(_("name"), max_length=80)
    email = models.EmailField(_("e-mail"), max_length=254, blank=True, help_text=_("It is never shown."))
    website = models.URLField(
        _("website"), max_length=200, blank=True, validators=[URLValidator(schemes=["http", "https"])]
    )
    body = models.TextField(_("comment"))
    body_html = models.TextField(editable=False, blank=True)
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.PENDING)
    reasons = models.JSONField(_("reasons"), default=list, blank=True, editable=False)
    # Whether its place is shown: its words are public, or those of a reply below it are.
    stands = models.BooleanField(editable=False, default=False)
    address_hash = models.CharField(max_length=32, blank=True, editable=False)
    address_range = models.CharField(_("network"), max_length=64, blank=True, editable=False)
    learnt_as = models.CharField(max_length=4, blank=True, editable=False, choices=[("ham", "ham"), ("spam", "spam")])
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    edited_at = models.DateTimeField(_("changed by its writer"), null=True, blank=True, editable=False)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    # The body that this object has rendered itself.
    _rendered: str | None = None

    objects = CommentManager()
    trash = TrashedCommentManager()
    all_objects = AllCommentManager()

    class Meta(Trashable.Meta):
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["created_at", "pk"]
        permissions = [("purge_comment", _("Can delete comments for good"))]
        indexes = [
            models.Index(fields=["post", "created_at"], name="comment_of_post"),
            models.Index(
                fields=["post", "created_at", "id"], condition=Q(thread=None, stands=True), name="comment_threads"
            ),
            # Of replies alone: else SQLite might look among all conversations of the site for those of a post.
            models.Index(
                fields=["thread", "created_at", "id"],
                condition=Q(thread__isnull=False),
                name="comment_of_thread",
            ),
            models.Index(fields=["post", "status", "created_at", "id"], condition=LIVE, name="comment_discussion"),
            # Of all comments: SQLite cannot tell that an address that is asked for is not the empty one.
            models.Index(fields=["email", "status"], name="comment_by_email"),
            models.Index(fields=["created_at"], condition=~Q(address_hash=""), name="comment_with_address"),
            models.Index("status", F("created_at").desc(), F("id").desc(), condition=LIVE, name="comment_queue"),
            models.Index(F("created_at").desc(), F("id").desc(), name="comment_newest"),
            models.Index(fields=["deleted_at"], condition=Q(deleted_at__isnull=False), name="comment_in_trash"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["pending", "approved", "spam"]), name="comment_status_known"
            ),
            models.CheckConstraint(condition=~Q(author_name=""), name="comment_author_name_not_empty"),
            models.CheckConstraint(condition=~Q(body=""), name="comment_body_not_empty"),
            # It is printed as a link: no script may ever stand there, whichever way the row came in.
            models.CheckConstraint(
                condition=Q(website="") | Q(website__istartswith="http://") | Q(website__istartswith="https://"),
                name="comment_website_is_a_web_address",
                violation_error_message=_("Enter an address that begins with http:// or https://."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author_name}: {self.body[:60]}"

    @property
    def html(self) -> SafeString:
        return markup.stored(self.body_html)

    @property
    def anchor(self) -> str:
        return f"comment-{self.pk}"

    @property
    def reasons_in_words(self) -> list[str]:
        return in_words(self.reasons)

    @property
    def guid(self) -> str:
        """What identifies it in feeds for ever, as its post is: whatever becomes of slug, domain and scheme."""
        return f"{self.post.guid}#{self.anchor}"

    @property
    def answered_guid(self) -> str:
        """Of the comment that it replies to, or else of the post."""
        return f"{self.post.guid}#comment-{self.parent_id}" if self.parent_id else self.post.guid

    def get_absolute_url(self) -> str:
        """Its permalink, which leads to wherever it is shown."""
        return reverse("comments:comment", args=[self.post.slug, self.pk])

    def clean(self) -> None:
        super().clean()
        if self.parent and (self.parent.pk == self.pk or self.parent.post_id != self.post_id):
            message = _("A reply answers another comment on the same post.")
            raise ValidationError({"parent": ValidationError(message, code="foreign_parent")})

    def clean_text(self) -> None:
        """As every row, and the e-mail address in one spelling, by which its writer is known again."""
        super().clean_text()
        self.email = self.email.lower()

    def prepare(self) -> None:
        """Clean the text and render the body: what every way into the database does first."""
        self.clean_text()
        self.render()

    def render(self) -> SafeString:
        """Render the body, once as long as it stays the same: a form, the moderation and `save()` all want it."""
        if self._rendered != self.body:
            self.body_html, self._rendered = markup.render_comment(self.body), self.body
        return self.html

    def save(self, *, update_fields: Any = None, **kwargs: Any) -> None:
        """Render, save and count, in one transaction; with `update_fields`, render only if the body is among them."""
        if update_fields is None or "body" in update_fields:
            self.prepare()
            if update_fields is not None:
                update_fields = {*update_fields, "body_html", "updated_at"}
        everything = type(self).all_objects.all()
        if not self._state.adding:
            with everything.filter(pk=self.pk).in_order({self.post_id}):
                super().save(update_fields=self._changeable(update_fields), **kwargs)
            self.refresh_from_db(fields=["thread", "stands"])
            return
        with transaction.atomic():
            posts = lock_posts({self.post_id})
            above = self._take_place()
            super().save(update_fields=update_fields, **kwargs)
            if self.stands and above and not above.stands:
                settle(everything, [self.pk])
            recount(everything, posts)

    def _changeable(self, update_fields: Iterable[str] | None) -> Iterable[str]:
        """The fields to save of a stored comment: never its place, which may be another one since it was read.

        Named, they also keep Django from storing anew a comment that was purged meanwhile: it raises NotUpdated.
        """
        if update_fields is not None:
            return update_fields
        others = {field.attname for field in self._meta.concrete_fields if not field.primary_key}
        return others - {"thread_id", "stands"} - self.get_deferred_fields()

    def _take_place(self) -> Comment | None:
        """Find the place of a new comment, see `comments.places`; return what it stands below."""
        above = type(self).all_objects.filter(pk=self.parent_id, post=self.post_id).first() if self.parent_id else None
        self.stands = self.is_public
        self.thread_id = (above.thread_id or above.pk) if above else None
        return above

    @property
    def is_public(self) -> bool:
        """Whether anyone may read it who may read the post."""
        return self.status == self.Status.APPROVED and not self.is_trashed

    @property
    def is_taken_back(self) -> bool:
        """Whether its writer has thrown it away, and nobody else."""
        return self.is_trashed and any(reason.get("code") == "taken_back" for reason in self.reasons)

    def purge(self) -> tuple[int, dict[str, int]]:
        """Delete this comment for good. Replies to it stay, as comments of their own."""
        return type(self).all_objects.filter(pk=self.pk).purge()

    purge.alters_data = True  # type: ignore[attr-defined]  # Django's mark against calls from templates
