"""Parts of forms, each a subject of its own: a picture, a recording, and the versions of a text."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import translations
from .files import images, recordings, upload_tokens
from .models import Audio, Image, Page, Post
from .widgets import PictureInput, RecordingInput

FOR_CHOICE = ("title", "slug", "language", "translation_key")


class PictureMixin(forms.Form):
    """A picture that comes as a file, or that the editor's script has sent ahead and names by its token.

    Once a picture has arrived it is kept, so that an error elsewhere in the form does not lose it.
    """

    picture_field: str
    """The name of the row's field that holds it."""

    upload = forms.FileField(
        label=gettext_lazy("Choose a picture"),
        required=False,
        widget=PictureInput,
    )
    upload_token = forms.CharField(required=False, widget=forms.HiddenInput)
    remove_picture = forms.BooleanField(label=gettext_lazy("Remove the picture"), required=False)

    user: Any
    instance: Any

    def clean_upload(self) -> Image | None:
        sent = self.cleaned_data["upload"]
        if sent and not self.user.has_perm("posts.add_image"):
            raise ValidationError(_("Your account may not add pictures."), "forbidden")
        return images.keep(sent, uploaded_by=self.user) if sent else None

    def set_picture(self) -> None:
        data = self.cleaned_data
        picture = data.get("upload") or upload_tokens.image_for(data.get("upload_token") or "")
        if picture:
            setattr(self.instance, self.picture_field, picture)
        elif data.get("remove_picture"):
            setattr(self.instance, self.picture_field, None)

    @property
    def picture(self) -> Image | None:
        return getattr(self.instance, self.picture_field)

    @property
    def picture_token(self) -> str:
        """What names the picture of a form that comes back with errors."""
        return upload_tokens.sign(self.picture) if self.is_bound and self.picture else ""


class RecordingMixin(forms.Form):
    """A recording that comes as a file. Once it has arrived it is kept: an error elsewhere does not lose it."""

    recording = forms.FileField(label=gettext_lazy("Recording"), required=False, widget=RecordingInput)
    recording_token = forms.CharField(required=False, widget=forms.HiddenInput)
    remove_recording = forms.BooleanField(label=gettext_lazy("Remove the recording"), required=False)

    user: Any
    instance: Post

    def clean_recording(self) -> Audio | None:
        sent = self.cleaned_data["recording"]
        if sent and not self.user.has_perm("posts.add_audio"):
            raise ValidationError(_("Your account may not add recordings."), "forbidden")
        return recordings.keep(sent, uploaded_by=self.user) if sent else None

    def set_recording(self) -> None:
        data = self.cleaned_data
        audio = data.get("recording") or upload_tokens.audio_for(data.get("recording_token") or "")
        if audio:
            self.instance.audio = audio
        elif data.get("remove_recording"):
            self.instance.audio = None

    @property
    def audio_token(self) -> str:
        """What names the recording of a form that comes back with errors."""
        return upload_tokens.sign(self.instance.audio) if self.is_bound and self.instance.audio else ""


class TranslationMixin(forms.Form):
    """Which other text says the same in another language."""

    translation_of = forms.ModelChoiceField(
        label=gettext_lazy("Another version of this text"),
        queryset=Post.objects.none(),
        required=False,
        help_text=gettext_lazy("Readers are led from one language to the other, and search engines know them as one."),
    )

    user: Any
    instance: Post | Page
    translation_widget: forms.Select | None = None
    """How the other text is found; set by the admin on the class that it makes for one request."""

    def prepare_translation(self) -> None:
        field = cast("forms.ModelChoiceField", self.fields["translation_of"])
        if self.translation_widget:
            field.widget = self.translation_widget
        linked = self.linked()
        field.queryset = self.choosable(linked)
        self.was_linked_to = linked.order_by("pk").first()
        self.initial["translation_of"] = self.was_linked_to and self.was_linked_to.pk

    def linked(self) -> QuerySet:
        """The other versions, as far as they are not in the trash."""
        texts = type(self.instance).objects.only(*FOR_CHOICE)
        key = self.instance.translation_key
        return texts.filter(translation_key=key).exclude(pk=self.instance.pk) if key else texts.none()

    def choosable(self, linked: QuerySet) -> QuerySet:
        """What this account may edit, and what is linked already."""
        if isinstance(self.instance, Page):
            return Page.objects.only(*FOR_CHOICE)
        posts = Post.objects.only(*FOR_CHOICE)
        if self.user.has_perm("posts.edit_others_posts"):
            return posts
        return posts.filter(Q(pk__in=linked.values("pk")) | posts.written_by(self.user))

    def check_translation(self, data: dict[str, Any]) -> None:
        other = data.get("translation_of")
        if not other or "language" in self.errors:
            return
        self.instance.title, self.instance.language = data.get("title") or "", data.get("language") or ""
        try:
            translations.refuse_unfitting(self.instance, other)
        except ValidationError as error:
            self.add_error("translation_of", error)

    def save_translation(self) -> None:
        """Link what was chosen, once the text itself is saved."""
        other = self.cleaned_data["translation_of"]
        if other and other in self.linked():
            return
        if self.was_linked_to:
            translations.unlink(self.instance)
        if other:
            translations.link(self.instance, other)
