"""What may be concluded from how far a database has counted, and from the posts that it names."""

import pytest

from posts import surroundings
from posts.triggers import ALL_POSTS


@pytest.mark.parametrize(("since", "now", "are_told"), [(3, 4, True), (3, 30, True), (4, 3, False), (3, 3, False)])
def test_a_database_that_counts_no_further_tells_nothing_of_what_was(since, now, are_told):
    assert surroundings.are_told(since, now) is are_told


@pytest.mark.parametrize(
    ("posts", "named"), [([], set()), ([7, 8, 7], {7, 8}), ([7, ALL_POSTS], None), ([5, 6, 7, 8], None)]
)
def test_posts_are_named_unless_they_are_all_or_too_many(posts, named):
    assert surroundings.named(posts, most=3) == named
