"""What a reader asks of the search: words, filters and a page, in one address each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Self
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from .converters import YearConverter
from .search import Filters
from .search.query import clean

PAGE_SIZE = 20
LAST_PAGE = 50

FILTERS = ("category", "tag", "author", "year")
NAMES = ("q", *FILTERS, "page")
SLUG = re.compile(r"[-\w]{1,120}")
YEAR = re.compile(YearConverter.regex)
PAGE = re.compile("[1-9][0-9]?")


@dataclass(frozen=True)
class Question:
    """`page` counts from 1 to LAST_PAGE. Without words nothing is asked, whatever the filters are."""

    text: str
    filters: Filters
    page: int

    @classmethod
    def of(cls, given: QueryDict) -> Self:
        """The question of an address, without what makes no sense in it."""
        text = clean(given.get("q", ""))
        if not text:
            return cls("", Filters(), 1)
        category, tag, author = (fitting(SLUG, given.get(name)) for name in ("category", "tag", "author"))
        year, page = fitting(YEAR, given.get("year")), fitting(PAGE, given.get("page"))
        filters = Filters(category, tag, author, int(year) if year else None)
        return cls(text, filters, min(int(page or 1), LAST_PAGE))

    @property
    def offset(self) -> int:
        return (self.page - 1) * PAGE_SIZE

    @property
    def chosen(self) -> dict[str, str]:
        """The filters that are set."""
        return {name: str(value) for name, value in asdict(self.filters).items() if value}

    @property
    def parameters(self) -> dict[str, str]:
        """What stands behind the question mark of the address. The first page is called by no number."""
        words = {"q": self.text} if self.text else {}
        return words | self.chosen | ({"page": str(self.page)} if self.page > 1 else {})

    @property
    def address(self) -> str:
        return address_of(self.parameters)

    def at_page(self, number: int) -> str:
        """The address of another page of the answer; "" for one before the first."""
        return self.but(page=str(number) if number > 1 else "") if number else ""

    def is_spelt_like(self, given: QueryDict) -> bool:
        """Whether an address that asks this asks it in the one way; what the search does not know is no matter."""
        asked = {name: values for name, values in given.lists() if name in NAMES}
        return asked == {name: [value] for name, value in self.parameters.items()}

    def but(self, **changes: str) -> str:
        """The address of the same question with other parameters, such as `page="2"`; an empty one is left out.

        Whatever changes else, the pages begin anew.
        """
        return address_of(self.parameters | {"page": ""} | changes)


def fitting(form: re.Pattern[str], value: str | None) -> str:
    """The value, if it has that form; else nothing."""
    return value if value and form.fullmatch(value) else ""


def address_of(parameters: Mapping[str, str]) -> str:
    query = urlencode([(name, parameters[name]) for name in NAMES if parameters.get(name)])
    return reverse("posts:search") + (f"?{query}" if query else "")
