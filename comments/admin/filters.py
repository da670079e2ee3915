"""What the queue shows: one of its tabs; and within it the comments on a post, from an e-mail address or a network."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from posts import markup
from posts.admin.counting import counts, in_digits
from posts.admin.lookups import is_id
from posts.admin.tabs import TabFilter

from ..managers import CommentQuerySet
from ..models import Comment


class QueueFilter(TabFilter):
    """Which comments the list shows. Without a choice: those that wait."""

    without_choice = Comment.Status.PENDING.label
    parameter_name = "show"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("approved", Comment.Status.APPROVED.label),
            ("spam", Comment.Status.SPAM.label),
            ("all", _("All")),
            ("trash", _("Trash")),
        ]

    @property
    def tabs(self) -> Iterator[dict[str, Any]]:
        everything = Comment.all_objects.all()
        numbers = counts(*(self.choose(everything, name) for name in ("", "approved", "spam", "trash")))
        numbers.insert(3, sum(numbers[:3]))
        for tab, number in zip(super().tabs, numbers, strict=True):
            yield tab | {"number": in_digits(number) if number else ""}

    def queryset(self, request: HttpRequest, queryset: CommentQuerySet) -> CommentQuerySet:
        return self.choose(queryset, self.value())

    @staticmethod
    def choose(comments: CommentQuerySet, name: str | None) -> CommentQuerySet:
        choices: dict[str | None, Callable[[], CommentQuerySet]] = {
            "approved": comments.approved,
            "spam": comments.spam,
            "all": comments.live,
            "trash": comments.trashed,
        }
        return choices.get(name, comments.pending)()


class AboutFilter(admin.SimpleListFilter):
    """What all comments of the list have in common; each comment links there."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        value = self.used_parameters.get(self.parameter_name, "")
        return self.found(value) if value else []

    def found(self, value: str) -> list[tuple[str, str]]:
        """The value as it is looked up, and as it is shown; or nothing, where it can be none."""
        raise NotImplementedError

    @property
    def sought(self) -> str:
        return self.lookup_choices[0][0] if self.lookup_choices else ""

    @property
    def subject(self) -> str:
        """What the template says beside the search."""
        return self.lookup_choices[0][1] if self.lookup_choices else ""


class PostFilter(AboutFilter):
    title = gettext_lazy("post")
    parameter_name = "post"

    def found(self, value: str) -> list[tuple[str, str]]:
        comments = Comment.all_objects.filter(post=value) if is_id(value) else Comment.all_objects.none()
        return [(str(pk), title) for pk, title in comments.order_by().values_list("post", "post__title")[:1]]

    def queryset(self, request: HttpRequest, queryset: CommentQuerySet) -> CommentQuerySet:
        return queryset.filter(post=self.sought) if self.sought else queryset


class EmailFilter(AboutFilter):
    title = gettext_lazy("e-mail")
    parameter_name = "email"

    def found(self, value: str) -> list[tuple[str, str]]:
        email = markup.clean_line(value).lower()
        return [(email, email)] if email else []

    def queryset(self, request: HttpRequest, queryset: CommentQuerySet) -> CommentQuerySet:
        return queryset.filter(email=self.sought).exclude(email="") if self.sought else queryset


class NetworkFilter(AboutFilter):
    title = gettext_lazy("network")
    parameter_name = "network"

    def found(self, value: str) -> list[tuple[str, str]]:
        try:
            network = str(ipaddress.ip_network(value.strip(), strict=False))
        except ValueError:
            return []
        return [(network, network)]

    def queryset(self, request: HttpRequest, queryset: CommentQuerySet) -> CommentQuerySet:
        """By an index of those whose address is still known: it is erased, after a while, with its network."""
        return queryset.filter(address_range=self.sought).exclude(address_hash="") if self.sought else queryset
