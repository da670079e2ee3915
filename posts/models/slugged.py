"""Rows with an address of their own, unique among those that are not in the trash."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .. import slugs
from .trash import Trashable

ATTEMPTS = 5
SLUG_TAKEN = _("Another entry uses this slug. Choose a different one.")


def unique_slug(model: str) -> models.UniqueConstraint:
    """The constraint that lets a trashed row's slug be used again."""
    return models.UniqueConstraint(
        fields=["slug"],
        condition=Q(deleted_at=None),
        name=f"{model}_slug_unique_when_live",
        violation_error_code="slug_taken",
        violation_error_message=SLUG_TAKEN,
    )


def not_empty(model: str, field: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=~Q(**{field: ""}), name=f"{model}_{field}_not_empty")


class Slugged(Trashable):
    """A row whose slug, when left empty, is made from its title."""

    slug = models.SlugField(
        _("slug"),
        max_length=slugs.MAX_LENGTH,
        allow_unicode=True,
        blank=True,
        db_index=False,
        help_text=_("The last part of the address. Left empty, it is made from the title."),
    )

    slug_source = "title"

    class Meta(Trashable.Meta):
        abstract = True

    def __str__(self) -> str:
        return getattr(self, self.slug_source)

    def save(self, **kwargs: Any) -> None:
        """Save; a slug made here gives way when another save takes it at the same moment."""
        if self.slug:
            super().save(**kwargs)
            return
        for attempt in range(1, ATTEMPTS + 1):
            self.slug = self.available_slug()
            try:
                with transaction.atomic():
                    super().save(**kwargs)
                return
            except IntegrityError:
                if attempt == ATTEMPTS or not self.slug_is_taken(self.slug):
                    raise

    def available_slug(self) -> str:
        """A slug from the current slug or, failing that, the title that no other live row has."""
        return slugs.available(self.wanted_slug(), self.slug_is_taken)

    def wanted_slug(self) -> str:
        return self.slug or slugs.slugify(str(self)) or str(self._meta.model_name)

    @classmethod
    def give_slugs(cls, rows: Sequence[Self]) -> None:
        """Give new rows the slugs that saving one after the other would. One query, and one for each that is taken."""
        taken = {row.wanted_slug()[: slugs.MAX_LENGTH]: False for row in rows}
        found = cls._default_manager.filter(slug__in=list(taken)).values_list("slug", flat=True)
        taken.update(dict.fromkeys(found, True))
        for row in rows:
            row.slug = slugs.available(row.wanted_slug(), partial(row.is_taken_beside, taken))
            taken[row.slug] = True

    def is_taken_beside(self, known: dict[str, bool], slug: str) -> bool:
        """`slug_is_taken`, asked of the database for what is not known yet."""
        if slug not in known:
            known[slug] = self.slug_is_taken(slug)
        return known[slug]

    def slug_is_taken(self, slug: str) -> bool:
        return type(self)._default_manager.filter(slug=slug).exclude(pk=self.pk).exists()

    def restored_fields(self) -> list[str]:
        return [*super().restored_fields(), "slug"]

    def clean(self) -> None:
        """Fill an empty slug, and refuse one that is in use.

        A form leaves `deleted_at` out, and Django then skips the conditional constraint; hence the check here.
        """
        super().clean()
        if not self.slug and str(self):
            self.slug = self.available_slug()
        if self.slug and not self.is_trashed and self.slug_is_taken(self.slug):
            raise ValidationError({"slug": ValidationError(SLUG_TAKEN, code="slug_taken")})

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """A slug that is still empty waits for the title, whose absence is refused in words of its own."""
        super().validate_constraints({*(exclude or ()), *([] if self.slug else ["slug"])})
