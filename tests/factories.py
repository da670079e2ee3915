"""Makers of rows: each gives what a story leaves out, so that a test names only what it is about."""

from __future__ import annotations

import io
import itertools
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image as Pillow

from comments.models import Comment
from posts.files import recordings
from posts.files.images import keep
from posts.models import Audio, Author, Category, Image, Page, Post, Series
from tests import sounds

_numbers = itertools.count(1)


def make_author(display_name: str = "", **overrides: Any) -> Author:
    return Author.objects.create(display_name=display_name or f"Author {next(_numbers)}", **overrides)


def make_category(name: str = "", **overrides: Any) -> Category:
    return Category.objects.create(name=name or f"Category {next(_numbers)}", **overrides)


def make_series(title: str = "", **overrides: Any) -> Series:
    return Series.objects.create(title=title or f"Series {next(_numbers)}", **overrides)


def make_post(title: str = "", *, tags: list[str] | None = None, categories: Any = (), **overrides: Any) -> Post:
    """A post that was published an hour ago, unless told otherwise."""
    fields = {
        "title": title or f"Post {next(_numbers)}",
        "body": "A paragraph to read.",
        "status": Post.Status.PUBLISHED,
        "publish_at": timezone.now() - timedelta(hours=1),
        **overrides,
    }
    if "author" not in fields:
        fields["author"] = make_author()
    post = Post.objects.create(**fields)
    post.categories.set(categories)
    post.tags.set(tags or [])
    return post


def make_posts(how_many: int) -> list[Post]:
    """Posts of one author, `post-0` the newest, each an hour older: written at once, past what saving does to each."""
    author, begin = make_author(), timezone.now() - timedelta(minutes=1)
    return Post.objects.bulk_create(
        Post(
            title="Post",
            slug=f"post-{number}",
            author=author,
            status=Post.Status.PUBLISHED,
            publish_at=begin - timedelta(hours=number),
        )
        for number in range(how_many)
    )


def make_draft(title: str = "", **overrides: Any) -> Post:
    return make_post(title, **{"status": Post.Status.DRAFT, "publish_at": None, **overrides})


def make_image(alt: str = "", *, size: tuple[int, int] = (8, 6)) -> Image:
    """A picture of a colour that no other has."""
    file = io.BytesIO()
    number = next(_numbers)
    Pillow.new("RGB", size, (number % 256, number // 256 % 256, 0)).save(file, "PNG")
    file.seek(0)
    return keep(file, alt=alt)


def make_audio(title: str = "", *, seconds: int = 2) -> Audio:
    """A recording of silence that no other is equal to."""
    number = next(_numbers)
    sent = SimpleUploadedFile("x.mp3", sounds.mp3(seconds, tag=str(number).encode()))
    return recordings.keep(sent, title=title or f"Recording {number}")


def make_page(title: str = "", **overrides: Any) -> Page:
    return Page.objects.create(
        **{"title": title or f"Page {next(_numbers)}", "status": Page.Status.PUBLISHED, "body": "Words.", **overrides}
    )


def make_comment(post: Post | None = None, body: str = "I see it differently.", **overrides: Any) -> Comment:
    """An approved comment, on a published post unless told otherwise."""
    fields = {"author_name": f"Reader {next(_numbers)}", "status": Comment.Status.APPROVED, **overrides}
    return Comment.objects.create(post=post or make_post(), body=body, **fields)


def make_staff(username: str = "", *, group: str = "", **overrides: Any) -> Any:
    """An account that may log in to the admin, with the rights of `group`."""
    user = get_user_model().objects.create_user(
        username or f"staff{next(_numbers)}", password="secret", is_staff=True, **overrides
    )
    if group:
        user.groups.add(Group.objects.get(name=group))
    return user
