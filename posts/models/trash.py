"""Rows that can be thrown away and brought back.

Each trashable model declares three managers of `posts.managers`: `objects`, `trash` and `all_objects`.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from .cleaned import Cleaned


class Trashable(Cleaned):
    """A row that `delete()` moves to the trash, `restore()` brings back and `purge()` ends."""

    deleted_at = models.DateTimeField(_("in the trash since"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True
        base_manager_name = "all_objects"

    @property
    def is_trashed(self) -> bool:
        return self.deleted_at is not None

    def delete(self, **kwargs: Any) -> tuple[int, dict[str, int]]:  # type: ignore[override]  # nothing to choose here
        """Move this row to the trash."""
        result = type(self)._default_manager.filter(pk=self.pk).delete()
        self.refresh_from_db(fields=["deleted_at"])
        return result

    delete.alters_data = True  # type: ignore[attr-defined]  # Django's mark against calls from templates

    def restore(self) -> None:
        """Take this row out of the trash.

        Raises ValidationError with code "slug_taken" when a live row has its slug by now; set another and try again.
        """
        self.deleted_at = None
        try:
            self.validate_constraints()
        except ValidationError:
            self.refresh_from_db(fields=["deleted_at"])
            raise
        self.save(update_fields=self.restored_fields())

    restore.alters_data = True  # type: ignore[attr-defined]  # as above

    def restored_fields(self) -> list[str]:
        return ["deleted_at"]

    def purge(self) -> tuple[int, dict[str, int]]:
        """Delete this row for good, with what belongs to it."""
        return super().delete()

    purge.alters_data = True  # type: ignore[attr-defined]  # as above
