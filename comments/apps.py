from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CommentsConfig(AppConfig):
    name = "comments"
    verbose_name = _("Conversation")

    def ready(self) -> None:
        from . import generation

        post_migrate.connect(generation.watch, sender=self)
