"""The trash on the desk: "delete" moves there, everywhere; from there things are restored, or deleted for good."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.options import ActionLocation
from django.contrib.admin.utils import NestedObjects, model_ngettext, unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, router, transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .. import slugs
from ..forms import CleanSlugField
from ..models.slugged import SLUG_TAKEN
from .choices import SearchedChoices
from .tabs import TabFilter

STATE = "state"
TRASH = "trash"
TRASH_ACTIONS = ("restore_selected", "purge_selected")


def shows_trash(request: HttpRequest) -> bool:
    return request.GET.get(STATE) == TRASH


class TrashFilter(TabFilter):
    parameter_name = STATE

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(TRASH, _("Trash"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """What it holds: the list itself starts from the trash, see `TrashChangeList`."""
        return queryset


class TrashChangeList(ChangeList):
    """A list of live rows, or of those in the trash; never of both."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet:
        if shows_trash(request):
            self.root_queryset = self.model_admin.get_trash(request)
        return super().get_queryset(request, exclude_parameters)


class RestoreForm(forms.Form):
    """The slug under which a row comes back: its own, or a new one when another row has taken that meanwhile."""

    slug = CleanSlugField(label=gettext_lazy("New slug"), allow_unicode=True, max_length=slugs.MAX_LENGTH)

    def __init__(self, obj: Any, data: Any = None) -> None:
        super().__init__(data, initial={"slug": obj.available_slug()})
        self.obj = obj

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if self.obj.slug_is_taken(slug):
            raise ValidationError(SLUG_TAKEN, "slug_taken")
        return slug


