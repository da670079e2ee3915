"""What posts are filed under, and who writes: their number grows more slowly than that of the posts."""

from __future__ import annotations

from dataclasses import dataclass
from math import isqrt

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from posts.models import Author, Category, CrawlerPolicy, MenuItem, Page, Series, SiteSettings, Tag

from ..language import Language

AUTHORS = 24
TOPS, CHILDREN, GRANDCHILDREN = 6, 4, 2
BATCH = 500


@dataclass(frozen=True)
class Subjects:
    """The ids of all; the commonest first, the last category is that of a few posts alone."""

    authors: list[int]
    categories: list[int]
    rare_category: int
    tags: list[int]
    series: list[int]
    users: list[int]


def make(posts: int, language: Language) -> Subjects:
    settings = SiteSettings.load()
    settings.title = "A site of some size"
    settings.crawler_policy = CrawlerPolicy.MARKDOWN
    settings.save()
    users = _users(max(posts // 100, 20))
    categories = _categories(language)
    rare = Category.objects.create(name="Rarities", parent=Category.objects.get(pk=categories[0]))
    _pages(categories)
    return Subjects(
        authors=[Author.objects.create(display_name=f"Author {number}", bio="Writes.").pk for number in range(AUTHORS)],
        categories=categories,
        rare_category=rare.pk,
        tags=_tags(12 * isqrt(posts), language),
        series=_series(max(posts // 200, 2), language),
        users=users,
    )


def _categories(language: Language) -> list[int]:
    """A tree of three levels; the popular ones stand at any of them."""
    tops = [
        Category.objects.create(name=f"{word} {number}".title()) for number, word in enumerate(language.words[:TOPS])
    ]
    children = [
        Category.objects.create(name=f"{top.name} {number}", parent=top) for number in range(CHILDREN) for top in tops
    ]
    below = [
        Category.objects.create(name=f"{child.name} {number}", parent=child)
        for number in range(GRANDCHILDREN)
        for child in children
    ]
    return [category.pk for category in (*tops, *children, *below)]


def _pages(categories: list[int]) -> None:
    for number in range(5):
        page = Page.objects.create(title=f"Page {number}", body="Words of a page.", status=Page.Status.PUBLISHED)
        MenuItem.objects.create(page=page, place="header" if number % 2 else "footer")
    MenuItem.objects.create(category_id=categories[0], place="header")


def _tags(number: int, language: Language) -> list[int]:
    names = [f"{word} {index}" if index >= 5000 else word for index, word in enumerate(language.words[:number])]
    tags = [Tag(name=name, key=Tag.key_for(name), slug=name.replace(" ", "-")) for name in names]
    return [tag.pk for tag in Tag.objects.bulk_create(tags, batch_size=BATCH)]


def _series(number: int, language: Language) -> list[int]:
    rows = [Series(title=f"{language.text(2)} {index}".capitalize(), slug=f"series-{index}") for index in range(number)]
    return [series.pk for series in Series.objects.bulk_create(rows, batch_size=BATCH)]


def _users(number: int) -> list[int]:
    """Readers with an account, and two who work at the desk."""
    model = get_user_model()
    rows = [model(username=f"reader{index}", email=f"reader{index}@example.org") for index in range(number)]
    users = [user.pk for user in model.objects.bulk_create(rows, batch_size=BATCH)]
    model.objects.create_superuser("chief", "chief@example.org", "chief")
    writer = model.objects.create_user("writer", "writer@example.org", "writer", is_staff=True)
    writer.groups.set(Group.objects.all())
    return users
