import pytest
from hypothesis import given
from hypothesis import strategies as st

from posts.slugs import available, slugify


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Hello, World!", "hello-world"),
        ("Announcing Rust 1.94.1", "announcing-rust-1-94-1"),
        ("Größe & Ärger", "grosse-arger"),
        ("Café — déjà vu", "cafe-deja-vu"),
        ("What's in a name?", "whats-in-a-name"),
        ("日本語の題", "日本語の題"),
        ("__init__", "init"),
        ("…", ""),
        ("", ""),
    ],
)
def test_titles_become_addresses(title, slug):
    assert slugify(title) == slug


@given(st.text(max_size=300))
def test_a_slug_is_short_lower_case_and_stable(title):
    slug = slugify(title)
    assert len(slug) <= 120
    assert slugify(slug) == slug
    assert not slug.startswith("-")
    assert not slug.endswith("-")


def test_a_long_title_is_cut_at_a_word():
    assert slugify("word " * 60, max_length=22) == "word-word-word-word"


def test_a_taken_slug_gets_a_number_within_the_length():
    taken = {"abcdef", "abcd-2"}
    assert available("abcdef", taken.__contains__, max_length=6) == "abcd-3"
