"""Texts that say the same in several languages: posts, or pages, that share a `translation_key`.

A group is shown as far as readers may see it: what is not listed is neither linked nor counted.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from .models import Page, Post, SiteSettings
from .models.languages import own_name

# Of a group that an importer or a shell has made too large.
MAX_VERSIONS = 200

type Text = Post | Page


class Shown(Protocol):
    """A text as far as the others of its group show it."""

    @property
    def pk(self) -> int: ...

    @property
    def language(self) -> str: ...

    def get_absolute_url(self) -> str: ...


@dataclass(frozen=True)
class Version:
    """A text in one language: its address without a host, and what its language calls itself."""

    pk: int
    language: str
    url: str
    is_default: bool
    """Whether search engines shall send those to it whose language none of the versions has (x-default)."""

    @property
    def name(self) -> str:
        return own_name(self.language)


def versions(text: Text, site_language: str) -> list[Version]:
    """All listed versions of a text, by the names of their languages, itself among them if it is listed.

    None where there is no other one. Costs one query, and none for a text without a key.
    """
    if not text.translation_key:
        return []
    return versions_of_many([text], site_language).get(text.translation_key, [])


def versions_of_many(texts: Iterable[Text], site_language: str) -> dict[uuid.UUID, list[Version]]:
    """The same for many texts of one kind, by their keys; one query for all, as for a sitemap or a feed."""
    keys = {text.translation_key: type(text) for text in texts if text.translation_key}
    if not keys:
        return {}
    groups: dict[uuid.UUID, list[Text]] = {}
    for text in _listed(next(iter(keys.values()))).filter(translation_key__in=keys)[: MAX_VERSIONS * len(keys)]:
        groups.setdefault(text.translation_key, []).append(text)
    found = {key: versions_among(group, site_language) for key, group in groups.items()}
    return {key: versions for key, versions in found.items() if versions}


def _listed(model: type[Text]) -> QuerySet:
    """Who is older comes first, so that of two in one language the same one is shown everywhere."""
    texts = Post.published.listed() if model is Post else Page.published.all()
    return texts.only("slug", "language", "translation_key").order_by("pk")


def versions_among(texts: Iterable[Shown], site_language: str) -> list[Version]:
    """The listed texts of one group, the oldest first, as versions of each other; none where there is but one."""
    by_language: dict[str, Shown] = {}
    for text in texts:
        by_language.setdefault(text.language or site_language, text)
    if len(by_language) < 2:
        return []
    default = by_language.get(site_language) or next(iter(by_language.values()))
    versions = [
        Version(text.pk, language, text.get_absolute_url(), text is default) for language, text in by_language.items()
    ]
    return sorted(versions, key=lambda version: version.name)


def link(text: Text, other: Text) -> None:
    """Make the two, with all that each is linked to already, versions of one text.

    Raises ValidationError with a code: "not_alike" for a post and a page, "same_text", and "language_taken" where two
    of them would be in one language.
    """
    if type(text) is not type(other):
        raise ValidationError(_("A post is translated by a post, and a page by a page."), code="not_alike")
    if text.pk == other.pk:
        raise ValidationError(_("A text is no translation of itself. Choose another one."), code="same_text")
    with transaction.atomic():
        group = _group(text).union(_group(other))
        rows = type(text).objects.select_for_update().filter(pk__in=group).order_by("pk")
        _refuse_two_in_a_language(list(rows.only("title", "language")))
        key = text.translation_key or other.translation_key or uuid.uuid4()
        rows.update(translation_key=key)
    text.translation_key = other.translation_key = key


def unlink(text: Text) -> None:
    """Take a text out of its group; a group of one is none."""
    key, text.translation_key = text.translation_key, None
    if not key:
        return
    with transaction.atomic():
        type(text).all_objects.filter(pk=text.pk).update(translation_key=None)
        rest = type(text).all_objects.filter(translation_key=key)
        if rest.count() == 1:
            rest.update(translation_key=None)


def refuse_unfitting(text: Text, other: Text) -> None:
    """For a form, in which a text is not saved yet: raises as `link` would for the text alone."""
    if text.pk and text.pk == other.pk:
        raise ValidationError(_("A text is no translation of itself. Choose another one."), code="same_text")
    others = type(other).objects.filter(pk__in=_group(other)).exclude(pk=text.pk)
    _refuse_two_in_a_language([text, *others.only("title", "language")])


def _group(text: Text) -> set[int]:
    """The ids of the live texts that a text is linked to, and its own."""
    if not text.translation_key:
        return {text.pk}
    texts = type(text).objects.filter(translation_key=text.translation_key)
    return {text.pk, *texts.values_list("pk", flat=True)[:MAX_VERSIONS]}


def _refuse_two_in_a_language(texts: list[Text]) -> None:
    site_language = SiteSettings.load().language
    titles: dict[str, str] = {}
    for text in texts:
        language = text.language or site_language
        if language in titles:
            message = _("“%(one)s” and “%(other)s” are both in %(language)s. Give one of them another language first.")
            params = {"one": titles[language], "other": text.title, "language": own_name(language)}
            raise ValidationError(message, code="language_taken", params=params)
        titles[language] = text.title
