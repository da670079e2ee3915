from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class PostsConfig(AppConfig):
    name = "posts"
    verbose_name = _("Writing")

    def ready(self) -> None:
        from . import converters, lists, triggers, watches
        from .search import tables

        converters.register()
        post_migrate.connect(watches.watch, sender=self)
        post_migrate.connect(tables.install, sender=self)
        pre_migrate.connect(triggers.make_way, sender=self)
        pre_migrate.connect(lists.make_way, sender=self)
        post_migrate.connect(lists.install, sender=self)
