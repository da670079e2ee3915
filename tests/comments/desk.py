"""What the tests of the moderator's desk share."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponse
from django.test import Client

from comments.models import Comment
from tests.factories import make_comment

QUEUE = "/admin/comments/comment/"
TRASH = f"{QUEUE}?show=trash"
UNDO = f"{QUEUE}undo/"


def make_waiting(*args: Any, **overrides: Any) -> Comment:
    return make_comment(*args, **{"status": "pending", **overrides})


def status(comment: Comment) -> str:
    return Comment.all_objects.get(pk=comment.pk).status


def is_trashed(comment: Comment) -> bool:
    return Comment.all_objects.get(pk=comment.pk).is_trashed


def press(client: Client, button: str, comment: Comment, where: str = QUEUE, **data: Any) -> HttpResponse:
    """The button beside one comment."""
    return client.post(where, {"moderate": f"{button} {comment.pk}", **data}, follow=True)


def choose(client: Client, action: str, *comments: Comment, where: str = QUEUE, **data: Any) -> HttpResponse:
    """The button for all that are ticked."""
    selected = [comment.pk for comment in comments]
    return client.post(where, {"action": action, "_selected_action": selected, **data}, follow=True)


def way_back(response: HttpResponse) -> str:
    """What the button to undo would send; empty where there is none."""
    found = re.search(r'name="steps" value="([^"]+)"', response.content.decode())
    return found[1] if found else ""


def undo(client: Client, response: HttpResponse, back: str = "") -> HttpResponse:
    return client.post(UNDO, {"steps": way_back(response), "back": back}, follow=True)
