"""What an editor sends, checked: each refusal is a sentence, and nothing typed is lost with it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import markup, profiles, publishing
from .form_parts import PictureMixin, RecordingMixin, TranslationMixin
from .models import Author, CommentPolicy, Page, Post, Tag
from .models.languages import languages
from .models.written import Written
from .widgets import BodyWidget, MomentWidget, TagsWidget, TitleWidget, join_tags, split_tags

MAX_TAGS = 30
MAX_TAG_LENGTH = 100
MAX_TAGS_TEXT = 4000


class Intent(StrEnum):
    """Which button was pressed, by its name."""

    SAVE = "_save"
    DRAFT = "_draft"
    PUBLISH = "_publish"
    UNPUBLISH = "_unpublish"

    @classmethod
    def of(cls, data: Any) -> Intent:
        return next((intent for intent in cls if intent in data), cls.SAVE)


class CleanSlugField(forms.SlugField):
    """Checked as it will be kept: cleaning may take one letter apart into what no address can hold."""

    def to_python(self, value: Any) -> str:
        return markup.clean_line(super().to_python(value))


class TagsField(forms.CharField):
    """A list of tag names."""

    widget = TagsWidget

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MAX_TAGS_TEXT, **kwargs)

    def clean(self, value: str) -> list[str]:
        names = split_tags(super().clean(value))
        if len(names) > MAX_TAGS:
            raise ValidationError(_("No more than %(limit)d tags, please.") % {"limit": MAX_TAGS}, "too_many")
        if any(len(Tag.normalise(name)) > MAX_TAG_LENGTH for name in names):
            raise ValidationError(_("A tag has at most %(limit)d characters.") % {"limit": MAX_TAG_LENGTH}, "too_long")
        return names

    def has_changed(self, initial: Any, data: Any) -> bool:
        return join_tags(str(tag) for tag in initial or []) != join_tags(split_tags(data or ""))


class WrittenForm(TranslationMixin, forms.ModelForm):
    """A text, saved only over the version that its editor has seen."""

    user: Any
    """Who sends it; set by the admin on the class that it makes for one request."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    replace_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        widgets = {"title": TitleWidget, "body": BodyWidget}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.intent = Intent.of(self.data)
        self.stored_version = self.instance.version
        self.was_published = bool(self.instance.pk) and self.instance.is_published
        self.was_status = self.instance.status
        self.initial["version"] = self.stored_version
        self.prepare_translation()
        self.fields["language"].choices = [("", _("As the site")), *languages()]
        self.fields["title"].error_messages["required"] = _("Give the text a title, if only a provisional one.")

    def clean_body(self) -> str:
        body = self.cleaned_data["body"]
        if len(body) > markup.MAX_BODY_LENGTH:
            values = {"length": len(body), "limit": markup.MAX_BODY_LENGTH}
            sentence = _("This text has %(length)d characters; the limit is %(limit)d. Split it into several posts.")
            raise ValidationError(sentence % values, "too_long")
        return body

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.instance.pk and not self.is_current:
            sentence = _("Someone has saved this text after you opened it. Your version stands below, not yet saved.")
            self.add_error(None, ValidationError(sentence, "stale"))
        self.check_translation(data)
        return data

    @property
    def is_current(self) -> bool:
        """Whether the editor has seen the stored version, or has said which version to replace."""
        seen = {self.cleaned_data.get("version"), self.cleaned_data.get("replace_version")}
        return self.stored_version in seen

    @property
    def is_stale(self) -> bool:
        return self.has_error("__all__", "stale")

    def apply_intent(self) -> None:
        """Set the status that the pressed button asks for."""
        if self.intent is Intent.PUBLISH:
            self.instance.status = Written.Status.PUBLISHED
        elif self.intent in {Intent.DRAFT, Intent.UNPUBLISH}:
            self.instance.status = Written.Status.DRAFT

    def _save_m2m(self) -> None:
        super()._save_m2m()
        self.save_translation()


