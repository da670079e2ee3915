"""Old addresses lead to new ones."""

import pytest
from django.contrib.redirects.models import Redirect

from posts.redirects import leave_forwarding_address
from tests.factories import make_post

pytestmark = pytest.mark.django_db


def forwarded() -> dict[str, str]:
    return dict(Redirect.objects.values_list("old_path", "new_path"))


def test_a_reader_is_sent_on(client):
    post = make_post(slug="rye")
    leave_forwarding_address("/posts/bread/", post.get_absolute_url())
    response = client.get("/posts/bread/")
    assert (response.status_code, response.headers["Location"]) == (301, "/posts/rye/")


def test_a_second_move_leads_straight_to_the_end():
    leave_forwarding_address("/a/", "/b/")
    leave_forwarding_address("/b/", "/c/")
    assert forwarded() == {"/a/": "/c/", "/b/": "/c/"}


def test_a_move_back_goes_in_no_circle():
    leave_forwarding_address("/a/", "/b/")
    leave_forwarding_address("/b/", "/a/")
    assert forwarded() == {"/b/": "/a/"}


def test_an_address_that_is_too_long_is_left_alone():
    leave_forwarding_address("/posts/" + "%E6%97%A5" * 40 + "/", "/b/")
    assert forwarded() == {}
