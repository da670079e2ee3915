"""The right to decide about one comment, mailed to one moderator: a signed link that works without signing in.

It is good for one verb, one comment and one account at one address, for a week, and as long as that account may do it
and nobody else has decided. Whoever opens it is asked first, since programs that look for viruses open every link.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import timedelta

from django.contrib.auth.models import User
from django.core import signing

from posts.visitors import keyed

from ..models import Comment

VERBS = ("approve", "mark_as_spam", "trash")
VALID = timedelta(days=7)
_SALT = "comments.mandates"


class Expired(Exception):
    """The link was good once."""


@dataclass(frozen=True)
class Mandate:
    """`address` is a keyed hash of the one that it was mailed to."""

    verb: str
    comment: int
    user: int
    address: str

    def is_for(self, user: User) -> bool:
        return user.pk == self.user and _hashed(user.email) == self.address


def issue(verb: str, comment: Comment, user: User) -> str:
    """The mandate, signed, as a part of an address."""
    return signing.dumps(astuple(Mandate(verb, comment.pk, user.pk, _hashed(user.email))), salt=_SALT)


def read(signed: str) -> Mandate | None:
    """The mandate, or None for what we have not signed. Raises Expired."""
    try:
        return Mandate(*signing.loads(signed, salt=_SALT, max_age=VALID))
    except signing.SignatureExpired as error:
        raise Expired from error
    except signing.BadSignature:
        return None


def _hashed(email: str) -> str:
    return keyed("comments.mandates", email.lower())
