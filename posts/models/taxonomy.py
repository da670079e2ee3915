"""How posts are sorted: categories by the editor's plan, tags as they come."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _
from taggit.managers import _TaggableManager
from taggit.models import ItemBase, TagBase
from taggit.utils import require_instance_manager

from .. import markup, slugs
from ..addresses import path_to
from ..managers import AllManager, LiveManager, TrashManager
from .slugged import Slugged, not_empty, unique_slug


class Category(Slugged):
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), blank=True, max_length=2000)
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="children", verbose_name=_("parent")
    )

    objects = LiveManager()
    trash = TrashManager()
    all_objects = AllManager()

    slug_source = "name"

    class Meta(Slugged.Meta):
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["name", "pk"]
        constraints = [unique_slug("category"), not_empty("category", "slug"), not_empty("category", "name")]

    def get_absolute_url(self) -> str:
        return path_to("posts:category", self.slug)

    def clean(self) -> None:
        super().clean()
        if self.pk and self.parent_id and self.parent_id in self.family():
            message = _("A category cannot stand below itself. Choose another parent.")
            raise ValidationError({"parent": ValidationError(message, code="parent_loop")})

    def family(self) -> list[int]:
        """The ids of this category and of all live ones below it, in one query at any depth."""
        children: dict[int | None, list[int]] = {}
        for child, parent in Category.objects.order_by().values_list("pk", "parent_id"):
            children.setdefault(parent, []).append(child)
        found, queue = {self.pk: None}, [self.pk]
        while queue:
            below = [child for child in children.get(queue.pop(), []) if child not in found]
            found.update(dict.fromkeys(below))
            queue.extend(below)
        return list(found)


class LiveTagManager(LiveManager["Tag"]):
    def get_by_natural_key(self, pk: int) -> Tag:
        """For `loaddata`: any tag, since several in the trash may have one name."""
        return Tag.all_objects.get(pk=pk)

    def named(self, names: Iterable[str]) -> dict[str, Tag]:
        """The tag of each name, by the name; what is new is made. One query for the known, a few for the new."""
        keys = {name: Tag.key_for(name) for name in names if Tag.normalise(name)}
        known = {tag.key: tag for tag in self.filter(key__in=set(keys.values()))}
        new: dict[str, str] = {}
        for name, key in keys.items():
            if key not in known:
                new.setdefault(key, Tag.normalise(name))
        if new:
            known |= self.made(new)
        return {name: known[key] for name, key in keys.items()}

    def made(self, names: dict[str, str]) -> dict[str, Tag]:
        """New tags of these names by their keys, in that order; those that somebody else makes meanwhile are found."""
        tags = [Tag(name=name) for name in names.values()]
        for tag in tags:
            tag.fill_in()
        Tag.give_slugs(tags)
        try:
            with transaction.atomic():
                self.bulk_create(tags)
        except IntegrityError:
            return {key: self.get_or_create(key=key, defaults={"name": name})[0] for key, name in names.items()}
        return dict(zip(names, tags, strict=True))


class Tag(Slugged, TagBase):  # type: ignore[django-manager-missing]  # taggit's tables are not typed
    """A tag, one for all spellings of a name: "Django", " django " and full-width "Ｄjango" are the same."""

    name = models.CharField(_("name"), max_length=100)
    key = models.CharField(max_length=200, editable=False)

    objects = LiveTagManager()
    trash = TrashManager()
    all_objects = AllManager()

    slug_source = "name"

    class Meta(Slugged.Meta):
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name", "pk"]
        constraints = [
            unique_slug("tag"),
            not_empty("tag", "slug"),
            not_empty("tag", "name"),
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(deleted_at=None), name="tag_key_unique_when_live"
            ),
        ]

    # Names whose point is the sign that a slug leaves out.
    SPECIAL_SLUGS = {"c++": "cpp", "c#": "csharp", "f#": "fsharp", ".net": "dotnet"}

    @staticmethod
    def normalise(name: str) -> str:
        """The name as it is kept: NFKC, single blanks, none around it, and no letters that nobody can see."""
        return markup.clean_line(unicodedata.normalize("NFKC", markup.clean_line(name)))

    @classmethod
    def key_for(cls, name: str) -> str:
        """Normalised once more at the end, as it is kept: the ΐ of "Μαΐου" folds into three characters."""
        return cls.normalise(cls.normalise(name).casefold())

    def clean_fields(self, exclude: Any = None) -> None:
        """Measure the name as it is kept: some characters are eighteen once they are normalised."""
        self.name = self.normalise(self.name)
        super().clean_fields(exclude=exclude)

    def fill_in(self) -> None:
        self.name = self.normalise(self.name)
        self.key = self.key_for(self.name)

    def save(self, **kwargs: Any) -> None:
        self.fill_in()
        # TagBase.save() makes slugs by a rule of its own; Slugged's is the house's.
        super().save(**kwargs)

    def wanted_slug(self) -> str:
        unsluggable = f"tag-{hashlib.sha256(self.name.encode()).hexdigest()[:6]}"
        return self.slug or self.SPECIAL_SLUGS.get(self.name.casefold()) or slugs.slugify(self.name) or unsluggable

    def natural_key(self) -> tuple[int]:
        """Not taggit's, which is the name."""
        return (self.pk,)

    def get_absolute_url(self) -> str:
        return path_to("posts:tag", self.slug)


class TaggedPost(ItemBase):
    content_object = models.ForeignKey("posts.Post", models.CASCADE, related_name="+")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="items")

    class Meta:
        verbose_name = _("tag of a post")
        verbose_name_plural = _("tags of posts")
        constraints = [models.UniqueConstraint(fields=["content_object", "tag"], name="tagged_post_once")]


class TagManager(_TaggableManager):
    """taggit's manager, which finds and links any number of known tags with a query each for all of them."""

    @require_instance_manager
    def add(self, *tags: Tag | str, tag_kwargs: dict | None = None, **_: Any) -> None:
        self._remove_prefetched_objects()
        found = self._to_tag_model_instances(tags, tag_kwargs or {})
        links = [TaggedPost(content_object=self.instance, tag=tag) for tag in found]
        TaggedPost.objects.bulk_create(links, ignore_conflicts=True)

    @require_instance_manager
    def set(self, tags: Iterable[Tag | str], **_: Any) -> None:
        """Give the post these tags and no others; a tag in the trash keeps its posts, for the day it is restored."""
        found = self._to_tag_model_instances(tags, {})
        kept = models.Q(tag__in=found) | models.Q(tag__deleted_at__isnull=False)
        TaggedPost.objects.filter(content_object=self.instance).exclude(kept).delete()
        self.add(*found)

    def _to_tag_model_instances(self, tags: Iterable[Tag | str], tag_kwargs: dict) -> list[Tag]:
        wanted = list(tags)
        known = Tag.objects.named(tag for tag in wanted if isinstance(tag, str))
        found = (known.get(tag) if isinstance(tag, str) else tag for tag in wanted)
        return list(dict.fromkeys(tag for tag in found if tag))