class PageForm(WrittenForm):
    class Meta(WrittenForm.Meta):
        model = Page
        fields = ["title", "slug", "body", "language", "seo_title", "seo_description"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.apply_intent()
        return data


class PostForm(RecordingMixin, PictureMixin, WrittenForm):
    picture_field = "cover"

    display_name = forms.CharField(
        label=gettext_lazy("Your name, as readers see it"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Your account has no name yet. Its login name is never shown."),
    )
    tags = TagsField(label=gettext_lazy("Tags"), required=False)

    class Meta(WrittenForm.Meta):
        model = Post
        fields = [
            "title",
            "slug",
            "body",
            "summary",
            "author",
            "co_authors",
            "categories",
            "series",
            "series_position",
            "cover_alt",
            "publish_at",
            "unpublish_at",
            "visibility",
            "pinned",
            "pinned_until",
            "in_feeds",
            "language",
            "comment_policy",
            "seo_title",
            "seo_description",
            "canonical_url",
        ]
        widgets = {
            **WrittenForm.Meta.widgets,
            "summary": forms.Textarea({"rows": 3}),
            "publish_at": MomentWidget,
            "unpublish_at": MomentWidget,
            "pinned_until": MomentWidget,
        }
        help_texts = {
            "comment_policy": gettext_lazy("As the site’s settings say, they also close after a number of days.")
        }
        field_classes = dict.fromkeys(["publish_at", "unpublish_at", "pinned_until"], forms.DateTimeField)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["comment_policy"].choices = [("", _("As the site’s settings say")), *CommentPolicy.choices]
        self.may_publish = self.user.has_perm("posts.publish_post")
        self.profile = profiles.profile_of(self.user)
        if "author" in self.fields:
            self.fields["author"].required = False
            if not self.instance.pk and self.profile:
                self.initial.setdefault("author", self.profile.pk)
        zone = timezone.get_current_timezone_name()
        self.fields["publish_at"].help_text = _("Left empty, at once. In the time of %(zone)s.") % {"zone": zone}
        if not self.asks_for_name:
            del self.fields["display_name"]
        if self.instance.pk:
            self.initial["tags"] = list(self.instance.tags.all())

    @property
    def asks_for_name(self) -> bool:
        return not (self.instance.pk or self.profile or profiles.public_name(self.user))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.apply_intent()
        self.set_picture()
        self.set_recording()
        self.check_byline(data)
        self.complete(data)
        if self.instance.status == Post.Status.PUBLISHED:
            self.check_publication(data)
        return data

    def clean_publish_at(self) -> datetime | None:
        return self.to_the_second("publish_at")

    def clean_unpublish_at(self) -> datetime | None:
        return self.to_the_second("unpublish_at")

    def clean_pinned_until(self) -> datetime | None:
        return self.to_the_second("pinned_until")

    def to_the_second(self, name: str) -> datetime | None:
        """A control shows minutes alone; a time left as it was keeps its seconds, and the post its place in lists."""
        sent, stored = self.cleaned_data[name], getattr(self.instance, name)
        unchanged = sent and stored and sent == stored.replace(second=0, microsecond=0)
        return stored if unchanged else sent

    def complete(self, data: dict[str, Any]) -> None:
        """Fill in what the model would, before its constraints are checked."""
        if self.instance.status == Post.Status.PUBLISHED and "publish_at" not in self.errors:
            data["publish_at"] = data.get("publish_at") or timezone.now()
        if data.get("series") and data.get("series_position") is None and "series_position" not in self.errors:
            data["series_position"] = data["series"].next_position()

    def check_byline(self, data: dict[str, Any]) -> None:
        if self.instance.pk and "author" in self.fields and not data.get("author") and "author" not in self.errors:
            self.add_error("author", ValidationError(_("Choose the author of this post."), "required"))
        elif self.asks_for_name and not data.get("author") and not data.get("display_name"):
            sentence = _("Say under which name you write: readers see it above the post.")
            self.add_error("display_name", ValidationError(sentence, "required"))

    def check_publication(self, data: dict[str, Any]) -> None:
        if not self.may_publish:
            self.add_error(None, ValidationError(_("Your account may write posts, but not publish them."), "forbidden"))
        try:
            publishing.check_ready(
                has_category=bool(data.get("categories")) or "categories" in self.errors,
                unpublish_at=data.get("unpublish_at") if self.intent is Intent.PUBLISH else None,
            )
        except ValidationError as error:
            self.add_error(None, error)

    def save(self, commit: bool = True) -> Post:
        if not self.instance.author_id:
            self.instance.author = profiles.ensure_profile(self.user, self.cleaned_data.get("display_name", ""))
        return super().save(commit)

    def _save_m2m(self) -> None:
        super()._save_m2m()
        self.instance.tags.set(self.cleaned_data["tags"])


class AuthorForm(PictureMixin, forms.ModelForm):
    picture_field = "picture"

    class Meta:
        model = Author
        fields = ["display_name", "slug", "bio", "user"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.set_picture()
        return data
