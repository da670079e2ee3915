"""The ornaments beside the names of those who comment."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.avatars import DIGITS, digits_of, draw
from tests.factories import make_author, make_comment, make_image, make_post, make_staff

DIGIT_STRINGS = st.text("0123456789abcdef", min_size=DIGITS, max_size=DIGITS)
PICTURE = re.compile(r'<img class="avatar" src="([^"]+)" alt="" width="\d+" height="\d+" loading="lazy"')


@given(DIGIT_STRINGS)
def test_every_ornament_is_well_formed_and_of_shapes_alone(digits):
    root = ElementTree.fromstring(draw(digits))
    assert (root.get("width"), root.get("height")) == ("64", "64")
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert names <= {"svg", "g", "path", "circle"}
    attributes = {name for element in root.iter() for name in element.attrib}
    assert not [name for name in attributes if name == "style" or name.startswith("on") or "href" in name]


def test_the_same_person_has_the_same_ornament_and_others_have_their_own():
    people = [digits_of(f"reader-{number}@example.org", "Ada") for number in range(50)]
    assert people[0] == digits_of("reader-0@example.org", "Somebody else")
    assert len({draw(digits) for digits in people}) > 45


def test_a_name_is_no_address():
    assert digits_of("", "Ada") == digits_of("", "ADA")
    assert digits_of("", "ada@example.org") != digits_of("ada@example.org", "Ada")


def test_an_ornament_tells_nobody_an_address(settings):
    before = digits_of("ada@example.org", "")
    settings.SECRET_KEY = "another"
    assert digits_of("ada@example.org", "") != before


@pytest.mark.django_db
def test_it_is_served_to_be_kept_and_costs_no_query(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/avatars/0123456789abcdef.svg")
    assert response.status_code == 200
    assert response["Content-Type"] == "image/svg+xml"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert not response.cookies
    assert not response.has_header("Vary") or "Cookie" not in response["Vary"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["0123456789abcdeg.svg", "0123456789ABCDEF.svg", "0123.svg", "0123456789abcdef0.svg", "0123456789abcdef"]
)
def test_anything_else_is_missing(client, name):
    assert client.get(f"/avatars/{name}").status_code == 404


@pytest.mark.django_db
def test_nobody_changes_one(client):
    assert client.post("/avatars/0123456789abcdef.svg").status_code == 405


@pytest.mark.django_db
def test_each_comment_shows_its_writer_s(client):
    post = make_post()
    make_comment(post, email="ada@example.org")
    make_comment(post, author_name="Bo")
    page = client.get(post.get_absolute_url()).content.decode()
    assert PICTURE.findall(page) == [
        f"/avatars/{digits_of('ada@example.org', '')}.svg",
        f"/avatars/{digits_of('', 'Bo')}.svg",
    ]


@pytest.mark.django_db
def test_an_author_of_the_post_is_shown_by_their_portrait(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    author = make_author(user=make_staff(), picture=make_image())
    post = make_post(author=author)
    make_comment(post, user=author.user)
    page = client.get(post.get_absolute_url()).content.decode()
    assert PICTURE.findall(page) == [author.picture.file.url]
