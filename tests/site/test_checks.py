"""What `manage.py check --deploy` says about our own settings."""

import pytest
from django.core.management import call_command
from django.db import connection

from blogsite import checks
from posts import state
from posts.generation import CONTENT, SITE


@pytest.mark.parametrize(("demo", "ids"), [(True, ["blogsite.W001"]), (False, [])])
def test_a_demo_is_no_production_site(settings, demo, ids):
    settings.DEMO = demo

    assert [message.id for message in checks.check_demo_is_off()] == ids


@pytest.mark.parametrize(
    ("address", "ids"),
    [("", ["blogsite.W002"]), ("http://blog.example.org", ["blogsite.W002"]), ("https://blog.example.org", [])],
)
def test_a_production_site_has_an_address_of_its_own(settings, address, ids):
    settings.SITE_URL = address

    assert [message.id for message in checks.check_site_url()] == ids


def drop_trigger(name: str, table: str) -> None:
    of_table = f" ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{of_table}")


def replace_trigger_of_menu(event: str = "DELETE") -> None:
    """By another one of the same name, as an older version may have left."""
    name = "posts_menuitem_generation_5_update"
    drop_trigger(name, "posts_menuitem")
    action = "BEGIN SELECT 1; END" if connection.vendor == "sqlite" else f"FOR EACH ROW EXECUTE FUNCTION {name}()"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TRIGGER {name} AFTER {event} ON posts_menuitem {action}")


def of_database() -> list[str]:
    return [message.id for message in checks.check_triggers(databases=["default"])]


@pytest.mark.django_db
def test_after_a_migrate_the_database_lacks_nothing():
    assert checks.lacking_triggers() == []
    assert of_database() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("posts_post_generation_1_update", "posts_post"),
        ("comments_comment_generation_2_insert", "comments_comment"),
        ("posts_listing_lists_insert_tally", "posts_listing"),
    ],
)
def test_a_trigger_that_is_gone_is_missed(name, table):
    drop_trigger(name, table)

    assert checks.lacking_triggers() == [name]
    assert of_database() == ["blogsite.W003"]


@pytest.mark.django_db
def test_a_trigger_of_another_version_is_found():
    replace_trigger_of_menu()

    assert checks.lacking_triggers() == ["posts_menuitem_generation_5_update"]


@pytest.mark.django_db
def test_a_trigger_that_is_switched_off_is_as_good_as_none():
    if connection.vendor == "sqlite":
        pytest.skip("SQLite cannot switch one off.")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE posts_menuitem DISABLE TRIGGER USER")

    assert set(checks.lacking_triggers()) >= {"posts_menuitem_generation_5_update"}


@pytest.mark.django_db(transaction=True)
def test_migrate_puts_them_back_and_counts_what_they_may_have_missed():
    before = {count.counter: count.number for count in state.current()}
    drop_trigger("posts_post_generation_1_update", "posts_post")
    replace_trigger_of_menu()
    call_command("migrate", verbosity=0)

    assert checks.lacking_triggers() == []
    after = {count.counter: count.number for count in state.current()}
    assert all(after[counter] > before.get(counter, 0) for counter in (CONTENT, SITE))


def test_nothing_is_asked_unless_the_database_is_to_be_checked():
    assert checks.check_triggers() == []
