from django.apps import AppConfig


class BlogsiteConfig(AppConfig):
    name = "blogsite"

    def ready(self) -> None:
        from . import checks  # noqa: F401 -- importing it registers the checks
