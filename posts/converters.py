"""How addresses are read."""

from django.urls import register_converter
from django.urls.converters import IntConverter


class UnicodeSlugConverter:
    """A slug of letters, digits, hyphens and underscores of any script."""

    regex = r"[-\w]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


MAX_TAGS = 4
"""How many tags an address may name at once."""


class TagsConverter:
    """The slugs of several tags: `bread+salt`."""

    regex = rf"[-\w]+(?:\+[-\w]+){{1,{MAX_TAGS - 1}}}"

    def to_python(self, value: str) -> list[str]:
        return value.split("+")

    def to_url(self, value: list[str]) -> str:
        return "+".join(value)


FIRST_YEAR = 1900
"""The first year with a page."""


class YearConverter:
    """The years of a blog. Beyond them lie only the overflows of calendars."""

    regex = r"(?:19|20)[0-9]{2}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{value:04}"


class MonthConverter:
    regex = r"0[1-9]|1[0-2]"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{value:02}"


class IdConverter(IntConverter):
    """The id of a row. Of 18 digits at most: databases do not take all numbers of more."""

    regex = "[0-9]{1,18}"


def register() -> None:
    """For the URLconfs of all applications, before any of them is read."""
    register_converter(UnicodeSlugConverter, "uslug")
    register_converter(TagsConverter, "tags")
    register_converter(YearConverter, "year")
    register_converter(MonthConverter, "month")
    register_converter(IdConverter, "id")
