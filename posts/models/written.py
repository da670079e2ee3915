"""What posts and pages share: a title, a Markdown body, and what is rendered from it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from markdownx.models import MarkdownxField

from .. import markup
from .image import Image
from .languages import languages
from .slugged import Slugged

RENDERED_FIELDS = ("body_html", "toc", "excerpt", "word_count", "reading_minutes")


def picture_of(src: str) -> markup.Picture | None:
    """What there is of a picture that this site keeps, by its address; None for any other."""
    root = default_storage.url("")
    if not src.startswith(root):
        return None
    image = Image.objects.filter(file=src.removeprefix(root)).first()
    return image.picture if image else None


def labels(language: str) -> markup.Labels:
    """What rendering adds to a text in a language: words and quotation marks. An empty one is that of the moment."""
    language = language or translation.get_language() or settings.LANGUAGE_CODE
    with translation.override(language):
        return _labels(markup.quotes_of(language))


def _labels(quotes: markup.Quotes) -> markup.Labels:
    return markup.Labels(
        quotes=quotes,
        section=gettext("Link to this section: {}"),
        table=gettext("Table {}"),
        footnotes=gettext("Footnotes"),
        footnote=gettext("Footnote {}"),
        footnote_back=gettext("Back to the text of footnote {}"),
        done=gettext("Done"),
        to_do=gettext("To do"),
        details=gettext("Details"),
        watch=gettext("Watch on {}"),
        listen=gettext("Listen on {}"),
        load_video=gettext("Load the video from {}"),
        load_recording=gettext("Load the recording from {}"),
        alerts={
            "note": gettext("Note"),
            "tip": gettext("Tip"),
            "important": gettext("Important"),
            "warning": gettext("Warning"),
            "caution": gettext("Caution"),
        },
    )


class Written(Slugged):
    """A row with a body, rendered when it is saved and never when it is read."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")

    title = models.CharField(_("title"), max_length=200)
    body = MarkdownxField(_("text"), blank=True, validators=[MaxLengthValidator(markup.MAX_BODY_LENGTH)])
    body_html = models.TextField(editable=False, blank=True)
    toc = models.JSONField(editable=False, default=list, blank=True)
    excerpt = models.TextField(editable=False, blank=True)
    word_count = models.PositiveIntegerField(editable=False, default=0)
    reading_minutes = models.PositiveIntegerField(editable=False, default=0)
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.DRAFT)
    language = models.CharField(
        _("language"), max_length=16, choices=languages, blank=True, help_text=_("Left empty, the site's.")
    )
    # Texts that say the same in several languages have one key.
    translation_key = models.UUIDField(null=True, editable=False, db_index=True)
    seo_title = models.CharField(_("title for search engines"), max_length=200, blank=True)
    seo_description = models.CharField(_("description for search engines"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)
    version = models.PositiveIntegerField(editable=False, default=0)

    class Meta(Slugged.Meta):
        abstract = True

    @property
    def html(self) -> SafeString:
        return markup.stored(self.body_html)

    @property
    def head_title(self) -> str:
        """What the head of its page calls it: for search engines, tabs, and where it is shared."""
        return self.seo_title or self.title

    @property
    def doc_id(self) -> str:
        """What keeps the footnotes of two bodies on one page apart."""
        raise NotImplementedError

    def render(self, picture_of: markup.PictureOf = picture_of) -> None:
        """Fill the rendered fields from the body."""
        rendered = markup.render(self.body, doc_id=self.doc_id, picture_of=picture_of, labels=labels(self.language))
        self.body_html = rendered.html
        self.toc = rendered.toc
        self.excerpt = rendered.excerpt
        self.word_count = rendered.word_count
        self.reading_minutes = rendered.reading_minutes

    def revise(self, picture_of: markup.PictureOf = picture_of) -> None:
        """Render the body as it is now, as another version."""
        self.body = markup.clean_text(self.body)
        self.render(picture_of)
        self.version += 1

    def save(self, *, update_fields: Any = None, **kwargs: Any) -> None:
        """Revise and save; with `update_fields`, revise only when what is rendered is among them."""
        if update_fields is None or not {"body", "language"}.isdisjoint(update_fields):
            self.revise()
            if update_fields is not None:
                update_fields = {*update_fields, *RENDERED_FIELDS, "version", "updated_at"}
        super().save(update_fields=update_fields, **kwargs)


def written_constraints(model: str) -> list[models.CheckConstraint]:
    """What always holds for a row with a body."""
    return [
        models.CheckConstraint(condition=~Q(title=""), name=f"{model}_title_not_empty"),
        models.CheckConstraint(condition=~Q(slug=""), name=f"{model}_slug_not_empty"),
        models.CheckConstraint(condition=Q(status__in=Written.Status.values), name=f"{model}_status_known"),
    ]
