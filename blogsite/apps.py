from django.apps import AppConfig, apps
from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class BlogsiteConfig(AppConfig):
    name = "blogsite"

    def ready(self) -> None:
        from . import checks  # noqa: F401 -- importing it registers the checks
        from .sign_in import AdminSignInForm

        admin.site.login_form = AdminSignInForm
        # Django's own "Authentication and Authorization" is no heading for an editor's desk.
        apps.get_app_config("auth").verbose_name = _("Accounts")
