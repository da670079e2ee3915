"""What was just done, as steps that can be taken back.

Each comment returns to where it was, unless somebody has moved it on since. What to take back travels in the page,
signed for the one who did it, so that two tabs, or two moderators, never take back each other's work.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.core import signing
from django.db import transaction
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .. import verbs
from ..managers import CommentQuerySet
from ..models import Comment

SALT = "comments.undo"
MAX_AGE = 24 * 60 * 60


class State(NamedTuple):
    status: str
    is_trashed: bool


class Step(NamedTuple):
    """Some comments that went from one state to another."""

    before: State
    after: State
    pks: list[int]


States = Mapping[int, State]


def states_of(comments: CommentQuerySet) -> dict[int, State]:
    rows = comments.order_by().values_list("pk", "status", "deleted_at")
    return {pk: State(status, deleted_at is not None) for pk, status, deleted_at in rows}


def steps_between(before: States, after: States) -> list[Step]:
    """What happened to the comments that are in both; one that was deleted for good never comes back."""
    found: dict[tuple[State, State], list[int]] = defaultdict(list)
    for pk, state in before.items():
        if pk in after and after[pk] != state:
            found[state, after[pk]].append(pk)
    return [Step(*states, pks) for states, pks in found.items()]


def offer(text: str, steps: list[Step], user: Any) -> str | SafeString:
    """A message with a button, which belongs to the form that stands in admin/base_site.html."""
    if not steps:
        return text
    button = '{} <button type="submit" form="undo-form" name="steps" value="{}" aria-keyshortcuts="u">{}</button>'
    return format_html(button, text, signing.dumps([user.pk, steps], salt=SALT, compress=True), _("Undo"))


def read(signed: str, user: Any) -> list[Step]:
    """What is to be taken back. Raises BadSignature for what is not ours, not this account's, or a day old."""
    owner, steps = signing.loads(signed, salt=SALT, max_age=MAX_AGE)
    if owner != user.pk:
        raise signing.BadSignature("This was done by somebody else.")
    return [Step(State(*before), State(*after), pks) for before, after, pks in steps]


def take_back(steps: Iterable[Step]) -> dict[int, State]:
    """Return the comments to where they were. Gives the former states of those that were still as the steps left them.

    The filter follows, as these are the verbs of every day.
    """
    returned: dict[int, State] = {}
    with transaction.atomic():
        for step in steps:
            comments = Comment.all_objects.filter(pk__in=step.pks, status=step.after.status)
            comments = comments.trashed() if step.after.is_trashed else comments.live()
            returned.update(dict.fromkeys(comments.values_list("pk", flat=True), step.before))
            _move(comments, step.before, step.after)
    return returned


def _move(comments: CommentQuerySet, to: State, now: State) -> None:
    if now.is_trashed and not to.is_trashed:
        verbs.restore(comments)
    elif to.is_trashed and not now.is_trashed:
        verbs.trash(comments)
    else:
        verbs.set_status(comments, to.status)
