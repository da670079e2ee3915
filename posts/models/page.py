from __future__ import annotations

from django.core.exceptions import ValidationError
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext_lazy as _

from ..managers import AllPageManager, PageManager, PublishedPageManager, TrashedPageManager, is_published_page
from .slugged import unique_slug
from .written import Written, written_constraints


class Page(Written):
    """A page outside of time, such as About or an imprint, with an address of its own at the root of the site."""

    objects = PageManager()
    published = PublishedPageManager()
    trash = TrashedPageManager()
    all_objects = AllPageManager()

    class Meta(Written.Meta):
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["title", "pk"]
        constraints = [unique_slug("page"), *written_constraints("page")]

    @property
    def doc_id(self) -> str:
        return f"page-{self.slug}"

    @property
    def is_published(self) -> bool:
        return is_published_page(self)

    def get_absolute_url(self) -> str:
        return reverse("posts:page", args=[self.slug])

    def clean(self) -> None:
        super().clean()
        if self.slug and self.shadows_the_site(self.slug):
            message = _("The site itself uses this address. Choose a different slug.")
            raise ValidationError({"slug": ValidationError(message, code="slug_reserved")})

    def slug_is_taken(self, slug: str) -> bool:
        return self.shadows_the_site(slug) or super().slug_is_taken(slug)

    @staticmethod
    def shadows_the_site(slug: str) -> bool:
        """Whether another view answers at this page's address."""
        try:
            return resolve(f"/{slug}/").view_name != "posts:page"
        except Resolver404:
            return False
