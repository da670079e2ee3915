"""The menus in the header and the footer."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from posts.addresses import Link
from posts.models import MenuItem
from posts.ways import menus
from tests.costs import queries_of
from tests.factories import make_category, make_page

pytestmark = pytest.mark.django_db


def names(links: Iterable[Link]) -> list[str]:
    return [link.name for link in links]


def test_where_nothing_is_chosen_the_header_has_the_usual_links(rf):
    shown = menus.of(rf.get("/"))
    assert names(shown.header) == ["Archive", "Feeds"]
    assert shown.footer == ()


def test_what_is_chosen_takes_their_place_in_its_order(django_assert_num_queries):
    MenuItem.objects.create(label="Elsewhere", address="https://example.org/", position=3)
    MenuItem.objects.create(page=make_page("About"), position=1)
    MenuItem.objects.create(category=make_category("Kitchen"), label="Cooking", position=2)
    MenuItem.objects.create(page=make_page("Imprint"), place="footer")
    with django_assert_num_queries(1):
        shown = menus.load()
    assert shown.header == (
        Link("About", "/about/"),
        Link("Cooking", "/category/kitchen/"),
        Link("Elsewhere", "https://example.org/"),
    )
    assert names(shown.footer) == ["Imprint"]


def test_what_readers_may_not_see_is_in_no_menu():
    about, plans, gone, kitchen = make_page("About"), make_page("Plans"), make_page("Gone"), make_category("Kitchen")
    for target in ({"page": about}, {"page": plans}, {"page": gone}, {"category": kitchen}):
        MenuItem.objects.create(**target)
    plans.status = "draft"
    plans.save()
    gone.delete()
    kitchen.delete()
    assert names(menus.load().header) == ["About"]
    kitchen.restore()
    assert names(menus.load().header) == ["About", "Kitchen"]


def test_the_page_of_the_moment_is_marked_whatever_its_script(client):
    MenuItem.objects.create(page=make_page("Über uns", slug="über-uns"), place="footer")
    here = '<a href="/%C3%BCber-uns/" aria-current="page">Über uns</a>'
    assert here in client.get("/über-uns/").content.decode()
    assert here not in client.get("/archive/").content.decode()


@pytest.mark.parametrize(
    "address", ["/archive/", "/tag/a+b/", "/?before=x#top", "http://a.example/", "https://a.example"]
)
def test_a_path_or_a_web_address_is_taken(address):
    MenuItem(label="There", address=address).full_clean()


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "JavaScript:x", "data:text/html,x", "//evil.example/", "/\\evil.example", "mailto:a@b.c",
     "archive/", "/a b", "ftp://a.example/", "https://"],
)  # fmt: skip
def test_any_other_address_is_refused_in_a_sentence(address):
    with pytest.raises(ValidationError) as refusal:
        MenuItem(label="There", address=address).full_clean()
    assert "Give a path of this site" in refusal.value.message_dict["address"][0]


def test_an_item_has_one_target_and_an_address_a_label():
    page = make_page()
    with pytest.raises(ValidationError, match="one of the three"):
        MenuItem(page=page, category=make_category()).full_clean()
    with pytest.raises(ValidationError, match="one of the three"):
        MenuItem(label="Nowhere").full_clean()
    with pytest.raises(ValidationError, match="a label"):
        MenuItem(address="/archive/").full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        MenuItem.objects.create(page=page, label="Both", address="/archive/")


def test_an_editor_orders_and_names_the_items_in_one_list(eva):
    first, second = (MenuItem.objects.create(page=make_page(title), position=1) for title in ("About", "Imprint"))
    sent = {"form-TOTAL_FORMS": 2, "form-INITIAL_FORMS": 2, "_save": "Save"}
    for number, (item, label) in enumerate([(first, "Who we are"), (second, "")]):
        row = {"id": item.pk, "place": "header", "position": 2 - number, "label": label}
        sent |= {f"form-{number}-{name}": value for name, value in row.items()}
    eva.post("/admin/posts/menuitem/", sent)
    assert names(menus.load().header) == ["Imprint", "Who we are"]


def test_the_list_begins_with_the_header_and_names_each_field(eva):
    for place in ("footer", "header"):
        MenuItem.objects.create(place=place, page=make_page(f"In the {place}"))
    page = eva.get("/admin/posts/menuitem/").content.decode()
    assert page.index("In the header") < page.index("In the footer")
    assert page.count('aria-label="Label"') == page.count('aria-label="Position"') == 2


def test_an_editor_adds_an_item_and_is_told_what_it_replaces(eva):
    assert "usual links" in eva.get("/admin/posts/menuitem/").content.decode()
    page = make_page("About")
    assert eva.get("/admin/posts/menuitem/add/").status_code == 200
    eva.post("/admin/posts/menuitem/add/", {"place": "header", "page": page.pk, "position": 1})
    assert names(menus.load().header) == ["About"]
    answer = eva.post(
        "/admin/posts/menuitem/add/", {"place": "header", "address": "javascript:x", "label": "x", "position": 2}
    )
    assert "Give a path of this site" in answer.content.decode()


def test_an_author_has_no_business_with_menus(anna):
    assert anna.get("/admin/posts/menuitem/").status_code == 403


def test_both_menus_cost_one_query_for_any_number(client):
    few = queries_of(client, "/search/")
    for place in ("header", "footer"):
        for number in range(5):
            MenuItem.objects.create(page=make_page(f"{place} {number}"), place=place)
            MenuItem.objects.create(category=make_category(f"{place} {number}"), place=place)
    assert queries_of(client, "/search/") == few
