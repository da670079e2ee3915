"""Posts: whose they are, and who may do what with them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .. import publishing
from ..feeds import websub
from ..forms import PostForm
from ..models import Post, RelatedPost
from ..ways import related
from . import endpoints
from .post_list import PostList
from .written import WrittenAdmin

FOR_EDITORS = ("author", "co_authors")


@admin.register(Post)
class PostAdmin(PostList, WrittenAdmin):
    form = PostForm
    translation_field = RelatedPost._meta.get_field("other")
    autocomplete_fields = ["author", "co_authors", "categories", "series"]
    actions = ["publish_selected", "unpublish_selected", *WrittenAdmin.actions]

    def get_urls(self) -> list[URLPattern]:
        suggest = endpoints.for_script(allowed=self.may_write, a_minute=240, max_bytes=0)
        return [path("tags/", suggest(endpoints.suggest_tags), name="posts_tag_suggest"), *super().get_urls()]

    # --- Rights ------------------------------------------------------------------------------------------------------

    def restrict(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """An author works on posts of their own, written alone or with others; an editor on all."""
        if request.user.has_perm("posts.edit_others_posts"):
            return queryset
        return queryset.filter(queryset.written_by(request.user))

    def is_theirs(self, request: HttpRequest, post: Post | None) -> bool:
        """Whether they may work on it. A screen asks ten times, so the answer is kept on the row that was loaded."""
        if post is None or request.user.has_perm("posts.edit_others_posts"):
            return True
        known = vars(post).setdefault("_is_theirs", {})
        if request.user.pk not in known:
            known[request.user.pk] = self.restrict(request, Post.all_objects.filter(pk=post.pk)).exists()
        return known[request.user.pk]

    def may_publish(self, request: HttpRequest) -> bool:
        return request.user.has_perm("posts.publish_post")

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return self.may_publish(request)

    def has_change_permission(self, request: HttpRequest, obj: Post | None = None) -> bool:
        """Who may not publish may not change what is published either."""
        if not super().has_change_permission(request, obj) or not self.is_theirs(request, obj):
            return False
        return obj is None or obj.status == Post.Status.DRAFT or self.may_publish(request)

    def has_delete_permission(self, request: HttpRequest, obj: Post | None = None) -> bool:
        if not super().has_delete_permission(request, obj) or not self.is_theirs(request, obj):
            return False
        return obj is None or obj.status == Post.Status.DRAFT or self.may_publish(request)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fields = super().get_fields(request, obj)
        if request.user.has_perm("posts.edit_others_posts"):
            return fields
        return [field for field in fields if field not in FOR_EDITORS]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """To be looked at: with what the screen asks for in several places."""
        post = super().get_object(request, object_id, from_field)
        if post and request.method == "GET":
            prefetch_related_objects([post], "co_authors")
        return post

    # --- After saving ------------------------------------------------------------------------------------------------

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        related.refresh_later([form.instance])
        websub.changed(form.instance)

    # --- Many at once ------------------------------------------------------------------------------------------------

    @admin.action(description=gettext_lazy("Publish"), permissions=["publish"])
    def publish_selected(self, request: HttpRequest, queryset: QuerySet) -> None:
        done, refused = 0, []
        for post in queryset.drafts():
            try:
                with transaction.atomic():
                    publishing.publish(post)
                    self.log_step(request, post, _("Published."))
                done += 1
            except ValidationError as error:
                refused.append(f"“{post}”: {' '.join(error.messages)}")
        text = ngettext("%(number)d post is published.", "%(number)d posts are published.", done)
        self.message_user(request, text % {"number": done}, messages.SUCCESS if done else messages.WARNING)
        for sentence in refused:
            self.message_user(request, sentence, messages.WARNING)

    @admin.action(description=gettext_lazy("Unpublish"), permissions=["publish"])
    def unpublish_selected(self, request: HttpRequest, queryset: QuerySet) -> None:
        done = 0
        for post in queryset.filter(status=Post.Status.PUBLISHED):
            with transaction.atomic():
                publishing.unpublish(post)
                self.log_step(request, post, _("Unpublished."))
            done += 1
        text = ngettext("%(number)d post is a draft again.", "%(number)d posts are drafts again.", done)
        self.message_user(request, text % {"number": done}, messages.SUCCESS if done else messages.WARNING)
