"""Pages from the folder of an export: those with `kind: page` in their front matter."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from .. import markup
from ..models import Page
from .entry import Entry
from .links import rewrite
from .plan import moment
from .report import CREATED, UNCHANGED, UPDATED, Report
from .resolver import Resolver

TAKEN = "A page has its address already, with another text. --overwrite takes the file."


class Pages:
    """A page is known by its address. One that is there is left alone, unless the file is to replace it."""

    def __init__(self, report: Report, *, overwrite: bool, rehearsal: bool) -> None:
        self.report = report
        self.overwrite = overwrite
        self.rehearsal = rehearsal

    def take(self, entry: Entry, resolver: Resolver) -> None:
        """Import one page, or report why not. Raises ValidationError when the site does not take it."""
        values = self.values(entry, resolver)
        page = Page.objects.filter(slug=entry.slug).first()
        if page and all(getattr(page, name) == value for name, value in values.items()):
            self.report.counts[UNCHANGED] += 1
            return
        if page and not self.overwrite:
            self.report.skip(entry.name, TAKEN)
            return
        self.write(page or Page(slug=entry.slug), values, entry)
        self.report.counts[UPDATED if page else CREATED] += 1

    @staticmethod
    def values(entry: Entry, resolver: Resolver) -> dict[str, Any]:
        return {
            "title": entry.title,
            "body": markup.clean_text(rewrite(markup.clean_text(entry.body), resolver)),
            "status": Page.Status.DRAFT if entry.is_draft else Page.Status.PUBLISHED,
            "language": entry.own.language,
            "translation_key": entry.own.translation_key,
            "seo_title": entry.own.seo_title,
            "seo_description": entry.own.seo_description,
        }

    def write(self, page: Page, values: dict[str, Any], entry: Entry) -> None:
        for name, value in values.items():
            setattr(page, name, value)
        page.clean_fields()
        page.clean()
        with transaction.atomic():
            page.save()
            times = {"created_at": entry.times.created, "updated_at": entry.times.updated}
            known = {name: min(moment(day), timezone.now()) for name, day in times.items() if day}
            if known:
                Page.objects.filter(pk=page.pk).update(**known)
            if self.rehearsal:
                transaction.set_rollback(True)