class TrashAdmin(SearchedChoices):
    """The desk of a model that can be trashed."""

    actions = ["move_to_trash", *TRASH_ACTIONS]
    list_filter = [TrashFilter]
    show_facets = admin.ShowFacets.NEVER
    delete_confirmation_template = "admin/posts/trash_confirmation.html"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return TrashChangeList

    def restrict(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Those rows that this account may work on; here all of them."""
        return queryset

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return self.restrict(request, super().get_queryset(request))

    def get_trash(self, request: HttpRequest) -> QuerySet:
        return self.restrict(request, self.model.trash.order_by("-deleted_at", "pk"))

    def get_trashed(self, request: HttpRequest, object_id: str) -> Model:
        """One row of the trash. Raises PermissionDenied where this account sees none."""
        try:
            found = self.get_trash(request).filter(pk=unquote(object_id)).first()
        except (ValueError, OverflowError):
            found = None
        if found is None:
            raise PermissionDenied
        return found

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        """Django's answer to an unknown id; to one that lies in the trash, the way back from there."""
        with suppress(PermissionDenied):
            return HttpResponseRedirect(self.url("restore", self.get_trashed(request, object_id).pk))
        return super()._get_obj_does_not_exist_redirect(request, opts, object_id)

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view
        return [
            path("<path:object_id>/restore/", view(self.restore_view), name=f"{name}_restore"),
            path("<path:object_id>/purge/", view(self.purge_view), name=f"{name}_purge"),
            *super().get_urls(),
        ]

    def url(self, name: str, *args: Any) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}", args=args)

    def get_actions(
        self, request: HttpRequest, action_location: ActionLocation = ActionLocation.CHANGE_LIST
    ) -> dict[str, Any]:
        """The trash and the desk have different ones. Django's own deletion is in neither."""
        actions = super().get_actions(request, action_location)
        actions.pop("delete_selected", None)
        return {name: action for name, action in actions.items() if (name in TRASH_ACTIONS) == shows_trash(request)}

    def has_purge_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("posts.purge_post") and self.has_delete_permission(request, obj)

    # --- Into the trash ----------------------------------------------------------------------------------------------

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_delete_permission(request, obj):
            raise PermissionDenied
        if request.method == "POST":
            return self.trash_one(request, obj)
        context = self.page_context(request, _("Move to the trash?"), object=obj, **(extra_context or {}))
        return TemplateResponse(request, self.delete_confirmation_template, context)

    def trash_one(self, request: HttpRequest, obj: Any) -> HttpResponse:
        try:
            with transaction.atomic(using=router.db_for_write(self.model)):
                self.trash_rows(request, [obj])
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return HttpResponseRedirect(self.url("change", obj.pk))
        text = format_html(
            '{} <a href="{}">{}</a>',
            _("“%(name)s” is in the trash.") % {"name": obj},
            self.url("restore", obj.pk),
            _("Undo"),
        )
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(self.url("changelist"))

    def trash_rows(self, request: HttpRequest, rows: Iterable[Any]) -> None:
        for obj in rows:
            obj.delete()
            self.log_step(request, obj, _("Moved to the trash."))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.trash_rows(request, [obj])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        self.trash_rows(request, queryset)

    @admin.action(description=gettext_lazy("Move to the trash"), permissions=["delete"])
    def move_to_trash(self, request: HttpRequest, queryset: QuerySet) -> None:
        moved = 0
        for obj in queryset:
            try:
                if not self.has_delete_permission(request, obj):
                    raise PermissionDenied
                with transaction.atomic():
                    self.trash_rows(request, [obj])
                moved += 1
            except ValidationError as error:
                self.message_user(request, " ".join(error.messages), messages.ERROR)
        if moved:
            text = ngettext("%(number)d %(name)s is in the trash.", "%(number)d %(name)s are in the trash.", moved)
            self.message_user(request, text % self.counted(moved), messages.SUCCESS)

    # --- Out of it ---------------------------------------------------------------------------------------------------

    def restore_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What the trash holds, and the way back: with a new slug where another row has taken the old one."""
        obj = self.get_trashed(request, object_id)
        if not self.has_delete_permission(request, obj):
            raise PermissionDenied
        taken = obj.slug_is_taken(obj.slug)
        form = RestoreForm(obj, request.POST if "slug" in request.POST else None)
        if form.is_valid():
            try:
                return self.restore_one(request, obj, form.cleaned_data["slug"])
            except ValidationError as error:
                form.add_error(None, error.messages)
        context = self.page_context(request, _("In the trash"), object=obj, taken=taken, form=form)
        context["can_purge"] = self.has_purge_permission(request, obj)
        return TemplateResponse(request, "admin/posts/restore.html", context)

    def restore_one(self, request: HttpRequest, obj: Any, slug: str) -> HttpResponse:
        obj.slug = slug
        self.restore_row(request, obj)
        self.message_user(request, _("“%(name)s” is back.") % {"name": obj}, messages.SUCCESS)
        return HttpResponseRedirect(self.url("change", obj.pk))

    def restore_row(self, request: HttpRequest, obj: Any) -> None:
        """Raises ValidationError when another row stands in the way."""
        try:
            with transaction.atomic(using=router.db_for_write(self.model)):
                obj.restore()
                self.log_step(request, obj, _("Restored from the trash."))
        except IntegrityError as error:  # it came into the way just now
            raise ValidationError(SLUG_TAKEN, "slug_taken") from error

    @admin.action(description=gettext_lazy("Restore"), permissions=["delete"])
    def restore_selected(self, request: HttpRequest, queryset: QuerySet) -> None:
        restored, refused = 0, []
        for obj in queryset:
            if not self.has_delete_permission(request, obj):
                raise PermissionDenied
            try:
                self.restore_row(request, obj)
                restored += 1
            except ValidationError:
                refused.append((self.url("restore", obj.pk), obj))
        if restored:
            text = ngettext("%(number)d %(name)s is back.", "%(number)d %(name)s are back.", restored)
            self.message_user(request, text % self.counted(restored), messages.SUCCESS)
        if refused:
            links = format_html_join(", ", '<a href="{}">{}</a>', refused)
            text = format_html("{} {}", _("The slug is in use by now. Choose another one for:"), links)
            self.message_user(request, text, messages.WARNING)

    # --- For good ----------------------------------------------------------------------------------------------------

    def purge_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        obj = self.get_trashed(request, object_id)
        return self.purge(request, self.get_trash(request).filter(pk=obj.pk))

    @admin.action(description=gettext_lazy("Delete for good …"), permissions=["purge"])
    def purge_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
        return self.purge(request, queryset)

    def purge(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
        """Name what goes, and only once that is confirmed let it go."""
        if not self.has_purge_permission(request):
            raise PermissionDenied
        rows = list(queryset)
        going = NestedObjects(using=router.db_for_write(self.model))
        going.collect(rows)
        if request.POST.get("confirmed") and not going.protected:
            self.log_deletions(request, queryset)
            self.purge_rows(rows)
            text = ngettext("%(number)d %(name)s is gone.", "%(number)d %(name)s are gone.", len(rows))
            self.message_user(request, text % self.counted(len(rows)), messages.SUCCESS)
            return HttpResponseRedirect(f"{self.url('changelist')}?{STATE}={TRASH}")
        belongings = [
            (model_ngettext(model, len(group)), len(group))
            for model, group in going.model_objs.items()
            if not model._meta.auto_created
        ]
        context = self.page_context(
            request, _("Delete for good?"), rows=rows, belongings=belongings, protected=list(going.protected)
        )
        return TemplateResponse(request, "admin/posts/purge_confirmation.html", context)

    def purge_rows(self, rows: Iterable[Any]) -> None:
        with transaction.atomic(using=router.db_for_write(self.model)):
            for obj in rows:
                obj.purge()

    # --- What these views share --------------------------------------------------------------------------------------

    def counted(self, number: int) -> dict[str, Any]:
        return {"number": number, "name": model_ngettext(self.opts, number)}

    def log_step(self, request: HttpRequest, obj: Any, message: str) -> None:
        LogEntry.objects.log_actions(
            user_id=request.user.pk, queryset=[obj], action_flag=CHANGE, change_message=message, single_object=True
        )

    def page_context(self, request: HttpRequest, title: str, **context: Any) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "list_url": self.url("changelist"),
            "list_name": capfirst(self.opts.verbose_name_plural),
            "media": self.media,
            **context,
        }
