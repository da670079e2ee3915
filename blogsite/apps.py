from django.apps import AppConfig
from django.contrib.auth.apps import AuthConfig
from django.utils.translation import gettext_lazy as _


class BlogsiteConfig(AppConfig):
    name = "blogsite"
    default = True  # of the two here

    def ready(self) -> None:
        from . import checks  # noqa: F401 -- importing it registers the checks


class Accounts(AuthConfig):
    """Django's accounts and groups, under a name that an editor understands."""

    verbose_name = _("Accounts")
