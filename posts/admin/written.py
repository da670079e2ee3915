"""The writing screen, for posts and pages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey, Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from markdownx.models import MarkdownxField

from ..files import images
from ..forms import Intent, WrittenForm
from ..models.written import Written
from ..widgets import BodyWidget, module
from . import endpoints
from .addresses import AddressedAdmin
from .choices import SearchedSelect
from .states import state_in_words

FRAMED_CSP = settings.SECURE_CSP | {"frame-ancestors": [CSP.SELF]}


class WrittenAdmin(AddressedAdmin):
    """One screen to write in, with a preview beside it; the server decides what each button means."""

    form: type[WrittenForm]
    translation_field: ForeignKey
    """Any relation to texts of this kind: what Django's search for choices asks for."""
    formfield_overrides = AddressedAdmin.formfield_overrides | {MarkdownxField: {"widget": BodyWidget}}
    change_form_template = "admin/posts/editor.html"
    add_form_template = "admin/posts/editor.html"
    preview_template = "admin/posts/preview.html"

    class Media:
        js = [module(name) for name in ("editor-panes", "editor-backup", "editor-cover", "publish-button")]

    # --- Addresses ---------------------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        preview = endpoints.for_script(
            allowed=self.may_write, a_minute=240, max_bytes=settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        )
        upload = endpoints.for_script(allowed=self.may_upload, a_minute=60, max_bytes=endpoints.max_upload_bytes())
        frame = self.admin_site.admin_view(self.preview_frame_view)
        return [
            path("preview/", preview(endpoints.preview), name=f"{name}_preview"),
            path("upload/", upload(endpoints.upload), name=f"{name}_upload"),
            path("preview/frame/", csp_override(FRAMED_CSP)(xframe_options_sameorigin(frame)), name=f"{name}_frame"),
            *super().get_urls(),
        ]

    def may_write(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) or self.has_change_permission(request)

    def may_upload(self, request: HttpRequest) -> bool:
        return self.may_write(request) and request.user.has_perm("posts.add_image")

    def preview_frame_view(self, request: HttpRequest) -> HttpResponse:
        """The public page without a text; the editor's script fills it in."""
        if not self.may_write(request):
            raise PermissionDenied
        return TemplateResponse(request, self.preview_template)

    # --- Rights ------------------------------------------------------------------------------------------------------

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The writing screen is for who may write; all others read on the site."""
        return self.has_change_permission(request, obj) if obj else super().has_view_permission(request)

    def may_publish(self, request: HttpRequest) -> bool:
        return self.may_write(request)

    # --- The form ----------------------------------------------------------------------------------------------------

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[WrittenForm]:
        form = super().get_form(request, obj, change, **kwargs)
        form.user = request.user
        form.translation_widget = SearchedSelect(self.translation_field, self.admin_site)
        return form

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return list(self.form.Meta.fields)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Model | None:
        """The row; locked while it is being saved, so that of two editors one sees the other's version."""
        obj = super().get_object(request, object_id, from_field)
        if obj and request.method == "POST" and request.resolver_match.url_name.endswith("_change"):
            return self.model.objects.select_for_update().filter(pk=obj.pk).first()
        return obj

    def render_change_form(self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any) -> HttpResponse:
        context["editor"] = self.editor_context(request, context["adminform"].form, context["original"])
        return super().render_change_form(request, context, *args, **kwargs)

    def editor_context(self, request: HttpRequest, form: WrittenForm, original: Any) -> dict[str, Any]:
        """What the writing screen says and offers: names of its addresses, buttons and state."""
        is_draft = form.was_status == Written.Status.DRAFT
        return {
            "is_draft": is_draft,
            "may_publish": self.may_publish(request),
            "may_trash": bool(original) and self.has_delete_permission(request, original),
            "may_upload": self.may_upload(request),
            "may_record": request.user.has_perm("posts.add_audio"),
            "state": state_in_words(original) if original else _("New"),
            "list_url": self.url("changelist"),
            "trash_url": self.url("delete", original.pk) if original else "",
            "public_url": original.get_absolute_url() if original else "",
            "preview_url": self.url("preview"),
            "frame_url": self.url("frame"),
            "upload_url": self.url("upload"),
            "media_types": images.MEDIA_TYPES,
            "is_public": form.was_published,
            "newer": self.who_saved_last(original) if form.is_bound and form.is_stale else None,
            "stored_version": form.stored_version,
        }

    def who_saved_last(self, obj: Model) -> LogEntry | None:
        entries = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(obj, for_concrete_model=False), object_id=str(obj.pk)
        )
        return entries.select_related("user").order_by("-action_time", "-pk").first()

    # --- After saving ------------------------------------------------------------------------------------------------

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return self.saved(request, obj)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self.saved(request, obj)

    def saved(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Back to the text, with a word on what is now; to a script that saves in the background, the same as JSON."""
        if request.headers.get("Accept") == "application/json":
            return JsonResponse({"version": obj.version, "state": state_in_words(obj)})
        self.message_user(request, saved_message(Intent.of(request.POST), obj), messages.SUCCESS, extra_tags="saved")
        return HttpResponseRedirect(self.url("change", obj.pk))

    def had_readers(self, form: Any) -> bool:
        return form.was_published


def saved_message(intent: Intent, obj: Any) -> str:
    if intent is Intent.UNPUBLISH:
        return _("Taken back: readers no longer see it.")
    if intent is Intent.PUBLISH:
        return state_in_words(obj) + "."
    return _("Saved.")
