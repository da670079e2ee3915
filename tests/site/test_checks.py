"""What `manage.py check --deploy` says about our own settings."""

import pytest

from blogsite import checks


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
